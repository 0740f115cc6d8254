import { newRulesOverPublished } from "../checks/published-breaking.ts";
import { readWhole } from "../config/commands.ts";
import { feedsOf } from "../config/groups.ts";
import type { Group, Pipeline } from "../config/pipeline.ts";
import { type JsonAmount, jsonAmount } from "../kernel/json.ts";
import { Failure } from "../kernel/problem.ts";
import { readNumbers } from "../ledger/fence.ts";
import { readCursors } from "../ledger/head.ts";
import { NOTHING_RECORDED, readRecorded } from "../ledger/recorded.ts";
import { type AsOf, askInstants, asOf } from "../lineage/as-of.ts";
import type { App } from "../ports/ports.ts";
import { glance } from "../ports/reading.ts";
import { unfilledText } from "../publish/new-column-gates.ts";
import { newCuratedRules } from "../publish/new-curated-rules.ts";
import { mayEnter, waitingByRule } from "../quarantine/may-enter.ts";
import { costProblem } from "../run/decisions.ts";
import { feedsRead } from "../run/plan.ts";
import { type RunRequest, tablesAsked } from "../run/request.ts";
import { dropSql } from "../schema/anew.ts";
import { viewsToEnd } from "../schema/curated-views.ts";
import { addedColumns, type Evolution, ofGroup, planEvolution } from "../schema/evolve.ts";
import { type InForce, lookAtPublished } from "../schema/in-force.ts";
import { countUnfilled, parseUnfilled, type UnfilledColumns } from "../schema/unfilled-columns.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { ask } from "../warehouse/questions.ts";
import type { Session } from "../warehouse/warehouse.ts";

/** What a run would ask of the published tables, as `plan --json` prints it. */
export interface PublishedChanges {
  /** Why the warehouse could not be looked at. */
  readonly problem: string | null;
  /** As of when the group is published; null before it is, and where the warehouse could not be looked at. */
  readonly as_of: AsOf | null;
  readonly ddl: readonly string[];
  readonly stops: readonly { readonly says: string; readonly next: string }[];
  readonly new_rules: readonly {
    readonly feed: string;
    readonly rule: string;
    readonly severity: string;
    readonly published_breaking: number | string;
  }[];
  /** Rules of curated tables, over all live rows: the next run judges by them, and stops at rows that break one which is no warning. */
  readonly new_curated_rules: readonly {
    readonly table: string;
    readonly rule: string;
    readonly severity: "warn" | "block";
    readonly published_breaking: number | string;
  }[];
  /** Tables that the next run computes again, those that others read first, and why. */
  readonly recompute: readonly { readonly table: string; readonly why: string }[];
  /** Live rows that read NULL in columns of their feed which are newer than they are. */
  readonly new_columns: readonly {
    readonly feed: string;
    readonly columns: readonly string[];
    readonly rows: JsonAmount;
    readonly says: string;
    readonly next: string;
  }[];
  /** Rows that wait for rules which are not in force any more as they were. */
  readonly may_enter: readonly {
    readonly feed: string;
    readonly rules: readonly string[];
    readonly rows: JsonAmount;
    readonly next: string;
  }[];
}

interface Look {
  readonly pipeline: Pipeline;
  readonly group: Group;
  readonly request: RunRequest;
  readonly data: boolean;
}

/** Feeds that a whole read with a reason would take back. */
function returning({ group, request }: Look): readonly string[] {
  return request.kind === "whole" && request.reason !== null ? (request.feeds ?? group.feeds) : [];
}

/** How the configuration stands to what the group has published. */
interface Standing extends Pick<InForce, "recompute" | "problems"> {
  readonly unfilled: readonly UnfilledColumns[];
}

/** The same, looked up; null where nothing is published. */
async function inForce({ session, dialect }: Looking, options: Look, evolution: Evolution): Promise<Standing | null> {
  const { pipeline, group, request } = options;
  if (evolution.missing.includes("ops.publication")) return null;
  const { head } = await readNumbers(session, dialect, group.name);
  if (head === 0n) return null;
  const isOld = evolution.missing.includes("ops.audit_event");
  const recorded = isOld ? NOTHING_RECORDED : await readRecorded(session, dialect, group.name);
  const mine = evolution.added.filter((column) => column.group === group.name);
  const added = addedColumns(mine, head);
  const found = await lookAtPublished(session, dialect, {
    ...{ pipeline, group, recorded, head, asked: tablesAsked(request), returning: returning(options) },
    ...{ added, newDerived: ofGroup(evolution, group.name), suspects: null },
  });
  const facts = { pipeline, group, addedColumns: [...recorded.addedColumns, ...added] };
  const question = countUnfilled(dialect, facts);
  const answer = question && (await ask(session, { dialect, name: "plan.unfilled" }, [question]));
  const { liveRows } = await readCursors(session, dialect, { group: group.name, feeds: feedsOf(pipeline, group) });
  const cost = { wanted: feedsRead(pipeline, group, request), recompute: found.recompute, liveRows };
  const tooMuch = costProblem({ engine: { pipeline }, group, request }, cost);
  return {
    recompute: found.recompute,
    problems: [...found.problems, ...(tooMuch ? [tooMuch] : [])],
    unfilled: question && answer ? parseUnfilled(facts, answer(question.name)) : [],
  };
}

function standingDocument(found: Standing | null): Pick<PublishedChanges, "recompute" | "new_columns"> {
  const { recompute, unfilled } = found ?? { recompute: [], unfilled: [] };
  return {
    recompute,
    new_columns: unfilled.map((line) => {
      const { feed, columns, rows, command } = line;
      return { feed, columns, rows: jsonAmount(rows), says: unfilledText(line), next: command };
    }),
  };
}

/** An open warehouse and how to speak to it. */
interface Looking {
  readonly session: Session;
  readonly dialect: Dialect;
}

async function waiting({ session, dialect }: Looking, { pipeline, group }: Look): Promise<PublishedChanges["may_enter"]> {
  const question = waitingByRule(dialect, group.name);
  const answer = await ask(session, { dialect, name: "plan.may-enter" }, [question]);
  return mayEnter(pipeline, answer(question.name)).map(({ feed, rules, rows }) => ({
    ...{ feed, rules, rows: jsonAmount(rows) },
    next: readWhole(pipeline, { group: group.name, feeds: [feed] }),
  }));
}

async function publishedAsOf(
  { session, dialect }: Looking,
  { pipeline, group }: Look,
  { missing }: Evolution,
): Promise<AsOf | null> {
  if (missing.includes("ops.feed_horizon")) return null;
  const instants = await askInstants(pipeline, (statement) => session.rows(statement), dialect);
  return asOf(pipeline, instants, { feeds: group.feeds, tables: group.models });
}

async function look(looking: Looking, options: Look): Promise<PublishedChanges> {
  const { session, dialect } = looking;
  const { pipeline, request, data } = options;
  const evolution = await planEvolution(session, dialect, { pipeline, accept: request.acceptRemoved });
  const found = await inForce(looking, options, evolution);
  const rules = data ? await newRulesOverPublished(session, dialect, pipeline) : [];
  const isJudged = data && !evolution.missing.includes("ops.curated_rule");
  const tableRules = isJudged ? await newCuratedRules(session, dialect, pipeline) : [];
  const problems = [...evolution.problems, ...(found?.problems ?? [])];
  const again = found?.recompute.map(({ table }) => table) ?? [];
  const tables = [...evolution.altered, ...evolution.retired.keys(), ...again];
  const ended = await viewsToEnd(session, dialect, { pipeline, tables });
  return {
    problem: null,
    as_of: await publishedAsOf(looking, options, evolution),
    ddl: [...evolution.anew.map((of) => dropSql(dialect, of)), ...[...ended, ...evolution.statements].map((s) => s.sql)],
    stops: problems.map(({ says, next }) => ({ says, next })),
    new_rules: rules.map(({ publishedBreaking, ...rule }) => ({ ...rule, published_breaking: jsonAmount(publishedBreaking) })),
    new_curated_rules: tableRules.map(({ publishedBreaking, ...rule }) => ({
      ...rule,
      published_breaking: jsonAmount(publishedBreaking),
    })),
    ...standingDocument(found),
    may_enter: found ? await waiting(looking, options) : [],
  };
}

/** Compares the pipeline with the published tables; with `data`, also published rows with rules that are new. */
export async function publishedChanges(app: App, options: Look): Promise<PublishedChanges> {
  const work = (session: Session, dialect: Dialect) => look({ session, dialect }, options);
  try {
    return await glance(app, options.pipeline, { purpose: "plan", work });
  } catch (error) {
    if (!(error instanceof Failure) || error.kind === "internal") throw error;
    const nothing = { new_rules: [], new_curated_rules: [], recompute: [], new_columns: [], may_enter: [] };
    return { problem: error.problems[0]?.says ?? null, as_of: null, ddl: [], stops: [], ...nothing };
  }
}
