import { readWhole } from "../config/commands.ts";
import { modelsOf } from "../config/groups.ts";
import type { Group, Pipeline } from "../config/pipeline.ts";
import type { Problem } from "../kernel/problem.ts";
import { publishedFeeds } from "../ledger/published-feeds.ts";
import type { AddedColumn, Recorded } from "../ledger/recorded.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import type { Session } from "../warehouse/warehouse.ts";
import type { NewDerived } from "./evolve.ts";
import { feedGone, feedRenamed, feedRetired, tableGone, tableRetired } from "./problems.ts";
import { type Recompute, tablesToRecompute } from "./recompute.ts";
import { likelyRenames } from "./rename-fit.ts";
import { followSelects, type TableEras } from "./select-eras.ts";

/** What is compared with what a group has published. */
export interface InForceOptions {
  readonly pipeline: Pipeline;
  readonly group: Group;
  readonly recorded: Recorded;
  /** Number of the group's last publication. */
  readonly head: bigint;
  /** Curated tables that somebody asks to be computed again. */
  readonly asked: readonly string[];
  /** Retired feeds that this run takes back. */
  readonly returning: readonly string[];
  /** Derived columns with which the group has published nothing yet. */
  readonly newDerived: readonly NewDerived[];
  /** Columns that the next run adds. */
  readonly added: readonly AddedColumn[];
  /** Feeds that may have left the configuration; null to look at every published one. */
  readonly suspects: readonly string[] | null;
}

/** How the configuration in force stands to a group's published tables. */
export interface InForce extends Pick<TableEras, "fresh"> {
  /** Tables that the next publication computes again. */
  readonly recompute: readonly Recompute[];
  /** What a run stops at. */
  readonly problems: readonly Problem[];
}

async function goneFeeds(session: Session, dialect: Dialect, options: InForceOptions): Promise<Problem[]> {
  const { pipeline, group, recorded, suspects } = options;
  const isHere = (feed: string) => group.feeds.includes(feed) || recorded.retiredFeeds.has(feed) || recorded.renamed.has(feed);
  if (suspects?.every(isHere)) return [];
  const gone = (await publishedFeeds(session, dialect, group.name)).filter(({ feed }) => !isHere(feed));
  const left = gone.map(({ feed }) => feed).filter((feed) => !pipeline.feeds.has(feed));
  const renamed = await likelyRenames(session, dialect, { pipeline, group, recorded, gone: left });
  return gone.map(({ feed, rows, waiting }) =>
    feedGone({ feed, rows, waiting, elsewhere: pipeline.feeds.get(feed)?.group, renamed: renamed.get(feed) ?? [] }),
  );
}

function renamedProblems({ group, recorded }: InForceOptions): Problem[] {
  return group.feeds.flatMap((feed) => {
    const now = recorded.renamed.get(feed);
    return now ? [feedRenamed({ feed, ...now, retired: recorded.retiredFeeds.has(now.to) })] : [];
  });
}

function retiredProblems({ pipeline, group, recorded, returning }: InForceOptions): Problem[] {
  const feeds = group.feeds.filter((feed) => recorded.retiredFeeds.has(feed) && !returning.includes(feed));
  const whole = (feed: string) => readWhole(pipeline, { group: group.name, feeds: [feed] });
  return [
    ...feeds.map((feed) => feedRetired({ feed, whole: whole(feed) })),
    ...group.models.filter((table) => recorded.retiredTables.has(table)).map((table) => tableRetired({ table })),
  ];
}

/**
 * Compares models, columns and feeds with what a group has published. Changes nothing.
 * @returns what a run stops at, and which tables it computes again: none before the first publication.
 */
export async function lookAtPublished(session: Session, dialect: Dialect, options: InForceOptions): Promise<InForce> {
  const { pipeline, group, recorded, head, asked, newDerived } = options;
  const models = modelsOf(pipeline, group);
  const elsewhere = new Set(pipeline.models.keys());
  const tables = await followSelects(session, dialect, { group: group.name, models, elsewhere, recorded, head });
  const addedColumns = [...recorded.addedColumns, ...options.added];
  const recompute = head === 0n ? [] : tablesToRecompute({ pipeline, group, eras: tables.eras, addedColumns, newDerived, asked });
  const gone = await goneFeeds(session, dialect, options);
  const changedFeeds = [...renamedProblems(options), ...retiredProblems(options)];
  const problems = [...gone, ...tables.gone.map((table) => tableGone({ table })), ...changedFeeds];
  return { fresh: tables.fresh, recompute, problems };
}
