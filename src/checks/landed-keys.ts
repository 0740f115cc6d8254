import type { Feed } from "../config/pipeline.ts";
import type { ColumnType } from "../contract/contract.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { column } from "../warehouse/sql-text.ts";

/** Landed rows beside those of a batch, readable as a raw relation. */
export interface LandedRows {
  readonly relation: string;
  readonly batchId: string;
}

/** The type of a column of a feed; that of a text for one that the contract does not have. */
export function typeOf(feed: Pick<Feed, "contract">, name: string | undefined): ColumnType {
  return feed.contract.columns.find((c) => c.name === name)?.type ?? { kind: "string" };
}

/** The source keys of landed rows, typed. */
export function landedKeys(dialect: Dialect, feed: Feed): string {
  return feed.sourceKey.map((name) => `${landedKey(dialect, feed, name)} AS ${dialect.identifier(name)}`).join(", ");
}

/** A key column of landed rows `k`, typed as a label's is: NULL where the text is not exactly what its cast stands for. */
export function landedKey(dialect: Dialect, feed: Feed, name: string): string {
  const [text, type] = [column(dialect, "k", name), typeOf(feed, name)];
  const typed = dialect.tryCast(text, type);
  return type.kind === "string" ? typed : `CASE WHEN ${dialect.isMisread({ text, typed, type })} THEN NULL ELSE ${typed} END`;
}

/** Landed rows `k` of one batch, to stand behind FROM. */
export function landedRows(dialect: Dialect, { relation, batchId }: LandedRows): string {
  return `${dialect.table("raw", relation)} k WHERE k.${dialect.identifier("_batch_id")} = ${dialect.literal(batchId)}`;
}
