import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { parseContract } from "../../src/contract/parse-contract.ts";
import { patternFault } from "../../src/contract/pattern-fault.ts";
import { selectFault, sqlTokens } from "../../src/sql/tokens.ts";
import { cases } from "../support/cases.ts";
import { contractFiles } from "./contract-files.ts";

test.each(contractFiles())("%s is a sound contract", (file) => {
  expect(parseContract({ file, text: readFileSync(file, "utf8") }).problems).toEqual([]);
});

const column = fc.record({
  name: fc.stringMatching(/^[a-z][a-z_]{0,8}$/),
  logicalType: fc.constantFrom("string", "integer", "date", "boolean", "timestamp"),
  required: fc.boolean(),
  unique: fc.boolean(),
  quality: fc.uniqueArray(
    fc.constantFrom(
      { metric: "nullValues", mustBe: 0 },
      { metric: "duplicateValues", mustBe: 0 },
      { metric: "invalidValues", arguments: { validValues: ["a"] }, mustBe: 0 },
      { type: "custom", engine: "ledgerloop", implementation: { rule: "immutable" } },
    ),
  ),
});

test("generated contracts keep rule ids unique and survive a YAML round trip", () => {
  fc.assert(
    fc.property(fc.uniqueArray(column, { minLength: 1, maxLength: 6, selector: (c) => c.name }), (properties) => {
      const contract = {
        apiVersion: "v3.1.0",
        kind: "DataContract",
        id: "x",
        version: "1.0.0",
        status: "active",
        team: { name: "team" },
        schema: [{ name: "o", properties }],
      };
      const block = parseContract({ file: "c", text: stringify(contract) });
      const json = parseContract({ file: "c", text: JSON.stringify(contract) });
      expect(block.problems).toEqual([]);
      const ids = block.contract?.rules.map((r) => r.id) ?? [];
      expect(new Set(ids).size).toBe(ids.length);
      expect(json.contract?.fingerprint).toBe(block.contract?.fingerprint);
    }),
    { numRuns: cases(100) },
  );
});

test("patterns that every engine reads alike", () => {
  for (const good of ["^[^@\\s]+@x$", "\\d{1,1000}", "(?:a|b)+", "\\\\1", "\\p{L}"]) expect(patternFault(good)).toBeUndefined();
  for (const bad of ["(?<!a)", "(?<n>a)", "a{1001}", "\\u0041", "[]", "(a)\\1"]) expect(patternFault(bad)).toBeDefined();
});

test("one plain SELECT", () => {
  for (const good of [
    "select ';'",
    "-- ;\nselect 1",
    "with a as (select 1) select * from a",
    'select ";" /* ; */',
    "select 'it''s'",
  ]) {
    expect(selectFault(good)).toBeUndefined();
  }
  for (const bad of ["", "delete from a", "select 1;", "select 'a", "select /* a", 'select "a', "selects"])
    expect(selectFault(bad)).toBeDefined();
});

test("the tokens of any text end", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (text) => {
      const tokens = sqlTokens(text);
      return tokens === undefined || tokens.length <= text.length;
    }),
  );
});
