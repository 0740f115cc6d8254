import type { Feed } from "../config/pipeline.ts";
import type { ControlTotal, Cursor, RowFiles, Sink, TryRequest } from "./source.ts";

/** A feed whose rows are to be compared with what is published of them. */
export interface ContentRequest extends TryRequest {
  readonly feed: Feed;
  /** The published cursor: rows that changed at or above it are in flight. */
  readonly published: Cursor;
  readonly sink: Sink;
  readonly onProgress: (bytes: number) => void;
}

/** Columns of every content file, before the feed's own `contentKeys`. */
export const CONTENT = { hash: "_content", inFlight: "_in_flight" } as const;

/** Every row of a feed by its content, in one snapshot. */
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
  /** Landed texts of key columns, in the order of the feed's source key; a NULL asks for all rows whose key is NULL there. */
  readonly keys: readonly (readonly (string | null)[])[] | null;
}
