import type { Feed, Pipeline, Source } from "../config/pipeline.ts";
import type { Json } from "../kernel/json.ts";
import type { PublishedCursors } from "../ledger/head.ts";
import type { App } from "../ports/ports.ts";
import type { Standing } from "../sources/source.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { changesOf, cursorsOfGroups, glanceOr, NO_CURSORS, statesOf } from "./published-cursors.ts";

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
  readonly published: PublishedCursors;
  readonly state: ReadonlyMap<string, ReadonlyMap<string, Json>>;
}

async function knownOf(session: Session, dialect: Dialect, feeds: readonly Feed[]): Promise<Known> {
  const groups = new Set(feeds.map(({ group }) => group));
  const published = await cursorsOfGroups(session, dialect, { groups, feeds });
  return { published, state: await statesOf(session, dialect, feeds) };
}

/**
 * How far the reads of a source have come; null where its kind cannot tell.
 * @throws Failure as its reader, and where the warehouse cannot be asked.
 */
export async function standingOf(app: App, pipeline: Pipeline, source: Source): Promise<StandingDocument | null> {
  const feeds = [...pipeline.feeds.values()].filter((feed) => feed.source === source.id);
  const { published, state } = await glanceOr<Known>(app, pipeline, {
    purpose: "source show",
    before: { published: NO_CURSORS, state: new Map() },
    work: (session, dialect) => knownOf(session, dialect, feeds),
  });
  const requests = feeds.map((feed) => changesOf(pipeline, published, { feed, keys: false }));
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
