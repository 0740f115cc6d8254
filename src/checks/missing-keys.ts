import type { Feed } from "../config/pipeline.ts";
import type { Below } from "../sources/source.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { ask } from "../warehouse/questions.ts";
import { workTable } from "../warehouse/relations.ts";
import { columns } from "../warehouse/sql-text.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { type BelowCursor, collectMissing, countKeys, countMissed, type KeyPass } from "./key-pass.ts";
import type { FeedBatch } from "./label.ts";
import { maskedKeys } from "./samples.ts";

/** What a pass over all keys of a feed found. */
export interface KeyPassFound {
  readonly feed: string;
  /** Keys at the source, and how many of them differ. */
  readonly keys: bigint;
  readonly distinct: bigint;
  /** Keys that are neither published nor waiting, and the first of them, masked where they are personal. */
  readonly missing: bigint;
  readonly examples: readonly string[];
}

/** How many missing keys are named. */
const EXAMPLES = 5;

async function examples(session: Session, dialect: Dialect, feed: Feed): Promise<string[]> {
  const keys = maskedKeys(dialect, feed, { alias: "m", names: feed.sourceKey });
  const rows = await session.rows({
    name: `missing-examples.${feed.id}`,
    sql: `SELECT ${keys.join(", ")} FROM ${workTable(dialect, "missing", feed)} m ORDER BY ${columns(dialect, "m", feed.sourceKey)} LIMIT ${EXAMPLES}`,
  });
  return rows.map((row) => feed.sourceKey.map((name, i) => `${name} ${row[`key_${i}`]}`).join(", "));
}

/** Compares all keys of the source with what is published or waits. */
export async function passKeys(session: Session, dialect: Dialect, passes: readonly KeyPass[]): Promise<KeyPassFound[]> {
  for (const pass of passes) await session.run(collectMissing(dialect, pass));
  if (passes.length === 0) return [];
  const answer = await ask(session, { dialect, name: "key-pass" }, [countKeys(dialect, passes)]);
  const found: KeyPassFound[] = [];
  for (const row of answer("key-pass")) {
    const feed = passes.find((pass) => pass.feed.id === row["feed"])?.feed;
    if (!feed) continue;
    const missing = BigInt(row["missing"] ?? "0");
    found.push({
      feed: feed.id,
      keys: BigInt(row["keys"] ?? "0"),
      distinct: BigInt(row["distinct_keys"] ?? "0"),
      missing,
      examples: missing > 0n ? await examples(session, dialect, feed) : [],
    });
  }
  return found;
}

/** Rows of a whole read that enter although they lie below the published cursor. */
export interface MissedRows {
  readonly feed: string;
  readonly inserted: bigint;
  readonly updated: bigint;
}

function boundSql(dialect: Dialect, { type, at }: Below): string {
  return type === "integer" ? BigInt(at).toString() : dialect.timestamp(at);
}

/** Counts what increments have missed, of feeds that were read whole beside a published cursor. */
export async function countMissedRows(
  session: Session,
  dialect: Dialect,
  feeds: readonly { readonly input: FeedBatch; readonly below: Below }[],
): Promise<MissedRows[]> {
  if (feeds.length === 0) return [];
  const all: BelowCursor[] = feeds.map(({ input, below }) => ({ input, ...below, bound: boundSql(dialect, below) }));
  const answer = await ask(session, { dialect, name: "missed" }, [countMissed(dialect, all)]);
  return answer("missed").map((row) => ({
    feed: row["feed"] ?? "",
    inserted: BigInt(row["inserted"] ?? "0"),
    updated: BigInt(row["updated"] ?? "0"),
  }));
}
