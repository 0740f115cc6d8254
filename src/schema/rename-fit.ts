import { moneyColumns } from "../checks/money.ts";
import { feedsOf } from "../config/groups.ts";
import type { Feed, Group, Pipeline } from "../config/pipeline.ts";
import { stagedColumns } from "../contract/derived-column.ts";
import type { Problem } from "../kernel/problem.ts";
import type { Recorded } from "../ledger/recorded.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { ops } from "../warehouse/ops-tables.ts";
import { feedName, PART_META, partMeta, SCOPE, STAGING_META_NAMES, stagingRows, stem } from "../warehouse/relations.ts";
import { asText, column } from "../warehouse/sql-text.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { planEvolution } from "./evolve.ts";
import { renameUnfit } from "./problems.ts";

/** A feed, and the name under which its rows were published. */
interface Asked {
  readonly pipeline: Pipeline;
  readonly feed: Feed;
  readonly was: string;
}

/** A pipeline with one feed and no model: what is asked of that feed's tables alone. */
export function onlyFeed(pipeline: Pipeline, feed: Feed): Pipeline {
  return { ...pipeline, feeds: new Map([[feed.id, feed]]), models: new Map() };
}

/** Columns of every published staging table by its stem, in lower case; the engine's own are left out but for the scope. */
export async function stagingColumns(session: Session, dialect: Dialect): Promise<Map<string, Set<string>>> {
  const own = new Set(STAGING_META_NAMES.filter((name) => !PART_META.includes(name)));
  const rows = await session.rows({ name: "rename.columns", sql: dialect.columnsOf(["staging"]) });
  const found = new Map<string, Set<string>>();
  for (const row of rows) {
    const table = /^(.*)__rows$/.exec(row["table_name"] ?? "")?.[1];
    const name = row["column_name"] ?? "";
    if (table !== undefined && !own.has(name)) found.set(table, (found.get(table) ?? new Set<string>()).add(name));
  }
  return found;
}

/** What a feed's staging table has beside the engine's own columns. */
export function wantedColumns(feed: Feed): string[] {
  return [...stagedColumns(feed.contract).map((c) => c.name.toLowerCase()), ...partMeta(feed)];
}

/** How many rows of a staging table hold what would be lost, or be other money. */
async function countRows(
  session: Session,
  dialect: Dialect,
  { was, conditions }: { was: string; conditions: readonly string[] },
): Promise<bigint[]> {
  const counts = conditions.map((condition, i) => `${asText(dialect.countIf(condition))} AS n${i}`);
  const [row] = await session.rows({
    name: "rename.unfit",
    sql: `SELECT ${counts.join(", ")} FROM ${stagingRows(dialect, feedName(was))} s`,
  });
  return conditions.map((_, i) => BigInt(row?.[`n${i}`] ?? "0"));
}

/** True where a live row's money is other money by the feed's declaration. */
function otherMoney(dialect: Dialect, { pipeline, feed }: Asked): string {
  const typeOf = new Map(feed.contract.columns.map((c) => [c.name, c.type]));
  const text = (name: string) => {
    const type = typeOf.get(name);
    return type ? dialect.landedText(column(dialect, "s", name), type) : "NULL";
  };
  // A published row's record could be read; nothing about records stands in staging.
  const { minor, currency } = moneyColumns(dialect, { ...feed, lands: [] }, { text, currencies: pipeline.currencies });
  return `s._deleted_at IS NULL AND (${minor} IS DISTINCT FROM s._minor OR ${currency} IS DISTINCT FROM s._currency)`;
}

/** What of the rows themselves would be lost or be other money; `lost` are columns that the feed does not have. */
export async function contentProblems(
  session: Session,
  dialect: Dialect,
  { asked, lost }: { asked: Asked; lost: readonly string[] },
): Promise<Problem[]> {
  const { feed, was } = asked;
  const held = lost.map((name) => `${column(dialect, "s", name)} IS NOT NULL`);
  const [money = 0n, ...values] = await countRows(session, dialect, {
    was,
    conditions: [otherMoney(dialect, asked), ...held],
  });
  const unfit = (what: string) => renameUnfit({ feed: feed.id, was, what });
  return [
    ...(money > 0n ? [unfit(`${money} live rows have other money by what ${feed.id} declares as money`)] : []),
    ...lost.flatMap((name, i) => {
      if ((values[i] ?? 0n) === 0n) return [];
      const what = name === SCOPE ? "belong to parts of the feed, which" : `hold values in ${name}, which`;
      return [unfit(`${values[i]} rows ${what} ${feed.id} does not have`)];
    }),
  ];
}

/**
 * What keeps rows that were published under a former name from being those of a feed: another key, columns that are missing, of
 * another type or would be lost, other money. Changes nothing.
 */
export async function unfitFor(session: Session, dialect: Dialect, asked: Asked): Promise<Problem[]> {
  const { pipeline, feed, was } = asked;
  const former = feedName(was);
  const existing = (await stagingColumns(session, dialect)).get(stem(former)) ?? new Set<string>();
  const wanted = wantedColumns(feed);
  const unfit = (what: string) => renameUnfit({ feed: feed.id, was, what });
  const missing = wanted.filter((name) => !existing.has(name));
  if (missing.length > 0) {
    const what = (name: string) =>
      name === SCOPE ? "its rows belong to no part of the feed" : `its rows have no column ${name}`;
    return missing.map((name) => unfit(what(name)));
  }
  const { problems } = await planEvolution(session, dialect, {
    pipeline: onlyFeed(pipeline, { ...feed, id: was, ...former }),
    accept: [],
  });
  if (problems.length > 0) return problems.map(({ says }) => unfit(says));
  const lost = [...existing].filter((name) => !wanted.includes(name));
  return contentProblems(session, dialect, { asked, lost });
}

/** Every feed of which the ledger names a batch, with the groups that published it. */
export async function publishedNames(session: Session, dialect: Dialect): Promise<Map<string, string[]>> {
  const sql = `SELECT DISTINCT b.feed, b.run_group FROM ${ops(dialect, "batch")} b ORDER BY b.feed, b.run_group`;
  const rows = await session.rows({ name: "rename.published-names", sql });
  const found = new Map<string, string[]>();
  for (const { feed, run_group: group } of rows) found.set(feed ?? "", [...(found.get(feed ?? "") ?? []), group ?? ""]);
  return found;
}

/** Of feeds that left the configuration: those of it that have the same columns, and nothing is published under their name. */
export async function likelyRenames(
  session: Session,
  dialect: Dialect,
  { pipeline, group, recorded, gone }: { pipeline: Pipeline; group: Group; recorded: Recorded; gone: readonly string[] },
): Promise<Map<string, string[]>> {
  if (gone.length === 0) return new Map();
  const published = await publishedNames(session, dialect);
  const fresh = feedsOf(pipeline, group).filter(({ id }) => !published.has(id) || recorded.renamed.has(id));
  if (fresh.length === 0) return new Map();
  const columns = await stagingColumns(session, dialect);
  const inOrder = (names: Iterable<string>) => [...names].sort().join(",");
  return new Map(
    gone.map((was) => {
      const existing = inOrder(columns.get(stem(feedName(was))) ?? []);
      return [was, fresh.filter((feed) => inOrder(wantedColumns(feed)) === existing).map(({ id }) => id)];
    }),
  );
}
