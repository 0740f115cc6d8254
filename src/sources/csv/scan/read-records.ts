import type { CutRecord } from "../../landed-text.ts";
import type { RecordFault } from "./file-facts.ts";
import { matchHeader, matchPlaces } from "./header.ts";
import { longRecord } from "./long-record.ts";
import { beginRows, type Reading, type Rows, stop } from "./reading.ts";
import { FIELD, isTooLongAlready, SCANNED, type ScannedRecord, scanLine, scanRecord } from "./record-scanner.ts";
import type { RecordPlace } from "./row-writer.ts";
import { unescaping } from "./unescaping.ts";

/** What is to be done next with a reading: more bytes are needed, or there is nothing more, or it goes on. */
type Step = (typeof SCANNED)[keyof typeof SCANNED];

function isSameAsHeader({ header, window, codec }: Reading, { start, end }: ScannedRecord): boolean {
  if (header === null || header.length !== (end - start) * codec.unitBytes) return false;
  return Buffer.compare(header, window.bytesOf(start, end)) === 0;
}

/** Whether a record has the fields that its file's records have, and with a trailing delimiter nothing behind it. */
function hasWidth({ spec }: Reading, { match }: Rows, record: ScannedRecord): boolean {
  if (!spec.layout.trailingDelimiter) return record.fields === match.width;
  const last = match.width;
  return record.fields === match.width + 1 && record.starts[last] === record.ends[last];
}

/** Why a record cannot be read; the first that holds. */
function faultOf(r: Reading, rows: Rows, record: ScannedRecord): RecordFault | null {
  const { marks, start, end } = record;
  if (record.isTooLong) return "too_long";
  if (record.isMisquoted) return "quote";
  if ((marks & FIELD.nul) !== 0) return "nul";
  if ((marks & FIELD.none) !== 0) return "encoding";
  if ((marks & FIELD.beyondAscii) !== 0 && !r.codec.isText(r.scanner.units, start, end)) return "encoding";
  if (isSameAsHeader(r, record)) return "header";
  return hasWidth(r, rows, record) ? null : "width";
}

/** A blank line and at least two records of one other width behind it are another table, not records that went wrong. */
function watchTables(r: Reading, fault: RecordFault | null, fields: number): void {
  const { otherTable } = r;
  const goesOn = fault === "width" && (otherTable.afterBlank || (otherTable.records > 0 && fields === otherTable.fields));
  otherTable.records = goesOn ? (otherTable.afterBlank ? 1 : otherTable.records + 1) : 0;
  otherTable.fields = fields;
  if (otherTable.records > 1) stop(r, "two_tables", `behind a blank line it goes on with another table, of ${fields} columns`);
}

function malformed(r: Reading, fault: RecordFault, { record, place }: { record: Uint8Array | CutRecord; place: RecordPlace }) {
  r.malformed[fault] = (r.malformed[fault] ?? 0) + 1;
  r.rows?.writer.malformed(fault, record, place);
}

/** Writes a record as a row. */
function writeRecord(r: Reading, rows: Rows, record: ScannedRecord): void {
  const { window, codec, scanner } = r;
  const { start, end } = record;
  r.records += 1;
  const fault = faultOf(r, rows, record);
  watchTables(r, fault, record.fields);
  const place = {
    number: r.records,
    offset: window.before() + start * codec.unitBytes,
    length: (end - start) * codec.unitBytes,
  };
  if (fault === null) rows.writer.row(scanner.units, record, place);
  else malformed(r, fault, { record: window.bytesOf(start, end), place });
}

/** Another record begins: the one that was held is no footer. */
function beginRecord(r: Reading, rows: Rows): void {
  const { held } = r;
  if (held !== null) {
    r.held = null;
    r.spare = held;
    writeRecord(r, rows, held);
  }
  r.otherTable.afterBlank = r.isAfterBlank;
  r.isAfterBlank = false;
}

/** Takes the record that was scanned: with a footer it is known only with the next one what it is. */
function takeRecord(r: Reading, rows: Rows): void {
  const { scanner } = r;
  const { record } = scanner;
  r.at = record.next;
  if (record.start === record.end) {
    r.blankLines += 1;
    r.isAfterBlank = true;
    return;
  }
  beginRecord(r, rows);
  if (r.stopped !== null) return;
  if (r.footer === null || record.isTooLong) writeRecord(r, rows, record);
  else {
    r.held = record;
    scanner.record = r.spare;
  }
}

const TOO_LONG = "longer than a record may be";

/** The text of a line that is no record; null where it is none. */
function lineText({ codec, scanner }: Reading, { start, end }: ScannedRecord): string | null {
  const { units } = scanner;
  const isText = codec.isText(units, start, end) && !units.subarray(start, end).some((unit) => codec.isNone(unit));
  return isText ? codec.textOf(units, start, end) : null;
}

function skipLine(r: Reading): Step {
  const { scanner } = r;
  const step = scanLine(scanner, r.at) as Step;
  if (step !== SCANNED.record) return step;
  const { record } = scanner;
  r.linesToSkip -= 1;
  r.at = record.next;
  if (record.isTooLong) stop(r, "preamble", `a line before the header is ${TOO_LONG}`);
  const line = lineText(r, record);
  if (r.isPreamble !== null && (line === null || !r.isPreamble(line)))
    stop(r, "preamble", "a line before the header is not what the layout says");
  return step;
}

/** The texts of a record's fields; null where it is not what a record must be. */
function textsOf(r: Reading, record: ScannedRecord): string[] | null {
  const { codec, scanner, spec } = r;
  const isText = record.marks < FIELD.nul || (record.marks & (FIELD.nul | FIELD.none)) === 0;
  if (record.isTooLong || record.isMisquoted || !isText || !codec.isText(scanner.units, record.start, record.end)) return null;
  const unescaped = unescaping(spec.layout);
  return Array.from(record.starts.subarray(0, record.fields), (start, i) => {
    const text = codec.textOf(scanner.units, start, record.ends[i] as number);
    return ((record.marksOf[i] as number) & FIELD.escaped) === 0 ? text : unescaped(text);
  });
}

function readHeader(r: Reading): Step {
  const { scanner, spec, window } = r;
  const step = scanRecord(scanner, r.at) as Step;
  if (step !== SCANNED.record) return step;
  const { record } = scanner;
  r.at = record.next;
  if (record.start === record.end) {
    r.blankLines += 1;
    return step;
  }
  const names = textsOf(r, record);
  if (names === null) {
    stop(r, "header", `its header is ${record.isTooLong ? TOO_LONG : "no record of texts"}`);
    return step;
  }
  if (spec.layout.trailingDelimiter && names.at(-1) === "") names.pop();
  const match = matchHeader(spec.layout.columns, names);
  if ("reason" in match) stop(r, match.reason, match.says);
  else beginRows(r, match);
  r.header = window.bytesOf(record.start, record.end);
  return step;
}

/** The line end of a long record, when it comes; a CR at the end of the window waits for what follows it. */
function readLong(r: Reading): Step {
  const { scanner, window, long } = r;
  if (long === null) return SCANNED.end;
  const step = scanLine(scanner, r.at) as Step;
  const isOver = step !== SCANNED.more;
  const to = isOver ? (step === SCANNED.record ? scanner.record.end : r.at) : Math.max(r.at, scanner.limit - 1);
  long.add(window.bytesOf(r.at, to));
  r.at = step === SCANNED.record ? scanner.record.next : to;
  if (!isOver) return step;
  r.long = null;
  r.records += 1;
  watchTables(r, "too_long", 0);
  const record = long.cut();
  malformed(r, "too_long", { record, place: { number: r.records, offset: long.offset, length: record.bytes } });
  return step;
}

/** What is longer than a record may be, and still has no end, is not kept in the window. */
function beginLong(r: Reading, rows: Rows): void {
  beginRecord(r, rows);
  r.long = longRecord(r.window.before() + r.at * r.codec.unitBytes);
}

function nextStep(r: Reading): Step {
  const { rows, scanner } = r;
  if (r.linesToSkip > 0) return skipLine(r);
  if (rows === null) {
    if (r.spec.layout.header) return readHeader(r);
    beginRows(r, matchPlaces(r.spec.layout.columns));
    return SCANNED.record;
  }
  if (r.long !== null) return readLong(r);
  const step = scanRecord(scanner, r.at) as Step;
  if (step === SCANNED.record) takeRecord(r, rows);
  else if (step === SCANNED.more && isTooLongAlready(scanner, r.at)) {
    beginLong(r, rows);
    return SCANNED.record;
  }
  return step;
}

/** With a footer the newest record stays in the window: its places are looked up again. */
function recallHeld(r: Reading): void {
  const { scanner, held } = r;
  if (held === null) return;
  scanRecord(scanner, 0);
  r.held = scanner.record;
  scanner.record = held;
}

function lookAgain(r: Reading): void {
  const { window, scanner } = r;
  scanner.units = window.units();
  scanner.limit = window.length();
}

/** What stands before the records is not waited for longer than for a record. */
function stopAtBeginning(r: Reading): void {
  if (r.linesToSkip > 0) stop(r, "preamble", `a line before the header is ${TOO_LONG}`);
  else stop(r, "header", `its header is ${TOO_LONG}`);
}

/** Reads what has come of a file. */
export function readRecords(r: Reading, isLast: boolean): void {
  lookAgain(r);
  r.scanner.isLast = isLast;
  if (!isLast && r.scanner.limit < r.enough) return;
  recallHeld(r);
  let step: Step = SCANNED.record;
  while (step === SCANNED.record && r.stopped === null) step = nextStep(r);
  const pending = r.scanner.limit - r.at;
  if (r.rows === null && isTooLongAlready(r.scanner, r.at)) stopAtBeginning(r);
  const from = r.held?.start ?? r.at;
  r.window.drop(from);
  r.at -= from;
  r.enough = r.long === null ? r.at + 2 * pending : 0;
}

/** The groups of a footer in the record that is held; null where that is none. */
function footerIn(r: Reading): Readonly<Record<string, string | undefined>> | null {
  const { held, scanner, footer } = r;
  if (held === null || footer === null) return null;
  lookAgain(r);
  scanRecord(scanner, 0);
  const line = lineText(r, scanner.record);
  const found = line === null ? null : footer(line);
  return found && (found.groups ?? {});
}

/** The end of a file: with a footer, its last record must be that. */
export function endRecords(r: Reading): void {
  if (r.stopped !== null) return;
  if (r.rows === null) stop(r, "header", "it has no header");
  else if (r.footer !== null) {
    r.footerGroups = footerIn(r);
    if (r.footerGroups === null) stop(r, "trailer", "its last line is not the one that the layout says; it may be cut off");
  }
}
