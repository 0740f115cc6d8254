import type { Layout } from "../../../src/sources/csv/scan/layout.ts";

/** One field as the oracle reads it; texts are of characters of the file, which are its bytes or its UTF-16 units. */
export interface OracleField {
  readonly text: string;
  readonly isQuoted: boolean;
  readonly hasEscape: boolean;
}

/** One record; null fields where its quotes are wrong. */
export interface OracleRecord {
  readonly from: number;
  readonly to: number;
  /** Behind its line end. */
  readonly next: number;
  readonly fields: readonly OracleField[] | null;
}

const LINE_END = { any: /\r\n|\n|\r/y, lf: /\n/y, crlf: /\r\n/y, cr: /\r/y };

const isBlank = (character: string | undefined) => character === " " || character === "\t";

/** How long the line end at a place is; 0 where there is none. */
function lineEndAt(text: string, at: number, { lineEnd }: Layout): number {
  const pattern = LINE_END[lineEnd];
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

function endsField(text: string, at: number, layout: Layout): boolean {
  return at >= text.length || text[at] === layout.delimiter || lineEndAt(text, at, layout) > 0;
}

function skipBlanks(text: string, from: number, { trim, delimiter }: Layout): number {
  let at = from;
  while (trim && isBlank(text[at]) && text[at] !== delimiter) at += 1;
  return at;
}

/** A field and where it ends; null where its quotes are wrong. */
type FoundField = { readonly field: OracleField; readonly at: number } | null;

function quotedField(text: string, from: number, layout: Layout): FoundField {
  const { quote, escape: mark } = layout;
  let [at, found, hasEscape] = [from + 1, "", false];
  for (;;) {
    if (at >= text.length) return null;
    const [one = "", two] = [text[at], text[at + 1]];
    const isEscaped = one === mark && (two === quote || (mark !== quote && two === mark));
    if (!isEscaped && one === quote) break;
    if (!isEscaped && lineEndAt(text, at, layout) > 0 && !layout.multiline) return null;
    found += isEscaped ? two : one;
    at += isEscaped ? 2 : 1;
    hasEscape ||= isEscaped;
  }
  const behind = skipBlanks(text, at + 1, layout);
  return endsField(text, behind, layout) ? { field: { text: found, isQuoted: true, hasEscape }, at: behind } : null;
}

function bareField(text: string, from: number, layout: Layout): FoundField {
  let at = from;
  while (!endsField(text, at, layout)) {
    if (text[at] === layout.quote) return null;
    at += 1;
  }
  const all = text.slice(from, at);
  return { field: { text: layout.trim ? all.replace(/[ \t]+$/, "") : all, isQuoted: false, hasEscape: false }, at };
}

/** The record at a place where all of its quotes are right; null where they are not. */
function rightRecord(text: string, from: number, layout: Layout): OracleRecord | null {
  const fields: OracleField[] = [];
  let at = from;
  for (;;) {
    const begin = skipBlanks(text, at, layout);
    const isQuoted = begin < text.length && text[begin] === layout.quote;
    const found = isQuoted ? quotedField(text, begin, layout) : bareField(text, begin, layout);
    if (found === null) return null;
    fields.push(found.field);
    at = found.at;
    if (text[at] !== layout.delimiter) break;
    at += 1;
  }
  return { from, to: at, next: at + lineEndAt(text, at, layout), fields };
}

/** What stands from a place to the first line end, whatever it is. */
export function oracleLine(text: string, from: number, layout: Layout): OracleRecord {
  let to = from;
  while (to < text.length && lineEndAt(text, to, layout) === 0) to += 1;
  return { from, to, next: to + lineEndAt(text, to, layout), fields: null };
}

/** The record at a place: the right one where there is one and it is not too long, else the first line. */
export function oracleRecord(text: string, from: number, { layout, longest }: { layout: Layout; longest: number }): OracleRecord {
  const right = rightRecord(text, from, layout);
  if (right !== null && right.to - right.from <= longest) return right;
  return oracleLine(text, from, layout);
}
