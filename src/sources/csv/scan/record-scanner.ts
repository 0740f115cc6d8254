import type { Codec, Units } from "./encoding.ts";
import type { Layout } from "./layout.ts";

/** What is known of a field beside its place. */
export const FIELD = {
  /** Has a character that a row file quotes. */
  notBare: 1,
  /** Has a unit beyond ASCII. */
  beyondAscii: 2,
  nul: 4,
  /** Has a unit that is no character of the encoding. */
  none: 8,
  quoted: 16,
  /** Has an escaped quote. */
  escaped: 32,
} as const;

/** A unit that means something to the scanner. */
const SPECIAL = 64;

const [LF, CR, TAB, BLANK] = [10, 13, 9, 32];

/** What a scan of one record came to. */
export const SCANNED = { record: 0, more: 1, end: 2 } as const;

/** One record; a scanner fills it anew each time. Places are indices of units. */
export interface ScannedRecord {
  start: number;
  /** Behind its last unit, before its line end. */
  end: number;
  /** Where the next record begins. */
  next: number;
  /** Its quotes are not as they must be; then there are no fields. */
  isMisquoted: boolean;
  /** Over the longest that a record may be. */
  isTooLong: boolean;
  /** How many fields it has; of those beyond the given most, there are no places. */
  fields: number;
  /** All `FIELD` marks of its fields. */
  marks: number;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
  readonly marksOf: Uint8Array;
}

/** An empty record for up to so many fields. */
export function emptyRecord(most: number): ScannedRecord {
  return {
    start: 0,
    end: 0,
    next: 0,
    isMisquoted: false,
    isTooLong: false,
    fields: 0,
    marks: 0,
    starts: new Int32Array(most),
    ends: new Int32Array(most),
    marksOf: new Uint8Array(most),
  };
}

/** A layout as a scanner asks it; codes are units, -1 where there is none. */
export interface Grammar {
  readonly delimiter: number;
  readonly quote: number;
  readonly escape: number;
  readonly lf: boolean;
  readonly cr: boolean;
  /** Only both together end a record. */
  readonly crlf: boolean;
  readonly multiline: boolean;
  readonly trim: boolean;
  /** Units of the longest record. */
  readonly longest: number;
  /** `FIELD` marks of each unit below 256, and whether it is special outside quotes. */
  readonly bare: Uint8Array;
  /** The same inside quotes. */
  readonly quoted: Uint8Array;
}

const BARE = /[A-Za-z0-9_.:+-]/;

function classOf(unit: number, codec: Codec): number {
  if (unit === 0) return FIELD.notBare | FIELD.nul;
  if (codec.unitBytes === 1 && codec.isNone(unit)) return FIELD.notBare | FIELD.beyondAscii | FIELD.none;
  if (unit >= 0x80) return FIELD.notBare | FIELD.beyondAscii;
  return BARE.test(String.fromCharCode(unit)) ? 0 : FIELD.notBare;
}

const codeOf = (text: string | null) => (text === null ? -1 : text.charCodeAt(0));

/** The grammar of a layout's records. */
export function grammarOf(layout: Layout, codec: Codec): Grammar {
  const { lineEnd, multiline, trim, maxRecordBytes } = layout;
  const grammar = {
    delimiter: codeOf(layout.delimiter),
    quote: codeOf(layout.quote),
    escape: codeOf(layout.escape),
    lf: lineEnd === "any" || lineEnd === "lf",
    cr: lineEnd === "any" || lineEnd === "cr",
    crlf: lineEnd === "crlf",
  };
  const all = new Uint8Array(256).map((_, unit) => classOf(unit, codec));
  const classes = (special: readonly number[]) => all.map((marks, unit) => marks | (special.includes(unit) ? SPECIAL : 0));
  const ends = [...(grammar.lf ? [LF] : []), ...(grammar.cr || grammar.crlf ? [CR] : [])];
  return {
    ...grammar,
    multiline,
    trim,
    longest: Math.floor(maxRecordBytes / codec.unitBytes),
    bare: classes([grammar.delimiter, grammar.quote, ...ends]),
    quoted: classes([grammar.quote, grammar.escape, ...ends]),
  };
}

/** A scanner over one window of units after the other: what it looks at, and what it found. */
export interface RecordScanner {
  readonly grammar: Grammar;
  /** Fields of which places are kept. */
  readonly most: number;
  /** The window; `limit` is behind its last unit. */
  units: Units;
  limit: number;
  /** Nothing comes behind the limit any more. */
  isLast: boolean;
  /** Where records are scanned into. */
  record: ScannedRecord;
  /** Units looked at so far: a measure of the work that does not depend on a clock. */
  examined: number;
  /** Where the scan of a field stopped that did not end well. */
  stop: number;
  /** Marks of the field that is being scanned. */
  marks: number;
}

/** A scanner of records: RFC 4180 with the marks, escapes and line ends of a layout. */
export function recordScanner(grammar: Grammar, most: number): RecordScanner {
  const none = new Uint8Array(0);
  return { grammar, most, units: none, limit: 0, isLast: false, record: emptyRecord(most), examined: 0, stop: 0, marks: 0 };
}

/** Not a place: no line end stands there; what follows decides; quotes are wrong. */
const [NO_END, UNKNOWN, WRONG] = [-1, -2, -3];

/** Behind the line end at `i`; `NO_END` where it is none, `UNKNOWN` where what follows decides. */
function behindLineEnd(s: RecordScanner, i: number): number {
  const { lf, cr, crlf } = s.grammar;
  const unit = s.units[i];
  if (unit === LF) return lf ? i + 1 : NO_END;
  if (unit !== CR || !(cr || crlf)) return NO_END;
  const alone = cr ? i + 1 : NO_END;
  return crlf || lf ? behindPair(s, i, alone) : alone;
}

/** Behind the pair that CR at `i` begins; `alone` where it begins none. */
function behindPair({ units, limit, isLast }: RecordScanner, i: number, alone: number): number {
  if (i + 1 >= limit) return isLast ? alone : UNKNOWN;
  return units[i + 1] === LF ? i + 2 : alone;
}

function endAt(s: RecordScanner, end: number, next: number): number {
  const { record } = s;
  s.examined += next - record.start;
  record.end = end;
  record.next = next;
  record.isTooLong = end - record.start > s.grammar.longest;
  return SCANNED.record;
}

/** Ends the record at the first line end from `from` on. */
function endAtLine(s: RecordScanner, from: number): number {
  const { units, limit } = s;
  for (let i = from; i < limit; i += 1) {
    const unit = units[i] as number;
    if (unit !== LF && unit !== CR) continue;
    const behind = behindLineEnd(s, i);
    if (behind === UNKNOWN) return SCANNED.more;
    if (behind !== NO_END) return endAt(s, i, behind);
  }
  s.examined += limit - from;
  return s.isLast ? endAt(s, limit, limit) : SCANNED.more;
}

/**
 * The end of a record whose quotes are wrong at `i`. Where a line end always ends a record that is where it is; else nobody can
 * know, and the first line is taken: what follows it is scanned as if nothing had been.
 */
function misquoted(s: RecordScanner, i: number): number {
  const { record } = s;
  record.isMisquoted = true;
  s.examined += i - record.start;
  return endAtLine(s, s.grammar.multiline ? record.start : i);
}

/** Whether what begins at `from` and goes on behind the window is longer than any record may be; a CR at the end may end it. */
export function isTooLongAlready({ units, limit, grammar }: RecordScanner, from: number): boolean {
  const sure = units[limit - 1] === CR ? limit - 1 : limit;
  return sure - from > grammar.longest;
}

/** The record goes on behind the window. What is already longer than any record may be is not waited for. */
function more(s: RecordScanner): number {
  const { record, limit } = s;
  s.examined += limit - record.start;
  return isTooLongAlready(s, record.start) ? misquoted(s, record.start) : SCANNED.more;
}

/** A record of several lines that is longer than any may be ends at its first line end, however much of it is there. */
function whole(s: RecordScanner, end: number, next: number): number {
  const isLong = end - s.record.start > s.grammar.longest;
  return isLong && s.grammar.multiline ? misquoted(s, end) : endAt(s, end, next);
}

function keepField(s: RecordScanner, start: number, end: number): void {
  const { record, marks } = s;
  const nth = record.fields;
  if (nth < s.most) {
    record.starts[nth] = start;
    record.ends[nth] = end;
    record.marksOf[nth] = marks & ~SPECIAL;
  }
  record.fields = nth + 1;
  record.marks |= marks & ~SPECIAL;
}

const isBlank = (unit: number | undefined) => unit === BLANK || unit === TAB;

/** Behind the blanks at `i`, where they are no part of fields. */
function behindBlanks({ grammar, units, limit }: RecordScanner, i: number): number {
  if (!grammar.trim) return i;
  let at = i;
  while (at < limit && isBlank(units[at]) && units[at] !== grammar.delimiter) at += 1;
  return at;
}

/** The first special unit from `from` on; what is passed leaves its marks. */
function firstSpecial(s: RecordScanner, classes: Uint8Array, from: number): number {
  const { units, limit } = s;
  let { marks } = s;
  let i = from;
  for (; i < limit; i += 1) {
    const unit = units[i] as number;
    const kind = unit < 256 ? (classes[unit] as number) : FIELD.notBare | FIELD.beyondAscii;
    if (kind >= SPECIAL) break;
    marks |= kind;
  }
  s.marks = marks;
  return i;
}

/** Whether a mark at `i` and the unit behind it stand for one unit of text. */
function isEscape({ grammar, units, limit }: RecordScanner, i: number): boolean {
  const { quote, escape: mark } = grammar;
  if (units[i] !== mark || i + 1 >= limit) return false;
  return units[i + 1] === quote || (mark !== quote && units[i + 1] === mark);
}

/** Units of a line end inside quotes that is text; `UNKNOWN`, or `WRONG` where it may not be there. */
function lineInside(s: RecordScanner, i: number): number {
  const behind = behindLineEnd(s, i);
  if (behind === UNKNOWN) return UNKNOWN;
  const { multiline, longest } = s.grammar;
  return behind === NO_END || (multiline && i - s.record.start <= longest) ? 1 : WRONG;
}

/** Units of text that the special unit at `i` inside quotes begins; 0 where it closes them, `UNKNOWN`, `WRONG`. */
function textInside(s: RecordScanner, i: number): number {
  const { quote, escape: mark } = s.grammar;
  const unit = s.units[i];
  if ((unit === quote || unit === mark) && i + 1 >= s.limit && !s.isLast) return UNKNOWN;
  if (isEscape(s, i)) return 2;
  return unit === quote ? 0 : lineInside(s, i);
}

/** Scans the field behind the quote before `from`. @returns the place of its closing quote, `UNKNOWN`, or `WRONG` at `stop`. */
function closingQuote(s: RecordScanner, from: number): number {
  const { quoted } = s.grammar;
  s.marks = FIELD.quoted;
  let i = firstSpecial(s, quoted, from);
  while (i < s.limit) {
    const units = textInside(s, i);
    s.stop = i;
    if (units <= 0) return units === 0 ? i : units;
    s.marks |= units === 2 ? FIELD.notBare | FIELD.escaped : FIELD.notBare;
    i = firstSpecial(s, quoted, i + units);
  }
  s.stop = i;
  return s.isLast ? WRONG : UNKNOWN;
}

/** Scans a quoted field. @returns the place behind it, where a delimiter or a line end stands or nothing; `UNKNOWN`, `WRONG`. */
function quotedField(s: RecordScanner, from: number): number {
  const closing = closingQuote(s, from);
  if (closing < 0) return closing;
  keepField(s, from, closing);
  const i = behindBlanks(s, closing + 1);
  if (i >= s.limit || s.units[i] === s.grammar.delimiter) return i;
  const end = behindLineEnd(s, i);
  s.stop = i;
  if (end === NO_END) return WRONG;
  return end === UNKNOWN ? UNKNOWN : i;
}

/** Whether the special unit at `i` outside quotes ends a field: `i` where it does, `NO_END` for text, `UNKNOWN`, `WRONG`. */
function outsideQuotes(s: RecordScanner, i: number): number {
  const unit = s.units[i];
  if (unit === s.grammar.delimiter) return i;
  if (unit === s.grammar.quote) return WRONG;
  const behind = behindLineEnd(s, i);
  return behind < 0 ? behind : i;
}

/** Scans a field without quotes. @returns the place behind it, `UNKNOWN`, or `WRONG` at `stop`. */
function bareField(s: RecordScanner, from: number): number {
  const { bare, trim } = s.grammar;
  s.marks = 0;
  let i = firstSpecial(s, bare, from);
  while (i < s.limit) {
    const is = outsideQuotes(s, i);
    s.stop = i;
    if (is === i) break;
    if (is !== NO_END) return is;
    s.marks |= FIELD.notBare;
    i = firstSpecial(s, bare, i + 1);
  }
  let end = i;
  if (trim) while (end > from && isBlank(s.units[end - 1])) end -= 1;
  keepField(s, from, end);
  return i;
}

/** Scans the field at `from`. @returns the place behind it, `UNKNOWN`, or `WRONG` at `stop`. */
function field(s: RecordScanner, from: number): number {
  const start = behindBlanks(s, from);
  return start < s.limit && s.units[start] === s.grammar.quote ? quotedField(s, start + 1) : bareField(s, start);
}

function begin({ record }: RecordScanner, at: number): void {
  record.start = at;
  record.isMisquoted = false;
  record.fields = 0;
  record.marks = 0;
}

/**
 * Scans the record that begins at `at` into `record`, from units up to `limit`.
 * @returns `SCANNED.more` where the record may go on behind the limit, `SCANNED.end` where there is none.
 */
export function scanRecord(s: RecordScanner, at: number): number {
  begin(s, at);
  if (at >= s.limit) return s.isLast ? SCANNED.end : SCANNED.more;
  let i = field(s, at);
  while (i >= 0 && i < s.limit && s.units[i] === s.grammar.delimiter) i = field(s, i + 1);
  if (i === WRONG) return misquoted(s, s.stop);
  if (i === UNKNOWN) return more(s);
  if (i < s.limit) return whole(s, i, behindLineEnd(s, i));
  return s.isLast ? whole(s, i, i) : more(s);
}

/**
 * Goes over the first line from `at` on, whatever stands in it, into `record`: lines before the header, and the rest of a record that is
 * too long for a window. @returns as `scanRecord`.
 */
export function scanLine(s: RecordScanner, at: number): number {
  begin(s, at);
  if (at >= s.limit) return s.isLast ? SCANNED.end : SCANNED.more;
  return endAtLine(s, at);
}
