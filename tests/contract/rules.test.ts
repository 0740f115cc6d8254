import { expect, test } from "vitest";
import { isRowRule } from "../../src/contract/rule.ts";
import { contractOf, ruleOf } from "./contract-text.ts";

const ID = "{ name: id, logicalType: string, primaryKey: true, required: true }";
const custom = (rest: string, head = ""): string => `- { ${head}type: custom, engine: ledgerloop, implementation: ${rest} }`;

test("implied rules and column types of a property", () => {
  const contract = contractOf([
    ID,
    "{ name: n, logicalType: integer, physicalType: int, logicalTypeOptions: { minimum: 0, exclusiveMaximum: 12345678901234567890, multipleOf: 5 } }",
    "{ name: d, logicalType: number, physicalType: 'NUMBER( 18 , 2 )', logicalTypeOptions: { minimum: -0.10 } }",
    "{ name: s, logicalType: string, unique: true, classification: PII, logicalTypeOptions: { minLength: 1, maxLength: 5, pattern: '^a' } }",
    "{ name: day, logicalType: date, logicalTypeOptions: { minimum: '2020-01-01' } }",
    "{ name: b, logicalType: boolean }",
    "{ name: t, logicalType: timestamp, logicalTypeOptions: { timezone: true } }",
  ]);
  expect(contract.columns.map((c) => c.type)).toEqual([
    { kind: "string" },
    { kind: "integer", bits: 32 },
    { kind: "decimal", precision: 18, scale: 2 },
    { kind: "string", maxLength: 5 },
    { kind: "date" },
    { kind: "boolean" },
    { kind: "timestamp" },
  ]);
  expect(contract.rules.map((r) => r.id)).toEqual([
    ..."id.required id.unique n.type n.range d.type d.range s.length s.pattern s.unique day.type day.range b.type t.type".split(
      " ",
    ),
  ]);
  expect(contract.columns.find((c) => c.name === "s")?.pii).toBe(true);
  const base = { severity: "quarantine", nulls: "pass" };
  const min = { value: "0", exclusive: false };
  const max = { value: "12345678901234567890", exclusive: true };
  expect(ruleOf(contract, "n.range")).toEqual({ ...base, kind: "range", columns: ["n"], min, max, multipleOf: "5" });
  expect(ruleOf(contract, "d.range")).toMatchObject({ min: { value: "-0.10", exclusive: false } });
  expect(ruleOf(contract, "id.required")).toEqual({ ...base, kind: "required", columns: ["id"], nulls: "fail" });
  expect(ruleOf(contract, "s.length")).toEqual({ ...base, kind: "length", columns: ["s"], min: 1, max: 5 });
});

test("a composite key becomes one unique rule in the order of its positions", () => {
  const contract = contractOf([
    "{ name: a, logicalType: string, primaryKey: true, primaryKeyPosition: 2, required: true }",
    "{ name: b, logicalType: string, primaryKey: true, primaryKeyPosition: 1, required: true }",
  ]);
  expect(contract.primaryKey).toEqual(["b", "a"]);
  expect(ruleOf(contract, "b_a.unique")).toEqual({ kind: "unique", columns: ["b", "a"], severity: "quarantine", nulls: "pass" });
});

test("relationships of a property and of the object", () => {
  const contract = contractOf(
    [
      ID,
      "{ name: c, logicalType: string, relationships: [{ to: customers.customer_id }] }",
      "{ name: d, logicalType: string, relationships: [{ to: contracts/other.things.odcs.yaml#/schema/things/properties/id }] }",
      "{ name: e, logicalType: string, relationships: [{ to: other.things.id, customProperties: [{ property: action, value: quarantine }, { property: holdHours, value: 2 }] }] }",
    ],
    ["relationships:", "  - { from: [orders.c, orders.e], to: [pairs.a, pairs.b] }"],
  );
  const base = { kind: "foreign_key", severity: "quarantine", nulls: "pass" };
  const held = { ...base, action: "hold", holdHours: 168 };
  expect(ruleOf(contract, "c.foreign_key")).toEqual({
    ...held,
    columns: ["c"],
    parent: { object: "customers", columns: ["customer_id"] },
  });
  expect(ruleOf(contract, "d.foreign_key")).toEqual({
    ...held,
    columns: ["d"],
    parent: { object: "other.things", columns: ["id"] },
  });
  expect(ruleOf(contract, "e.foreign_key")).toEqual({
    ...base,
    columns: ["e"],
    parent: { object: "other.things", columns: ["id"] },
    action: "quarantine",
    holdHours: 2,
  });
  expect(ruleOf(contract, "c_e.foreign_key")).toMatchObject({
    columns: ["c", "e"],
    parent: { object: "pairs", columns: ["a", "b"] },
  });
});

test("ties blocks unless it is a warning, and names the columns that it reads", () => {
  const ties =
    "{ rule: ties, state: s, tied: [a], differs: [b], amount: n, currency: c, waiting: { states: [w], feed: f, key: [id] } }";
  const columns = ["s", "c", "f"].map((name) => `{ name: ${name}, logicalType: string }`);
  const contract = contractOf(
    [ID, "{ name: n, logicalType: integer }", ...columns],
    ["quality:", `  ${custom(ties, "id: t1, ")}`, `  ${custom(ties, "id: t2, severity: warning, ")}`],
  );
  const parameters = { kind: "ties", state: "s", tied: ["a"], differs: ["b"], amount: "n", currency: "c", nulls: "pass" };
  const waiting = { states: ["w"], feed: "f", key: ["id"] };
  const named = { columns: ["s", "n", "c", "f", "id"], waiting };
  expect(ruleOf(contract, "t1")).toEqual({ ...parameters, ...named, severity: "block" });
  expect(ruleOf(contract, "t2")).toEqual({ ...parameters, ...named, severity: "warn" });
});

test("a functional dependency names determinants, or stands under one; it quarantines unless it says otherwise", () => {
  const under = custom("{ rule: functional_dependency, determines: [city] }").slice(2);
  const contract = contractOf(
    [ID, `{ name: zip, logicalType: string, quality: [${under}] }`, "{ name: city, logicalType: string }"],
    [
      "quality:",
      `  ${custom("{ rule: functional_dependency, columns: [zip, city], determines: [id], majority: true }", "id: both, severity: warning, ")}`,
    ],
  );
  const base = { kind: "functional_dependency", nulls: "pass" };
  expect(ruleOf(contract, "zip_city.functional_dependency")).toEqual({
    ...base,
    ...{ columns: ["zip", "city"], determinants: ["zip"], determines: ["city"], majority: false, severity: "quarantine" },
  });
  expect(ruleOf(contract, "both")).toEqual({
    ...base,
    ...{ columns: ["zip", "city", "id"], determinants: ["zip", "city"], determines: ["id"], majority: true, severity: "warn" },
  });
});

test("library metrics: mustBe 0 judges rows, other limits measure the batch", () => {
  const contract = contractOf(
    [
      ID,
      "{ name: s, logicalType: string, quality: [{ metric: nullValues, mustBe: 0, severity: warning }, { metric: invalidValues, arguments: { validValues: [a, 1, true] }, mustBe: 0 }] }",
      "{ name: m, logicalType: string, quality: [{ id: m_known, metric: missingValues, arguments: { missingValues: [null, 'n/a', \"o'k\"] }, mustBe: 0 }] }",
      "{ name: p, logicalType: string, quality: [{ metric: invalidValues, arguments: { pattern: '^x' }, mustBe: 0 }, { id: p_share, metric: invalidValues, arguments: { pattern: '^x' }, unit: percent, mustBeLessThan: 1.50 }] }",
      "{ name: q, logicalType: integer, quality: [{ id: q_some, metric: missingValues, arguments: { missingValues: [0] }, mustBe: 0 }] }",
    ],
    [
      "quality:",
      "  - { metric: duplicateValues, arguments: { properties: [s, p] }, mustBe: 0 }",
      "  - { id: size, metric: rowCount, mustBeBetween: [1, 10], severity: info }",
      "  - { type: text, description: Only words. }",
    ],
  );
  expect(ruleOf(contract, "s.required")).toMatchObject({ severity: "warn", nulls: "fail" });
  expect(ruleOf(contract, "s.accepted")).toMatchObject({ values: ["a", "1", "true"], severity: "quarantine" });
  expect(ruleOf(contract, "m_known")).toMatchObject({
    kind: "expression",
    expression: "m not in ('n/a', 'o''k')",
    nulls: "fail",
  });
  expect(ruleOf(contract, "p.pattern")).toMatchObject({ kind: "pattern", pattern: "^x" });
  expect(ruleOf(contract, "p_share")).toEqual({
    kind: "metric",
    metric: "invalidValues",
    columns: ["p"],
    unit: "percent",
    pattern: "^x",
    operator: { name: "mustBeLessThan", operands: ["1.50"] },
    severity: "block",
    nulls: "pass",
  });
  expect(ruleOf(contract, "q_some")).toMatchObject({ kind: "metric", metric: "missingValues", values: ["0"], nulls: "pass" });
  expect(ruleOf(contract, "s_p.unique")).toMatchObject({ kind: "unique", columns: ["s", "p"] });
  expect(ruleOf(contract, "size")).toMatchObject({ kind: "row_count", severity: "warn", operator: { operands: ["1", "10"] } });
});

test("sql keeps the standard's placeholders in one spelling", () => {
  const contract = contractOf(
    [
      ID,
      `{ name: n, logicalType: integer, quality: [{ id: nn, type: sql, query: 'select max({column}) from \${table}', mustBeLessThan: 9 }] }`,
    ],
    ["quality:", '  - { id: oo, type: sql, query: "with x as (select 1 from {object}) select count(*) from x", mustBe: 1 }'],
  );
  expect(ruleOf(contract, "nn")).toMatchObject({
    kind: "sql",
    query: "select max({property}) from {object}",
    columns: ["n"],
    severity: "block",
  });
  expect(ruleOf(contract, "oo")).toMatchObject({ kind: "sql", columns: [] });
});

test("custom rules of every kind", () => {
  const contract = contractOf(
    [
      ID,
      `{ name: n, logicalType: integer, quality: [${custom("{ rule: range, minimum: 1 }").slice(2)}, ${custom("{ rule: immutable }").slice(2)}] }`,
      `{ name: s, logicalType: string, quality: [${["{ rule: pattern, pattern: a }", "{ rule: length, maxLength: 3, nulls: fail }", "{ rule: accepted, values: [x] }"].map((r) => custom(r).slice(2)).join(", ")}] }`,
      "{ name: at, logicalType: timestamp }",
    ],
    [
      "quality:",
      `  ${custom("{ rule: expression, expression: \"upper(s) <> 'N' and n > 0\", nulls: fail }", "id: e, ")}`,
      `  ${custom("{ rule: immutable, columns: [n, s] }", "id: fixed, ")}`,
      `  ${custom("{ rule: sum_equals, left: n, right: n + 0, by: [s] }", "id: sums, ")}`,
      `  ${custom("{ rule: unique, columns: [id], survivor: { order: newest, by: at } }", "id: one, severity: warning, ")}`,
    ],
  );
  expect(ruleOf(contract, "n.range")).toMatchObject({ min: { value: "1", exclusive: false } });
  expect(ruleOf(contract, "n.immutable")).toMatchObject({ kind: "immutable", columns: ["n"] });
  expect(ruleOf(contract, "s.pattern")).toMatchObject({ pattern: "a" });
  expect(ruleOf(contract, "s.length")).toMatchObject({ max: 3, nulls: "fail" });
  expect(ruleOf(contract, "s.accepted")).toMatchObject({ values: ["x"] });
  expect(ruleOf(contract, "e")).toMatchObject({ kind: "expression", columns: ["s", "n"], nulls: "fail", severity: "quarantine" });
  expect(ruleOf(contract, "fixed")).toMatchObject({ columns: ["n", "s"] });
  expect(ruleOf(contract, "sums")).toMatchObject({
    left: "n",
    right: "n + 0",
    by: ["s"],
    severity: "block",
    columns: ["n", "s"],
  });
  // An explicit rule on the key replaces the implied one, or its survivor would never be asked.
  expect(ruleOf(contract, "one")).toMatchObject({ survivor: { order: "newest", by: "at" }, severity: "warn" });
  expect(contract.rules.filter((r) => r.kind === "unique")).toHaveLength(1);
  expect(contract.rules.filter(isRowRule).map((r) => r.kind)).not.toContain("unique");
});

test("a fingerprint changes with the meaning of a rule, not with its words or place", () => {
  const rule = (quality: string): string | undefined =>
    contractOf([ID, `{ name: s, logicalType: string, quality: [${quality}] }`]).rules.find((r) => r.kind === "accepted")
      ?.fingerprint;
  const plain = rule("{ metric: invalidValues, arguments: { validValues: [a] }, mustBe: 0 }");
  expect(rule("{ id: other, description: d, metric: invalidValues, arguments: { validValues: [a] }, mustBe: 0 }")).toBe(plain);
  expect(rule("{ metric: invalidValues, arguments: { validValues: [b] }, mustBe: 0 }")).not.toBe(plain);
  expect(rule("{ metric: invalidValues, arguments: { validValues: [a] }, mustBe: 0, severity: info }")).not.toBe(plain);
});
