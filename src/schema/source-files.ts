import type { Feed } from "../config/pipeline.ts";
import type { PartFields } from "../config/source-kind.ts";
import { PART_EVENTS } from "../ledger/part-decisions.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { ops } from "../warehouse/ops-tables.ts";
import { jsonTextAt } from "../warehouse/sql-text.ts";

/** Names of what a line of an adapter's ledger says, in the order of the view's columns. */
const SAID = ["state", "why", "copy_of", "version", "sha256"] as const;

function found(dialect: Dialect, feed: Feed, parts: PartFields): string {
  const said = SAID.map((name) => `${jsonTextAt(dialect, "s.state_value", parts[name])} AS ${name}`);
  return `SELECT s.feed, s.state_key AS path, p.published_at AS happened_at, 'found' AS event, ${said.join(", ")},
  s.publication_id, p.actor, CAST(NULL AS VARCHAR) AS reason, CAST(NULL AS VARCHAR) AS ticket
FROM ${ops(dialect, "adapter_state")} s
JOIN ${ops(dialect, "publication")} p ON p.publication_id = s.publication_id
WHERE s.feed = ${dialect.literal(feed.id)} AND s.state_value IS NOT NULL`;
}

function decided(dialect: Dialect): string {
  const detail = (key: string) => dialect.jsonText("a.detail", key);
  const events = Object.values(PART_EVENTS).map((event) => dialect.literal(event));
  const unsaid = (name: string) => `CAST(NULL AS VARCHAR) AS ${name}`;
  return `SELECT ${detail("feed")} AS feed, ${detail("part")} AS path, a.happened_at, a.event, ${["state", "why", "copy_of"].map(unsaid).join(", ")},
  ${detail("version")} AS version, ${["sha256", "publication_id"].map(unsaid).join(", ")}, a.actor, a.reason, a.ticket
FROM ${ops(dialect, "audit_event")} a
WHERE a.event IN (${events.join(", ")})`;
}

/**
 * The story of every file in one view: what runs found it to be, each line with the publication that wrote it, and what people decided
 * about it and why.
 */
export function sourceFiles(dialect: Dialect, feeds: readonly Feed[]): Statement {
  const selects = feeds.flatMap((feed) => (feed.parts ? [found(dialect, feed, feed.parts)] : []));
  return {
    name: "ddl.ops.source_file",
    sql: `CREATE OR REPLACE VIEW ${ops(dialect, "source_file")} AS\n${[...selects, decided(dialect)].join("\nUNION ALL\n")}`,
  };
}
