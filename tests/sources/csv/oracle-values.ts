import type { Encoding, Layout, LayoutColumn, TargetColumn } from "../../../src/sources/csv/scan/layout.ts";
import type { OracleField } from "./oracle-records.ts";

/** What windows-1252 has from 0x80 on; U+FFFD stands for what it does not have. */
const WINDOWS = "€\ufffd‚ƒ„…†‡ˆ‰Š‹Œ\ufffdŽ\ufffd\ufffd‘’“”•–—˜™š›œ\ufffdžŸ";

/** The characters of a file as a record is read by them: bytes, or units of UTF-16. */
export function charactersOf(bytes: Buffer, encoding: Encoding, isBigEndian: boolean): string {
  if (!encoding.startsWith("utf-16")) return bytes.toString("latin1");
  const whole = Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)));
  return (isBigEndian ? whole.swap16() : whole).toString("utf16le");
}

/** The text that characters of a file are; null where they are none in its encoding. */
export function textOf(characters: string, encoding: Encoding): string | null {
  if (encoding === "latin-1") return characters;
  if (encoding.startsWith("utf-16")) return /\p{Surrogate}/u.test(characters) ? null : characters;
  if (encoding === "windows-1252") {
    const text = characters.replace(/[\x80-\x9f]/g, (byte) => WINDOWS[byte.charCodeAt(0) - 0x80] ?? "\ufffd");
    return text.includes("\ufffd") ? null : text;
  }
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Buffer.from(characters, "latin1"));
  } catch {
    return null;
  }
}

const MEANING = /[\\^$.*+?()[\]{}|/-]/g;
const plain = (text: string) => text.replace(MEANING, "\\$&");

/** A number in the text of its type; of the layouts' styles only marks and a trailing sign are known here. */
export function oracleNumber(text: string, { decimal, thousands, sign }: LayoutColumn): string | null {
  if ([decimal, thousands, sign].every((said) => said === undefined)) return /^-?\d+(\.\d+)?$/.test(text) ? text : null;
  const whole = thousands === undefined ? "\\d+" : `\\d{1,3}(?:${plain(thousands)}\\d{3})+|\\d+`;
  const around = sign === "trailing" ? ["", "([-+]?)"] : ["([-+]?)", ""];
  const form = new RegExp(`^${around[0]}(?<whole>${whole})(?:${plain(decimal ?? ".")}(?<places>\\d+))?${around[1]}$`);
  const found = form.exec(text);
  if (!found?.groups) return null;
  const digits = (found.groups["whole"] ?? "").replaceAll(/\D/g, "").replace(/^0+(?=\d)/, "");
  const places = found.groups["places"];
  return `${text.includes("-") ? "-" : ""}${digits}${places === undefined ? "" : `.${places}`}`;
}

function oracleDate(text: string, formats: readonly string[] = ["yyyy-MM-dd"]): string | null {
  for (const format of formats) {
    const form = format.replace("yyyy", "(?<y>\\d{4})").replace("MM", "(?<m>\\d{2})").replace("dd", "(?<d>\\d{2})");
    const { y = "", m = "", d = "" } = new RegExp(`^${form.replaceAll(".", "\\.")}$`).exec(text)?.groups ?? {};
    const iso = `${y}-${m}-${d}`;
    const date = new Date(`${iso}T00:00:00Z`);
    const isDay = iso >= "0001" && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso);
    if (isDay) return iso;
  }
  return null;
}

/** A cell of the row file, and whether its text could be converted. */
export interface OracleCell {
  readonly cell: string | null;
  readonly isConverted: boolean;
}

/** What a field becomes. */
export function oracleCell(field: OracleField, { column, type, layout }: OracleColumn): OracleCell {
  const text = textOf(field.text, layout.encoding) ?? "";
  const mayBeNull = !field.isQuoted || layout.quotedNulls;
  if (mayBeNull && !field.hasEscape && layout.nulls.includes(text)) return { cell: null, isConverted: true };
  if (type.kind === "string") return { cell: text, isConverted: true };
  const converted = type.kind === "date" ? oracleDate(text, column.dates) : oracleNumber(text, column);
  if (field.hasEscape || converted === null) return { cell: text, isConverted: false };
  return { cell: converted, isConverted: true };
}

/** A column of file and contract. */
export interface OracleColumn {
  readonly column: LayoutColumn;
  readonly type: TargetColumn["type"];
  readonly layout: Layout;
}
