import { expect, test } from "vitest";
import type { OpenBreak, Product } from "../../sandbox/product.ts";
import { tamper } from "../../sandbox/tampering.ts";
import { tamperedUnit } from "../../sandbox/units.ts";

const PLANTED = [
  ["stripe.charges", "amount"],
  ["salesforce.orders", "attribute"],
  ["partners.remittances", "amount"],
  ["billing.subscriptions", "missing_in_warehouse"],
  ["billing.payments", "currency"],
  ["customer", "model"],
] as const;

const broken = (of: string, is: string, id = `brk_${of}`): OpenBreak => {
  return { break_id: id, class: is, leg: of.includes(".") ? "R1" : "R2", of, key: { id: "k" } };
};

const HONEST = PLANTED.map(([of, is]) => broken(of, is));

const unit = (of: string, is: string, key = "k") => tamperedUnit({ of, key, class: is });

/**
 * A product that names what it is told to, of a warehouse in which every table has a row `k`, until three rows were put right by hand and the two others
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
    },
    query: unused,
    queries: async (sqls) => sqls.map(() => [{ key: "k" }]),
    proofs: async () => (fails ? expect.fail("no comparison") : { made: 1, not_equal: 0, differing: [] }),
    breaks: async () => (healed.length === 0 || isDeaf ? open : []),
    change: async (sqls) => {
      changes.push(...sqls);
    },
  };
  return { product, changes, healed };
}

test("a row of each system and one of a table are planted and found as what they are; some are put right by hand, the others healed", async () => {
  const { product, changes, healed } = naming(HONEST);
  const { planted, found } = await tamper(product, new Set());
  expect(found.toSorted()).toEqual(planted.toSorted());
  expect(planted.toSorted()).toEqual(PLANTED.map(([of, is]) => unit(of, is)).toSorted());
  const rows = (sqls: readonly string[]) => sqls.map((sql) => sql.replace(/ SET .* WHERE /, " "));
  expect(rows(changes.slice(6))).toEqual(rows(changes.slice(0, 3)));
  expect(healed).toEqual(["brk_billing.subscriptions", "brk_billing.payments", "brk_customer"]);
});

test("what is not named, or as something else, is missed, and what is named beside it is a false alarm, unless it was open before", async () => {
  const missed = async (open: readonly OpenBreak[]) => {
    const { planted, found } = await tamper(naming(open).product, new Set());
    return planted.filter((one) => !found.includes(one));
  };
  expect(await missed(HONEST.slice(1))).toEqual([unit("stripe.charges", "amount")]);
  expect(await missed([broken("stripe.charges", "attribute"), ...HONEST.slice(1)])).toEqual([unit("stripe.charges", "amount")]);
  const { product } = naming([...HONEST, broken("billing.invoices", "amount", "brk_0")]);
  const alarm = unit("billing.invoices", "amount");
  const { planted, found } = await tamper(product, new Set());
  expect(found.filter((one) => !planted.includes(one))).toEqual([alarm]);
  expect(
    (await tamper(naming([...HONEST, broken("billing.invoices", "amount", "brk_0")]).product, new Set(["brk_0"]))).found,
  ).not.toContain(alarm);
});

test("what is still named when it was put right is a false alarm", async () => {
  const { product, changes } = naming(HONEST, { isDeaf: true });
  const { planted, found } = await tamper(product, new Set());
  expect(found.filter((one) => !planted.includes(one))).toHaveLength(6);
  // Also what was not healed is as it was behind it.
  expect(changes.slice(9).map((sql) => sql.split(" ")[1])).toEqual([
    "staging.billing_subscriptions__rows",
    "staging.billing_payments__rows",
    "curated.customer__rows",
  ]);
  expect(found).toContain(unit("customer", "model", "k, which was put right"));
});

test("a comparison that fails leaves no row changed", async () => {
  const { product, changes } = naming(HONEST, { fails: true });
  await expect(tamper(product, new Set())).rejects.toThrow("no comparison");
  expect(changes.length).toBe(12);
});
