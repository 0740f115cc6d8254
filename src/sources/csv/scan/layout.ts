import type { ColumnType } from "../../../contract/contract.ts";
import type { TextFormat } from "../../../contract/text-format.ts";

/** How the characters of a file are written. `utf-16` needs a byte order mark, the two named orders may have one. */
export const ENCODINGS = ["utf-8", "utf-16", "utf-16le", "utf-16be", "latin-1", "windows-1252"] as const;
export type Encoding = (typeof ENCODINGS)[number];

/** What ends a record outside quotes; with `any` each of the three does. */
export const LINE_ENDS = ["any", "lf", "crlf", "cr"] as const;
export type LineEnd = (typeof LINE_ENDS)[number];

/** One column of a file, in the order in which the file has them. */
export interface LayoutColumn {
  /** Its text in the header, compared character by character. */
  readonly header: string;
  /** The column of the contract that it is; null for one that stays in the evidence. */
  readonly column: string | null;
  /** The decimal mark of numbers; `.` where nothing is said. */
  readonly decimal?: string;
  /** What parts groups of three digits; none where nothing is said. */
  readonly thousands?: string;
  /** Where a sign stands: before the digits, behind them, or parentheses for a negative number. */
  readonly sign?: "leading" | "trailing" | "parentheses";
  /** A text before or behind the digits, which says nothing. */
  readonly currencySymbol?: string;
  /** How dates are written, e.g. `dd.MM.yyyy`; the first that fits is taken. `excel` is a serial number of the 1900 system. */
  readonly dates?: readonly string[];
}

/** How one sender writes a feed's files. Plain JSON: it is what a landed extract is derived with, years later too. */
export interface Layout {
  readonly name: string;
  readonly encoding: Encoding;
  readonly delimiter: string;
  /** Null where nothing is quoted. */
  readonly quote: string | null;
  /** What stands before a quote inside quotes; the quote itself where it is doubled. */
  readonly escape: string | null;
  readonly lineEnd: LineEnd;
  /** Whether a line end inside quotes is text; otherwise a line end always ends a record. */
  readonly multiline: boolean;
  /** Whether the first record names the columns; otherwise they are known by their places. */
  readonly header: boolean;
  /** Lines before the header, which are no records. */
  readonly skipLines: number;
  /** A regular expression that each of them must match. */
  readonly preamble?: string;
  /** A regular expression of the last line, which is no record; its groups `count` and `sum` are compared. */
  readonly footer?: string;
  /** Texts that stand for NULL; the empty one among them by default. */
  readonly nulls: readonly string[];
  /** Whether they do inside quotes too. */
  readonly quotedNulls: boolean;
  /** Whether blanks and tabs around a field are no part of it. */
  readonly trim: boolean;
  /** Whether each record ends with one delimiter more. */
  readonly trailingDelimiter: boolean;
  readonly columns: readonly LayoutColumn[];
  /** Columns of the contract that the file does not have, with the one text that they all hold. */
  readonly constants: Readonly<Record<string, string>>;
  /** Longer records are malformed. */
  readonly maxRecordBytes: number;
  /** Larger files are stopped; counted after unpacking. */
  readonly maxFileBytes: number;
  /** A file of at least 20 records is stopped where more than this share of them is malformed, or not converted in one column. */
  readonly fileBadShare: number;
}

/** A column of the row file, in the contract's order. */
export interface TargetColumn {
  readonly name: string;
  readonly type: ColumnType;
  /** How its values are spelled, where the warehouse reads them by it. */
  readonly format?: TextFormat;
}

/** All that decides the rows of a file beside its bytes. */
export interface FileSpec {
  readonly layout: Layout;
  readonly columns: readonly TargetColumn[];
  readonly packing: "gzip" | null;
  /** The text of `_scope` in each row; null where the feed has no scopes. */
  readonly scope: string | null;
  /** The text of `_order` in each row: later files have greater ones. Absent where files have no order. */
  readonly order?: string;
  /** What a file beside it states of it, as it is written there. Decides no row. */
  readonly stated?: { readonly count?: string; readonly sum?: string };
  /** The column whose sum a trailer states. */
  readonly amount: string | null;
  /** The column that names each record of a file, and the file's own name in it; absent where none does. */
  readonly record?: { readonly column: string; readonly file: string };
}

/** What each row says of its file: columns and their texts. */
export function partOf({ scope, order }: FileSpec): readonly (readonly [column: string, text: string])[] {
  return [...(scope === null ? [] : [["_scope", scope] as const]), ...(order === undefined ? [] : [["_order", order] as const])];
}

/** What a layout has where nothing is said. */
export const LAYOUT_DEFAULTS = {
  encoding: "utf-8",
  delimiter: ",",
  quote: '"',
  lineEnd: "any",
  multiline: false,
  header: true,
  skipLines: 0,
  nulls: [""],
  quotedNulls: false,
  trim: false,
  trailingDelimiter: false,
  maxRecordBytes: 1024 * 1024,
  maxFileBytes: 16 * 1024 * 1024 * 1024,
  fileBadShare: 0.5,
} as const satisfies Partial<Layout>;

/** Plain CSV with the given columns as its header: what a file has whose sender agreed to nothing else. */
export function plainLayout(columns: readonly LayoutColumn[]): Layout {
  return { name: "plain", ...LAYOUT_DEFAULTS, escape: LAYOUT_DEFAULTS.quote, columns, constants: {} };
}
