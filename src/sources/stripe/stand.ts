import type { Json } from "../../kernel/json.ts";
import type { FeedRequest, TryRequest } from "../source.ts";
import type { FeedStanding, Standing } from "../standing.ts";
import { identityText, openStripe, type StripeApi, type StripeTools } from "./api.ts";
import { listedFor } from "./coverage.ts";
import { beginNet, netsSoFar, planNet } from "./nets.ts";
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

/** Seconds that the newest hundred objects before an instant reach back; null where they are all there are. */
async function pageReach(api: StripeApi, { name, listed: { path, query } }: List, before: number): Promise<number | null> {
  const asked = { ...query, limit: String(PAGE), "created[lt]": String(before) };
  const { data, has_more: hasMore } = (await api.ask({ name: `list ${name}`, path, query: asked })).body as {
    data: readonly { readonly created?: number }[];
    has_more: boolean;
  };
  const oldest = data.at(-1)?.created;
  return hasMore && oldest !== undefined ? Math.max(1, before - oldest) : null;
}

/** Requests that the lists of a range take, if they were always as dense as one page. */
const pagesOf = (seconds: number, reach: number | null) => (reach === null ? 1 : Math.max(1, Math.ceil(seconds / reach)));

type List = ReturnType<typeof listedFor>;

interface Stood {
  readonly asked: FeedRequest;
  readonly listed: List;
  readonly standing: FeedStanding;
  /** Seconds: where the feed goes on, up or down; null where it begins. */
  readonly at: number | null;
  readonly state: ReadonlyMap<string, Json>;
}

async function stood({ state }: TryRequest, asked: FeedRequest): Promise<Stood> {
  const { feed, cursor, loading } = asked;
  const listed = listedFor(stripeReading(feed).object);
  const own = await state(feed.id);
  const { days, history } = netsSoFar(own);
  const nets = { days: days === null ? null : isoOf(days), history: history === null ? null : isoOf(history) };
  const way = wayOf(asked);
  if ((way === "changes" || way === "net") && cursor) {
    const at = Number(cursor.position);
    return { asked, listed, at, state: own, standing: { feed: feed.id, reads: "changes", from: isoOf(at), nets } };
  }
  const next = loading === null ? undefined : own.get(NEXT);
  const at = typeof next === "number" ? next : null;
  const from = at === null ? null : isoOf(at);
  return { asked, listed, at, state: own, standing: { feed: feed.id, reads: "load", from, nets } };
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
  for (const { listed, at } of kindsOf(loads).values()) {
    const before = at ?? horizon;
    requests += pagesOf(before - opened, await pageReach(api, listed, before));
  }
  const basis = `loads: ${requests} pages, if the account was always as busy as in its newest hundred objects of each kind; longer lists inside objects come on top`;
  return { requests, basis: loads.length === 0 ? [] : [basis] };
}

/** The pages that the nets of some feeds take. */
async function reckonNets(api: StripeApi, nets: readonly Stood[], horizon: number) {
  let [days, history] = [0, 0];
  for (const { asked, listed, at, state } of kindsOf(nets).values()) {
    const {
      days: due,
      share,
      history: before,
    } = beginNet(planNet(asked, { state, until: Math.min(at ?? horizon, horizon) }), asked.net?.rows ?? 0n);
    const reach = await pageReach(api, listed, horizon);
    for (const { from, before: end } of due) days += 1 + pagesOf(end - from, reach);
    history += before === null ? 0 : 1 + Math.ceil(share / PAGE);
  }
  const basis = `nets: ${days} pages of days, ${history} of history; open and pending objects come on top, of which each that is not in a list of open ones takes one`;
  return { requests: days + history, basis: nets.length === 0 ? [] : [basis] };
}

/** How far the feeds of an account have come, and what the next run takes; some requests are needed to tell. */
export async function standStripe(request: TryRequest, tools: StripeTools): Promise<Standing> {
  const { source, rate, timer, signal, feeds } = request;
  const api = await openStripe({ source, rate, timer, signal, requests: null, used: () => undefined, ...tools });
  const horizon = horizonOf(api.now, request);
  const all: Stood[] = [];
  for (const asked of feeds) all.push(await stood(request, asked));
  const isNet = ({ asked }: Stood) => asked.net !== undefined;
  const changes = await reckonChanges(
    api,
    all.filter((one) => isChanges(one) && !isNet(one)),
    horizon,
  );
  const nets = await reckonNets(
    api,
    all.filter((one) => isNet(one) && isChanges(one)),
    horizon,
  );
  const loads = await reckonLoads(
    api,
    all.filter((one) => !(isChanges(one) || isNet(one))),
    { horizon, opened: api.opened },
  );
  const { events, isMore } = changes.counted;
  return {
    of: identityText(api.identity),
    now: isoOf(api.now),
    horizon: isoOf(horizon),
    feeds: all.map(({ standing }) => standing),
    backlog: { events, isMore },
    estimate: {
      requests: changes.requests + loads.requests + nets.requests,
      basis: [...changes.basis, ...loads.basis, ...nets.basis],
    },
    perSecond: stripeSettings(source).rate.perSecond,
  };
}
