import type { FeedRequest, FeedStanding, Standing, TryRequest } from "../source.ts";
import { identityText, openStripe, type StripeApi, type StripeTools } from "./api.ts";
import { listedFor } from "./coverage.ts";
import { horizonOf, isoOf, NEXT, OVERLAP, wayOf } from "./readings.ts";
import { stripeReading, stripeSettings } from "./stripe-kind.ts";

/** Pages of events that are counted. */
const COUNTED = 10;
const PAGE = 100;

interface Counted {
  readonly events: number;
  readonly isMore: boolean;
  /** Objects that events name, each once. */
  readonly objects: number;
}

interface EventsPage {
  readonly data: readonly { readonly id: string; readonly data?: { readonly object?: { readonly id?: unknown } } }[];
  readonly has_more: boolean;
}

/** Counts what happened since an instant, in seconds. */
async function countEvents(api: StripeApi, since: number): Promise<Counted> {
  const objects = new Set<unknown>();
  let [events, behind, isMore] = [0, {}, true];
  for (let page = 0; page < COUNTED && isMore; page += 1) {
    const query = { limit: String(PAGE), "created[gte]": String(since), ...behind };
    const { data, has_more: hasMore } = (await api.ask({ name: "list events", path: "/v1/events", query })).body as EventsPage;
    events += data.length;
    for (const { data: about } of data) objects.add(about?.object?.id);
    behind = { starting_after: data.at(-1)?.id ?? "" };
    isMore = hasMore && data.length > 0;
  }
  return { events, isMore, objects: objects.size };
}

/** Requests that lists of everything created before an instant take, if they were always as dense as now. */
async function loadPages(
  api: StripeApi,
  name: ReturnType<typeof listedFor>,
  { before, opened }: { before: number; opened: number },
) {
  const { path, query } = name.listed;
  const asked = { ...query, limit: String(PAGE), "created[lt]": String(before) };
  const { data, has_more: hasMore } = (await api.ask({ name: `list ${name.name}`, path, query: asked })).body as {
    data: readonly { readonly created?: number }[];
    has_more: boolean;
  };
  const oldest = data.at(-1)?.created;
  if (!hasMore || oldest === undefined) return 1;
  return Math.max(2, Math.ceil((before - opened) / Math.max(1, before - oldest)));
}

interface Stood {
  readonly asked: FeedRequest;
  readonly listed: ReturnType<typeof listedFor>;
  readonly standing: FeedStanding;
  /** Seconds: where the feed goes on, up or down; null where it begins. */
  readonly at: number | null;
}

async function stood({ state }: TryRequest, asked: FeedRequest): Promise<Stood> {
  const { feed, cursor, loading } = asked;
  const listed = listedFor(stripeReading(feed).object);
  if (wayOf(asked) === "changes" && cursor) {
    const at = Number(cursor.position);
    return { asked, listed, at, standing: { feed: feed.id, reads: "changes", from: isoOf(at) } };
  }
  const next = loading === null ? undefined : (await state(feed.id)).get(NEXT);
  const at = typeof next === "number" ? next : null;
  return { asked, listed, at, standing: { feed: feed.id, reads: "load", from: at === null ? null : isoOf(at) } };
}

const isChanges = ({ standing }: Stood) => standing.reads === "changes";

/** Kinds of lists, each with the place from which most is to be read. */
function kindsOf(all: readonly Stood[]): ReadonlyMap<string, Stood> {
  return new Map(all.map((one) => [one.listed.name, one]));
}

/** @returns what the events tell of the furthest behind, and the requests of an hour of changes. */
async function reckonChanges(api: StripeApi, changes: readonly Stood[], horizon: number) {
  if (changes.length === 0) return { counted: { events: 0, isMore: false, objects: 0 }, requests: 0, basis: [] };
  const since = Math.min(...changes.map(({ at }) => at ?? horizon)) - OVERLAP;
  const counted = await countEvents(api, since);
  const kinds = kindsOf(changes).size;
  const pages = Math.ceil(counted.events / PAGE) + 1;
  const basis = `changes: 2 for each of ${kinds} lists, ${pages} for events, at most ${counted.objects} for objects that they name`;
  return { counted, requests: 2 * kinds + pages + counted.objects, basis: [basis] };
}

async function reckonLoads(api: StripeApi, loads: readonly Stood[], { horizon, opened }: { horizon: number; opened: number }) {
  let requests = 0;
  for (const { listed, at } of kindsOf(loads).values())
    requests += await loadPages(api, listed, { before: at ?? horizon, opened });
  const basis = `first loads: ${requests} pages, if the account was always as busy as in its newest hundred objects of each kind; longer lists inside objects come on top`;
  return { requests, basis: loads.length === 0 ? [] : [basis] };
}

/** How far the feeds of an account have come, and what the next run takes; some requests are needed to tell. */
export async function standStripe(request: TryRequest, tools: StripeTools): Promise<Standing> {
  const { source, rate, timer, signal, feeds } = request;
  const api = await openStripe({ source, rate, timer, signal, requests: null, used: () => undefined, ...tools });
  const horizon = horizonOf(api.now, request);
  const all: Stood[] = [];
  for (const asked of feeds) all.push(await stood(request, asked));
  const changes = await reckonChanges(api, all.filter(isChanges), horizon);
  const loads = await reckonLoads(
    api,
    all.filter((one) => !isChanges(one)),
    { horizon, opened: api.opened },
  );
  const { events, isMore } = changes.counted;
  return {
    of: identityText(api.identity),
    now: isoOf(api.now),
    horizon: isoOf(horizon),
    feeds: all.map(({ standing }) => standing),
    backlog: { events, isMore },
    estimate: { requests: changes.requests + loads.requests, basis: [...changes.basis, ...loads.basis] },
    perSecond: stripeSettings(source).rate.perSecond,
  };
}
