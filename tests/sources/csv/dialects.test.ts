import { describe, expect, test } from "vitest";
import type { TargetColumn } from "../../../src/sources/csv/scan/layout.ts";
import { derive, specOf } from "./deriving.ts";

type Column = NonNullable<Parameters<typeof specOf>[0]["columns"]>[number];

const NUMBER: TargetColumn = { name: "v", type: { kind: "decimal", precision: 18, scale: 2 } };
const DATE: TargetColumn = { name: "v", type: { kind: "date" } };

interface Dialect {
  readonly says: Partial<Column>;
  readonly of: TargetColumn;
  /** What it reads, and as what. */
  readonly reads: Readonly<Record<string, string>>;
  /** What is another dialect's, or nobody's. */
  readonly refuses: readonly string[];
}

const NOBODYS = ["", "-", ".", ",", "5.", ".5", "--5", "5 5", "1e3", "9.09E-13", "NaN", "x", "٣", "1.2.3", "1__0", "=1+1"];

const DIALECTS: Readonly<Record<string, Dialect>> = {
  "numbers of which nothing is said": {
    says: {},
    of: NUMBER,
    reads: { "10.50": "10.50", "-3": "-3", "007": "007", "12345678901234567890.125": "12345678901234567890.125" },
    refuses: [...NOBODYS, "10,50", "1,234.50", "1.234,50", "5-", "(5)", "+5", "5 €", "1 234", " 5"],
  },
  "a decimal comma": {
    says: { decimal: "," },
    of: NUMBER,
    reads: { "10,50": "10.50", "-3": "-3", "+3": "3", "007,5": "7.5", "0,05": "0.05" },
    refuses: [...NOBODYS, "10.50", "1.234", "1,234.50", "1.234,50", "5-", "(5)", "5,"],
  },
  "a decimal comma and points between thousands": {
    says: { decimal: ",", thousands: "." },
    of: NUMBER,
    reads: { "1.234,50": "1234.50", "1234,50": "1234.50", "1.234": "1234", "-12.345.678": "-12345678" },
    refuses: [...NOBODYS, "10.50", "1,234.50", "1.23", "1234.567,00", ".123", "1..234", "1.234.5"],
  },
  "commas between thousands": {
    says: { thousands: "," },
    of: NUMBER,
    reads: { "1,234.50": "1234.50", "10.50": "10.50", "0": "0", "1,234": "1234" },
    refuses: [...NOBODYS, "10,50", "1.234,50", "1,23", "12,34,567"],
  },
  "blanks between thousands that do not break": {
    says: { thousands: "\u00a0", decimal: "," },
    of: NUMBER,
    reads: { "1\u00a0234,50": "1234.50" },
    refuses: [...NOBODYS, "1 234,50", "1\u202f234,50", "10.50"],
  },
  "a sign behind the digits": {
    says: { sign: "trailing" },
    of: NUMBER,
    reads: { "5.00-": "-5.00", "5.00+": "5.00", "5": "5", "0-": "-0" },
    refuses: [...NOBODYS, "-5", "(5)", "5.00--", "5,00-"],
  },
  parentheses: {
    says: { sign: "parentheses" },
    of: NUMBER,
    reads: { "(5.00)": "-5.00", "5": "5", "-5": "-5" },
    refuses: [...NOBODYS, "5-", "(5", "5)", "(-5)", "((5))", "()"],
  },
  "a currency's sign": {
    says: { currency_symbol: "€" },
    of: NUMBER,
    reads: { "€5": "5", "5 €": "5", "€ -5.00": "-5.00", "-5\u00a0€": "-5", "-€5": "-5", "5": "5" },
    refuses: [...NOBODYS, "$5", "€", "€€5", "€5€", "5  €"],
  },
  "dates of which nothing is said": {
    says: {},
    of: DATE,
    reads: { "2026-05-11": "2026-05-11", "2024-02-29": "2024-02-29" },
    refuses: [
      "",
      "11.05.2026",
      "11/05/2026",
      "20260511",
      "46153",
      "2026-5-11",
      "2026-02-29",
      "2026-13-01",
      "0000-01-01",
      "2026-05-11 ",
    ],
  },
  "days before months": {
    says: { dates: ["dd/MM/yyyy"] },
    of: DATE,
    reads: { "11/05/2026": "2026-05-11" },
    refuses: ["2026-05-11", "5/11/2026", "05/13/2026", "31/04/2026", "11.05.2026", "46153", "11/05/26"],
  },
  "formats of which the first that fits is taken": {
    says: { dates: ["d.M.yyyy", "yyyyMMdd"] },
    of: DATE,
    reads: { "1.2.2026": "2026-02-01", "20260201": "2026-02-01", "11.05.2026": "2026-05-11" },
    refuses: ["2026-02-01", "46153", "1/2/2026"],
  },
  "serials of Excel": {
    says: { dates: ["excel"] },
    of: DATE,
    reads: { "46153": "2026-05-11", "1": "1900-01-01", "59": "1900-02-28", "61": "1900-03-01", "2958465": "9999-12-31" },
    refuses: ["2026-05-11", "0", "60", "046153", "46153.5", "46153,5", "2958466", "-1", "11.05.2026"],
  },
};

describe.each(Object.entries(DIALECTS))("%s", (_, { says, of, reads, refuses }) => {
  const read = async (texts: readonly string[]) => {
    const columns = [{ header: "id" }, { header: "v", ...says }];
    const spec = specOf({ delimiter: ";", columns, nulls: [], file_bad_share: 1 }, [
      { name: "id", type: { kind: "string" } },
      of,
    ]);
    return (await derive(`id;v\n${texts.map((text, i) => `${i};${text}\n`).join("")}`, spec)).rows;
  };

  test("are read", async () => {
    const rows = await read(Object.keys(reads));
    expect(rows.map(({ cells }) => cells[1])).toEqual(Object.values(reads));
    expect(rows.flatMap(({ unconverted }) => unconverted)).toEqual([]);
  });

  test("and nothing else: the text is kept and the column named", async () => {
    const rows = await read(refuses);
    expect(rows.map(({ cells, fault }) => fault ?? cells[1])).toEqual(refuses);
    expect(refuses.filter((_, i) => !rows[i]?.unconverted.includes("v"))).toEqual([]);
  });
});
