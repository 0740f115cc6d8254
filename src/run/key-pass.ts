import { type BelowCursor, collectMissing, countKeys, countMissed, type KeyPass } from "../checks/key-pass.ts";
import type { FeedBatch } from "../checks/label.ts";
import type { Feed } from "../config/pipeline.ts";
import { type Gate, gate, severeGate } from "../publish/gate.ts";
import type { LimitsOf } from "../publish/gates.ts";
import type { Below } from "../sources/source.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { ask } from "../warehouse/questions.ts";
import { workTable } from "../warehouse/relations.ts";
import { columns } from "../warehouse/sql-text.ts";
import type { Session } from "../warehouse/warehouse.ts";
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

function missingGate({ feed, missing, examples: named }: KeyPassFound, limit: number): Gate {
  const rest = missing > BigInt(named.length) ? " and others" : "";
  const observed =
    missing === 0n
      ? "0 keys"
      : `${missing} keys of the source are neither published nor waiting (${named.join("; ")}${rest}): \`ledgerloop run --full --reason 'missing keys' --feeds ${feed}\` brings them`;
  const severity = missing <= BigInt(limit) ? "warn" : "block";
  return severeGate({ name: "missing_keys", severity }, { feed }, { holds: missing === 0n, observed, limit: `at most ${limit}` });
}

function duplicateGate({ feed, keys, distinct }: KeyPassFound): Gate {
  const twice = keys - distinct;
  const observed =
    twice === 0n
      ? `${keys} keys`
      : `${twice} of ${keys} source keys repeat another one: give each row a key of its own at the source`;
  return gate("duplicate_source_keys", { feed }, { holds: twice === 0n, observed, limit: "each key once" });
}

/** What the passes over all keys say of each feed. */
export function keyPassGates(found: readonly KeyPassFound[], limitsOf: LimitsOf): Gate[] {
  return found.flatMap((pass) => [duplicateGate(pass), missingGate(pass, limitsOf(pass.feed).missingKeys)]);
}

/** What whole reads say of the increments before them. */
export function missedGates(missed: readonly MissedRows[]): Gate[] {
  return missed.map(({ feed, inserted, updated }) =>
    gate(
      "missed_rows",
      { feed },
      {
        holds: inserted + updated === 0n,
        observed: `below the cursor ${inserted} rows were inserted and ${updated} updated`,
        limit: "reported: increments had missed them",
      },
    ),
  );
}
