import type { Feed, Source as SourceConfig } from "../config/pipeline.ts";

/** Where a feed's next extract starts; null for a first or a whole read. */
export interface Cursor {
  /** What the horizon means to the source's kind; `whole` where it has none. Horizons of two modes cannot be compared. */
  readonly mode: string;
  /** Digits that grow as a number, or a text that sorts as it grows, such as an ISO instant; null after a whole read. */
  readonly horizon: string | null;
  readonly systemIdentifier: string;
  readonly timeline: string;
}

/** Rows and money of one currency as the source counts them, in the extract's snapshot and over its predicate. */
export interface ControlTotal {
  /** The currency's text; `-` for feeds without one and for NULL. */
  readonly currency: string;
  readonly rows: string;
  /** Σ amount in minor units over readable rows, decimal text. */
  readonly minor: string;
  /** Rows whose amount or currency is needed and cannot be read. */
  readonly unreadable: string;
}

export interface SourceColumn {
  readonly name: string;
  /** The source's own type text, e.g. `numeric(18,2)`. */
  readonly type: string;
  readonly nullable: boolean;
}

export interface ExtractedFile {
  /** Object-store key. */
  readonly key: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly rows: number;
}

/** Landed rows beside those of the feed: one file or more of named text columns. */
export interface RowFiles {
  readonly files: readonly ExtractedFile[];
  readonly columns: readonly string[];
  readonly rows: number;
}

/** What one feed gave in one snapshot; the content of its manifest. */
export interface FeedExtract {
  readonly feed: string;
  /** What was asked for. */
  readonly request: { readonly from: string | null; readonly whole: boolean; readonly keysOnly: boolean };
  readonly files: readonly ExtractedFile[];
  /** Columns in file order; the first is `_position`, the row's way back into the source. */
  readonly columns: readonly string[];
  readonly sourceColumns: readonly SourceColumn[];
  readonly totals: readonly ControlTotal[];
  readonly cursor: Cursor;
  readonly snapshot: string;
  readonly serverVersion: string;
  /** Live source keys of the feed, when a key pass was asked for: the source-key columns. */
  readonly keys?: RowFiles;
  /** The parts of a scoped feed of which the extract brings everything: one column, `_scope`. */
  readonly scopes?: RowFiles;
  /** Rows that the source says it has deleted: the source-key columns, and `_stamp`, in the text of the feed's version. */
  readonly deletes?: RowFiles;
}

export interface FeedRequest {
  readonly feed: Feed;
  /** The published cursor; null reads the table whole. */
  readonly cursor: Cursor | null;
  /** Also land the full set of source keys. */
  readonly keys: boolean;
}

/** Writes one file of an extract; resolves to what arrived. */
export type Sink = (name: string, bytes: AsyncIterable<Uint8Array>) => Promise<{ key: string; bytes: number; sha256: string }>;

export interface ExtractRequest {
  readonly source: SourceConfig;
  readonly feeds: readonly FeedRequest[];
  readonly currencies: Readonly<Record<string, number>>;
  readonly sink: (feed: string) => Sink;
  readonly signal: AbortSignal;
  readonly onProgress: (feed: string, bytes: number) => void;
  /** A feed whose source columns do not fit may be left out; the reader reports why instead of reading it. */
  readonly accepts: (feed: Feed, columns: readonly SourceColumn[]) => boolean;
}

/** Reads feeds of one source in one consistent snapshot. */
export interface SourceReader {
  /**
   * Extracts every requested feed in one snapshot, bytes only.
   * A feed that `accepts` refuses comes back with its columns and no files under `refused`.
   * @throws Failure `incomplete` when the source cannot say what is complete, `retryable` when it cannot be reached.
   */
  extract(
    request: ExtractRequest,
  ): Promise<{ extracts: FeedExtract[]; refused: { feed: string; sourceColumns: SourceColumn[] }[] }>;
  /** Columns of the feeds' tables now, without reading rows (`plan`, `doctor`). */
  describe(source: SourceConfig, feeds: readonly Feed[]): Promise<Map<string, SourceColumn[]>>;
  close(): Promise<void>;
}
