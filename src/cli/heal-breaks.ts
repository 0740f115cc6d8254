import { feedsReaching } from "../config/model-inputs.ts";
import type { Pipeline } from "../config/pipeline.ts";
import type { HealDone } from "../documents/heal.ts";
import { EXIT_CODES, Failure } from "../kernel/problem.ts";
import { readingIn } from "../ports/reading.ts";
import type { RunReport } from "../projector/run-report.ts";
import { type HealPlan, planHeal } from "../reconcile/heal.ts";
import { type Break, breaksIn, placeOf, readEvents } from "../reconcile/kept-breaks.ts";
import { asMadeLast } from "../reconcile/proof.ts";
import { proveAgain } from "../reconcile/prove-again.ts";
import { executeRun } from "../run/execute.ts";
import type { HealRequest } from "../run/request.ts";
import type { CommandContext } from "./context.ts";
import { progressOf } from "./reconcile-text.ts";
import { eventRenderer, type LogFormat } from "./render-events.ts";

/** What a heal is asked for. */
export interface HealAsked {
  readonly breaks: readonly Break[];
  readonly reason: string | null;
  readonly ticket: string | null;
}

/** What one round of a heal did, and why it ended before it was through; null where it was. */
type Round = HealPlan & Omit<HealDone, "now"> & { readonly failure: Failure | null };

/** What came of a heal. */
export type Healed = Round & HealDone;

/** What a heal would do: nothing is read at a source. */
export async function plannedHeal({ app }: CommandContext, pipeline: Pipeline, asked: HealAsked): Promise<HealPlan> {
  const readByKey = await app.look.feedsReadByKey(pipeline);
  return readingIn(app, pipeline, (session, dialect) => planHeal(session, dialect, { pipeline, readByKey, ...asked }));
}

/** The breaks as they stand now. */
async function asTheyAre({ app }: CommandContext, pipeline: Pipeline, breaks: readonly Break[]): Promise<Break[]> {
  const ids = new Set(breaks.map(({ id }) => id));
  const events = await readingIn(app, pipeline, (session, dialect) => readEvents(session, dialect, {}));
  return breaksIn(events).filter(({ id }) => ids.has(id));
}

interface Healing {
  readonly plan: HealPlan;
  readonly signal: AbortSignal;
  readonly log: LogFormat | undefined;
  /** Plans what is open behind a round and was in none; without it one round is made. */
  readonly further?: (isNew: (one: Break) => boolean) => Promise<HealPlan>;
}

/** The runs of a heal, group by group, up to the first that fails; one that a gate blocks has not failed. */
async function runAll(context: CommandContext, pipeline: Pipeline, { plan, signal, log }: Healing) {
  const { run } = context.app;
  const emit = eventRenderer(context, log);
  const runs: RunReport[] = [];
  for (const request of plan.requests) {
    try {
      runs.push(await run.withEngine(pipeline, emit, (engine) => executeRun(engine, request, signal)));
    } catch (error) {
      if (runs.length === 0 || signal.aborted || !(error instanceof Failure)) throw error;
      return { runs, failure: error };
    }
  }
  return { runs, failure: null };
}

/** What is compared again: what was published, the tables that its feeds reach, and the ties that read any of these. */
function subjectsReached(pipeline: Pipeline, published: readonly HealRequest[]): Set<string> {
  const healed = new Set(published.flatMap(({ breaks }) => breaks.flatMap(({ subject }) => subject ?? [])));
  const reached = [...pipeline.models.values()].filter((model) =>
    feedsReaching(pipeline, model).some((feed) => healed.has(feed)),
  );
  const changed = new Set([...healed, ...reached.map(({ table }) => table)]);
  const ties = [...pipeline.ties.values()].filter(({ reads }) => [...reads].some((one) => changed.has(one)));
  return new Set([...changed, ...ties.map(({ name }) => name)]);
}

/**
 * Publishes the keys of breaks again, group by group, and makes the comparisons again that found them. Where a later group fails, what the earlier
 * ones published is compared again all the same.
 */
async function healOnce(context: CommandContext, pipeline: Pipeline, healing: Healing): Promise<Round> {
  const { plan, signal } = healing;
  const { runs, failure } = await runAll(context, pipeline, healing);
  const healed = new Set(runs.filter(({ exit_code }) => exit_code === 0).map(({ group }) => group));
  const published = plan.requests.filter(({ group }) => healed.has(group));
  const { clear, ...progress } = progressOf(context);
  const tools = await context.app.look.provingTools(pipeline);
  const proofs = await proveAgain(tools, subjectsReached(pipeline, published), { signal, ...progress }).finally(clear);
  return { ...plan, runs, proofs, failure };
}

function together(first: Round, then: Round): Round {
  return {
    requests: [...first.requests, ...then.requests],
    healing: [...first.healing, ...then.healing],
    notHealed: [...first.notHealed, ...then.notHealed],
    runs: [...first.runs, ...then.runs],
    proofs: asMadeLast([...first.proofs, ...then.proofs], ({ now }) => now),
    failure: then.failure,
  };
}

function failureOnly(error: unknown): Failure {
  if (error instanceof Failure) return error;
  throw error;
}

const isThrough = ({ failure, runs }: Round) => failure === null && runs.every(({ exit_code }) => exit_code === 0);

/** A round, and with `further` those behind it, each key once: a comparison names a thousand at a time. */
async function healRounds(context: CommandContext, pipeline: Pipeline, healing: Healing): Promise<Round> {
  let all = await healOnce(context, pipeline, healing);
  const tried = new Set<string>();
  while (healing.further && isThrough(all)) {
    for (const one of [...all.healing, ...all.notHealed.map(({ broken }) => broken)]) tried.add(placeOf(one));
    const plan = await healing.further((one) => !tried.has(placeOf(one)));
    if (plan.healing.length === 0) return all;
    const then = await healOnce(context, pipeline, { ...healing, plan }).catch(failureOnly);
    all = then instanceof Failure ? { ...all, failure: then } : together(all, then);
  }
  return all;
}

/**
 * Heals breaks: what their keys are is published again and compared again.
 * @throws Failure as a run, of the first group, and as `proveAgain`; what a later group or round meets is told beside what the earlier ones healed.
 */
export async function healBreaks(context: CommandContext, pipeline: Pipeline, healing: Healing): Promise<Healed> {
  const all = await healRounds(context, pipeline, healing);
  return { ...all, now: await asTheyAre(context, pipeline, all.healing) };
}

/** The exit code of a heal: of a run that did not publish, else whether what was healed is equal now. */
export function healExitCode({ runs, now, notHealed }: Healed): number {
  const failed = runs.find(({ exit_code }) => exit_code !== 0);
  if (failed) return failed.exit_code;
  return now.some(({ isOpen }) => isOpen) || notHealed.some(({ broken }) => broken.isOpen) ? EXIT_CODES.blocked : 0;
}
