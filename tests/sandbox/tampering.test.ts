import { expect, test } from "vitest";
import type { Product, Proofs } from "../../sandbox/product.ts";
import { tamper } from "../../sandbox/tampering.ts";
import { tamperedUnit } from "../../sandbox/units.ts";

/** A product that names rows as it is told to, of a warehouse in which every table has a row `k`; a deaf one also when they were put right. */
function naming(differing: (legs: readonly string[]) => Proofs["differing"], isDeaf = false) {
  const changes: string[] = [];
  const unused = () => expect.fail("nobody should ask for this");
  const product: Product = {
    run: unused,
    spawnRun: unused,
    command: unused,
    query: unused,
    queries: async (sqls) => sqls.map(() => [{ key: "k" }]),
    proofs: async (args = []) => ({ made: 1, not_equal: 0, differing: changes.length < 10 || isDeaf ? differing(args) : [] }),
    change: async (sqls) => {
      changes.push(...sqls);
    },
  };
  return { product, changes };
}

const FEEDS = ["stripe.charges", "salesforce.orders", "partners.remittances", "billing.subscriptions"];
const named = (leg: string, ...of: readonly string[]) => of.map((one) => ({ leg, of: one, key: ["k"] }));
const honest = (args: readonly string[]) => (args.includes("R1") ? named("R1", ...FEEDS) : named("R2", "customer"));

test("a row of each system and one of a table are planted, found, and put right", async () => {
  const { product, changes } = naming(honest);
  const { planted, found } = await tamper(product, new Set());
  expect(found.toSorted()).toEqual(planted.toSorted());
  expect(planted.toSorted()).toEqual([...FEEDS, "customer"].map((of) => tamperedUnit(of, "k")).toSorted());
  expect(changes.length).toBe(10);
  const rows = (sqls: readonly string[]) => sqls.map((sql) => sql.replace(/ SET .* WHERE /, " "));
  expect(rows(changes.slice(5))).toEqual(rows(changes.slice(0, 5)));
});

test("what is not named is missed, and what is named beside it is a false alarm, unless it was named before", async () => {
  const blind = await tamper(naming((args) => honest(args).filter(({ of }) => of !== "stripe.charges")).product, new Set());
  expect(blind.planted.filter((unit) => !blind.found.includes(unit))).toEqual([tamperedUnit("stripe.charges", "k")]);
  const loud = naming((args) => [...honest(args), ...(args.includes("R1") ? named("R1", "billing.invoices") : [])]).product;
  const alarm = tamperedUnit("billing.invoices", "k");
  const { planted, found } = await tamper(loud, new Set());
  expect(found.filter((unit) => !planted.includes(unit))).toEqual([alarm]);
  expect((await tamper(loud, new Set([alarm]))).found).not.toContain(alarm);
});

test("what is still named when it was put right is a false alarm", async () => {
  const { planted, found } = await tamper(naming(honest, true).product, new Set());
  expect(found.filter((unit) => !planted.includes(unit))).toHaveLength(5);
  expect(found).toContain(tamperedUnit("customer", "k, which was put right"));
});

test("a comparison that fails leaves no row changed", async () => {
  const { product, changes } = naming(() => expect.fail("no comparison"));
  await expect(tamper(product, new Set())).rejects.toThrow("no comparison");
  expect(changes.length).toBe(10);
});
