import { z } from "zod";
import type { Feed, Source } from "../../config/pipeline.ts";
import { EMBEDDED, PostgresUrl } from "../../config/postgres-url.ts";
import type { LinkedFeed, Reading, SourceEntries, SourceKind } from "../../config/source-kind.ts";

const KIND = "postgres";

/** How changed rows are found. `whole` reads the table each time. */
export type CursorMode =
  | { readonly mode: "xid"; readonly column: string }
  | { readonly mode: "updated_at"; readonly column: string }
  | { readonly mode: "whole" };

export interface PostgresReading extends Reading {
  readonly table: { readonly schema: string; readonly name: string };
  readonly cursor: CursorMode;
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

const FEED = z.strictObject({
  table: z
    .string()
    .regex(/^[^.]+\.[^.]+$/, "a schema and a table, such as billing.invoices")
    .describe("Relation at the source"),
  cursor: z
    .discriminatedUnion("mode", [
      z.strictObject({ mode: z.literal("xid"), column: z.string().min(1) }),
      z.strictObject({ mode: z.literal("updated_at"), column: z.string().min(1) }),
      z.strictObject({ mode: z.literal("whole") }),
    ])
    .default({ mode: "whole" }),
});

function linkFeed({ table, cursor }: z.output<typeof FEED>): LinkedFeed {
  const [schema = "", name = ""] = table.split(".");
  const reading: PostgresReading = { kind: KIND, table: { schema, name }, cursor };
  return {
    reading,
    reads: cursor.mode === "whole" ? "whole" : "changes",
    origin: table,
    how: cursor.mode === "whole" ? cursor.mode : `${cursor.mode} ${cursor.column}`,
    // A change-xid column belongs to the source's machinery; an updated_at is a column like any other.
    needs: cursor.mode === "xid" ? [cursor.column] : [],
    uses: cursor.mode === "updated_at" ? [{ name: cursor.column, at: ["cursor", "column"], types: ["timestamp"] }] : [],
    lands: [],
    deletes: false,
  };
}

function linkSource({ connection, parallel, statement_timeout_seconds }: z.output<typeof SOURCE>): PostgresSettings {
  return { url: connection.url, parallel, statementTimeoutSeconds: statement_timeout_seconds };
}

/** PostgreSQL: tables and views, read by COPY in one snapshot. */
export const postgresKind: SourceKind<typeof SOURCE, typeof FEED, PostgresSettings> = {
  kind: KIND,
  source: SOURCE,
  feed: FEED,
  link: ({ source, feeds }: SourceEntries<typeof SOURCE, typeof FEED>) => ({
    settings: linkSource(source),
    feeds: new Map([...feeds].map(([name, entry]) => [name, linkFeed(entry)])),
    ...(source.connection.url === EMBEDDED ? { embedded: ["connection", "url"] } : {}),
  }),
  resolved: (settings, url) => ({ ...settings, url }),
};

/** How a feed of this kind is read. @throws Error for a feed of another kind: the program mixed up its readers. */
export function postgresReading(feed: Pick<Feed, "id" | "reading">): PostgresReading {
  if (feed.reading.kind !== KIND) throw new Error(`the feed ${feed.id} is of kind ${feed.reading.kind}, not ${KIND}`);
  return feed.reading as PostgresReading;
}

/** How a source of this kind is reached. @throws Error for a source of another kind: the program mixed up its readers. */
export function postgresSettings(source: Pick<Source, "id" | "kind" | "settings">): PostgresSettings {
  if (source.kind !== KIND) throw new Error(`the source ${source.id} is of kind ${source.kind}, not ${KIND}`);
  return source.settings as PostgresSettings;
}
