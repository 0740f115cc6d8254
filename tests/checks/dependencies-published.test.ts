import { describe, expect, test } from "vitest";
import { newRulesOverPublished } from "../../src/checks/published-breaking.ts";
import { duckdbDialect } from "../../src/warehouse/duckdb/dialect.ts";
import { dependency, dependentDesk, playEntries, withDependencies, withTableDependency } from "../support/dependencies.ts";
import type { Row } from "../support/desk.ts";
import { entry } from "../support/desk-rows.ts";
import { ENTRIES } from "../support/scoped-desk.ts";

const says = (id: number, currency: string, memo: string | null): Row => entry(id, `e${id}`, { currency, memo });

const ROWS = [
  ...["a", "a", "b"].map((memo, i) => says(1 + i, "USD", memo)),
  ...["x", "y"].map((memo, i) => says(4 + i, "EUR", memo)),
  ...[null, null, "z"].map((memo, i) => says(6 + i, "GBP", memo)),
  says(9, "CHF", "c"),
];

test("a new rule against published rows: what would break it is counted, tombstones and columns to come are not", async () => {
  await using desk = await dependentDesk();
  await playEntries(desk, [...ROWS, says(10, "CHF", "d")]);
  await playEntries(desk, [], { keys: { [ENTRIES]: ROWS.map(({ id = null }) => ({ id })) } });
  const pipeline = withDependencies(
    dependency({ id: "all" }),
    dependency({ id: "outliers", majority: true }),
    dependency({ id: "by_memo", determinants: ["memo"], determines: ["account_id"] }),
    dependency({ id: "of_a_column_to_come", determinants: ["currency", "later"] }),
    dependency({ id: "on_a_column_to_come", determines: ["later"] }),
    dependency({ id: "and_a_column_to_come", determines: ["memo", "later"] }),
  )(desk.pipeline);
  const session = await desk.open();
  const found = await newRulesOverPublished(session, duckdbDialect, pipeline);
  await session.close();
  expect(found.map(({ rule, publishedBreaking }) => [rule, publishedBreaking])).toEqual([
    ["all", 8n],
    ["outliers", 4n],
    ["by_memo", 0n],
    ["of_a_column_to_come", 0n],
    ["on_a_column_to_come", 0n],
    ["and_a_column_to_come", 8n],
  ]);
});

describe("the contract of a curated table", () => {
  const play = async (severity: "warn" | "quarantine", majority: boolean) => {
    await using desk = await dependentDesk();
    await playEntries(desk, ROWS.slice(0, 1));
    const adjust = withTableDependency(dependency({ severity, majority }));
    const { outcome } = await desk.play({ rows: { [ENTRIES]: ROWS.slice(1, 4) }, adjust });
    const gate = outcome.gates.find((g) => g.name === "curated_rule" && g.rule === "memo_by_currency");
    return `${outcome.outcome}: ${gate?.verdict} ${gate?.observed}`;
  };

  test("rows of the table that differ block the publication, or are told; by majority the outliers are counted", async () => {
    expect(await play("quarantine", false)).toBe("blocked: fail 3 rows; e1, e2, e3");
    expect(await play("quarantine", true)).toBe("blocked: fail 1 rows; e3");
    expect(await play("warn", false)).toBe("published: warn 3 rows");
  });
});
