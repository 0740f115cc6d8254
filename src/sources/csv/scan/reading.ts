import type { CellPlan } from "./cell-plan.ts";
import { planCells } from "./cell-plan.ts";
import { type DecimalSum, decimalSum } from "./decimal-sum.ts";
import type { Beginning, Codec } from "./encoding.ts";
import { codecOf } from "./encoding.ts";
import type { RecordFault, Stop, Stopped } from "./file-facts.ts";
import { type FileWindow, fileWindow } from "./file-window.ts";
import type { HeaderMatch } from "./header.ts";
import { type FileSpec, partOf } from "./layout.ts";
import type { LongRecord } from "./long-record.ts";
import { emptyRecord, grammarOf, type RecordScanner, recordScanner, type ScannedRecord } from "./record-scanner.ts";
import { type RowWriter, rowWriter } from "./row-writer.ts";
import { lineTest } from "./trailer.ts";

/** More columns than any table has; a header of more is compared by what it has up to there. */
const MOST_COLUMNS = 4096;

/** How the records of a file are written, once its header is known. */
export interface Rows {
  readonly match: HeaderMatch;
  readonly cells: readonly CellPlan[];
  readonly amount: CellPlan | undefined;
  readonly sum: DecimalSum | null;
  /** Digits behind the point of the amount's type. */
  readonly places: number;
  readonly writer: RowWriter;
}

/** Records of one other width behind a blank line: the second of two tables. */
interface OtherTable {
  /** Whether the record that is written next stands behind a blank line. */
  afterBlank: boolean;
  fields: number;
  records: number;
}

/** A file on the way from its first byte to its last. */
export interface Reading {
  readonly spec: FileSpec;
  readonly codec: Codec;
  readonly window: FileWindow;
  readonly scanner: RecordScanner;
  /** Bytes of the header, without its line end; null where there is none. */
  header: Uint8Array | null;
  rows: Rows | null;
  linesToSkip: number;
  readonly isPreamble: ((line: string) => boolean) | null;
  readonly footer: ReturnType<typeof lineTest> | null;
  /** Where the next record begins in the window. */
  at: number;
  /** With a footer: the newest record, which may be that. */
  held: ScannedRecord | null;
  /** Takes turns with the one that is held; without a footer there is none. */
  spare: ScannedRecord;
  /** The footer's groups, once it was found. */
  footerGroups: Readonly<Record<string, string | undefined>> | null;
  long: LongRecord | null;
  /** The window is not looked at again before it has so many units: a record that grows is scanned over and over otherwise. */
  enough: number;
  records: number;
  readonly malformed: Partial<Record<RecordFault, number>>;
  blankLines: number;
  /** Whether what was scanned last is a blank line. */
  isAfterBlank: boolean;
  readonly otherTable: OtherTable;
  stopped: Stopped | null;
}

/** A file of which only the beginning is known. */
export function beginReading(spec: FileSpec, { mark, isBigEndian }: Beginning): Reading {
  const { layout } = spec;
  const codec = codecOf(layout.encoding, isBigEndian);
  const { preamble, footer } = layout;
  const isLine = preamble === undefined ? null : lineTest(preamble);
  return {
    spec,
    codec,
    window: fileWindow(codec.unitBytes, isBigEndian),
    scanner: recordScanner(grammarOf(layout, codec), MOST_COLUMNS),
    header: null,
    rows: null,
    linesToSkip: layout.skipLines,
    isPreamble: isLine === null ? null : (line) => isLine(line) !== null,
    footer: footer === undefined ? null : lineTest(footer),
    at: mark / codec.unitBytes,
    held: null,
    spare: emptyRecord(footer === undefined ? 0 : MOST_COLUMNS),
    footerGroups: null,
    long: null,
    enough: 0,
    records: 0,
    malformed: {},
    blankLines: 0,
    isAfterBlank: false,
    otherTable: { afterBlank: false, fields: 0, records: 0 },
    stopped: null,
  };
}

/** Stops a file; the first reason stays. */
export function stop(r: Reading, reason: Stop, says: string): void {
  r.stopped ??= { reason, says };
}

/** What is known once the header is: where the columns are. */
export function beginRows(r: Reading, match: HeaderMatch): void {
  const { spec, codec } = r;
  const { layout, columns, amount: name } = spec;
  const cells = planCells(spec, match.fields, codec);
  const type = columns.find((column) => column.name === name)?.type;
  const places = type?.kind === "decimal" ? type.scale : 0;
  const sum = name !== null && (layout.footer?.includes("(?<sum>") || spec.stated?.sum !== undefined) ? decimalSum(places) : null;
  const writer = rowWriter({
    layout,
    codec,
    cells,
    part: partOf(spec).map(([, text]) => text),
    sum,
    file: spec.record?.file ?? "",
  });
  r.rows = { match, cells, amount: cells.find((cell) => cell.isAmount), sum, places, writer };
}
