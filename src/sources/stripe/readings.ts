import type { Feed } from "../../config/pipeline.ts";
import type { Json } from "../../kernel/json.ts";
import { Failure } from "../../kernel/problem.ts";
import { type PagePacks, pagePacks } from "../pages/page-packs.ts";
import type { Cursor, ExtractRequest, FeedRequest } from "../source.ts";
import { type Identity, identityText, PAGE_HEADERS, type StripeApi } from "./api.ts";
import { COVERAGE, isInside, listedFor, type Nested } from "./coverage.ts";
import { type Gathering, gather } from "./gathering.ts";
import { beginNet, type NetPlan, type NetReading, planNet } from "./nets.ts";
import { type FeedPaths, watchPaths } from "./paths.ts";
import { clockBehind, gapTooLong, otherAccount } from "./problems.ts";
import { API_VERSION, stripeReading } from "./stripe-kind.ts";
import { nothingRefetched, type Refetched } from "./touched.ts";

/** An open account and what is asked of it. */
export interface Here {
  readonly request: ExtractRequest;
  readonly api: StripeApi;
  /** Seconds since 1970 below which lists and events show nothing new any more. */
  readonly horizon: number;
  /** The pages of all that is read. */
  readonly packs: PagePacks[];
  /** Whether the time that the extract may take is over. */
  readonly isLate: () => boolean;
}

/** Seconds: lists and events show an object at most so long after the second that it is stamped with (docs/stripe.md). */
export const LAG = 300;

/**
 * Seconds since 1970 below which nothing new appears: by the API's clock, and never beyond this machine's, so that a wrong `Date` of
 * a service or a proxy cannot move a cursor past what is still to come.
 */
export function horizonOf(now: number, { clock }: Pick<ExtractRequest, "clock">): number {
  return Math.min(now, Math.floor(clock.now().getTime() / 1000)) - LAG;
}

/** Seconds that are read again below a published horizon. */
export const OVERLAP = 600;

/** Days after which events are not trusted to be all there; Stripe keeps them for 30. */
const EVENT_DAYS = 25;
const DAY = 86_400;

/**
 * How a reading goes: on from a horizon, or from the newest object down; `whole` where a person asked for it, `net` where parts of it
 * are read again, `only` where objects are asked for by their ids.
 */
export type Way = "changes" | "first" | "whole" | "net" | "only";

/** Whether a reading stands beside what hourly runs go on from: it moves no cursor, and asks for nothing that an earlier one has missed. */
export const isBesideCursor = (way: Way): boolean => way === "net" || way === "only";

/** One reading of a kind of objects, for the feeds that go on from one place. */
export interface Reading {
  readonly way: Way;
  readonly asked: readonly FeedRequest[];
  readonly of: Gathering;
  readonly packs: PagePacks;
  readonly paths: FeedPaths;
  readonly found: Refetched;
  /** Ids that were not there when they were asked for in an earlier run. */
  readonly missingBefore: ReadonlySet<string>;
  /** Objects that events call deleted. */
  readonly deleted: Set<string>;
  /** Seconds since 1970. `changes`: what is published; else the end of what is to be loaded. */
  readonly start: number;
  /** Where a load went on; null for one that begins. */
  readonly began: number | null;
  /** Where it goes on: nothing created before it was read; null where it is done. */
  next: number | null;
  /** Up to where changes are complete now. */
  reached: number;
  /** What nets are to read, and what they have; null for every other way. */
  readonly net: NetReading | null;
}

const MISSING = "missing/";
/** The adapter's own row about where a load goes on. */
export const NEXT = "before";

/** The adapter's own row about whose objects a load has brought so far. */
export const ACCOUNT = "account";

/** The adapter's own row about the members that objects were seen to have, in the version that is asked for. */
export const PATHS = `paths/${API_VERSION}`;

/** The adapter's own row about an object that was not there. */
export const missingKey = (id: string) => `${MISSING}${id}`;

/** An instant of the API as cursors and reports have it. */
export const isoOf = (seconds: number) => new Date(seconds * 1000).toISOString();

function positionOf({ position }: Cursor): number {
  return Number(position);
}

/** Where the published cursor is not to be gone on from, everything is read. */
export function wayOf({ cursor, published, loading, net, only }: FeedRequest): Way {
  if (only) return "only";
  if (net) return "net";
  if (loading !== null || published === null) return "first";
  return cursor === null ? "whole" : "changes";
}

/** @throws Failure `incomplete` where published rows of a feed are of another account. */
function checkAccount({ request, api }: Here, feed: Feed, published: Identity): void {
  if (published.account === api.identity.account && published.livemode === api.identity.livemode) return;
  const accounts = { published: identityText(published), found: identityText(api.identity) };
  throw new Failure("incomplete", otherAccount({ source: request.source.id, feed: feed.id, ...accounts }));
}

/**
 * Nobody goes on from a cursor behind which everything is read again.
 * @throws Failure `incomplete` where the published rows are of another account, of a time to come, or too old to go on from.
 */
function checkCursor(here: Here, { feed, cursor, loading }: FeedRequest): void {
  if (cursor === null || loading !== null) return;
  const { request, api, horizon } = here;
  const source = request.source.id;
  checkAccount(here, feed, cursor.identity as unknown as Identity);
  // Servers of one service differ by seconds.
  if (horizon < positionOf(cursor) - LAG) {
    const clocks = { published: isoOf(positionOf(cursor)), now: isoOf(horizon) };
    throw new Failure("incomplete", clockBehind({ source, feed: feed.id, ...clocks }));
  }
  const days = Math.floor((api.now - positionOf(cursor)) / DAY);
  if (days > EVENT_DAYS) throw new Failure("incomplete", gapTooLong({ source, feed: feed.id, days }));
}

function startOf({ horizon }: Here, way: Way, { cursor, loading }: FeedRequest): number {
  if ((way === "changes" || way === "net") && cursor) return positionOf(cursor);
  return way === "first" && loading ? Date.parse(loading.since) / 1000 : horizon;
}

interface Planned {
  readonly way: Way;
  readonly start: number;
  readonly next: number | null;
  readonly asked: FeedRequest;
  readonly net: NetPlan | null;
  readonly state: ReadonlyMap<string, Json>;
}

async function planOf(here: Here, asked: FeedRequest): Promise<Planned> {
  const way = wayOf(asked);
  if (way !== "whole") checkCursor(here, asked);
  if (way === "only" && asked.published) checkAccount(here, asked.feed, asked.published.identity as unknown as Identity);
  const state = await here.request.state(asked.feed.id);
  const account = state.get(ACCOUNT);
  if ((asked.loading !== null || way === "only") && account != null)
    checkAccount(here, asked.feed, account as unknown as Identity);
  const next = state.get(NEXT);
  const start = startOf(here, way, asked);
  return {
    way,
    start,
    net: way === "net" ? planNet(asked, { state, until: Math.min(start, here.horizon) }) : null,
    next: asked.loading !== null && typeof next === "number" ? next : null,
    asked,
    state,
  };
}

/** A gathering of a kind of objects, whose pages are kept under the first of its feeds. */
export function gatheringFor(
  { request, api, packs: all }: Here,
  { name, asked }: { name: ReturnType<typeof listedFor>["name"]; asked: readonly FeedRequest[] },
  on: Pick<Gathering, "onObject" | "onGone"> & { readonly onBytes: (bytes: number) => void },
): { of: Gathering; packs: PagePacks } {
  const feeds = asked.map(({ feed }) => feed);
  const packs = pagePacks(request.evidence(feeds[0]?.id ?? ""), { name, headers: PAGE_HEADERS });
  all.push(packs);
  const nested = feeds
    .map((feed) => COVERAGE[stripeReading(feed).object])
    .filter((line): line is Nested => line.changes === "parents");
  const of = gather({
    api,
    source: request.source.id,
    name,
    line: listedFor(name).listed,
    nested,
    packs,
    ...on,
    onBytes: () => on.onBytes(packs.bytes()),
  });
  return { of, packs };
}

function pathsOf(state: ReadonlyMap<string, Json>): readonly string[] {
  const known = state.get(PATHS);
  return Array.isArray(known) ? known.map(String) : [];
}

function readingOf(here: Here, group: readonly Planned[]): Reading {
  const [first] = group as [Planned, ...Planned[]];
  const asked = group.map((planned) => planned.asked);
  const paths = watchPaths(group.map(({ asked: { feed }, state }) => ({ feed, known: pathsOf(state) })));
  const found = nothingRefetched();
  const { name } = listedFor(stripeReading(first.asked.feed).object);
  const on = {
    onObject: paths.see,
    onGone: (id: string) => found.missing.add(id),
    onBytes: (bytes: number) => {
      for (const { feed } of asked) here.request.onProgress(feed.id, bytes);
    },
  };
  const { of, packs } = gatheringFor(here, { name, asked }, on);
  const missing = group.flatMap(({ state, way }) =>
    isBesideCursor(way) ? [] : [...state.keys()].filter((key) => key.startsWith(MISSING)),
  );
  const { way, start, next, net } = first;
  return {
    way,
    asked,
    of,
    packs,
    paths,
    found,
    missingBefore: new Set(missing.map((key) => key.slice(MISSING.length))),
    deleted: new Set(),
    start,
    began: next,
    next: next ?? start,
    reached: start,
    net: net && beginNet(net, rowsOf(asked)),
  };
}

/** How many objects of the list are published: rows of the feed of the list itself, else of one inside it. */
function rowsOf(asked: readonly FeedRequest[]): bigint {
  const own = asked.find(({ feed }) => !isInside(stripeReading(feed).object)) ?? asked[0];
  return own?.net?.rows ?? 0n;
}

/**
 * The readings of an extract: feeds of one kind of objects, or of kinds inside it, share one where they go on from one place.
 * @throws Failure as `checkCursor`.
 */
export async function planReadings(here: Here): Promise<readonly Reading[]> {
  const groups = new Map<string, Planned[]>();
  for (const asked of here.request.feeds) {
    const planned = await planOf(here, asked);
    const { way, start, next, net } = planned;
    const key = JSON.stringify([listedFor(stripeReading(asked.feed).object).name, way, start, next, net, asked.only ?? null]);
    groups.set(key, [...(groups.get(key) ?? []), planned]);
  }
  return [...groups.values()].map((group) => readingOf(here, group));
}
