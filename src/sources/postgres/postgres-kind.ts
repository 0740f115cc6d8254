import { z } from "zod";
import type { Feed, Source } from "../../config/pipeline.ts";
import { EMBEDDED, PostgresUrl } from "../../config/postgres-url.ts";
import {
  type ColumnUse,
  type Fault,
  type LinkedFeed,
  type LinkedSource,
  type Reading,
  readingOf,
  type SourceEntries,
  type SourceKind,
  settingsOf,
} from "../../config/source-kind.ts";

const KIND = "postgres";

/** How changed rows are found, and why a relation is trusted that cannot show that it has such a cursor. */
interface Incremental {
  readonly column: string;
  readonly trusted?: string;
}

/** How changed rows are found. `whole` reads the table each time. */
export type CursorMode =
  | ({ readonly mode: "xid" } & Incremental)
  /** `timeZone`: whose clock a column without a zone shows, an IANA name. */
  | ({ readonly mode: "updated_at"; readonly timeZone?: string } & Incremental)
  | { readonly mode: "whole" };

/** How it is known that a source key names one row: a unique index, which each run looks for, or the nightly key pass. */
const UNIQUE_SOURCE_KEY = ["by index", "checked nightly"] as const;

export interface PostgresReading extends Reading {
  readonly table: { readonly schema: string; readonly name: string };
  readonly cursor: CursorMode;
  readonly uniqueSourceKey?: (typeof UNIQUE_SOURCE_KEY)[number];
}

export interface PostgresSettings {
  /** Carries a password; `embedded` until the cluster's address is known. */
  readonly url: string;
  /** COPY streams per feed for whole reads (1–4). */
  readonly parallel: number;
  readonly statementTimeoutSeconds: number;
}

const SOURCE = z.strictObject({
  connection: z.strictObject({ url: PostgresUrl }),
  parallel: z.int().min(1, "1 to 4").max(4, "1 to 4").default(2),
  statement_timeout_seconds: z.int().min(1, "at least 1 second").default(1800),
});

const Column = z.string().min(1);
const Trusted = z
  .string()
  .min(1, "the reason why")
  .optional()
  .describe("Why the cursor is trusted on a relation that cannot prove it; every report repeats it");

const FEED = z.strictObject({
  table: z
    .union([
      z.string().regex(/^[^.]+\.[^.]+$/, "a schema and a table, such as billing.invoices"),
      z.strictObject({ schema: z.string().min(1), name: z.string().min(1) }),
    ])
    .describe("Relation at the source: billing.invoices, or { schema, name } where a name has a dot"),
  cursor: z
    .discriminatedUnion("mode", [
      z.strictObject({ mode: z.literal("xid"), column: Column, trusted: Trusted }),
      z.strictObject({
        mode: z.literal("updated_at"),
        column: Column,
        time_zone: z
          .string()
          .min(1)
          .optional()
          .describe("The clock that a column without a zone shows: an IANA name such as America/New_York"),
        trusted: Trusted,
      }),
      z.strictObject({ mode: z.literal("whole") }),
    ])
    .default({ mode: "whole" }),
  unique_source_key: z
    .enum(UNIQUE_SOURCE_KEY)
    .optional()
    .describe("How it is known that a source key names one row: by a unique index at the source, or checked by `run --keys`"),
});

type FeedEntry = z.output<typeof FEED>;

function cursorOf(cursor: FeedEntry["cursor"]): CursorMode {
  if (cursor.mode === "whole") return cursor;
  const { column, trusted } = cursor;
  const incremental = { column, ...(trusted === undefined ? {} : { trusted }) };
  if (cursor.mode === "xid") return { mode: "xid", ...incremental };
  return { mode: "updated_at", ...incremental, ...(cursor.time_zone === undefined ? {} : { timeZone: cursor.time_zone }) };
}

function tableOf(table: FeedEntry["table"]): PostgresReading["table"] {
  if (typeof table !== "string") return table;
  const [schema = "", name = ""] = table.split(".");
  return { schema, name };
}

function cursorUse({ column, timeZone }: Extract<CursorMode, { mode: "updated_at" }>): ColumnUse {
  const use = { name: column, at: ["cursor", "column"], types: ["timestamp" as const] };
  return timeZone === undefined ? { ...use, zone: "declare cursor.time_zone: the clock that the column shows" } : use;
}

function linkFeed({ table: written, cursor: declared, unique_source_key: uniqueSourceKey }: FeedEntry): LinkedFeed {
  const [table, cursor] = [tableOf(written), cursorOf(declared)];
  const reading: PostgresReading = { kind: KIND, table, cursor, ...(uniqueSourceKey ? { uniqueSourceKey } : {}) };
  return {
    reading,
    reads: cursor.mode === "whole" ? "whole" : "changes",
    origin: `${table.schema}.${table.name}`,
    how: cursor.mode === "whole" ? cursor.mode : `${cursor.mode} ${cursor.column}`,
    // A change-xid column belongs to the source's machinery; an updated_at is a column like any other.
    needs: cursor.mode === "xid" ? [cursor.column] : [],
    uses: cursor.mode === "updated_at" ? [cursorUse(cursor)] : [],
    lands: [],
    deletes: false,
  };
}

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone.length > 0;
  } catch {
    return false;
  }
}

function faultsOf(name: string, { cursor }: FeedEntry): Fault[] {
  if (cursor.mode !== "updated_at" || cursor.time_zone === undefined || isTimeZone(cursor.time_zone)) return [];
  return [
    {
      at: ["feeds", name, "cursor", "time_zone"],
      says: `"${cursor.time_zone}" is no time zone`,
      next: "write an IANA name, such as America/New_York or UTC",
    },
  ];
}

/** A source key that nobody vouches for: lint cannot see the indexes of the source. */
function doubtsOf(name: string, entry: FeedEntry & { readonly version?: unknown; readonly source_key?: unknown }): Fault[] {
  const { cursor, version, source_key, unique_source_key } = entry;
  // Of a feed without a source key of its own all kinds warn alike.
  if (cursor.mode === "whole" || [version, unique_source_key].some((said) => said !== undefined) || source_key === undefined)
    return [];
  return [
    {
      at: ["feeds", name],
      says: "nothing says that a source key names one row; where the source has no unique index on it, another row with the key of a published one waits, and one that has its business key too replaces it",
      next: "declare unique_source_key: by index (each run looks for the index) or checked nightly (`run --keys` counts), or version, or cursor mode whole",
    },
  ];
}

function linkSource({ connection, parallel, statement_timeout_seconds }: z.output<typeof SOURCE>): PostgresSettings {
  return { url: connection.url, parallel, statementTimeoutSeconds: statement_timeout_seconds };
}

function link({ source, feeds }: SourceEntries<typeof SOURCE, typeof FEED>): LinkedSource<PostgresSettings> {
  const entries = [...feeds];
  return {
    settings: linkSource(source),
    feeds: new Map(entries.map(([name, entry]) => [name, linkFeed(entry)])),
    ...(source.connection.url === EMBEDDED ? { embedded: ["connection", "url"] } : {}),
    faults: entries.flatMap(([name, entry]) => faultsOf(name, entry)),
    doubts: entries.flatMap(([name, entry]) => doubtsOf(name, entry)),
  };
}

/** PostgreSQL: tables and views, read by COPY in one snapshot. */
export const postgresKind: SourceKind<typeof SOURCE, typeof FEED, PostgresSettings> = {
  kind: KIND,
  source: SOURCE,
  feed: FEED,
  link,
  resolved: (settings, url) => ({ ...settings, url }),
};

/** How a feed of this kind is read. @throws Error for a feed of another kind: the program mixed up its readers. */
export function postgresReading(feed: Pick<Feed, "id" | "reading">): PostgresReading {
  return readingOf<PostgresReading>(KIND, feed);
}

/** How a source of this kind is reached. @throws Error for a source of another kind: the program mixed up its readers. */
export function postgresSettings(source: Pick<Source, "id" | "kind" | "settings">): PostgresSettings {
  return settingsOf<PostgresSettings>(KIND, source);
}
