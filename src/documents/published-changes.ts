import { newRulesOverPublished } from "../checks/published-breaking.ts";
import { readWhole } from "../config/commands.ts";
import type { Group, Pipeline } from "../config/pipeline.ts";
import { type JsonAmount, jsonAmount } from "../kernel/json.ts";
import { Failure } from "../kernel/problem.ts";
import { readNumbers } from "../ledger/fence.ts";
import { NOTHING_RECORDED, readRecorded } from "../ledger/recorded.ts";
import type { App } from "../ports/ports.ts";
import { glance } from "../ports/reading.ts";
import { lateText, mixedText, unfilledText } from "../publish/behind-gates.ts";
import { newCuratedRules } from "../publish/new-curated-rules.ts";
import { mayEnter, waitingByRule } from "../quarantine/may-enter.ts";
import type { RunRequest } from "../run/request.ts";
import { dropSql } from "../schema/anew.ts";
import { addedColumns, type Evolution, planEvolution } from "../schema/evolve.ts";
import { type InForce, lookAtPublished } from "../schema/in-force.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { ask } from "../warehouse/questions.ts";
import type { Session } from "../warehouse/warehouse.ts";

/** What a run would ask of the published tables, as `plan --json` prints it. */
export interface PublishedChanges {
  /** Why the warehouse could not be looked at. */
  readonly problem: string | null;
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
  /** Live rows of feeds that were published before a table which is made of them. */
  readonly new_models: readonly {
    readonly table: string;
    readonly feed: string;
    readonly rows: JsonAmount;
    readonly says: string;
  }[];
  /** Live rows that read NULL in columns which are newer than they are. */
  readonly new_columns: readonly {
    readonly feed: string | null;
    readonly table: string | null;
    readonly columns: readonly string[];
    readonly rows: JsonAmount;
    readonly says: string;
    readonly next: string | null;
  }[];
  /** Tables whose live rows several SELECTs have made. */
  readonly mixed: readonly {
    readonly table: string;
    readonly live: JsonAmount;
    readonly others: readonly { readonly select: string; readonly rows: JsonAmount }[];
    readonly says: string;
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

/** How the configuration stands to what the group has published; null where nothing is. */
async function inForce(looking: Looking, options: Look, evolution: Evolution): Promise<InForce | null> {
  const { session, dialect } = looking;
  const { pipeline, group, request } = options;
  if (evolution.missing.includes("ops.publication")) return null;
  const { head } = await readNumbers(session, dialect, group.name);
  if (head === 0n) return null;
  const isOld = evolution.missing.includes("ops.audit_event");
  const recorded = isOld ? NOTHING_RECORDED : await readRecorded(session, dialect, group.name);
  const added = evolution.added.filter((column) => column.group === group.name);
  return lookAtPublished(session, dialect, {
    ...{ pipeline, group, recorded, head, accept: request.acceptMixed, returning: returning(options) },
    ...{ added: addedColumns(added, head), suspects: null, count: true },
  });
}

function behindDocument(found: InForce | null): Pick<PublishedChanges, "new_models" | "new_columns" | "mixed"> {
  const { late, unfilled, mixed } = found?.behind ?? { late: [], unfilled: [], mixed: [] };
  return {
    new_models: late.map((line) => ({ ...line, rows: jsonAmount(line.rows), says: lateText(line) })),
    new_columns: unfilled.map((line) => {
      const { feed = null, table = null, columns, rows, command } = line;
      return { feed, table, columns, rows: jsonAmount(rows), says: unfilledText(line), next: command };
    }),
    mixed: mixed.map((line) => ({
      table: line.table,
      live: jsonAmount(line.live),
      others: line.others.map(({ select, rows }) => ({ select, rows: jsonAmount(rows) })),
      says: mixedText(line),
    })),
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

async function look(looking: Looking, options: Look): Promise<PublishedChanges> {
  const { session, dialect } = looking;
  const { pipeline, request, data } = options;
  const evolution = await planEvolution(session, dialect, { pipeline, accept: request.acceptRemoved });
  const found = await inForce(looking, options, evolution);
  const rules = data ? await newRulesOverPublished(session, dialect, pipeline) : [];
  const isJudged = data && !evolution.missing.includes("ops.curated_rule");
  const tableRules = isJudged ? await newCuratedRules(session, dialect, pipeline) : [];
  const problems = [...evolution.problems, ...(found?.problems ?? [])];
  return {
    problem: null,
    ddl: [...evolution.anew.map((of) => dropSql(dialect, of)), ...evolution.statements.map((s) => s.sql)],
    stops: problems.map(({ says, next }) => ({ says, next })),
    new_rules: rules.map(({ publishedBreaking, ...rule }) => ({ ...rule, published_breaking: jsonAmount(publishedBreaking) })),
    new_curated_rules: tableRules.map(({ publishedBreaking, ...rule }) => ({
      ...rule,
      published_breaking: jsonAmount(publishedBreaking),
    })),
    ...behindDocument(found),
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
    const nothing = { new_rules: [], new_curated_rules: [], new_models: [], new_columns: [], mixed: [], may_enter: [] };
    return { problem: error.problems[0]?.says ?? null, ddl: [], stops: [], ...nothing };
  }
}
