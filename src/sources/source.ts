import type { Feed, Source as SourceConfig } from "../config/pipeline.ts";
import type { Clock, Timer } from "../kernel/clock.ts";
import type { Json } from "../kernel/json.ts";
import type { FeedContent, KeyTexts, PartRequest, RangeSums, RowsRequest, SumsRequest } from "./contents.ts";
import type { Derivation, Deriver } from "./deriver.ts";
import type { PendingParts, PendingRequest } from "./pending.ts";
import type { Rates } from "./rate.ts";
import type { TablePlace } from "./record-place.ts";
import type { RequestUsage } from "./request-usage.ts";
import type { Standing } from "./standing.ts";

/** Up to where a feed was read, in its adapter's own words. */
export interface Cursor {
  /** What position and identity mean to the adapter; positions of two kinds cannot be compared. */
  readonly kind: string;
  readonly position: Json;
  /** The system that the position belongs to: another one may not go on from it. */
  readonly identity: Json;
  /** The instant below which the source shows nothing new any more, ISO 8601 in UTC; null where it has none. */
  readonly horizon: string | null;
}

/** A later cursor against the published one. `foreign`: of another system. */
export type Comparison = "ahead" | "equal" | "behind" | "foreign";

/** Rows and money of one currency as the source counts them, in the extract's snapshot and over its predicate. */
export interface ControlTotal {
  /** The currency's text; `-` for feeds without one and for NULL, `*` for a sum over all that names none. */
  readonly currency: string;
  readonly rows: string;
  /** Σ amount in minor units over readable rows, decimal text; null where a trailer counts records alone. */
  readonly minor: string | null;
  /** Rows whose amount or currency is needed and cannot be read. */
  readonly unreadable: string;
}

/**
 * Who counted the control totals: the `source` in the extract's own snapshot, a `second_read` of what cannot change, a `trailer`
 * that the sender wrote; `none` where nobody did, and then the totals are those of what was read.
 */
export type Witness = "source" | "second_read" | "trailer" | "none";

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

/** Row files that belong to one extract: docs/landed-text.md. */
export interface RowFiles {
  readonly files: readonly ExtractedFile[];
  /** Columns in file order. */
  readonly columns: readonly string[];
  readonly rows: number;
}

/** Bytes exactly as they were received: docs/evidence.md. */
export interface Evidence {
  /** What the sender calls them: a file, a page. Any text. */
  readonly name: string;
  /** Object-store key; equal bytes have one. */
  readonly key: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** What a finding may be of. */
export const FINDINGS = [
  "read_whole",
  "attached",
  "trusted",
  "frozen",
  "clock",
  "source_key",
  "equality",
  "files_stopped",
  "files_held",
  "files_repeated",
  "files_waiting",
  "files_gone",
  "files_unknown",
  "file_due",
  "objects_missing",
  "objects_forbidden",
  "loading",
  "net",
  "deletions",
] as const;

/**
 * What a report repeats of a read. `read_whole`: everything was read although changes were asked for. `attached`: rows came that no cursor
 * knows of. `trusted`: a cursor that cannot be proved, and why it is trusted. `frozen`: a cursor that cannot go on. `clock`: stamps that
 * cannot be right. `source_key`: nothing proves that a key names one row. `equality`: keys that are equal at the source alone.
 * `files_stopped`: files of which no row is taken. `files_held`: files that wait for somebody. `files_repeated`: files whose content is another's. `files_waiting`: files that are left
 * for the next run. `files_gone`: files that are no more where they were. `files_unknown`: files that are of no feed. `file_due`: files
 * that somebody expects by now. `objects_missing`: objects that changed and are not there; nobody says that they are deleted.
 * `objects_forbidden`: objects that the source does not show to this login.
 * `loading`: how far a first load has come. `net`: what of a feed was to be read again and was not. `deletions`: deleted rows that a
 * source may not tell of.
 */
export interface Finding {
  readonly of: (typeof FINDINGS)[number];
  readonly says: string;
}

/** Rows of a column below a value: a bound in the column's landed text. */
export interface Below {
  readonly column: string;
  readonly type: "integer" | "timestamp";
  readonly at: string;
}

/** Ranges of a column that never changes; each begins at its first instant, `null` is the first there ever was, or no end. ISO 8601 in UTC. */
export interface Ranges {
  readonly column: string;
  readonly ranges: readonly { readonly from: string | null; readonly before: string | null }[];
}

/** What one feed gave in one snapshot; the content of its manifest. */
export interface FeedExtract {
  readonly feed: string;
  /** What was asked for: the position of the cursor it started from; null for a first or a whole read. */
  readonly request: { readonly from: Json; readonly whole: boolean };
  readonly files: readonly ExtractedFile[];
  /** Columns in file order; the first is `_position`, the row's way back into the source. */
  readonly columns: readonly string[];
  readonly sourceColumns: readonly SourceColumn[];
  readonly witness: Witness;
  readonly totals: readonly ControlTotal[];
  /** Where the next extract starts; null where this one moves no cursor: an instalment that is not the last. */
  readonly cursor: Cursor | null;
  /** The instant of the snapshot or listing, ISO 8601 in UTC. */
  readonly asOf: string;
  /** A load in instalments that goes on: the instant before anything of it was listed, ISO 8601 in UTC. */
  readonly loading?: { readonly since: string };
  /** Changes of the adapter's own state, by key; null removes one. Written with the publication. */
  readonly state?: readonly StateChange[];
  /** Of a whole read beside a published cursor: the rows that an incremental one would not have brought. */
  readonly below?: Below;
  /** Ranges of which the extract brings everything: of nets, and of instalments behind a published cursor. */
  readonly complete?: Ranges;
  readonly findings?: readonly Finding[];
  /** What people should know of the read, in the adapter's words: a snapshot, a version. */
  readonly notes: Readonly<Record<string, string>>;
  /** Live source keys of the feed, when a key pass was asked for: one file of source-key columns. */
  readonly keys?: RowFiles;
  /** The parts of a scoped feed of which the extract brings everything: one column, `_scope`. */
  readonly scopes?: RowFiles;
  /** Rows that the source says it has deleted: the source-key columns, and `_stamp`, in the text of the feed's version. */
  readonly deletes?: RowFiles;
  /** Of a read by keys: those that were asked for, of which the extract brings all rows that there are: the source-key columns. */
  readonly only?: RowFiles;
  /** Of nets: rows that changed since the published horizon, of which no hourly run can know yet: the source-key columns. */
  readonly underway?: RowFiles;
  /** What the row files were derived from, in the deriver's order; absent where the row files are what was received. */
  readonly evidence?: readonly Evidence[];
  readonly deriver?: Derivation;
}

export interface StateChange {
  readonly key: string;
  readonly value: Json;
}

/** What somebody decided about one version of a part of a feed, in the adapter's words: a file. */
export interface PartDecision {
  /** Of this decision alone. */
  readonly id: string;
  readonly part: string;
  readonly version: string;
  /** Take it although it was left; leave it for good; look at it again; expect it no more. */
  readonly does: "accept" | "reject" | "retry" | "waive";
}

/** A part of a feed, as its adapter's own rows have it: a file. */
export interface FeedPart {
  readonly part: string;
  /** Of what was looked at last. */
  readonly version: string;
  /** In the adapter's words: `in_force`, `stopped`. */
  readonly state: string;
  /** Why it is in that state, without values of rows; null where the state says all. */
  readonly says: string | null;
  /** What is no more where it was; its rows stay. */
  readonly gone: boolean;
  /** The decision about it that was followed last; null without one. */
  readonly decided: string | null;
  /** SHA-256 of its content; empty where nothing was read of it. */
  readonly sha256: string;
  /** The content whose rows are published; null for none. */
  readonly published: {
    readonly sha256: string;
    readonly bytes: number;
    readonly records: number;
    readonly malformed: number;
    /** What it was read by. */
    readonly layout: string;
    readonly evidence: Omit<Evidence, "name">;
  } | null;
  /** What somebody may decide about that version. */
  readonly may: readonly PartDecision["does"][];
  /** What helps where that is not enough; null where nothing need be done. */
  readonly next: string | null;
}

/** A record of a part, in the words of whoever sent it. */
export interface SendersWords {
  /** Where a record stands, by the text of its `_position`; null for a text of another form. */
  place(position: string): { readonly record: number; readonly offset: number; readonly length: number } | null;
  /** What a word of `_fault` means. */
  fault(word: string): string;
  /** The name that a column of the contract has in a part that was read by a layout; null where it has none there. */
  column(feed: Feed, layout: string, column: string): string | null;
  /** Whose parts a feed may have, as the parts' own names tell; none where they do not. Asks nobody. */
  senders(feed: Feed): readonly string[];
}

export interface FeedRequest {
  readonly feed: Feed;
  /** Where the read starts: the published cursor, or null to read the feed whole. */
  readonly cursor: Cursor | null;
  /** The published cursor, also where everything is read. */
  readonly published: Cursor | null;
  /** Where a cursor cannot say what changed, the feed may be read whole without anybody's decision. */
  readonly mayReadWhole: boolean;
  /** Also land the full set of source keys. */
  readonly keys: boolean;
  /** A load in instalments is on its way since this instant: the first one, or with a published cursor everything once more. */
  readonly loading: { readonly since: string } | null;
  /** Parts of the feed are read again, by its nets, and not what changed; `rows` is how many live rows are published. */
  readonly net?: { readonly rows: bigint };
  /** The rows of these keys are read, wherever cursors stand, and nothing else; only of feeds that `readsByKey` says so of. */
  readonly only?: KeyTexts;
  /** Of `only`, keys of which nothing was ever landed: what is not found of them was never there. */
  readonly neverSeen?: KeyTexts;
  /** Of a feed whose rows stand in others (`inside`): in which one each key of `only` stands, in their order. */
  readonly within?: readonly string[];
}

/** Live published rows whose column has one of some texts. */
export interface PublishedQuery {
  readonly column: string;
  readonly values: readonly string[];
  /** A column of instants that is told too. */
  readonly at: string;
}

/** A live published row of a feed with one source-key column; `at` in ISO 8601 in UTC, null for none. */
export interface PublishedKey {
  readonly key: string;
  readonly at: string | null;
}

/** Writes one file of an extract; resolves to what arrived. */
export type Sink = (name: string, bytes: AsyncIterable<Uint8Array>) => Promise<{ key: string; bytes: number; sha256: string }>;

/** Keeps bytes as they were received; durable when it resolves, so that a progress token may name them. */
export type EvidenceSink = (name: string, bytes: AsyncIterable<Uint8Array>) => Promise<Evidence>;

/** Where an adapter that is broken off can go on. Kept once the bytes before it are durable; forgotten with the extract's end. */
export interface Progress {
  /** The token of an attempt that started from the same cursor under the same configuration; null if there is none. */
  read(): Promise<Json>;
  keep(token: Json): Promise<void>;
}

/** What one call of a source may take. */
export interface Budget {
  /** Requests; null for as many as are needed. */
  readonly requests: number | null;
  /** Seconds, after which what is complete is handed over; null for as many as are needed. */
  readonly seconds: number | null;
}

export interface ExtractRequest {
  readonly source: SourceConfig;
  readonly feeds: readonly FeedRequest[];
  readonly currencies: Readonly<Record<string, number>>;
  readonly sink: (feed: string) => Sink;
  readonly evidence: (feed: string) => EvidenceSink;
  /** Reads kept evidence again, also an earlier attempt's. Throws Failure `incomplete` where it is gone or changed: then begin afresh. */
  readonly openEvidence: (evidence: Evidence) => AsyncIterable<Uint8Array>;
  /** Aborts when the run is to stop, and when the source's deadline has passed. */
  readonly signal: AbortSignal;
  readonly onProgress: (feed: string, bytes: number) => void;
  /** A feed whose source columns do not fit may be left out; the reader reports why instead of reading it. */
  readonly accepts: (feed: Feed, columns: readonly SourceColumn[]) => boolean;
  /** The adapter's own rows that are in force for a feed, by key. */
  readonly state: (feed: string) => Promise<ReadonlyMap<string, Json>>;
  /** What people decided about parts of a feed, the oldest first: those of earlier runs too, which the adapter's own rows know. */
  readonly decisions: (feed: string) => Promise<readonly PartDecision[]>;
  /** What is published of a feed. */
  readonly publishedKeys: (feed: string, query: PublishedQuery) => Promise<readonly PublishedKey[]>;
  readonly progress: (feed: string) => Progress;
  /** Buckets of what the source's service is asked at most, kept together with all others who ask it. */
  readonly rate: Rates;
  /** Told what requests took, once for each or for many together: it adds up, and the journal keeps it, also of a run that fails. */
  readonly used: (usage: RequestUsage) => void;
  readonly clock: Clock;
  readonly timer: Timer;
  readonly budget: Budget;
}

export interface Extracted {
  readonly extracts: readonly FeedExtract[];
  /** Feeds that `accepts` refused: their columns, and no files. */
  readonly refused: readonly { readonly feed: string; readonly sourceColumns: readonly SourceColumn[] }[];
  /** Optional feeds that cannot be read, and why; the source's required ones were. */
  readonly leftOut?: readonly { readonly feed: string; readonly says: string }[];
}

/** What a trial finds. `files_none`: nothing is there that the feed is of, yet. */
export interface TriedFinding {
  readonly of: Finding["of"] | "files_none";
  readonly says: string;
}

/** How far a read would come that was tried without reading rows. */
export interface Tried {
  /** By feed, what each report of a run would repeat, and what keeps a feed empty. */
  readonly findings: ReadonlyMap<string, readonly TriedFinding[]>;
  /** What answered, and what was tried. */
  readonly says: string;
}

/** What a reader is asked to try; `state` gives nothing where the warehouse cannot be asked. */
export type TryRequest = Pick<
  ExtractRequest,
  "source" | "feeds" | "currencies" | "signal" | "state" | "rate" | "clock" | "timer"
>;

/** Reads feeds of one source in one consistent snapshot. */
export interface SourceReader {
  /**
   * Extracts every requested feed in one snapshot, bytes only; of feeds with a `net` what it reads again.
   * @throws Failure `incomplete` when the source cannot say what is complete, `retryable` when it cannot be reached.
   */
  extract(request: ExtractRequest): Promise<Extracted>;
  /** How a cursor found now stands to the published one. Asks nobody. */
  compare(feed: Feed, published: Cursor, found: Cursor): Comparison;
  /** Columns of the feeds now, without reading rows (`plan`, `doctor`). */
  describe(source: SourceConfig, feeds: readonly Feed[]): Promise<Map<string, SourceColumn[]>>;
  /**
   * Does what `extract` does, up to and without the rows: what it accepts, `extract` can read (`doctor`). Absent where nothing can be
   * tried without reading.
   * @throws Failure as `extract`.
   */
  try?(request: TryRequest): Promise<Tried>;
  /**
   * How far the reads of some feeds have come, and what the next run would take (`source show`). Absent where that costs nothing to know.
   * @throws Failure as `extract`.
   */
  standing?(request: TryRequest): Promise<Standing>;
  close(): Promise<void>;
  /** What the adapter's own rows of a feed say to people, by part. Asks nobody. Absent where a feed has no parts. */
  parts?(state: ReadonlyMap<string, Json>): FeedPart[];
  /** What a part's sender is told of its records; absent where a feed has no parts. */
  readonly words?: SendersWords;
  /**
   * The parts that a run would look at, by feed, without reading them (`plan`). Absent where a feed has no parts.
   * @throws Failure as `extract`.
   */
  pending?(request: PendingRequest): Promise<Map<string, PendingParts[]>>;
  /**
   * Lands rows of a feed by their content (docs/reconciliation.md), hashed by the source itself. Absent where the source computes nothing.
   * @throws Failure as `extract`; `incomplete` where nobody can say which rows changed since the published cursor.
   */
  contents?(request: PartRequest): Promise<FeedContent>;
  /**
   * Lands rows of some keys whole, as an extract would, but for those that are in flight; there where `contents` is.
   * @throws Failure as `contents`.
   */
  rowsOf?(request: RowsRequest): Promise<RowFiles>;
  /**
   * Counts rows and money in ranges of dates; null where the column has no dates at the source. There where `contents` is.
   * @throws Failure as `contents`.
   */
  sums?(request: SumsRequest): Promise<RangeSums | null>;
  /** Whether rows of a feed can be asked for by their source keys (`FeedRequest.only`). Asks nobody. Absent where none can. */
  readsByKey?(feed: Feed): boolean;
  /** Where the row of a `_position` stands in its table; null for what is no position. Absent where rows are derived from evidence. */
  tablePlace?(feed: Pick<Feed, "origin">, position: string): TablePlace | null;
  /** Derivers of this version and of earlier ones, by which landed extracts can be derived again; absent where nothing is derived. */
  readonly derivers?: readonly Deriver[];
}

/** How a source's reader tells people of the parts of its feeds. */
export type PartReader = Required<Pick<SourceReader, "parts" | "words">>;
