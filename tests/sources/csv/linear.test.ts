import { describe, expect, test } from "vitest";
import type { FileSpec } from "../../../src/sources/csv/scan/layout.ts";
import { endRecords, readRecords } from "../../../src/sources/csv/scan/read-records.ts";
import { beginReading } from "../../../src/sources/csv/scan/reading.ts";
import { inPieces, specOf, strings } from "./deriving.ts";

const MIB = 1024 * 1024;
const PIECE = 64 * 1024;
const LONGEST = 64 * 1024;
/** How often a unit is looked at, at most: again where a window ended in its record, and again where the quotes of that are wrong. */
const TIMES = 4;

function ab(multiline: boolean, longest = LONGEST): FileSpec {
  const spec = specOf({ multiline, file_bad_share: 1, footer: "never" }, strings("a", "b"));
  return { ...spec, layout: { ...spec.layout, maxRecordBytes: longest } };
}

/** What reading a file in pieces costs: units looked at for each of its bytes, and the most that its window held. */
function costs(text: string, spec: FileSpec, piece = PIECE): { times: number; window: number; records: number } {
  const bytes = Buffer.from(text);
  const reading = beginReading(spec, { mark: 0, isBigEndian: false });
  let window = 0;
  for (const one of inPieces(bytes, [piece])) {
    reading.window.add(one);
    window = Math.max(window, reading.window.units().length);
    readRecords(reading, false);
    reading.rows?.writer.take(false);
  }
  readRecords(reading, true);
  endRecords(reading);
  return { times: reading.scanner.examined / bytes.length, window, records: reading.records };
}

const filled = (part: string) => `a,b\n${part.repeat(Math.ceil(MIB / part.length))}`;

/** Files that would cost the square of their size where a record is scanned from its beginning with each piece, or each line again. */
const ADVERSARIES: Readonly<Record<string, string>> = {
  "ordinary records": filled("12345,some text\n"),
  "nothing but quotes": filled('"'),
  "a quote a line": filled('"\n'),
  "three quotes a line": filled('"""\n'),
  "a field that opens in each line": filled('x,"y\n'),
  "a field that closes and opens in each line": filled('",x,"y\n'),
  "one quote that is never closed, and no line end": `a,b\n"${"x".repeat(MIB)}`,
  "one quote that is never closed, and many lines": `a,b\n"${"x,y\n".repeat(MIB / 4)}`,
  "a quote that is never closed in every hundredth line": filled(`1,"x\n${"2,y\n".repeat(99)}`),
  "quotes that close behind a thousand lines": filled(`1,"${"x\n".repeat(1000)}"z\n`),
  "records as long as they may be": filled(`1,${"x".repeat(LONGEST - 3)}\n`),
  "one line": `a,b\n${"x".repeat(MIB)}`,
  "delimiters only": filled(","),
  "carriage returns only": filled("\r"),
  "blank lines": filled("\n"),
};

describe("a file is read in time that grows as it does", () => {
  for (const multiline of [false, true]) {
    test.each(Object.entries(ADVERSARIES))(`%s${multiline ? ", where line ends may be text" : ""}`, (_, text) => {
      const { times, window } = costs(text, ab(multiline));
      expect(times).toBeLessThan(TIMES);
      expect(window).toBeLessThanOrEqual(4 * (LONGEST + PIECE));
    });
  }

  test("in small pieces too, where records are long", () => {
    const text = filled(`1,"${"x".repeat(20_000)}\n`).slice(0, MIB);
    for (const piece of [100, 1000]) expect(costs(text, { ...ab(true) }, piece).times).toBeLessThan(2 * TIMES);
  });
});

test("the window is bounded by the longest record, whatever the file is", () => {
  for (const longest of [1024, 16 * 1024, 128 * 1024]) {
    for (const text of [filled('"'), `a,b\n"${"x".repeat(MIB)}`, `a,b\n"${"x,y\n".repeat(MIB / 4)}`])
      expect(costs(text, ab(true, longest)).window).toBeLessThanOrEqual(4 * (longest + PIECE));
  }
});
