import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { LayoutSchema } from "../../../src/sources/csv/layout-schema.ts";
import { RECORD_FAULTS, STOPS } from "../../../src/sources/csv/scan/file-facts.ts";
import { type Derived, derive, specOf } from "./deriving.ts";
import { HAZARDS, hazardSpec } from "./hazards.ts";
import { encoded } from "./mutations.ts";

const page = readFileSync("docs/partner-files.md", "utf8");

/** The lines of the table whose first column has that name, as cells. */
function table(first: string, after = ""): string[][] {
  const [, rest = ""] = page.slice(page.indexOf(after)).split(new RegExp(`^\\| ${first} \\|.*\\n\\|[-|]+\\n`, "m"));
  const lines = rest
    .slice(0, rest.search(/^(?!\|)/m))
    .trimEnd()
    .split("\n");
  return lines.map((line) =>
    line
      .slice(1, -1)
      .split("|")
      .map((cell) => cell.trim()),
  );
}

const plain = (cell: string | undefined) => (cell ?? "").replaceAll("`", "");

/** What became of a file, in the words of the page. */
function outcomeOf({ rows, facts }: Derived): string {
  if (facts.stopped !== null) return `stop \`${facts.stopped.reason}\``;
  const [fault] = Object.keys(facts.malformed);
  if (fault !== undefined) return `\`${fault}\``;
  if (Object.keys(facts.unconverted).length > 0) return "unconverted";
  return rows.length > 0 ? "row" : "no row";
}

const OUTCOMES = new Map(table("hazard").map(([hazard = "", outcome = ""]) => [hazard, outcome]));

describe("docs/partner-files.md", () => {
  test("has a line for each hazard that is tried, and a file for each of its lines", () => {
    expect([...OUTCOMES.keys()]).toEqual(Object.keys(HAZARDS));
  });

  test.each(Object.entries(HAZARDS))("%s", async (name, hazard) => {
    for (const pieces of [[], [1]]) {
      const derived = await derive(hazard.file, hazardSpec(hazard), pieces);
      expect(outcomeOf(derived)).toBe(OUTCOMES.get(name));
      const good = derived.rows.filter(({ fault }) => fault === null);
      if (hazard.first) expect(good[0]?.cells).toEqual(hazard.first);
      const counts = [good.length, derived.rows.length - good.length, derived.facts.blankLines];
      if (hazard.counts) expect(counts).toEqual(hazard.counts);
    }
  });

  test("names every key of a layout, with what holds where it is left out", () => {
    const keys = table("key", "### Its keys");
    expect(keys.map(([key]) => plain(key))).toEqual(Object.keys(LayoutSchema.shape));
    const stated = keys
      .filter(([, given = ""]) => /^`[^`]+`$/.test(given))
      .map(([key, given]) => [plain(key), parse(plain(given))]);
    expect(Object.fromEntries(stated)).toEqual(LayoutSchema.parse({}));
  });

  test("names every key of a column", () => {
    const column = LayoutSchema.shape.columns.unwrap().element;
    expect(table("key", "Of a column:").map(([key]) => plain(key))).toEqual(Object.keys(column.shape));
  });

  test("names every fault in its order, and every reason to stop", () => {
    expect(
      table("`_fault`")
        .map(([fault]) => plain(fault))
        .sort(),
    ).toEqual([...RECORD_FAULTS].sort());
    expect(
      table("reason")
        .map(([reason]) => plain(reason))
        .sort(),
    ).toEqual([...STOPS].sort());
  });

  test("shows a layout, a file and what comes of it", async () => {
    const [, layout = ""] = /## A layout\n[\s\S]*?```yaml\n([\s\S]*?)```/.exec(page) ?? [];
    const [, file = ""] = /```text\n([\s\S]*?)```/.exec(page) ?? [];
    const columns = [
      { name: "ref", type: { kind: "string" } },
      { name: "amount", type: { kind: "decimal", precision: 12, scale: 2 } },
      { name: "day", type: { kind: "date" } },
      { name: "partner", type: { kind: "string" } },
    ] as const;
    const spec = specOf(parse(layout) as Parameters<typeof specOf>[0], columns, { amount: "amount" });
    const { rows, facts } = await derive(encoded(file, "windows-1252"), spec);
    const shown = rows.map(({ number, offset, length, cells }) => [`\`${number}@${offset}+${length}\``, ...cells]);
    expect(shown).toEqual(table("`_position`"));
    expect(facts).toMatchObject({ trailer: { count: "2", sum: "1214.50" }, unconverted: {}, stopped: null });
  });
});
