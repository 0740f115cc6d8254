import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { derive, specOf, strings } from "./deriving.ts";

const require = createRequire(import.meta.url);
/** The cases that CSV parsers are compared by: https://github.com/max-mapper/csv-spectrum */
const CASES = dirname(require.resolve("csv-spectrum/package.json"));
const NAMES = readdirSync(join(CASES, "csvs")).map((file) => file.replace(/\.csv$/, ""));

type Row = Readonly<Record<string, string>>;

/** The JSON of one case has another telephone number than its file. */
const MISPRINTED: Readonly<Record<string, Row>> = { location_coordinates: { "Contact Phone Number": "2095257564" } };

function expected(name: string): Row[] {
  const rows = [JSON.parse(readFileSync(join(CASES, "json", `${name}.json`), "utf8")) as Row | Row[]].flat();
  return rows.map((row) => Object.fromEntries(Object.keys(row).map((key) => [key, row[key] ?? ""])));
}

const columnsOf = (name: string) => Object.keys(expected(name)[0] ?? {});

describe("csv-spectrum", () => {
  test("is there", () => expect(NAMES.length).toBe(12));

  test.each(NAMES)("%s", async (name) => {
    // Its quotes stand for inches and minutes: a sender who writes them bare quotes nothing.
    const layout = name === "location_coordinates" ? ({ quote: "none" } as const) : { multiline: true };
    const columns = columnsOf(name);
    const { rows, facts } = await derive(readFileSync(join(CASES, "csvs", `${name}.csv`)), specOf(layout, strings(...columns)));
    expect(facts).toMatchObject({ malformed: {}, unconverted: {}, stopped: null });
    const read = rows.map(({ cells }) => Object.fromEntries(columns.map((column, i) => [column, cells[i] ?? null])));
    const texts = expected(name).map((row) => ({ ...row, ...MISPRINTED[name] }));
    expect(read).toEqual(texts);
  });
});
