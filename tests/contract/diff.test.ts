import { expect, test } from "vitest";
import { diffContracts } from "../../src/contract/diff.ts";
import { contractOf } from "./contract-text.ts";

const ID = "{ name: id, logicalType: string, primaryKey: true, required: true }";
const property = (text: string): string => `{ name: a, logicalType: ${text} }`;
const accepted = (values: string, rest = ""): string =>
  property(`string, quality: [{ metric: invalidValues, arguments: { validValues: [${values}] }, mustBe: 0${rest} }]`);
const depends = (determines: string): string =>
  property(
    `string, quality: [{ type: custom, engine: ledgerloop, implementation: { rule: functional_dependency, determines: ${determines} } }]`,
  );
const range = (options: string): string => property(`integer, logicalTypeOptions: { ${options} }`);

/** Before, after, then `change element compatible` for each expected change. */
const cases: [string, string | undefined, string | undefined, string[]][] = [
  ["nothing", property("string"), property("string"), []],
  ["nullable column added", undefined, property("string"), ["column_added a true"]],
  ["rules on an added column", undefined, accepted("x"), ["column_added a true", "rule_added a.accepted true"]],
  [
    "required column added",
    undefined,
    property("string, required: true"),
    ["column_added a false", "rule_added a.required false"],
  ],
  ["column removed", property("string"), undefined, ["column_removed a false"]],
  ["integer wider", property("integer, physicalType: int"), property("integer"), ["column_widened a true"]],
  ["integer narrower", property("integer"), property("integer, physicalType: int"), ["column_retyped a false"]],
  [
    "decimal wider",
    property("number, physicalType: 'NUMERIC(9,2)'"),
    property("number, physicalType: 'NUMERIC(12,3)'"),
    ["column_widened a true"],
  ],
  [
    "decimal with fewer integer digits",
    property("number, physicalType: 'NUMERIC(9,2)'"),
    property("number, physicalType: 'NUMERIC(9,3)'"),
    ["column_retyped a false"],
  ],
  ["another type", property("string"), property("date"), ["column_retyped a false"]],
  [
    "became required",
    property("string"),
    property("string, required: true"),
    ["nullability_changed a false", "rule_added a.required false"],
  ],
  [
    "became nullable",
    property("string, required: true"),
    property("string"),
    ["nullability_changed a true", "rule_removed a.required true"],
  ],
  ["masked from now on", property("string"), property("string, classification: pii"), ["classification_changed a true"]],
  ["no longer masked", property("string, classification: pii"), property("string"), ["classification_changed a false"]],
  ["value accepted too", accepted("x"), accepted("x, y"), ["rule_loosened a.accepted true"]],
  ["value no longer accepted", accepted("x, y"), accepted("x"), ["rule_tightened a.accepted false"]],
  ["values replaced", accepted("x"), accepted("y"), ["rule_changed a.accepted false"]],
  ["same values in another order", accepted("x, y"), accepted("y, x"), ["rule_loosened a.accepted true"]],
  ["severity lowered", accepted("x"), accepted("x", ", severity: warning"), ["rule_loosened a.accepted true"]],
  ["severity raised", accepted("x", ", severity: info"), accepted("x"), ["rule_tightened a.accepted false"]],
  [
    "tightened, but only warns",
    accepted("x, y", ", severity: info"),
    accepted("x", ", severity: info"),
    ["rule_tightened a.accepted true"],
  ],
  ["minimum raised", range("minimum: 1"), range("minimum: 2"), ["rule_tightened a.range false"]],
  ["maximum raised", range("maximum: 1"), range("maximum: 2"), ["rule_loosened a.range true"]],
  ["limit became exclusive", range("minimum: 1"), range("exclusiveMinimum: 1"), ["rule_tightened a.range false"]],
  ["limit removed", range("minimum: 1, maximum: 9"), range("minimum: 1"), ["rule_loosened a.range true"]],
  ["dependency added", property("string"), depends("[id]"), ["rule_added a_id.functional_dependency false"]],
  ["outliers only", depends("[id]"), depends("[id], majority: true"), ["rule_loosened a_id.functional_dependency true"]],
  ["whole groups", depends("[id], majority: true"), depends("[id]"), ["rule_tightened a_id.functional_dependency false"]],
  ["unique added", property("string"), property("string, unique: true"), ["rule_added a.unique false"]],
];

test.each(cases)("%s", (...[, before, after, expected]) => {
  const contract = (p: string | undefined) => contractOf(p === undefined ? [ID] : [ID, p]);
  const changes = diffContracts(contract(before), contract(after)).filter((c) => c.change !== "version_not_raised");
  expect(changes.map((c) => `${c.change} ${c.element} ${c.compatible}`)).toEqual(expected);
});

test("the key", () => {
  const changes = diffContracts(
    contractOf([ID, "{ name: a, logicalType: string, required: true }"]),
    contractOf([
      "{ name: id, logicalType: string, required: true }",
      "{ name: a, logicalType: string, required: true, primaryKey: true }",
    ]),
  );
  expect(changes.map((c) => `${c.change} ${c.compatible}`)).toEqual([
    "version_not_raised false",
    "rule_added false",
    "rule_removed true",
    "key_changed false",
  ]);
});

test.each([
  ["1.0.0", "1.0.1", true, false],
  ["1.0.0", "1.0.0", true, true],
  ["1.9.0", "1.10.0", true, false],
  ["1.0.0", "1.1.0", false, true],
  ["1.4.0", "2.0.0", false, false],
])("from %s to %s, compatible %s: must be raised %s", (...[old, now, compatible, complains]) => {
  const before = { ...contractOf([ID]), version: old };
  const after = { ...contractOf([ID, property(compatible ? "string" : "string, required: true")]), version: now };
  expect(diffContracts(before, after).some((c) => c.change === "version_not_raised")).toBe(complains);
});

test.each([
  ["a new column", undefined, property("string"), "column_added", "automatic"],
  ["a removed column", property("string"), undefined, "column_removed", "decision"],
  ["a wider integer", property("integer, physicalType: int"), property("integer"), "column_widened", "automatic"],
  [
    "more digits",
    property("number, physicalType: 'NUMERIC(9,2)'"),
    property("number, physicalType: 'NUMERIC(12,2)'"),
    "column_widened",
    "automatic",
  ],
  [
    "another scale",
    property("number, physicalType: 'NUMERIC(9,2)'"),
    property("number, physicalType: 'NUMERIC(12,3)'"),
    "column_widened",
    "stops",
  ],
  ["another type", property("string"), property("date"), "column_retyped", "stops"],
  ["a new rule", property("string"), accepted("x"), "rule_added", "automatic"],
] as const)("%s: what the next run does is said beforehand", (...[, before, after, kind, effect]) => {
  const of = (text: string | undefined) => contractOf(text === undefined ? [ID] : [ID, text]);
  const found = diffContracts(of(before), of(after)).find((c) => c.change === kind);
  expect(found?.effect).toBe(effect);
  expect(found?.consequence).toMatch(/\w/);
});
