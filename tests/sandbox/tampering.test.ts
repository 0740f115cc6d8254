import { expect, test } from "vitest";
import type { OpenBreak, Product } from "../../sandbox/product.ts";
import { faultOfHand, tamper } from "../../sandbox/tampering.ts";

const PLANTED = [
  ["stripe.charges", "amount"],
  ["stripe.invoices", "missing_in_warehouse"],
  ["stripe.invoices", "missing_at_source"],
  ["salesforce.orders", "attribute"],
  ["partners.remittances", "amount"],
  ["billing.subscriptions", "missing_in_warehouse"],
  ["billing.payments", "currency"],
  ["billing.customers", "duplicate"],
  ["customer", "model", "d"],
  ["billing.invoices", "tampered"],
  ["billing.invoices", "unexplained"],
  ["billing.invoices", "waiting_differs"],
  ["billing.invoices", "tampered", "w"],
  ["customer", "model"],
  ["customer", "history"],
] as const;

/** How many rows are changed, and how many of them the product does not put right. */
const [ROWS, BY_HAND] = [11, 5];

const broken = (of: string, is: string, { id = `brk_${of} ${is}`, key = "k" } = {}): OpenBreak => {
  return { break_id: id, class: is, leg: of.includes(".") ? "R1" : "R2", of, key: { id: key } };
};

const HONEST = PLANTED.map(([of, is, key = "k"]) => broken(of, is, key === "k" ? {} : { id: `brk_${key}`, key }));

const unit = (of: string, is: string, key = "k") => ({ of, key, class: is });

const isAmong = (some: readonly object[], one: object) => some.some((other) => JSON.stringify(other) === JSON.stringify(one));

/** The key of the second thing that a row is named as. */
function otherKeyIn(sql: string): string {
  if (sql.includes("FROM ops.quarantine_row")) return "w";
  return sql.includes("FROM staging.billing_customers__rows") ? "d" : "k";
}

/**
 * A product that names what it is told to, of a warehouse in which every table has a row `k`, until some rows were put right by hand and the others
 * were healed; a deaf one also then.
 */
function naming(open: readonly OpenBreak[], { isDeaf = false, fails = false } = {}) {
  const changes: string[] = [];
  const healed: string[] = [];
  const unused = () => expect.fail("nobody should ask for this");
  const product: Product = {
    run: unused,
    spawnRun: unused,
    command: unused,
    heal: async (ids) => {
      healed.push(...ids);
      return null;
    },
    query: unused,
    queries: async (sqls) => sqls.map((sql) => [{ key: "k", was: "", named_0: "k", named_1: otherKeyIn(sql) }]),
    proofs: async () => (fails ? expect.fail("no comparison") : { made: 1, not_equal: 0, differing: [] }),
    breaks: async () => (healed.length === 0 || isDeaf ? open : []),
    change: async (sqls) => {
      changes.push(...sqls);
    },
  };
  return { product, changes, healed };
}

test("a row of each system, one that waits and one of a table are planted and found as what they are; some are put right by hand, the others healed", async () => {
  const { product, changes, healed } = naming(HONEST);
  const { planted, found } = await tamper(product, new Set());
  expect(found).toEqual(planted);
  expect(planted).toEqual(PLANTED.map(([of, is, key]) => unit(of, is, key)));
  expect(planted.map(faultOfHand)).not.toContain("other");
  expect(faultOfHand(unit("stripe_payments", "missing_on_a_side"))).toBe("other");
  const rows = (sqls: readonly string[]) => sqls.map((sql) => sql.split(" ")[1]);
  expect(rows(changes.slice(ROWS))).toEqual([
    "staging.stripe_invoices__rows",
    "staging.salesforce_orders__rows",
    "staging.partners_remittances__rows",
    "ops.quarantine_row",
    "history.customer",
  ]);
  expect(healed).toEqual([
    "brk_stripe.charges amount",
    "brk_billing.subscriptions missing_in_warehouse",
    "brk_billing.payments currency",
    "brk_billing.customers duplicate",
    "brk_billing.invoices tampered",
    "brk_customer model",
  ]);
});

test("what is not named, or as something else, is missed, and what is named beside it is a false alarm, unless it was open before", async () => {
  const missed = async (open: readonly OpenBreak[]) => {
    const { planted, found } = await tamper(naming(open).product, new Set());
    return planted.filter((one) => !isAmong(found, one));
  };
  expect(await missed(HONEST.slice(1))).toEqual([unit("stripe.charges", "amount")]);
  expect(await missed([broken("stripe.charges", "attribute"), ...HONEST.slice(1)])).toEqual([unit("stripe.charges", "amount")]);
  const { product } = naming([...HONEST, broken("billing.invoices", "amount", { id: "brk_0" })]);
  const alarm = unit("billing.invoices", "amount");
  const { planted, found } = await tamper(product, new Set());
  expect(found.filter((one) => !isAmong(planted, one))).toEqual([alarm]);
  expect(
    (await tamper(naming([...HONEST, broken("billing.invoices", "amount", { id: "brk_0" })]).product, new Set(["brk_0"]))).found,
  ).not.toContainEqual(alarm);
});

test("what is still named when it was put right is a false alarm", async () => {
  const { product, changes } = naming(HONEST, { isDeaf: true });
  const { planted, found } = await tamper(product, new Set());
  expect(found.filter((one) => !isAmong(planted, one))).toHaveLength(PLANTED.length);
  // Also what was not healed is as it was behind it, but for a row that stands twice: that one the product alone makes one again.
  expect(changes.slice(ROWS + BY_HAND).map((sql) => sql.split(" ")[1])).toEqual([
    "staging.stripe_charges__rows",
    "staging.billing_subscriptions__rows",
    "staging.billing_payments__rows",
    "staging.billing_invoices__rows",
    "curated.customer__rows",
  ]);
  expect(found).toContainEqual(unit("customer", "model", "k, which was put right"));
});

test("a comparison that fails leaves no row changed", async () => {
  const { product, changes } = naming(HONEST, { fails: true });
  await expect(tamper(product, new Set())).rejects.toThrow("no comparison");
  expect(changes.length).toBe(ROWS + ROWS - 1);
});
