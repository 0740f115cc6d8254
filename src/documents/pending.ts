import type { Feed, Pipeline } from "../config/pipeline.ts";
import { grouped } from "../kernel/grouped.ts";
import type { Json } from "../kernel/json.ts";
import { Failure } from "../kernel/problem.ts";
import { type RecordedPart, readPartDecisions } from "../ledger/part-decisions.ts";
import type { App } from "../ports/ports.ts";
import type { RunRequest } from "../run/request.ts";
import type { PendingPart, PendingParts } from "../sources/pending.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { type FeedWithParts, feedsWithParts } from "./known-parts.ts";
import { glanceOr, statesOf } from "./published-cursors.ts";

/** So many paths are named; of the rest only how many there are. */
const NAMED = 5;

/** What the warehouse knows of some feeds' parts. */
interface Kept {
  readonly state: ReadonlyMap<string, ReadonlyMap<string, Json>>;
  readonly decisions: readonly RecordedPart[];
}

const NOTHING_KEPT: Kept = { state: new Map(), decisions: [] };

async function keptOf(session: Session, dialect: Dialect, feeds: readonly Feed[]): Promise<Kept> {
  const decisions: RecordedPart[] = [];
  for (const group of new Set(feeds.map((feed) => feed.group))) {
    decisions.push(...(await readPartDecisions(session, dialect, group)));
  }
  return { state: await statesOf(session, dialect, feeds), decisions };
}

interface Asked {
  readonly pipeline: Pipeline;
  readonly feeds: readonly Feed[];
  readonly whole: boolean;
}

/** Asks one source after the other; of those that fail only that is told. */
async function askSources(
  app: App,
  { pipeline, feeds, whole }: Asked,
  onFailure: (failure: Failure) => void,
): Promise<Map<string, PendingParts[]>> {
  const work = (session: Session, dialect: Dialect) => keptOf(session, dialect, feeds);
  const kept = await glanceOr<Kept>(app, pipeline, { purpose: "plan", before: NOTHING_KEPT, work });
  const found = new Map<string, PendingParts[]>();
  for (const [id, own] of grouped(feeds, ({ source }) => source)) {
    const source = pipeline.sources.get(id);
    if (!source) throw new Error(`no source ${id}`);
    const state = async (feed: string) => kept.state.get(feed) ?? new Map<string, Json>();
    const decisions = async (feed: string) => kept.decisions.filter((decision) => decision.feed === feed);
    const asked = { source, feeds: own, whole, state, decisions };
    await orTold(onFailure, async () => {
      for (const [feed, pending] of await app.look.pendingParts(pipeline, asked)) found.set(feed, pending);
    });
  }
  return found;
}

async function orTold(onFailure: (failure: Failure) => void, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    onFailure(error);
  }
}

/** What lies at the sources of some feeds and is not, or not so, what runs have looked at. */
export interface PartsThere {
  /** By feed; those that a run would look at. */
  readonly parts: ReadonlyMap<string, readonly PendingPart[]>;
  /** Why of some feeds nothing is known; null where all could be asked. */
  readonly failure: Failure | null;
}

/** Looks at what lies at the sources of some feeds. Reads no file. */
export async function partsThere(app: App, pipeline: Pipeline, of: readonly FeedWithParts[]): Promise<PartsThere> {
  if (of.length === 0) return { parts: new Map(), failure: null };
  const failures: Failure[] = [];
  const parts = new Map<string, PendingPart[]>();
  const onFailure = (failure: Failure) => failures.push(failure);
  const asked = { pipeline, feeds: of.map(({ feed }) => feed), whole: false };
  await orTold(onFailure, async () => {
    for (const [feed, pending] of await askSources(app, asked, onFailure)) {
      const isThere = ({ is }: PendingParts) => is === "new" || is === "changed";
      parts.set(
        feed,
        pending.filter(isThere).flatMap((some) => some.parts),
      );
    }
  });
  return { parts, failure: failures[0] ?? null };
}

/**
 * The files that a run would look at, by feed: of feeds that have none nothing is said. Null where source or warehouse cannot be
 * asked, and for a replay, which looks at none.
 */
export async function pendingFiles(
  app: App,
  { pipeline, feeds, request }: { pipeline: Pipeline; feeds: readonly Feed[]; request: RunRequest },
): Promise<ReadonlyMap<string, PendingParts[]> | null> {
  if (request.kind === "replay") return null;
  const all = await feedsWithParts(app, pipeline);
  const asked = all.flatMap(({ feed }) => (feeds.includes(feed) ? [feed] : []));
  if (asked.length === 0) return new Map();
  let found: ReadonlyMap<string, PendingParts[]> | null = null;
  const work = async () => {
    found = await askSources(app, { pipeline, feeds: asked, whole: request.kind === "whole" }, (failure) => {
      throw failure;
    });
  };
  await orTold(() => undefined, work);
  return found;
}

/** Some files that are alike to a run. */
export function pendingDocument({ is, parts }: PendingParts) {
  return { is, files: parts.length, first: parts.slice(0, NAMED).map(({ part }) => part) };
}
