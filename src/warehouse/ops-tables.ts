import type { Dialect } from "./dialect.ts";

/** Column types of the `ops` tables; `minor` and `hash` are the engine's own. */
type OpsType = "text" | "integer" | "minor" | "hash" | "instant" | "boolean";

/** The version of the `ops` tables; an older warehouse is upgraded (`schema/upgrade.ts`), one of a newer version is refused. */
export const OPS_VERSION = 8;

/**
 * The tables of schema `ops`. They commit with the data. All but the fences are append-only; what is current is read by
 * views and by the highest number.
 */
export const OPS_TABLES = {
  schema_version: [["version", "integer"]],
  fence_token: [
    ["run_group", "text"],
    ["token", "integer"],
    ["run_id", "text"],
    ["raised_at", "instant"],
  ],
  publication: [
    ["publication_id", "text"],
    ["run_group", "text"],
    ["number", "integer"],
    ["base_head", "integer"],
    ["token", "integer"],
    ["run_id", "text"],
    ["kind", "text"],
    ["window_start", "instant"],
    ["window_end", "instant"],
    ["published_at", "instant"],
    ["code_version", "text"],
    ["fingerprints", "text"],
    ["actor", "text"],
    ["reason", "text"],
    ["ticket", "text"],
  ],
  batch: [
    ["publication_id", "text"],
    ["run_group", "text"],
    ["number", "integer"],
    ["feed", "text"],
    ["batch_id", "text"],
    ["replay_of", "text"],
    ["seq", "integer"],
    ["window_start", "instant"],
    ["window_end", "instant"],
    ["witness", "text"],
    ["manifest", "text"],
    ["row_count", "integer"],
  ],
  // One row per publication and feed of its group, read or not. Only a row with a cursor moves it; position and identity are the adapter's JSON.
  feed_horizon: [
    ["publication_id", "text"],
    ["run_group", "text"],
    ["number", "integer"],
    ["feed", "text"],
    ["batch_id", "text"],
    ["cursor_kind", "text"],
    ["cursor_position", "text"],
    ["cursor_identity", "text"],
    ["horizon", "instant"],
    ["as_of", "instant"],
    ["loading_since", "instant"],
  ],
  // What an adapter keeps of its own: the newest row of a key is in force; NULL removed it.
  adapter_state: [
    ["publication_id", "text"],
    ["run_group", "text"],
    ["number", "integer"],
    ["feed", "text"],
    ["state_key", "text"],
    ["state_value", "text"],
  ],
  flow: [
    ["publication_id", "text"],
    ["run_group", "text"],
    ["number", "integer"],
    ["window_end", "instant"],
    ["feed", "text"],
    ["currency", "text"],
    ["class", "text"],
    ["row_count", "integer"],
    ["minor", "minor"],
  ],
  verdict: [
    ["publication_id", "text"],
    ["run_group", "text"],
    ["number", "integer"],
    ["scope", "text"],
    ["feed", "text"],
    ["name", "text"],
    ["severity", "text"],
    ["fingerprint", "text"],
    ["verdict", "text"],
    ["observed", "text"],
    ["limit_text", "text"],
    ["currency", "text"],
    ["curated", "text"],
    ["rule", "text"],
    ["subject", "text"],
  ],
  quarantine_row: [
    ["row_id", "text"],
    ["feed", "text"],
    ["run_group", "text"],
    ["kind", "text"],
    ["unique_only", "boolean"],
    ["batch_id", "text"],
    ["publication_id", "text"],
    ["number", "integer"],
    ["seq", "integer"],
    ["file", "text"],
    ["position", "text"],
    ["source_key", "text"],
    ["business_key", "text"],
    ["version", "text"],
    ["row_hash", "hash"],
    ["copies", "integer"],
    ["currency", "text"],
    ["minor", "minor"],
    ["reasons", "text"],
    ["fingerprints", "text"],
    ["payload", "text"],
    ["payload_pii", "text"],
    ["opened_at", "instant"],
    ["contract_version", "text"],
    ["scope", "text"],
  ],
  quarantine_event: [
    ["row_id", "text"],
    ["feed", "text"],
    ["run_group", "text"],
    ["publication_id", "text"],
    ["number", "integer"],
    ["event", "text"],
    ["class", "text"],
    ["happened_at", "instant"],
  ],
  // The rules that a curated table was judged by, written when one is new or changed; no fingerprint: the contract no longer has it.
  curated_rule: [
    ["publication_id", "text"],
    ["run_group", "text"],
    ["number", "integer"],
    ["curated", "text"],
    ["rule", "text"],
    ["fingerprint", "text"],
    ["judged_at", "instant"],
  ],
  // Keys of curated rows that break a rule: `found`, and later `mended` or `dropped` with its rule; `found_in` is the publication that found it.
  curated_finding_event: [
    ["publication_id", "text"],
    ["run_group", "text"],
    ["number", "integer"],
    ["curated", "text"],
    ["rule", "text"],
    ["business_key", "text"],
    ["event", "text"],
    ["found_in", "text"],
    ["happened_at", "instant"],
  ],
  // What `reconcile run` compared and what came of it, one row for each comparison; `number` is the publication that stood.
  proof: [
    ["proof_id", "text"],
    ["reconcile_id", "text"],
    ["run_group", "text"],
    ["number", "integer"],
    ["leg", "text"],
    ["subject", "text"],
    ["compares", "text"],
    ["tier", "text"],
    ["extent", "text"],
    ["base", "text"],
    ["result", "text"],
    ["row_count", "integer"],
    ["differing", "integer"],
    ["detail", "text"],
    ["source_as_of", "instant"],
    ["code_version", "text"],
    ["actor", "text"],
    ["proved_at", "instant"],
  ],
  // What differs, by key: `found`, `changed` where it is another difference now, `cleared` where a comparison of it found it equal.
  break_event: [
    ["break_id", "text"],
    ["event", "text"],
    ["leg", "text"],
    ["subject", "text"],
    ["compares", "text"],
    ["break_key", "text"],
    ["class", "text"],
    ["source_currency", "text"],
    ["source_minor", "minor"],
    ["live_currency", "text"],
    ["live_minor", "minor"],
    ["extent", "text"],
    ["detail", "text"],
    ["proof_id", "text"],
    ["number", "integer"],
    ["actor", "text"],
    ["happened_at", "instant"],
  ],
  // What the rows were that a publication replaced in a curated table, when they were compared first.
  history_digest: [
    ["subject", "text"],
    ["number", "integer"],
    ["row_count", "integer"],
    ["digest", "text"],
    ["proof_id", "text"],
    ["proved_at", "instant"],
  ],
  // What people and upkeep did to the warehouse beside publishing: removals, accepted changes, declared keys.
  audit_event: [
    ["event_id", "text"],
    ["event", "text"],
    ["subject", "text"],
    ["run_group", "text"],
    ["detail", "text"],
    ["actor", "text"],
    ["reason", "text"],
    ["ticket", "text"],
    ["code_version", "text"],
    ["happened_at", "instant"],
  ],
} as const satisfies Readonly<Record<string, readonly (readonly [name: string, type: OpsType])[]>>;

/** The name of a table in schema `ops`. */
export type OpsTable = keyof typeof OPS_TABLES;

/** What a column of a type takes; instants are ISO texts in UTC. */
interface OpsCell {
  readonly text: string;
  readonly integer: bigint | number;
  readonly minor: bigint;
  readonly hash: string;
  readonly instant: string;
  readonly boolean: boolean;
}

/** One row of an `ops` table: every column is named, so that none is forgotten or misspelt; NULL is said. */
export type OpsRow<T extends OpsTable> = {
  readonly [Column in (typeof OPS_TABLES)[T][number] as Column[0]]: OpsCell[Column[1]] | null;
};

/** The engine's type text of an `ops` column. */
export function opsType(dialect: Dialect, type: OpsType): string {
  switch (type) {
    case "text":
      return dialect.columnType({ kind: "string" });
    case "integer":
      return dialect.columnType({ kind: "integer", bits: 64 });
    case "instant":
      return dialect.columnType({ kind: "timestamp" });
    case "boolean":
      return dialect.columnType({ kind: "boolean" });
    case "hash":
      return dialect.hashType;
    case "minor":
      return dialect.minorType;
  }
}

/** Views of schema `ops`. */
export const OPS_VIEWS = ["open_quarantine", "stale_key", "source_file", "curated_finding"] as const;
type OpsView = (typeof OPS_VIEWS)[number];

/** `ops."name"`. */
export function ops(dialect: Dialect, name: OpsTable | OpsView): string {
  return dialect.table("ops", name);
}

/** The fence of a group: one table with one row, since Snowflake locks tables and partitions, not rows. */
export function fence(dialect: Dialect, group: string): string {
  return dialect.table("ops", fenceName(group));
}

/** The name of a group's fence table in schema `ops`. */
export function fenceName(group: string): string {
  return `fence__${group}`;
}

/** Columns of an `ops` table, for INSERT lists. */
export function opsColumns(name: OpsTable): string {
  return OPS_TABLES[name].map(([column]) => column).join(", ");
}
