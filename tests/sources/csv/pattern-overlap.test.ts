import fc from "fast-check";
import { expect, test } from "vitest";
import { filePattern } from "../../../src/sources/csv/files/file-pattern.ts";
import { sharedPath } from "../../../src/sources/csv/files/pattern-overlap.ts";

test.each([
  ["in/{partner}/{date:yyyy-MM-dd}*.csv", "in/{partner}/{date:yyyy-MM-dd}*.csv{,.gz}"],
  ["in/{partner}/{date:yyyy-MM-dd}*.csv", "in/{partner}/{date:yyyy-MM-dd}-returns*.csv"],
  ["in/*-remittances.csv", "in/acme-*.csv"],
  ["in/{partner}/a.csv", "in/bank/*.csv"],
  ["in/{date:yyyyMMdd}.csv", "in/2025022*.csv"],
  ["{old,new}/*.csv", "{new,other}/{partner}.csv"],
  ["in/*.csv{,.gz}", "in/*.gz"],
])("%s and %s share a path", (one, other) => {
  for (const path of [sharedPath(one, other), sharedPath(other, one)]) {
    expect([filePattern(one)?.match(path ?? "") ?? null, filePattern(other)?.match(path ?? "") ?? null]).not.toContain(null);
  }
});

test.each([
  ["remittances/{partner}/*.csv", "invoices/{partner}/*.csv"],
  ["in/{partner}/*.csv", "in/*.csv"],
  ["in/{date:yyyy-MM-dd}.csv", "in/{date:yyyyMMdd}.csv"],
  ["in/*.csv", "in/*.csv.gz"],
  ["in/{partner}-a.csv", "in/-a.csv"],
  ["in/{date:yyyy-MM-dd}.csv", "in/2026-13-*.csv"],
])("%s and %s share none", (one, other) => {
  expect([sharedPath(one, other), sharedPath(other, one)]).toEqual([null, null]);
});

const pattern = fc
  .array(fc.constantFrom("a", "b", "*", "{a,b}", "{,ab}", "/a", "a/b"), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join(""))
  .filter((text) => filePattern(text) !== null);

/** Every path of some letters. */
function paths(length: number): string[] {
  if (length === 0) return [""];
  const shorter = paths(length - 1);
  return [
    ...shorter,
    ...shorter.filter((path) => path.length === length - 1).flatMap((path) => ["a", "b", "/"].map((c) => path + c)),
  ];
}

const ALL = paths(7);

test("whatever two patterns are: where a short path fits both, one is found", () => {
  fc.assert(
    fc.property(pattern, pattern, (one, other) => {
      const [a, b] = [filePattern(one), filePattern(other)];
      const fits = ALL.find((path) => a?.match(path) && b?.match(path));
      if (fits !== undefined) expect({ one, other, fits, found: sharedPath(one, other) }).not.toMatchObject({ found: null });
    }),
    { numRuns: 300 },
  );
});
