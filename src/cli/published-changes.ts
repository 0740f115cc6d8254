import type { Pipeline } from "../config/pipeline.ts";
import { Failure } from "../kernel/problem.ts";
import { planEvolution } from "../publish/evolve.ts";
import { newRulesOverPublished } from "../run/published-breaking.ts";
import { jsonAmount } from "../run/report.ts";
import type { CommandContext } from "./context.ts";
import { renderTable } from "./table.ts";

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
}

/** A look must not hold up a run that has the warehouse open. */
const PATIENCE_MS = 2_000;

async function look(
  context: CommandContext,
  { pipeline, accept, data }: { pipeline: Pipeline; accept: readonly string[]; data: boolean },
): Promise<PublishedChanges> {
  const warehouse = await context.app.warehouse(pipeline);
  const session = await warehouse.open({ purpose: "plan", readOnly: true, waitMs: PATIENCE_MS });
  try {
    const { statements, problems } = await planEvolution(session, warehouse.dialect, { pipeline, accept });
    const rules = data ? await newRulesOverPublished(session, warehouse.dialect, pipeline) : [];
    return {
      problem: null,
      ddl: statements.map((s) => s.sql),
      stops: problems.map(({ says, next }) => ({ says, next })),
      new_rules: rules.map(({ publishedBreaking, ...rule }) => ({ ...rule, published_breaking: jsonAmount(publishedBreaking) })),
    };
  } finally {
    await session.close();
  }
}

/** Compares the pipeline with the published tables; with `data`, also published rows with rules that are new. */
export async function publishedChanges(context: CommandContext, options: Parameters<typeof look>[1]): Promise<PublishedChanges> {
  try {
    return await look(context, options);
  } catch (error) {
    if (!(error instanceof Failure) || error.kind === "internal") throw error;
    return { problem: error.problems[0]?.says ?? null, ddl: [], stops: [], new_rules: [] };
  }
}

/** The same for people. */
export function changesText({ problem, ddl, stops, new_rules: rules }: PublishedChanges): string {
  if (problem !== null) return `published tables: not compared. ${problem}\n`;
  const lines = [...ddl.map((sql) => `  by itself: ${sql}\n`), ...stops.map((s) => `  stops: ${s.says}\n    next: ${s.next}\n`)];
  const says = lines.length === 0 ? "published tables: as the contracts say\n" : `published tables:\n${lines.join("")}`;
  if (rules.length === 0) return says;
  const table = renderTable(rules.map((r) => ({ ...r, published_breaking: String(r.published_breaking) })));
  return `${says}\nrules that published rows were not judged by (they stay published, whatever they break):\n${table}`;
}
