import fc from "fast-check";
import { expect, test } from "vitest";
import type { BreakDocument, BreaksDocument } from "../../src/documents/breaks.ts";
import type { HealDocument } from "../../src/documents/heal.ts";
import { emptyPlace, type ProgramPlace, ROWS, SETTLED } from "../cli/small-run.ts";
import { changeByHand } from "../support/by-hand.ts";
import { cases } from "../support/cases.ts";

/** What somebody does to the row of a number, at the source without a stamp or in the warehouse, and the classes that name it. */
interface Deed {
  readonly where: "source" | "warehouse";
  readonly of: string;
  readonly sql: (n: number) => readonly string[];
  readonly names: readonly string[];
}

const staged = (feed: string) => `staging.billing_${feed}__rows`;

const DEEDS: readonly Deed[] = [
  {
    ...{ where: "source", of: "billing.invoices", names: ["attribute"] },
    sql: (n) => [`update billing.invoices set description = 'by the branch ${n}' where id = ${n}`],
  },
  {
    ...{ where: "source", of: "billing.customers", names: ["attribute"] },
    sql: (n) => [`update billing.customers set legal_name = 'Other | \\ ''${n}''' where id = ${n}`],
  },
  {
    ...{ where: "source", of: "billing.subscriptions", names: ["amount"] },
    sql: (n) => [`update billing.subscriptions set amount_minor = amount_minor + 1 where id = ${n}`],
  },
  {
    ...{ where: "source", of: "billing.subscriptions", names: ["missing_in_warehouse"] },
    sql: (n) => [
      `insert into billing.subscriptions select * from billing.subscriptions where id = ${n}`,
      `update billing.subscriptions set id = ${n} + 100, subscription_id = 'sub_' || (${n} + 100) where ctid = (select max(ctid) from billing.subscriptions where id = ${n})`,
    ],
  },
  {
    ...{ where: "warehouse", of: "billing.invoices", names: ["attribute"] },
    sql: (n) => [`update ${staged("invoices")} set description = 'by hand' where id = ${n}`],
  },
  {
    ...{ where: "warehouse", of: "billing.payments", names: ["amount"] },
    sql: (n) => [`update ${staged("payments")} set amount_minor = amount_minor - 1, _minor = _minor - 1 where id = ${n}`],
  },
  {
    ...{ where: "warehouse", of: "billing.payments", names: ["currency", "amount", "attribute"] },
    sql: (n) => [`update ${staged("payments")} set currency = 'USD', _currency = 'USD' where id = ${n}`],
  },
  {
    ...{ where: "warehouse", of: "billing.payments", names: ["tampered"] },
    sql: (n) => [`update ${staged("payments")} set _minor = _minor + 1 where id = ${n}`],
  },
  {
    ...{ where: "warehouse", of: "billing.payments", names: ["duplicate"] },
    sql: (n) => [`insert into ${staged("payments")} select * from ${staged("payments")} where id = ${n}`],
  },
  {
    ...{ where: "warehouse", of: "billing.customers", names: ["missing_in_warehouse"] },
    sql: (n) => [`delete from ${staged("customers")} where id = ${n}`],
  },
  {
    ...{ where: "warehouse", of: "billing.invoices", names: ["missing_in_warehouse"] },
    sql: (n) => [`update ${staged("invoices")} set _deleted_at = now() where id = ${n}`],
  },
  {
    ...{ where: "warehouse", of: "subscription", names: ["model"] },
    sql: (n) => [`update curated.subscription__rows set plan_id = plan_id || ' ' where subscription_id = 'sub_${n}'`],
  },
  {
    ...{ where: "warehouse", of: "customer", names: ["model"] },
    sql: (n) => [`delete from curated.customer__rows where customer_id = 'cus_${n}'`],
  },
  {
    ...{ where: "warehouse", of: "payment", names: ["model"] },
    sql: (n) => [`insert into curated.payment__rows select * from curated.payment__rows where payment_id = 'pay_${n}'`],
  },
];

/** Rows that enter, each with all that refers to it. */
const NUMBERS = [1, 2, 3, 4, 5, 6, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20];

const deeds = fc.uniqueArray(fc.record({ deed: fc.nat(DEEDS.length - 1), n: fc.constantFrom(...NUMBERS) }), {
  minLength: 1,
  maxLength: 12,
  selector: ({ n }) => n,
});

async function breaksOf(place: ProgramPlace): Promise<readonly BreakDocument[]> {
  const { document } = await place.json("reconcile", "breaks", "--limit", "1000");
  return (document as BreaksDocument).breaks;
}

const keyOf = ({ key }: BreakDocument) => Object.values(key)[0] ?? "";

/** The number that a key of any of the feeds and tables has. */
const numberOf = (broken: BreakDocument) => Number(/\d+$/.exec(keyOf(broken))?.[0]) % 100;

async function play(place: ProgramPlace, done: readonly { deed: number; n: number }[]): Promise<void> {
  const of = (where: Deed["where"]) =>
    done.flatMap(({ deed, n }) => (DEEDS[deed]?.where === where ? (DEEDS[deed]?.sql(n) ?? []) : []));
  const client = await place.billing.client();
  await client.query(
    ["set session_replication_role = replica", ...of("source"), "set session_replication_role = origin"].join(";"),
  );
  await changeByHand(place.folder, of("warehouse"));
}

test("whatever somebody does to rows on either side is named, healed by the keys that are named, and then equal", async () => {
  const property = fc.asyncProperty(deeds, async (done) => {
    const place = await emptyPlace();
    await using _ = place;
    const client = await place.billing.client();
    await client.query(`${ROWS};${SETTLED}`);
    await place.ledgerloop("up");
    expect((await place.ledgerloop("run", "--window", "2026-11-02T00:00:00Z/2026-11-03T00:00:00Z")).code).toBe(0);
    await play(place, done);
    expect((await place.ledgerloop("reconcile", "run")).code).toBe(10);
    const found = await breaksOf(place);
    for (const { deed, n } of done) {
      const { of = "", names = [] } = DEEDS[deed] ?? {};
      const own = found.filter((broken) => broken.of === of && numberOf(broken) === n).map(({ class: is }) => is);
      expect([of, n, own.some((is) => names.includes(is))]).toEqual([of, n, true]);
    }
    // Nothing is named of a row that nobody touched, on this or that side of the tables that are made of it.
    const touched = new Set(done.map(({ n }) => n));
    expect(found.filter((broken) => keyOf(broken) !== "" && !touched.has(numberOf(broken)))).toEqual([]);
    const ids = found.filter(({ class: is }) => is !== "unexplained").map(({ break_id }) => break_id);
    const { code, document } = await place.json("reconcile", "heal", ...ids);
    expect([code, (document as HealDocument).healed.filter(({ open }) => open)]).toEqual([0, []]);
    expect(await breaksOf(place)).toEqual([]);
    expect((await place.ledgerloop("reconcile", "run")).code).toBe(0);
    expect((await place.ledgerloop("run", "--window", "2026-11-03T00:00:00Z/2026-11-04T00:00:00Z")).code).toBe(0);
    expect((await place.ledgerloop("reconcile", "run")).code).toBe(0);
  });
  await fc.assert(property, { numRuns: cases(3), endOnFailure: true });
});
