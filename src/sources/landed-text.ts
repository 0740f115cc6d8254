import { createHash } from "node:crypto";
import { landedMeta } from "../config/landed-meta.ts";
import type { Feed } from "../config/pipeline.ts";
import { Failure } from "../kernel/problem.ts";
import { rowTooLong, rowTooWide, textNotLandable } from "./problems.ts";

/** The first column of every row file: the row's way back into the evidence. */
export const POSITION = "_position";

/** The columns of a feed's row files, in their order. */
export function rowFileColumns(feed: Feed): string[] {
  return [POSITION, ...landedMeta(feed), ...feed.contract.columns.map((c) => c.name)];
}

/** The text of one column of one row; null is NULL, `""` is the empty text. */
export type Cell = string | null;

/** A row's cells in the order of its file's columns. */
export type CellRow = readonly Cell[];

/** A row file that is being written. */
export interface LandedText {
  /** Its bytes, in few and large chunks; rows are asked for as the bytes are taken. */
  readonly bytes: AsyncGenerator<Uint8Array>;
  /** Rows written so far, without the header. */
  rows(): number;
}

/** Characters gathered before they leave as one chunk. */
const CHUNK = 256 * 1024;
/** Bytes of the longest row with its line end: DuckDB 1.5.5 refuses one of 16 MiB less three. */
export const LONGEST_ROW = 16 * 1024 * 1024 - 4;

/** What is written bare; everything else is quoted, so that no reader's idea of spaces, signs or words for NULL matters. */
const BARE = /^[A-Za-z0-9_.:+-]+$/;
/** U+0000 is no text in PostgreSQL, where samples are kept; a lone surrogate is none in UTF-8. */
const NOT_LANDABLE = /[\0\p{Surrogate}]/u;

/** Whether a text may stand in a row file; where it may not, the record is a fault: see docs/landed-text.md. */
export function isLandable(text: string): boolean {
  return !NOT_LANDABLE.test(text);
}

function cellText(cell: Cell): string {
  if (cell === null) return "";
  return BARE.test(cell) ? cell : `"${cell.replaceAll('"', '""')}"`;
}

/** One line of a row file. @throws Failure `internal` as `landedText`. */
export function landedLine(columns: readonly string[], cells: CellRow): string {
  if (cells.length !== columns.length) throw new Failure("internal", rowTooWide(cells.length, columns.length));
  const line = `${cells.map(cellText).join(",")}\n`;
  if (!isLandable(line)) {
    const at = cells.findIndex((cell) => cell !== null && !isLandable(cell));
    throw new Failure("internal", textNotLandable(columns[at] ?? ""));
  }
  // A character has at most three bytes a unit of its length, so most lines are not measured.
  if (line.length * 3 > LONGEST_ROW && Buffer.byteLength(line) > LONGEST_ROW)
    throw new Failure("internal", rowTooLong(LONGEST_ROW));
  return line;
}

/**
 * Writes a row file as docs/landed-text.md states it: a header, then one line a row. Holds one chunk at a time.
 * @throws Failure `internal` from `bytes`, for a row of another width than the header's, a text that is not landable, a row over 16 MiB.
 */
export function landedText(columns: readonly string[], rows: Iterable<CellRow> | AsyncIterable<CellRow>): LandedText {
  let count = 0;
  async function* write(): AsyncGenerator<Uint8Array> {
    let pending = landedLine(columns, columns);
    for await (const cells of rows) {
      pending += landedLine(columns, cells);
      count += 1;
      if (pending.length < CHUNK) continue;
      yield Buffer.from(pending);
      pending = "";
    }
    if (pending !== "") yield Buffer.from(pending);
  }
  return { bytes: write(), rows: () => count };
}

/** A boolean as COPY writes it. */
export function booleanCell(value: boolean): string {
  return value ? "t" : "f";
}

const FIRST_SECOND = Date.parse("0001-01-01T00:00:00Z") / 1000;
const LAST_SECOND = Date.parse("9999-12-31T23:59:59Z") / 1000;

function instantOf(seconds: number, fraction: string): string | null {
  if (!Number.isSafeInteger(seconds) || seconds < FIRST_SECOND || seconds > LAST_SECOND) return null;
  const digits = fraction.replace(/0+$/, "");
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}${digits === "" ? "" : `.${digits}`}Z`;
}

/** An instant given in whole seconds since 1970; null where it is no whole number or its year has not four digits. */
export function instantOfSeconds(seconds: number): string | null {
  return instantOf(seconds, "");
}

const ISO = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}:\d{2})(?:[.](\d+))?(Z|[+-]\d{2}(?::?\d{2})?)$/;

/**
 * An instant given as ISO 8601 with seconds and an offset, in UTC and in its one canonical form.
 * @returns null where the text is anything else, no day of the calendar, or finer than a microsecond: it is never rounded.
 */
export function instantOfIso(text: string): string | null {
  const [, day = "", time = "", fraction = "", zone = ""] = ISO.exec(text) ?? [];
  const local = Date.parse(`${day}T${time}Z`);
  // `Date` takes 24:00:00 and the 30th of February for the next day.
  if (Number.isNaN(local) || new Date(local).toISOString().slice(0, 19) !== `${day}T${time}`) return null;
  const minutes = offsetMinutes(zone);
  if (minutes === null || fraction.replace(/0+$/, "").length > 6) return null;
  return instantOf(local / 1000 - minutes * 60, fraction);
}

function offsetMinutes(zone: string): number | null {
  if (zone === "Z") return 0;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(3).replace(":", "") || "0")];
  if (hours > 15 || minutes > 59) return null;
  return (zone.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}

/** The names of the columns whose cells hold the source's text because it could not be converted; null for none. */
export function unconvertedCell(columns: readonly string[]): Cell {
  return columns.length === 0 ? null : JSON.stringify(columns);
}

/** Bytes of a record that `_payload` keeps. */
export const PAYLOAD_BYTES = 64 * 1024;

/** A record of which only the beginning is at hand. */
export interface CutRecord {
  /** At least its first 64 KiB. */
  readonly head: Uint8Array;
  /** Of the whole record. */
  readonly bytes: number;
  readonly sha256: string;
}

/** The text that bytes are in UTF-8, without what a cut left of a character at their end; null where they are none that is landable. */
function textOf(bytes: Uint8Array, isCut: boolean): string | null {
  try {
    // A decoder that expects more bytes keeps the beginning of a character back.
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes, { stream: isCut });
    return isLandable(text) ? text : null;
  } catch {
    return null;
  }
}

function wholeRecord(record: Uint8Array): CutRecord {
  const isCut = record.length > PAYLOAD_BYTES;
  return { head: record, bytes: record.length, sha256: isCut ? createHash("sha256").update(record).digest("hex") : "" };
}

/**
 * The cell `_payload` of a record that could not be read: `utf8:` and its text, or `base64:` and its bytes where they are no
 * landable UTF-8; of a record over 64 KiB the beginning, with `bytes` and `sha256` of the whole before the colon. Personal.
 */
export function payloadCell(record: Uint8Array | CutRecord): string {
  const { head, bytes, sha256 } = record instanceof Uint8Array ? wholeRecord(record) : record;
  const isCut = bytes > PAYLOAD_BYTES;
  const kept = head.subarray(0, PAYLOAD_BYTES);
  const text = textOf(kept, isCut);
  const extent = isCut ? `;bytes=${bytes};sha256=${sha256}` : "";
  return text === null ? `base64${extent}:${Buffer.from(kept).toString("base64")}` : `utf8${extent}:${text}`;
}
