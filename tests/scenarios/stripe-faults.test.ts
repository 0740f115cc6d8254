import { describe, test } from "vitest";
import type { Pipeline } from "../../src/config/pipeline.ts";
import { expectEnded, expectSame } from "../support/same-as-account.ts";
import { ofToday } from "../support/sampled.ts";
import { openStripeHouse, type StripeHouse } from "../support/stripe-house.ts";
import { struck, tellingPage } from "./matrix.ts";
import { STRIPE } from "./sections.ts";
import { FAULTS, type FaultCase } from "./stripe-faults.ts";

const HOUR = 3600;
const FEEDS = ["customers", "invoices", "invoice_lines", "charges", "events"];
const tell = tellingPage(STRIPE);

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

/** Runs under the fault, then without it until the account is loaded. */
async function under(of: StripeHouse, one: FaultCase, choice: { nets?: boolean } = {}): Promise<string> {
  const { stripe, house, pass } = of;
  one.on(of);
  const outcome = await struck(house, () => house.run(choice));
  stripe.faults.off();
  for (let run = 0; run < 2; run += 1) {
    pass(2 * HOUR);
    expectEnded(await house.run(), "published");
  }
  if (choice.nets) expectEnded(await house.run(choice), "published");
  const [open] = await house.query("select count(*) as n from ops.open_quarantine");
  if (open?.["n"] !== "0" || one.fault === "page_changed") await house.run({ full: true, reason: "what was bad is good now" });
  await expectSame(of, FEEDS);
  return outcome;
}

describe.each(ofToday(FAULTS).map((one) => [`${one.fault}: ${one.says}`, one] as const))("%s", (_name, one) => {
  test("in a first load", async () => {
    const of = await openStripeHouse({ adjust: fewer });
    await using _ = of;
    fill(of);
    tell(one, "first load", await under(of, one));
  });

  test("in an increment", async () => {
    const of = await openStripeHouse({ adjust: fewer });
    await using _ = of;
    fill(of);
    expectEnded(await of.house.run(), "published");
    const ids = (await of.house.query("select id from staging.stripe_customers order by created_at limit 3")).map(({ id }) =>
      String(id),
    );
    change(of, ids);
    tell(one, "increment", await under(of, one));
  });

  test("in a night, which is its nets", async () => {
    const of = await openStripeHouse({ adjust: fewer });
    await using _ = of;
    fill(of);
    of.pass(4 * 24 * HOUR);
    expectEnded(await of.house.run(), "published");
    const [row] = await of.house.query("select id from staging.stripe_customers order by created_at desc limit 1");
    const changed = of.stripe.store.find(String(row?.["id"]));
    if (!changed) throw new Error("the account has no customer");
    changed.object = { ...changed.object, name: "changed without an event" };
    tell(one, "night", await under(of, one, { nets: true }));
  });
});
