import { gzipSync } from "node:zlib";
import type { FileSpec, TargetColumn } from "../../../src/sources/csv/scan/layout.ts";
import { specOf } from "./deriving.ts";
import { encoded } from "./mutations.ts";

type Written = Parameters<typeof specOf>[0];

/** A file as some partner has sent it once. */
export interface Hazard {
  readonly file: string | Uint8Array;
  readonly layout?: Written;
  readonly packing?: FileSpec["packing"];
  /** The cells of the first row that is not malformed, in the contract's order. */
  readonly first?: readonly (string | null)[];
  /** Good rows, malformed ones and blank lines. */
  readonly counts?: readonly [good: number, malformed: number, blank: number];
}

/** The contract of the files below. */
const COLUMNS: readonly TargetColumn[] = [
  { name: "ref", type: { kind: "string" } },
  { name: "amount", type: { kind: "decimal", precision: 12, scale: 2 } },
  { name: "day", type: { kind: "date" } },
];

export function hazardSpec({ layout = {}, packing = null }: Hazard): FileSpec {
  return specOf(layout, COLUMNS, { packing, amount: "amount" });
}

const HEADER = "ref,amount,day";
const FIRST = ["R1", "5.00", "2026-05-11"];
const GOOD = "R1,5.00,2026-05-11";
const WHOLE = `${HEADER}\n${GOOD}\nR2,6.00,2026-05-12\n`;
const FOOTER = "TOTAL,(?<count>\\d+),(?<sum>.*)";
const UTF_16 = { encoding: "utf-16" } as const;

/** A file of one record whose ref, amount or day is the given text, between quotes where it says so itself. */
const ref = (text: string) => `${HEADER}\n${text},5.00,2026-05-11\n`;
const amount = (text: string) => `${HEADER}\nR1,${text},2026-05-11\n`;
const day = (text: string) => `${HEADER}\nR1,5.00,${text}\n`;

/** A layout that says something of one column. */
function says(column: "amount" | "day", how: NonNullable<Written["columns"]>[number]): Written {
  return { columns: ["ref", "amount", "day"].map((header) => ({ header, ...(header === column ? how : {}) })) };
}

const semicolons = (text: string) => text.replaceAll(/[,;]/g, (mark) => (mark === "," ? ";" : ","));
const packed = gzipSync(WHOLE);
const shifted = `${HEADER}\n${Array.from({ length: 30 }, (_, i) => `Miller,R${i},5.00\n`).join("")}`;

/** The lines of the table in docs/partner-files.md by their first cell, each with a file. */
export const HAZARDS: Readonly<Record<string, Hazard>> = {
  "a byte order mark": { file: `\ufeff${WHOLE}`, first: FIRST },
  "UTF-16, little endian, declared `utf-16`": { file: encoded(`\ufeff${WHOLE}`, "utf-16le"), layout: UTF_16, first: FIRST },
  "UTF-16, big endian, declared `utf-16`": { file: encoded(`\ufeff${WHOLE}`, "utf-16be"), layout: UTF_16, first: FIRST },
  "UTF-16 where `utf-8` is declared": { file: encoded(`\ufeff${WHOLE}`, "utf-16le") },
  "Latin-1 where `utf-8` is declared": { file: Buffer.from(ref("M\xfcller") + GOOD, "latin1"), counts: [1, 1, 0] },
  "line ends of several kinds": { file: `${HEADER}\r\n${GOOD}\nR2,6.00,2026-05-12\r${GOOD}\n\r`, counts: [3, 0, 1] },
  "line ends that are CR alone": { file: WHOLE.replaceAll("\n", "\r"), first: FIRST, counts: [2, 0, 0] },
  "no line end behind the last record": { file: WHOLE.trimEnd(), counts: [2, 0, 0] },
  "a line end inside quotes, `multiline: true`": {
    file: ref('"R1\nsecond line"'),
    layout: { multiline: true },
    first: ["R1\nsecond line", "5.00", "2026-05-11"],
  },
  "a line end inside quotes, `multiline: false`": { file: `${ref('"R1\nsecond line"')}${GOOD}\n`, counts: [1, 2, 0] },
  "quotes that are lost on both sides of a line end, `multiline: true`": {
    file: `${HEADER}\n"R1,5.00,2026-05-11\nR2",6.00,2026-05-12\n`,
    layout: { multiline: true },
    first: ["R1,5.00,2026-05-11\nR2", "6.00", "2026-05-12"],
  },
  "a delimiter behind each record, declared": {
    file: WHOLE.replaceAll("\n", ",\n"),
    layout: { trailing_delimiter: true },
    first: FIRST,
  },
  "a delimiter behind each record, not declared": { file: `${HEADER}\n${GOOD},\n`, counts: [0, 1, 0] },
  "blank lines": { file: `${HEADER}\n\n${GOOD}\n\n\n${GOOD}\n\n`, counts: [2, 0, 4] },
  "the header again, further down": { file: `${WHOLE}${WHOLE}`, counts: [4, 1, 0] },
  "fewer fields than the header, or more": { file: `${WHOLE}R3,7.00\nR4,7.00,2026-05-12,x\n`, counts: [2, 2, 0] },
  "a quote that is not closed": { file: `${ref('"R1')}${GOOD}\n`, counts: [1, 1, 0] },
  "text behind a closing quote, or a quote inside a field without": { file: `${ref('"R"1')}R"2,1,\n`, counts: [0, 2, 0] },
  "a NUL": { file: `${ref("R\0")}${GOOD}\n`, counts: [1, 1, 0] },
  "a record over `max_record_bytes`": {
    file: `${ref("x".repeat(2000))}${GOOD}\n`,
    layout: { max_record_bytes: 1024 },
    counts: [1, 1, 0],
  },
  "leading zeros in text": { file: ref("00042"), first: ["00042", "5.00", "2026-05-11"] },
  "`17850.0` where the contract has text": { file: ref("17850.0"), first: ["17850.0", "5.00", "2026-05-11"] },
  "`=1+1`": { file: ref("=1+1"), first: ["=1+1", "5.00", "2026-05-11"] },
  "`NULL`": { file: ref("NULL"), first: ["NULL", "5.00", "2026-05-11"] },
  "`NULL`, declared in `nulls`": { file: ref("NULL"), layout: { nulls: ["", "NULL"] }, first: [null, "5.00", "2026-05-11"] },
  '`""`': { file: ref('""'), first: ["", "5.00", "2026-05-11"] },
  "nothing between delimiters": { file: ref(""), first: [null, "5.00", "2026-05-11"] },
  "`9.09E-13` as an amount": { file: amount("9.09E-13"), first: ["R1", "9.09E-13", "2026-05-11"] },
  "`NaN` as an amount": { file: amount("NaN"), first: ["R1", "NaN", "2026-05-11"] },
  "`-0` as an amount": { file: amount("-0"), first: ["R1", "-0", "2026-05-11"] },
  "`1,234.50`, declared": {
    file: amount('"1,234.50"'),
    layout: says("amount", { thousands: "," }),
    first: ["R1", "1234.50", "2026-05-11"],
  },
  "`1,234.50`, not declared": { file: amount('"1,234.50"'), first: ["R1", "1,234.50", "2026-05-11"] },
  "`10,50`, declared": {
    file: semicolons(amount("10;50")),
    layout: { ...says("amount", { decimal: "," }), delimiter: ";" },
    first: ["R1", "10.50", "2026-05-11"],
  },
  "`10.50` where a decimal comma is declared": { file: amount("10.50"), layout: says("amount", { decimal: "," }) },
  "`1.234` where points part thousands": {
    file: amount("1.234"),
    layout: says("amount", { decimal: ",", thousands: "." }),
    first: ["R1", "1234", "2026-05-11"],
  },
  "`5.00-`, declared": {
    file: amount("5.00-"),
    layout: says("amount", { sign: "trailing" }),
    first: ["R1", "-5.00", "2026-05-11"],
  },
  "`5.00-`, not declared": { file: amount("5.00-") },
  "`(5.00)`, declared": {
    file: amount("(5.00)"),
    layout: says("amount", { sign: "parentheses" }),
    first: ["R1", "-5.00", "2026-05-11"],
  },
  "`(5.00)`, not declared": { file: amount("(5.00)") },
  "`5.00 €`, declared": { file: amount("5.00 €"), layout: says("amount", { currency_symbol: "€" }), first: FIRST },
  "`11/05/2026`, declared `dd/MM/yyyy`": {
    file: day("11/05/2026"),
    layout: says("day", { dates: ["dd/MM/yyyy"] }),
    first: FIRST,
  },
  "`2026-05-11` where `dd/MM/yyyy` is declared": { file: day("2026-05-11"), layout: says("day", { dates: ["dd/MM/yyyy"] }) },
  "month before day where `dd/MM/yyyy` is declared": {
    file: day("05/11/2026"),
    layout: says("day", { dates: ["dd/MM/yyyy"] }),
    first: ["R1", "5.00", "2026-11-05"],
  },
  "`46153`, declared `excel`": { file: day("46153"), layout: says("day", { dates: ["excel"] }), first: FIRST },
  "`46153` as a date, not declared": { file: day("46153"), first: ["R1", "5.00", "46153"] },
  "a column more than the layout has": { file: `ref,note,amount,day\nR1,x,5.00,2026-05-11\n`, first: FIRST },
  "a column renamed, missing, twice, or in another place": { file: `ref,day,amount\nR1,2026-05-11,5.00\n` },
  "columns shifted by one": { file: shifted },
  "another table behind a blank line": { file: `${WHOLE}\nregion,total\nnorth,11.00\nsouth,0.00\n` },
  "lines before the header that are not the declared preamble": {
    file: `Report of 2026-05-11\n${WHOLE}`,
    layout: { skip_lines: 1, preamble: "# .*" },
  },
  "a header and no records": { file: `${HEADER}\n`, counts: [0, 0, 0] },
  "0 bytes": { file: "" },
  "a trailer that counts other records, or has another sum": { file: `${WHOLE}TOTAL,2,12.00\n`, layout: { footer: FOOTER } },
  "a trailer that is missing: the file was cut off": { file: WHOLE, layout: { footer: FOOTER } },
  "a trailer beside a malformed record": {
    file: `${WHOLE}R3,7.00\nTOTAL,3,18.00\n`,
    layout: { footer: FOOTER },
    counts: [2, 1, 0],
  },
  "cut off between two records, no trailer declared": { file: `${HEADER}\n${GOOD}\n`, counts: [1, 0, 0] },
  "gzip of several members, or with zeros behind": {
    file: Buffer.concat([gzipSync(`${HEADER}\n`), gzipSync(`${GOOD}\n`), Buffer.alloc(512)]),
    packing: "gzip",
    first: FIRST,
  },
  "gzip that is cut off or damaged": { file: packed.subarray(0, -9), packing: "gzip" },
  "gzip with other bytes behind": { file: Buffer.concat([packed, Buffer.from("x")]), packing: "gzip" },
  "gzip whose name does not say so": { file: packed },
  "a zip archive, or a workbook (`.xlsx`, `.xls`), named `.csv`": {
    file: Buffer.concat([Buffer.from("PK\x03\x04"), Buffer.alloc(60)]),
  },
  "more bytes than `max_file_bytes`": { file: `${WHOLE}${`${GOOD}\n`.repeat(100)}`, layout: { max_file_bytes: 1024 } },
};
