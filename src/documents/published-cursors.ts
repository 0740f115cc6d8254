import { isReadFreely } from "../config/groups.ts";
import type { Feed, Pipeline } from "../config/pipeline.ts";
import type { Json } from "../kernel/json.ts";
import { readAdapterState } from "../ledger/adapter-state.ts";
import { loadingSince, type PublishedCursors, readCursors } from "../ledger/head.ts";
import type { App } from "../ports/ports.ts";
import { glance } from "../ports/reading.ts";
import { asksForKeys, type RunRequest, readsOf } from "../run/request.ts";
import type { FeedRequest } from "../sources/source.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import type { Session } from "../warehouse/warehouse.ts";

/** Nothing was ever published. */
export const NO_CURSORS: PublishedCursors = { cursors: new Map(), horizons: new Map(), liveRows: new Map() };

/** Where the feeds of some groups stand, each group asked once. */
export async function cursorsOfGroups(
  session: Session,
  dialect: Dialect,
  of: { groups: Iterable<string>; feeds: readonly Feed[] },
): Promise<PublishedCursors> {
  const found: PublishedCursors[] = [];
  for (const group of of.groups) found.push(await readCursors(session, dialect, { group, feeds: of.feeds }));
  return {
    cursors: new Map(found.flatMap(({ cursors }) => [...cursors])),
    horizons: new Map(found.flatMap(({ horizons }) => [...horizons])),
    liveRows: new Map(found.flatMap(({ liveRows }) => [...liveRows])),
  };
}

/** Adapters' own rows about some feeds, by feed. */
export async function statesOf(
  session: Session,
  dialect: Dialect,
  feeds: readonly Feed[],
): Promise<Map<string, ReadonlyMap<string, Json>>> {
  const states = new Map<string, ReadonlyMap<string, Json>>();
  for (const { id, group } of feeds) states.set(id, await readAdapterState(session, dialect, { group, feed: id }));
  return states;
}

/** Looks at the warehouse; before the first run there is none, and what is known then stands for it. */
export async function glanceOr<T>(
  app: App,
  pipeline: Pipeline,
  { before, ...of }: { purpose: string; before: T; work: (session: Session, dialect: Dialect) => Promise<T> },
): Promise<T> {
  const { path, exists } = await app.look.warehouseFile(pipeline);
  return path !== null && !exists ? before : glance(app, pipeline, of);
}

/** What a run would ask of a feed from where it stands. */
export function askedOf(
  pipeline: Pipeline,
  published: PublishedCursors,
  { feed, request }: { feed: Feed; request: RunRequest },
): FeedRequest {
  const changes = changesOf(pipeline, published, { feed, keys: asksForKeys(request) });
  switch (readsOf(request)) {
    case "whole":
      return { ...changes, cursor: null, loading: null };
    case "slice":
      return { ...changes, net: { rows: published.liveRows.get(feed.id) ?? 0n } };
    default:
      return changes;
  }
}

/** What a run of changes would ask of a feed from where it stands. */
export function changesOf(pipeline: Pipeline, published: PublishedCursors, asked: { feed: Feed; keys: boolean }): FeedRequest {
  const cursor = published.cursors.get(asked.feed.id) ?? null;
  const since = loadingSince(published, asked.feed.id);
  const mayReadWhole = isReadFreely(pipeline, published.liveRows.get(asked.feed.id));
  return { ...asked, cursor, published: cursor, mayReadWhole, loading: since === null ? null : { since } };
}
