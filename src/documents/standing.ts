import type { Feed, Pipeline, Source } from "../config/pipeline.ts";
import type { Json } from "../kernel/json.ts";
import { Failure } from "../kernel/problem.ts";
import type { PublishedCursors } from "../ledger/head.ts";
import type { App } from "../ports/ports.ts";
import { type RunRequest, readsOf } from "../run/request.ts";
import type { FeedRequest } from "../sources/source.ts";
import type { Standing } from "../sources/standing.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { askedOf, changesOf, cursorsOfGroups, glanceOr, NO_CURSORS, statesOf } from "./published-cursors.ts";

/** How far the reads of a source have come, as `source show` tells it. */
export interface StandingDocument {
  readonly source: string;
  readonly kind: string;
  readonly of: string;
  readonly now: string;
  readonly horizon: string;
  readonly feeds: readonly {
    readonly feed: string;
    readonly reads: "changes" | "load";
    readonly from: string | null;
    readonly nets: { readonly days: string | null; readonly history: string | null };
  }[];
  readonly backlog: { readonly events: number; readonly more: boolean };
  readonly estimate: { readonly requests: number; readonly seconds: number | null; readonly basis: readonly string[] };
  readonly rate_per_second: number | null;
  readonly budget: Source["budget"];
}

/** What the warehouse knows of some feeds. */
interface Known {
  readonly published: PublishedCursors;
  readonly state: ReadonlyMap<string, ReadonlyMap<string, Json>>;
}

async function knownOf(session: Session, dialect: Dialect, feeds: readonly Feed[]): Promise<Known> {
  const groups = new Set(feeds.map(({ group }) => group));
  const published = await cursorsOfGroups(session, dialect, { groups, feeds });
  return { published, state: await statesOf(session, dialect, feeds) };
}

/** Asks a source how far its reads have come, as a run that asks so much of its feeds would find it; null where its kind cannot tell. */
async function askStanding(
  app: App,
  pipeline: Pipeline,
  of: { source: Source; feeds: readonly Feed[]; asks: (published: PublishedCursors, feed: Feed) => FeedRequest },
): Promise<Standing | null> {
  const { source, feeds, asks } = of;
  const { published, state } = await glanceOr<Known>(app, pipeline, {
    purpose: "source show",
    before: { published: NO_CURSORS, state: new Map() },
    work: (session, dialect) => knownOf(session, dialect, feeds),
  });
  const requests = feeds.map((feed) => asks(published, feed));
  const asked = { source, feeds: requests, state: async (feed: string) => state.get(feed) ?? new Map<string, Json>() };
  return app.look.standing(pipeline, asked);
}

/**
 * How far the reads of a source have come; null where its kind cannot tell.
 * @throws Failure as its reader, and where the warehouse cannot be asked.
 */
export async function standingOf(app: App, pipeline: Pipeline, source: Source): Promise<StandingDocument | null> {
  const feeds = [...pipeline.feeds.values()].filter((feed) => feed.source === source.id);
  const asks = (published: PublishedCursors, feed: Feed) => changesOf(pipeline, published, { feed, keys: false });
  const found = await askStanding(app, pipeline, { source, feeds, asks });
  return found && standingDocument(source, found);
}

/** What a run would ask of a source that is an API. */
export interface EstimateDocument {
  readonly source: string;
  /** Null where it could not be asked; `problem` says why. */
  readonly requests: number | null;
  readonly seconds: number | null;
  readonly basis: readonly string[];
  readonly problem: string | null;
}

async function estimateOf(
  app: App,
  { pipeline, request }: { pipeline: Pipeline; request: RunRequest },
  { source, feeds }: { source: Source; feeds: readonly Feed[] },
): Promise<EstimateDocument[]> {
  const asks = (published: PublishedCursors, feed: Feed) => askedOf(pipeline, published, { feed, request });
  try {
    const found = await askStanding(app, pipeline, { source, feeds, asks });
    if (found === null) return [];
    const { requests, seconds, basis } = standingDocument(source, found).estimate;
    return [{ source: source.id, requests, seconds, basis, problem: null }];
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return [{ source: source.id, requests: null, seconds: null, basis: [], problem: error.problems[0]?.says ?? "" }];
  }
}

/** What a run would ask of its sources that are APIs; some requests are needed to tell. A replay asks none. */
export async function estimatesOf(
  app: App,
  planned: { pipeline: Pipeline; request: RunRequest; feeds: readonly Feed[] },
): Promise<EstimateDocument[]> {
  const { pipeline, request, feeds } = planned;
  if (readsOf(request) === null) return [];
  const found: EstimateDocument[] = [];
  for (const source of pipeline.sources.values()) {
    const own = feeds.filter((feed) => feed.source === source.id);
    // Reads of other sources cost no requests that anybody counts.
    const isApi = own.some(({ coverage }) => coverage !== undefined);
    if (isApi) found.push(...(await estimateOf(app, planned, { source, feeds: own })));
  }
  return found;
}

function standingDocument({ id, kind, budget }: Source, found: Standing): StandingDocument {
  const { of, now, horizon, feeds, backlog, estimate, perSecond } = found;
  return {
    source: id,
    kind,
    of,
    now,
    horizon,
    feeds,
    backlog: { events: backlog.events, more: backlog.isMore },
    estimate: { ...estimate, seconds: perSecond === null ? null : Math.ceil(estimate.requests / perSecond) },
    rate_per_second: perSecond,
    budget,
  };
}
