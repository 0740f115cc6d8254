import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { Pipeline } from "../../src/config/pipeline.ts";
import type { Ended } from "../support/engine.ts";
import { expectSame } from "../support/same-as-account.ts";
import { openStripeHouse, type StripeHouse } from "../support/stripe-house.ts";
import { FAULTS, type FaultCase } from "./stripe-faults.ts";

const HOUR = 3600;
const FEEDS = ["customers", "invoices", "invoice_lines", "charges", "events"];
const PAGE = join(import.meta.dirname, "../../docs/fault-matrix.md");

/** The example pipeline with fewer feeds, and nothing curated. */
function fewer(pipeline: Pipeline): Pipeline {
  const ids = FEEDS.map((name) => `stripe.${name}`);
  const groups = [...pipeline.groups].map(([name, group]) => {
    return [name, { ...group, feeds: group.feeds.filter((id) => ids.includes(id)), models: [] }] as const;
  });
  return {
    ...pipeline,
    feeds: new Map([...pipeline.feeds].filter(([id]) => ids.includes(id))),
    models: new Map(),
    groups: new Map(groups),
  };
}

/** What a month of the account has, small enough for a page or two of each kind. */
function fill({ stripe, pass }: StripeHouse): void {
  for (let n = 0; n < 130; n += 1) {
    stripe.books.customers.create({ name: `customer ${n}` });
    pass(400);
  }
  stripe.books.bill({ lines: 12, currency: "eur" });
  stripe.books.bill({ lines: 2, currency: "isk" });
  pass(HOUR);
}

/** An hour in which old objects change, one goes, and new ones come. */
function change({ stripe, pass }: StripeHouse, ids: readonly string[]): void {
  const [first = "", second = "", third = ""] = ids;
  stripe.books.customers.update(first, { name: `changed ${pass.length} ${stripe.clock.now().toISOString()}` });
  stripe.books.customers.update(third, { name: `changed too ${stripe.clock.now().toISOString()}` });
  stripe.books.customers.remove(second);
  stripe.books.bill({ lines: 3, currency: "eur" });
  pass(HOUR);
}

/** How a run ended, in the words of the page. */
function outcomeOf({ report, failure }: Ended): string {
  if (failure) return `exit ${failure.exitCode}, ${failure.problems.map(({ code }) => code).join(" ")}`;
  const failing = (report?.gates ?? []).filter(({ verdict }) => verdict === "fail").map(({ name }) => name);
  if (report?.exit_code !== 0) return `exit ${report?.exit_code}, ${[...new Set(failing)].join(" ")}`;
  const waiting = report.feeds.reduce((sum, feed) => sum + Number(feed.newly_quarantined), 0);
  return waiting > 0 ? `published; ${waiting} waiting, which \`--full\` reads again` : "published";
}

/** Runs under the fault, then without it until the account is loaded. */
async function under(of: StripeHouse, one: FaultCase, choice: { nets?: boolean } = {}): Promise<string> {
  const { stripe, house, pass } = of;
  one.on(of);
  const outcome = outcomeOf(await house.run(choice));
  stripe.faults.off();
  for (let run = 0; run < 2; run += 1) {
    pass(2 * HOUR);
    expect(outcomeOf(await house.run())).toBe("published");
  }
  if (choice.nets) expect(outcomeOf(await house.run(choice))).toBe("published");
  const [open] = await house.query("select count(*) as n from ops.open_quarantine");
  if (open?.["n"] !== "0" || one.fault === "page_changed") await house.run({ full: true, reason: "what was bad is good now" });
  await expectSame(of, FEEDS);
  return outcome;
}

const found: string[][] = FAULTS.map(({ fault, says }) => [`\`${fault}\``, says]);

describe.each(FAULTS.map((one, i) => [`${one.fault}: ${one.says}`, one, i] as const))("%s", (_name, one, i) => {
  test("in a first load", async () => {
    const of = await openStripeHouse({ adjust: fewer });
    await using _ = of;
    fill(of);
    found[i]?.push(await under(of, one));
  });

  test("in an increment", async () => {
    const of = await openStripeHouse({ adjust: fewer });
    await using _ = of;
    fill(of);
    expect(outcomeOf(await of.house.run())).toBe("published");
    const ids = (await of.house.query("select id from staging.stripe_customers order by created_at limit 3")).map(({ id }) =>
      String(id),
    );
    change(of, ids);
    found[i]?.push(await under(of, one));
  });

  test("in a net", async () => {
    const of = await openStripeHouse({ adjust: fewer });
    await using _ = of;
    fill(of);
    of.pass(4 * 24 * HOUR);
    expect(outcomeOf(await of.house.run())).toBe("published");
    const [row] = await of.house.query("select id from staging.stripe_customers order by created_at desc limit 1");
    const changed = of.stripe.store.find(String(row?.["id"]));
    if (!changed) throw new Error("the account has no customer");
    changed.object = { ...changed.object, name: "changed without an event" };
    found[i]?.push(await under(of, one, { nets: true }));
  });
});

/** The page between its marks. */
const [BEGIN, END] = ["<!-- stripe -->", "<!-- /stripe -->"];

afterAll(() => {
  if (found.some((cells) => cells.length !== 5)) return;
  const rows = found.map((cells) => `| ${cells.join(" | ")} |`);
  const table = [BEGIN, "| fault | what happens | first load | increment | net |", "|---|---|---|---|---|", ...rows, END].join(
    "\n",
  );
  const text = readFileSync(PAGE, "utf8");
  const written = text.slice(0, text.indexOf(BEGIN)) + table + text.slice(text.indexOf(END) + END.length);
  if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(PAGE, written);
  expect(text, "UPDATE_GOLDEN=1 writes docs/fault-matrix.md").toBe(written);
});
