import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { given } from "../expectation/hand-rules.ts";
import type { Row } from "../feed.ts";
import { BYTES } from "../world/sent-file.ts";
import { major } from "./remittance.ts";

/** Bytes at a path below the folder of the partners. */
export interface Written {
  readonly path: string;
  readonly bytes: Buffer;
}

/** How one partner writes. */
export interface Dialect {
  readonly partner: string;
  readonly currencies: readonly string[];
  /** The path of a file. */
  pathOf(stem: string): string;
  /** Its lines, without header and trailer. A record that no reader can take apart is its bytes. */
  lines(records: readonly Row[]): string[];
  /** The file of some lines, and what lies beside it. `claims`: what its trailer or manifest says; the sum in hundredths. */
  write(stem: string, lines: readonly string[], claims: { readonly count: number; readonly sum: number }): Written[];
}

const COLUMNS = ["remittance_id", "invoice_id", "customer_id", "amount", "currency", "paid_on", "note"];

function quoted(text: string, special: RegExp): string {
  return special.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** The bytes of a record that is written as it is. */
function asItIs(row: Row): string | null {
  return given(row, BYTES)?.replace(/^utf8:/, "") ?? null;
}

function sha256(bytes: Buffer): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** A reseller: packed CSV in UTF-8, and a manifest beside each file. */
export const MERIDIAN: Dialect = {
  partner: "meridian",
  currencies: ["USD", "EUR", "GBP", "CHF", "SEK"],
  pathOf: (stem) => `remittances/meridian/${stem}.csv.gz`,
  lines: (records) =>
    records.map((row) => asItIs(row) ?? COLUMNS.map((name) => quoted(given(row, name) ?? "", /[",\n]/)).join(",")),
  write: (stem, lines, { count }) => {
    const bytes = gzipSync([COLUMNS.join(","), ...lines, ""].join("\n"));
    const manifest = { file: `${stem}.csv.gz`, records: count, sha256: sha256(bytes) };
    return [
      { path: `remittances/meridian/${stem}.csv.gz`, bytes },
      { path: `remittances/meridian/${stem}.json`, bytes: Buffer.from(`${JSON.stringify(manifest)}\n`) },
    ];
  },
};

/** 1234.50 as 1.234,50; any other text as it is. */
function germanAmount(text: string): string {
  const [, whole = "", cents = ""] = /^(\d+)\.(\d\d)$/.exec(text) ?? [];
  return whole === "" ? text : `${whole.replace(/\B(?=(\d{3})+$)/g, ".")},${cents}`;
}

/** 2026-05-11 as 11.05.2026; any other text as it is. */
function germanDay(text: string): string {
  return text.replace(/^(\d{4})-(\d\d)-(\d\d)$/, "$3.$2.$1");
}

/** Texts of the sandbox in windows-1252: Latin-1 and the euro sign. */
function windows1252(text: string): Buffer {
  return Buffer.from(text.replaceAll("€", "\u0080"), "latin1");
}

function germanLine(row: Row): string {
  const cell = (name: string) => given(row, name) ?? "";
  const amount = germanAmount(cell("amount"));
  const texts = [
    cell("remittance_id"),
    cell("invoice_id"),
    cell("customer_id"),
    amount,
    germanDay(cell("paid_on")),
    cell("note"),
  ];
  return texts.map((text) => quoted(text, /[";\n]/)).join(";");
}

/** A bank: semicolons, decimal commas, windows-1252, and a line at the end that counts and sums. */
export const NORDBANK: Dialect = {
  partner: "nordbank",
  currencies: ["EUR"],
  pathOf: (stem) => `remittances/nordbank/${stem}.csv`,
  lines: (records) => records.map((row) => asItIs(row) ?? germanLine(row)),
  write: (stem, lines, { count, sum }) => {
    const header = "Belegnummer;Rechnung;Kunde;Betrag;Bezahlt am;Verwendungszweck";
    const trailer = `SUMME;${count};;${germanAmount(major(sum))};;`;
    const bytes = windows1252([header, ...lines, trailer, ""].join("\r\n"));
    return [{ path: `remittances/nordbank/${stem}.csv`, bytes }];
  },
};
