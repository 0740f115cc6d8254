import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { BILLING_PIPELINE, emptyPlace, type ProgramPlace, ROWS, withoutPayments } from "./small-run.ts";

let place: ProgramPlace;
const less = () => join(place.folder, "less");
const other = () => join(place.folder, "other");

/** Edits a file of the changed pipeline. */
function edit(file: string, from: string, to: string): void {
  const path = join(other(), file);
  const text = readFileSync(path, "utf8");
  if (!text.includes(from)) throw new Error(`${file} has no ${from}`);
  writeFileSync(path, text.replace(from, to));
}

beforeAll(async () => {
  place = await emptyPlace();
  await (await place.billing.client()).query(ROWS);
  await place.ledgerloop("up");
  await place.ledgerloop("run");
  withoutPayments(less());
  cpSync(BILLING_PIPELINE, other(), { recursive: true, filter: (path) => !path.includes(".state") });
});

afterAll(async () => {
  await place[Symbol.asyncDispose]();
});

test("plan says beforehand which tables a run computes again, and the run does and says so", async () => {
  edit("models/customer.sql", "  legal_name,", "  upper(legal_name) as legal_name,");
  const plan = await place.ledgerloop("plan", "--pipeline", other());
  expect(plan.code).toBe(0);
  const line = "  by itself: all rows of curated.customer are computed again, its rows were made by another SELECT\n";
  expect(plan.out).toContain(line);
  expect(plan.out.trimEnd().split("\n").at(-1)).not.toContain("stop");
  const { document } = await place.json("plan", "--pipeline", other());
  const why = "its rows were made by another SELECT";
  expect(document).toMatchObject({ warehouse: { stops: [], recompute: [{ table: "customer", why }] } });
  const asked = await place.ledgerloop("plan", "--recompute", "invoice", "--pipeline", other());
  expect(asked.out).toContain("all rows of curated.invoice are computed again, it was asked for\n");
  expect(asked.out).toContain("one transaction (recompute)");
  const run = await place.ledgerloop("run", "--pipeline", other(), "--log", "plain");
  expect(run.code).toBe(0);
  expect(run.err).toMatch(/recomputed\/customer.*20 rows new or other, 0 gone: its rows were made by another SELECT/);
  expect((await place.ledgerloop("plan", "--pipeline", other())).out).not.toContain(line);
  const byHand = await place.ledgerloop("run", "--recompute", "customer", "--reason", "to be sure", "--pipeline", other());
  expect([byHand.code, byHand.out]).toEqual([
    0,
    expect.stringContaining("\ncomputed again: curated.customer, 0 rows new or other, 0 gone: it was asked for\n"),
  ]);
  // Back to the first.
  expect((await place.ledgerloop("run")).code).toBe(0);
});

test("a mended rule: plan, contract diff and quarantine show name one command", async () => {
  edit("contracts/billing.invoices.odcs.yaml", "version: 1.0.0", "version: 1.1.0");
  const contract = "contracts/billing.invoices.odcs.yaml";
  const text = readFileSync(join(other(), contract), "utf8");
  writeFileSync(join(other(), contract), text.replace(/(- name: customer_id[\s\S]*?)required: true/, "$1required: false"));
  edit("models/customer.sql", "  upper(legal_name) as legal_name,", "  legal_name,");
  const command = '`ledgerloop run --full --feeds billing.invoices --reason "…"`';
  const diff = await place.ledgerloop(
    "contract",
    "diff",
    `${BILLING_PIPELINE}/${contract}`,
    join(other(), contract),
    "--pipeline",
    other(),
  );
  expect(diff.out).toContain(`rows that were read before it, published or waiting: ${command} once it is in force\n`);
  const elsewhere = await place.ledgerloop(
    "contract",
    "diff",
    `${BILLING_PIPELINE}/${contract}`,
    join(other(), contract),
    "--pipeline",
    "no-such",
  );
  expect(elsewhere.out).toContain('`ledgerloop run --full --feeds FEED --reason "…"`');
  const shown = await place.ledgerloop("quarantine", "show", "--feed", "billing.invoices", "--pipeline", other());
  expect(shown.out).toMatch(
    /next: correct it at the source, and `ledgerloop run` reads it; after a rule was mended `ledgerloop run --full --feeds billing.invoices/,
  );
  const held = await place.ledgerloop("quarantine", "show", "--feed", "billing.payments");
  expect(held.out).toContain("next: `ledgerloop run` judges it again: what it waits for may be there");
  // The row waits for two rules; with both of them mended it may enter.
  const both = readFileSync(join(other(), contract), "utf8").replace(/(- name: status[\s\S]*?)\bpaid\b/, "$1paid, payed");
  writeFileSync(join(other(), contract), both);
  const plan = await place.ledgerloop("plan", "--pipeline", other());
  expect(plan.out).toMatch(
    /billing.invoices: 1 rows wait for rules that are not in force any more as they were \(customer_id.required, .*\); `ledgerloop run --full --feeds billing.invoices --reason "…"` judges them again/,
  );
  const mended = await place.ledgerloop("quarantine", "show", "--feed", "billing.invoices", "--pipeline", other());
  expect(mended.out).toContain(`next: ${command} judges it again: its rules are not in force any more as they were`);
});

test("a feed and a table that left: what plan says, what retire answers, and what still shows of the waiting rows", async () => {
  const at = ["--pipeline", less()];
  const plan = await place.ledgerloop("plan", ...at);
  expect(plan.out).toContain(
    "stops: feed billing.payments has 18 published rows and 2 waiting ones in this group and is not in the configuration any more",
  );
  expect(plan.out.trimEnd().split("\n").at(-1)).toBe("next: a run would stop at the 2 things named above, each with what to do");
  expect((await place.ledgerloop("run", ...at)).code).toBe(10);
  const why = ["--reason", "sold", ...at];
  const retired = await place.ledgerloop("feed", "retire", "billing.payments", ...why);
  expect([retired.code, retired.out]).toEqual([
    0,
    "feed billing.payments is retired in group billing: 18 published and 2 waiting rows stay as they are\nnext: `ledgerloop run` goes on without it\n",
  ]);
  const again = await place.ledgerloop("feed", "retire", "billing.payments", ...why);
  expect([again.code, again.out.split(":")[0]]).toEqual([0, "feed billing.payments was retired before in group billing"]);
  const table = await place.ledgerloop("table", "retire", "payment", ...why);
  expect(table.out).toBe(
    "curated.payment is retired in group billing: its rows stay as they are\nnext: `ledgerloop run` goes on without it\n",
  );
  expect((await place.ledgerloop("run", ...at)).code).toBe(0);
  expect((await place.ledgerloop("plan", ...at)).out).not.toContain("stops:");

  const list = await place.ledgerloop("quarantine", "list", "--feed", "billing.payments", ...at);
  expect(list.out).toContain("not in the configuration any more, and judged by no run: billing.payments\n");
  const { document } = await place.json("quarantine", "show", "--feed", "billing.payments", ...at);
  const [row] = (document as { rows: { source_key: string; business_key: string; next: string; payload: object }[] }).rows;
  expect(row).toMatchObject({ source_key: "•••", business_key: "•••", payload: { receipt_email: "•••" } });
  expect(row?.next).toContain("nothing judges it while its feed is not in the configuration");
  expect((await place.ledgerloop("quarantine", "list", "--feed", "billing.refunds", ...at)).code).toBe(2);
  expect((await place.ledgerloop("quarantine", "show", "--feed", "billing.refunds", ...at)).code).toBe(2);

  const back = await place.ledgerloop("run");
  expect(back.code).toBe(10);
  expect(back.err).toContain("feed billing.payments is retired and stands in the configuration");
  for (const [kind, name] of [
    ["table", "payment"],
    ["feed", "billing.payments"],
  ] as const) {
    const returned = await place.ledgerloop(kind, "return", name, "--reason", "bought back");
    expect([returned.code, returned.out.split("\n")[1]]).toEqual([0, "next: `ledgerloop plan`, then `ledgerloop run`"]);
  }
  expect((await place.ledgerloop("run")).code).toBe(0);
});
