import { groupOption, readWhole } from "../config/commands.ts";
import { modelsOf } from "../config/groups.ts";
import { feedsReaching } from "../config/model-inputs.ts";
import type { Group, Model, Pipeline } from "../config/pipeline.ts";
import type { Problem } from "../kernel/problem.ts";
import { publishedFeeds } from "../ledger/published-feeds.ts";
import type { AddedColumn, Recorded } from "../ledger/recorded.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { ask } from "../warehouse/questions.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { type Behind, type BehindFacts, countBehind, type MixedTable, parseBehind } from "./made-before.ts";
import { feedGone, feedRenamed, feedRetired, modelChanged, tableGone, tableRetired } from "./problems.ts";
import { likelyRenames } from "./rename-fit.ts";
import { followSelects, type TableEras } from "./select-eras.ts";

/** What is compared with what a group has published. */
export interface InForceOptions {
  readonly pipeline: Pipeline;
  readonly group: Group;
  readonly recorded: Recorded;
  /** Number of the group's last publication. */
  readonly head: bigint;
  /** Tables that somebody accepts to be mixed from now on. */
  readonly accept: readonly string[];
  /** Retired feeds that this run takes back. */
  readonly returning: readonly string[];
  /** Columns that the next run adds. */
  readonly added: readonly AddedColumn[];
  /** Feeds that may have left the configuration; null to look at every published one. */
  readonly suspects: readonly string[] | null;
  /** Count what is behind even where nothing has changed. */
  readonly count: boolean;
}

/** How the configuration in force stands to a group's published tables. */
export interface InForce extends Pick<TableEras, "eras" | "fresh"> {
  readonly behind: Behind;
  /** What a run stops at. */
  readonly problems: readonly Problem[];
}

const NOTHING_BEHIND: Behind = { late: [], mixed: [], unfilled: [] };

async function countedBehind(session: Session, dialect: Dialect, facts: BehindFacts): Promise<Behind> {
  const question = countBehind(dialect, facts);
  if (question === null) return NOTHING_BEHIND;
  const answer = await ask(session, { dialect, name: "begin.behind" }, [question]);
  return parseBehind(dialect, facts, answer(question.name));
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

/** Where rows wait for a whole read anyway, it makes all of them again with the new SELECT. */
function acceptCommand({ pipeline, group }: InForceOptions, model: Model, { unfilled }: Behind): string {
  const reaching = feedsReaching(pipeline, model);
  const full = unfilled.some(({ feed }) => feed !== undefined && reaching.includes(feed)) ? " --full" : "";
  return `ledgerloop run${full}${groupOption(pipeline, group.name)} --accept-mixed-model ${model.table} --reason "…"`;
}

function changedProblem(
  options: InForceOptions,
  model: Model,
  { mixed, behind }: { mixed: MixedTable; behind: Behind },
): Problem {
  const { table } = model;
  const rows = mixed.others.reduce((sum, other) => sum + other.rows, 0n);
  return modelChanged({ table, rows, live: mixed.live, accept: acceptCommand(options, model, behind) });
}

/** Models whose last recorded SELECT is another than today's, which nobody has accepted. */
function changedModels({ pipeline, group, head, accept }: InForceOptions, { eras, fresh }: TableEras): Model[] {
  return modelsOf(pipeline, group).filter((model) => {
    const { table } = model;
    // Its era begins behind the last publication: that one was made with another SELECT.
    const isNew = fresh.get(table)?.at(-1)?.after === head && (eras.get(table)?.length ?? 0) > 1;
    return isNew && !accept.includes(table);
  });
}

/**
 * Compares models, columns and feeds with what a group has published. Changes nothing.
 * @returns what a run stops at, and what rows are behind in: counted where it is asked for or a problem depends on it.
 */
export async function lookAtPublished(session: Session, dialect: Dialect, options: InForceOptions): Promise<InForce> {
  const { pipeline, group, recorded, head } = options;
  const models = modelsOf(pipeline, group);
  const elsewhere = new Set(pipeline.models.keys());
  const tables = await followSelects(session, dialect, { group: group.name, models, elsewhere, recorded, head });
  const changed = changedModels(options, tables);
  const facts = { pipeline, group, eras: tables.eras, addedColumns: [...recorded.addedColumns, ...options.added] };
  const isCounted = options.count || changed.length > 0 || options.accept.length > 0;
  const behind = isCounted ? await countedBehind(session, dialect, facts) : NOTHING_BEHIND;
  const refused = changed.flatMap((model) => {
    const mixed = behind.mixed.find(({ table }) => table === model.table);
    return mixed ? [changedProblem(options, model, { mixed, behind })] : [];
  });
  const gone = await goneFeeds(session, dialect, options);
  const changedFeeds = [...renamedProblems(options), ...retiredProblems(options)];
  const problems = [...gone, ...tables.gone.map((table) => tableGone({ table })), ...changedFeeds, ...refused];
  return { eras: tables.eras, fresh: tables.fresh, behind, problems };
}
