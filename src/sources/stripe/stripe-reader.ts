import type { Feed } from "../../config/pipeline.ts";
import { canonicalJson } from "../../kernel/fingerprint.ts";
import { pagesDeriver } from "../pages/pages-deriver.ts";
import type {
  Comparison,
  Cursor,
  Evidence,
  Extracted,
  ExtractRequest,
  FeedExtract,
  FeedRequest,
  SourceColumn,
  SourceReader,
} from "../source.ts";
import { openStripe, type StripeTools } from "./api.ts";
import { isInside, listedFor } from "./coverage.ts";
import { landReading } from "./land-reading.ts";
import { readChanges, readLoads, readOnly } from "./read-changes.ts";
import { readNets } from "./read-nets.ts";
import { type Here, horizonOf, planReadings, type Reading, type Way, wayOf } from "./readings.ts";
import { standStripe } from "./stand.ts";
import { showsGone, stripeReading } from "./stripe-kind.ts";
import { tryStripe } from "./try-stripe.ts";

const UNBOUNDED: ExtractRequest["budget"] = { requests: null, seconds: null };

/** Nets read one night's share, and a whole read no part of which says what is gone is not cut: the budget is that of all other reads. */
function bounded(request: ExtractRequest): ExtractRequest {
  const showing = request.feeds.filter(({ feed }) => showsGone(feed));
  const objects = new Set<string>(showing.map(({ feed }) => stripeReading(feed).object));
  const isUncut = (asked: FeedRequest) =>
    wayOf(asked) === "whole" && !objects.has(listedFor(stripeReading(asked.feed).object).name);
  const isOwn = request.feeds.some((asked) => asked.net !== undefined || isUncut(asked));
  return isOwn ? { ...request, budget: UNBOUNDED } : request;
}

async function openHere(request: ExtractRequest, tools: StripeTools): Promise<Here> {
  const { source, rate, timer, signal, budget, used } = request;
  const api = await openStripe({ source, rate, timer, signal, used, requests: budget.requests, ...tools });
  const until = budget.seconds === null ? Number.POSITIVE_INFINITY : timer.now() + budget.seconds * 1000;
  const horizon = horizonOf(api.now, request);
  return { request, api, horizon, packs: [], isLate: () => timer.now() >= until };
}

/** Reads what is asked for, each reading in its way. @returns the pages of the events that said what changed; null without any. */
async function readAll(here: Here, readings: readonly Reading[]): Promise<Reading["packs"] | null> {
  const of = (...ways: Way[]) => readings.filter(({ way }) => ways.includes(way));
  const changes = await readChanges(here, of("changes"));
  await readLoads(here, of("first", "whole"));
  await readOnly(of("only"));
  const nets = await readNets(here, of("net"));
  return changes ?? nets;
}

/** All pages of an extract: those of each reading, and behind them the events that said what changed. */
async function readPages(here: Here, readings: readonly Reading[]): Promise<ReadonlyMap<Reading, readonly Evidence[]>> {
  try {
    const events = await readAll(here, readings);
    const kept = (await events?.close()) ?? [];
    const pages = new Map<Reading, readonly Evidence[]>();
    for (const reading of readings) {
      const own = await reading.packs.close();
      // The feed of events has pages of its own; those that said what changed would be copies of them.
      const isTold = (reading.way === "changes" || reading.way === "net") && reading.of.name !== "events";
      pages.set(reading, isTold ? [...own, ...kept] : own);
    }
    return pages;
  } catch (error) {
    for (const packs of here.packs) await packs.abandon(error);
    throw error;
  }
}

async function extractWith(request: ExtractRequest, tools: StripeTools): Promise<Extracted> {
  const here = await openHere(bounded(request), tools);
  const readings = await planReadings(here);
  const pages = await readPages(here, readings);
  const extracts: FeedExtract[] = [];
  const refused: Extracted["refused"][number][] = [];
  for (const reading of readings) {
    for (const asked of reading.asked) {
      const sourceColumns = reading.paths.columns(asked.feed);
      if (request.accepts(asked.feed, sourceColumns)) {
        extracts.push(await landReading(here, reading, { asked, evidence: pages.get(reading) ?? [] }));
      } else refused.push({ feed: asked.feed.id, sourceColumns });
    }
  }
  return { extracts, refused };
}

function compare(_feed: Feed, published: Cursor, found: Cursor): Comparison {
  if (canonicalJson(published.identity) !== canonicalJson(found.identity)) return "foreign";
  const [was, is] = [Number(published.position), Number(found.position)];
  return is === was ? "equal" : is > was ? "ahead" : "behind";
}

/** The columns are those of the contract: objects have no others that are declared anywhere. */
const columnsOf = (feed: Feed): SourceColumn[] =>
  feed.contract.columns.map(({ name }) => ({ name, type: "json", nullable: true }));

/** Reads objects of a Stripe account: lists of what was created, and again what events say has changed. */
export function stripeReader(tools: StripeTools = { random: Math.random, env: process.env }): SourceReader {
  return {
    extract: (request) => extractWith(request, tools),
    compare,
    describe: async (_source, feeds) => new Map(feeds.map((feed) => [feed.id, columnsOf(feed)])),
    try: (request) => tryStripe(request, tools),
    standing: (request) => standStripe(request, tools),
    close: async () => undefined,
    // What stands in others is read with those, which are known by the feed of theirs.
    readsByKey: (feed) => !isInside(stripeReading(feed).object) || feed.inside !== undefined,
    derivers: [pagesDeriver],
  };
}
