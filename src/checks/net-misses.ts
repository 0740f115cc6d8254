import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { ask, type Question } from "../warehouse/questions.ts";
import { stem, workName, workTable } from "../warehouse/relations.ts";
import { asText, columns } from "../warehouse/sql-text.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { type FeedBatch, ORIGIN } from "./label.ts";
import { ENTERS, isClass } from "./row-class.ts";
import { maskedKeys } from "./samples.ts";
import { labelWithVerdict } from "./tally.ts";

/** A judged batch of a feed's nets. */
export interface NetBatch {
  readonly input: FeedBatch;
  /** Rows leave with the batch: `vanished` says which. */
  readonly canLeave: boolean;
}

/** What hourly runs should have seen and did not, as a net found it. */
export interface NetMisses {
  readonly feed: string;
  readonly inserted: bigint;
  readonly updated: bigint;
  readonly vanished: bigint;
  /** The first of their keys, masked where they are personal. */
  readonly examples: readonly string[];
}

/** How many keys are named. */
const EXAMPLES = 20;

/** Fills the work table `netted` with the keys that hourly runs should have brought, or taken away. */
function collectMisses(dialect: Dialect, { input, canLeave }: NetBatch): Statement {
  const { feed } = input;
  const verdict = "COALESCE(v._class, 'inserted')";
  const gone = `
UNION ALL
SELECT ${columns(dialect, "g", feed.sourceKey)}, 'vanished' AS _how FROM ${workTable(dialect, "vanished", feed)} g`;
  const select = `SELECT ${columns(dialect, "l", feed.sourceKey)}, ${verdict} AS _how FROM ${labelWithVerdict(dialect, input)}
WHERE l._origin = ${ORIGIN.batch} AND ${isClass(dialect, verdict, ENTERS)}${canLeave ? gone : ""}`;
  return { name: `netted.${feed.id}`, sql: dialect.createWork(workName("netted", stem(feed)), select) };
}

const HOW = ["inserted", "updated", "vanished"] as const;

function countMisses(dialect: Dialect, { input: { feed } }: NetBatch): Question {
  const counts = HOW.map((how) => `${asText(dialect.countIf(`n._how = '${how}'`))} AS ${how}`);
  return {
    name: `misses.${feed.id}`,
    columns: HOW,
    sql: `SELECT ${counts.join(", ")} FROM ${workTable(dialect, "netted", feed)} n`,
  };
}

function nameMisses(dialect: Dialect, { input: { feed } }: NetBatch): Question {
  const keys = maskedKeys(dialect, feed, { alias: "n", names: feed.sourceKey });
  return {
    name: `missed-keys.${feed.id}`,
    columns: keys.map((_, i) => `key_${i}`),
    sql: `SELECT ${keys.join(", ")} FROM ${workTable(dialect, "netted", feed)} n ORDER BY ${columns(dialect, "n", feed.sourceKey)} LIMIT ${EXAMPLES}`,
  };
}

/** Counts and names what hourly runs had missed, by what nets read; the feeds are judged. */
export async function findMisses(session: Session, dialect: Dialect, nets: readonly NetBatch[]): Promise<NetMisses[]> {
  if (nets.length === 0) return [];
  for (const net of nets) await session.run(collectMisses(dialect, net));
  const questions = nets.flatMap((net) => [countMisses(dialect, net), nameMisses(dialect, net)]);
  const answer = await ask(session, { dialect, name: "misses" }, questions);
  return nets.map(({ input: { feed } }) => {
    const [count] = answer(`misses.${feed.id}`);
    const of = (how: (typeof HOW)[number]) => BigInt(count?.[how] ?? "0");
    const examples = answer(`missed-keys.${feed.id}`).map((row) => feed.sourceKey.map((_, i) => row[`key_${i}`]).join(" "));
    return { feed: feed.id, inserted: of("inserted"), updated: of("updated"), vanished: of("vanished"), examples };
  });
}
