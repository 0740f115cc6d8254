import type { Pipeline } from "../config/pipeline.ts";
import type { HealDone } from "../documents/heal.ts";
import { EXIT_CODES } from "../kernel/problem.ts";
import { readingIn } from "../ports/reading.ts";
import type { RunReport } from "../projector/run-report.ts";
import { type HealPlan, planHeal } from "../reconcile/heal.ts";
import { type Break, breaksIn, readEvents } from "../reconcile/kept-breaks.ts";
import { proveAgain } from "../reconcile/prove-again.ts";
import { executeRun } from "../run/execute.ts";
import type { CommandContext } from "./context.ts";
import { progressOf } from "./reconcile-text.ts";
import { eventRenderer, type LogFormat } from "./render-events.ts";

/** What a heal is asked for. */
export interface HealAsked {
  readonly breaks: readonly Break[];
  readonly reason: string | null;
  readonly ticket: string | null;
}

/** What came of a heal. */
export type Healed = HealPlan & HealDone;

/** What a heal would do: nothing is read at a source. */
export async function plannedHeal({ app }: CommandContext, pipeline: Pipeline, asked: HealAsked): Promise<HealPlan> {
  const hasContents = await app.look.sourcesWithContents(pipeline);
  return readingIn(app, pipeline, (session, dialect) => planHeal(session, dialect, { pipeline, hasContents, ...asked }));
}

/** The breaks as they stand now. */
async function asTheyAre({ app }: CommandContext, pipeline: Pipeline, breaks: readonly Break[]): Promise<Break[]> {
  const ids = new Set(breaks.map(({ id }) => id));
  const events = await readingIn(app, pipeline, (session, dialect) => readEvents(session, dialect, {}));
  return breaksIn(events).filter(({ id }) => ids.has(id));
}

/**
 * Publishes the keys of breaks again, group by group, and makes the comparisons again that found them.
 * @throws Failure as a run, and as `proveAgain`.
 */
export async function healBreaks(
  context: CommandContext,
  pipeline: Pipeline,
  { plan, signal, log }: { plan: HealPlan; signal: AbortSignal; log: LogFormat | undefined },
): Promise<Healed> {
  const { run, look } = context.app;
  const emit = eventRenderer(context, log);
  const runs: RunReport[] = [];
  for (const request of plan.requests) {
    runs.push(await run.withEngine(pipeline, emit, (engine) => executeRun(engine, request, signal)));
  }
  const healed = new Set(runs.filter(({ exit_code }) => exit_code === 0).map(({ group }) => group));
  const published = plan.requests.filter(({ group }) => healed.has(group)).flatMap(({ breaks }) => breaks);
  const { clear, ...progress } = progressOf(context);
  const tools = await look.provingTools(pipeline);
  const subjects = new Set(published.flatMap(({ subject }) => subject ?? []));
  const proofs = await proveAgain(tools, subjects, { signal, ...progress }).finally(clear);
  return { ...plan, runs, proofs, now: await asTheyAre(context, pipeline, plan.healing) };
}

/** The exit code of a heal: of a run that did not publish, else whether what was healed is equal now. */
export function healExitCode({ runs, now, notHealed }: Healed): number {
  const failed = runs.find(({ exit_code }) => exit_code !== 0);
  if (failed) return failed.exit_code;
  return now.some(({ isOpen }) => isOpen) || notHealed.some(({ broken }) => broken.isOpen) ? EXIT_CODES.blocked : 0;
}
