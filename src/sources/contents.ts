import type { Feed } from "../config/pipeline.ts";
import type { HalfOpen } from "../kernel/half-open.ts";
import type { ControlTotal, Cursor, RowFiles, Sink, TryRequest } from "./source.ts";

/** Landed texts of key columns, in the order of the feed's source key; a NULL asks for all rows whose key is NULL there. */
export type KeyTexts = readonly (readonly (string | null)[])[];

/** Dates or instants, in ISO 8601. */
export type DateRange = HalfOpen;

/**
 * Which rows of a feed are asked for. `changed`: those that changed at or above a cursor. `dates`: by a column, whose NULLs are below every
 * date. A source that cannot tell them apart gives all its rows.
 */
export type ContentPart =
  | { readonly by: "all" }
  | { readonly by: "changed"; readonly since: Cursor }
  | { readonly by: "dates"; readonly column: string; readonly of: readonly DateRange[] }
  | { readonly by: "keys"; readonly keys: KeyTexts }
  | { readonly by: "any"; readonly of: readonly ContentPart[] };

/** A feed whose rows are to be compared with what is published of them. */
export interface ContentRequest extends TryRequest {
  readonly feed: Feed;
  /** The published cursor: rows that changed at or above it are in flight. */
  readonly published: Cursor;
  readonly sink: Sink;
  readonly onProgress: (bytes: number) => void;
  /** Told every statement that is sent to compare, in one order however many connections share them. */
  readonly onStatement: (sql: string) => void;
}

/** Columns of every content file, before the feed's own `contentKeys`. */
export const CONTENT = { hash: "_content", inFlight: "_in_flight" } as const;

/** Which rows' content is wanted, and what its files are called. */
export interface PartRequest extends ContentRequest {
  readonly part: ContentPart;
  readonly files: string;
}

/** Rows of a feed by their content, in one snapshot. */
export interface FeedContent {
  /** Hash and whether it is in flight (`t`, `f`), then key, version and money as landed texts. */
  readonly rows: RowFiles;
  /** Counted by the source itself in the same snapshot. */
  readonly totals: readonly ControlTotal[];
  /** The instant of the snapshot, ISO 8601 in UTC. */
  readonly asOf: string;
}

/** Rows to be read whole by their keys; null for all there are. */
export interface RowsRequest extends ContentRequest {
  readonly keys: KeyTexts | null;
}

/** Rows and money in ranges of dates are asked for. */
export interface SumsRequest extends ContentRequest {
  readonly column: string;
  readonly of: readonly DateRange[];
}

/** Rows and money of a feed in each of some ranges, all counted in one snapshot. */
export interface RangeSums {
  /** In the order of the ranges. */
  readonly totals: readonly (readonly ControlTotal[])[];
  /** The instant of the snapshot, ISO 8601 in UTC. */
  readonly asOf: string;
}
