import { isReadFreely } from "../config/groups.ts";
import type { Feed, Pipeline, Source } from "../config/pipeline.ts";
import type { Json } from "../kernel/json.ts";
import { readAdapterState } from "../ledger/adapter-state.ts";
import { loadingSince, type PublishedCursors, readCursors } from "../ledger/head.ts";
import type { App } from "../ports/ports.ts";
import { glance } from "../ports/reading.ts";
import type { FeedRequest, Standing } from "../sources/source.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import type { Session } from "../warehouse/warehouse.ts";

/** How far the reads of a source have come, as `source show` tells it. */
export interface StandingDocument {
  readonly source: string;
  readonly kind: string;
  readonly of: string;
  readonly now: string;
  readonly horizon: string;
  readonly feeds: readonly { readonly feed: string; readonly reads: "changes" | "load"; readonly from: string | null }[];
  readonly backlog: { readonly events: number; readonly more: boolean };
  readonly estimate: { readonly requests: number; readonly seconds: number; readonly basis: readonly string[] };
  readonly rate_per_second: number;
  readonly budget: Source["budget"];
}

/** What the warehouse knows of some feeds. */
interface Known {
  readonly requests: readonly FeedRequest[];
  readonly state: ReadonlyMap<string, ReadonlyMap<string, Json>>;
}

function requestOf(pipeline: Pipeline, feed: Feed, published: PublishedCursors): FeedRequest {
  const cursor = published.cursors.get(feed.id) ?? null;
  const since = loadingSince(published, feed.id);
  const mayReadWhole = isReadFreely(pipeline, published.liveRows.get(feed.id));
  return { feed, cursor, published: cursor, mayReadWhole, keys: false, loading: since === null ? null : { since } };
}

async function knownOf(
  session: Session,
  dialect: Dialect,
  { pipeline, feeds }: { pipeline: Pipeline; feeds: readonly Feed[] },
): Promise<Known> {
  const requests: FeedRequest[] = [];
  const state = new Map<string, ReadonlyMap<string, Json>>();
  for (const feed of feeds) {
    const published = await readCursors(session, dialect, { group: feed.group, feeds: [feed] });
    requests.push(requestOf(pipeline, feed, published));
    state.set(feed.id, await readAdapterState(session, dialect, { group: feed.group, feed: feed.id }));
  }
  return { requests, state };
}

/** Before the first run there is no warehouse, and nothing is published. */
async function known(app: App, pipeline: Pipeline, feeds: readonly Feed[]): Promise<Known> {
  const { path, exists } = await app.look.warehouseFile(pipeline);
  const work = (session: Session, dialect: Dialect) => knownOf(session, dialect, { pipeline, feeds });
  if (path === null || exists) return glance(app, pipeline, { purpose: "source show", work });
  const nothing: PublishedCursors = { cursors: new Map(), horizons: new Map(), liveRows: new Map() };
  return { requests: feeds.map((feed) => requestOf(pipeline, feed, nothing)), state: new Map() };
}

/**
 * How far the reads of a source have come; null where its kind cannot tell.
 * @throws Failure as its reader, and where the warehouse cannot be asked.
 */
export async function standingOf(app: App, pipeline: Pipeline, source: Source): Promise<StandingDocument | null> {
  const feeds = [...pipeline.feeds.values()].filter((feed) => feed.source === source.id);
  const { requests, state } = await known(app, pipeline, feeds);
  const asked = { source, feeds: requests, state: async (feed: string) => state.get(feed) ?? new Map<string, Json>() };
  const found = await app.look.standing(pipeline, asked);
  return found && standingDocument(source, found);
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
    estimate: { ...estimate, seconds: Math.ceil(estimate.requests / perSecond) },
    rate_per_second: perSecond,
    budget,
  };
}
