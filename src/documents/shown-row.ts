import type { Pipeline } from "../config/pipeline.ts";
import type { JsonAmount } from "../kernel/json.ts";
import type { LedBack, Step } from "../lineage/lead-back.ts";
import { utcText } from "../quarantine/list-open.ts";
import type { Evidence } from "../sources/source.ts";
import { columnNames, masked } from "./pii.ts";

/** A row of a feed that a curated row was made of. */
export interface ReachingRow {
  readonly feed: string;
  /** Masked where a personal column is part of it. */
  readonly source_key: string | null;
  readonly publication: string;
  readonly deleted_at: string | null;
  readonly batch_id: string;
  readonly position: string;
  /** The part of the feed that it belongs to: a file; null where a feed has none. */
  readonly part: string | null;
  /** The bytes as they were received; null where the row files are what was received, or nothing of them is left. */
  readonly evidence: { readonly name: string; readonly key: string; readonly bytes: number; readonly sha256: string } | null;
  readonly manifest: string | null;
  /** Curated rows that it came through, the nearest to the key first; a personal key is masked. */
  readonly through: readonly { readonly table: string; readonly key: readonly (string | null)[] }[];
}

/** What `show row --json` prints. */
export interface ShownRow {
  readonly table: string;
  readonly key: readonly string[];
  readonly publication: string;
  readonly deleted_at: string | null;
  readonly rows: readonly ReachingRow[];
  /** Inputs of which more rows lead to the key than are shown. */
  readonly more: readonly { readonly input: string; readonly rows: JsonAmount }[];
}

function shownStep({ table, key }: Step, personal: ReadonlySet<string>): ReachingRow["through"][number] {
  const isOpen = table.key.every((name) => !personal.has(name.toLowerCase()));
  return { table: table.table, key: key.map((value) => (isOpen ? value : masked(value))) };
}

/** One row of a feed, with the evidence that its batch's manifest names for its part. */
export function reachingRow(pipeline: Pipeline, { of: { feed }, row, through }: LedBack, evidence: Evidence | null): ReachingRow {
  const { personal } = columnNames(pipeline);
  const isOpen = feed.sourceKey.every((name) => !personal.has(name.toLowerCase()));
  const key = row["source_key"] ?? null;
  const deleted = row["deleted_at"] ?? null;
  return {
    feed: feed.id,
    source_key: isOpen ? key : masked(key),
    publication: row["publication"] ?? "",
    deleted_at: deleted === null ? null : utcText(deleted),
    batch_id: row["batch_id"] ?? "",
    position: row["position"] ?? "",
    part: row["part"] ?? null,
    evidence: evidence && { name: evidence.name, key: evidence.key, bytes: evidence.bytes, sha256: evidence.sha256 },
    manifest: row["manifest"] ?? null,
    through: through.map((step) => shownStep(step, personal)),
  };
}
