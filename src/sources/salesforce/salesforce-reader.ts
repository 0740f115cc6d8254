import type { Feed, Source } from "../../config/pipeline.ts";
import { eachAtOnce } from "../../kernel/at-once.ts";
import { systemClock, systemTimer } from "../../kernel/clock.ts";
import { canonicalJson } from "../../kernel/fingerprint.ts";
import { Failure } from "../../kernel/problem.ts";
import type {
  Comparison,
  Cursor,
  Extracted,
  ExtractRequest,
  FeedExtract,
  FeedRequest,
  SourceColumn,
  SourceReader,
  TryRequest,
} from "../source.ts";
import { openApi, type SalesforceApi, type SalesforceTools } from "./api.ts";
import { columnsOf, describeFeeds, type Proven, proveFeed } from "./describe.ts";
import { landFeed } from "./land-feed.ts";
import { corporateCurrency, openOrg, proveRights } from "./org.ts";
import { salesforceDeriver } from "./pages/deriver.ts";
import { removeJob } from "./query-bulk.ts";
import { readFeed } from "./read-feed.ts";
import type { Here } from "./readings.ts";
import { standSalesforce } from "./stand.ts";
import { trySalesforce } from "./try-salesforce.ts";

/** Feeds that are read side by side; the client bounds the requests. */
const AT_ONCE = 3;

/** Asks once, however many ask for it. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | null = null;
  return () => {
    asked ??= ask();
    return asked;
  };
}

async function openHere(request: ExtractRequest, tools: SalesforceTools): Promise<Here> {
  const { source, timer, clock, signal, budget, used } = request;
  const api = openApi({ source, timer, clock, signal, used, requests: budget.requests, ...tools });
  const org = await openOrg(api, source.id);
  return { request, api, org, corporate: once(() => corporateCurrency(api, source.id)) };
}

/** A feed that is to be read, and what is known of it. */
interface Accepted {
  readonly asked: FeedRequest;
  readonly proven: Proven;
  readonly sourceColumns: readonly SourceColumn[];
}

/** What is read by keys is asked for by somebody: it is left out in silence by no feed. */
const isNeeded = ({ feed, only }: FeedRequest) => feed.required || only !== undefined;

type LeftOut = NonNullable<Extracted["leftOut"]>[number];

/** What becomes of the feeds of an extract. */
interface Sorted {
  readonly accepted: readonly Accepted[];
  readonly refused: Extracted["refused"];
  readonly leftOut: readonly LeftOut[];
}

/** Proves each feed's fields; an optional one that cannot be read is left out. @throws Failure for a required one. */
async function sortFeeds({ request, api }: Here): Promise<Sorted> {
  const { source, feeds } = request;
  const described = await describeFeeds(
    api,
    source.id,
    feeds.map(({ feed }) => feed),
  );
  const accepted: Accepted[] = [];
  const refused: Extracted["refused"][number][] = [];
  const leftOut: LeftOut[] = [];
  for (const asked of feeds) {
    const { feed } = asked;
    const object = described.get(feed.id) ?? null;
    const sourceColumns = columnsOf(feed, object);
    try {
      const proven = await proveFeed(api, source, { feed, described: object });
      if (request.accepts(feed, sourceColumns)) accepted.push({ asked, proven, sourceColumns });
      else refused.push({ feed: feed.id, sourceColumns });
    } catch (error) {
      if (isNeeded(asked) || !(error instanceof Failure)) throw error;
      leftOut.push({ feed: feed.id, says: error.problems[0]?.says ?? "" });
    }
  }
  return { accepted, refused, leftOut };
}

/** Reads and lands one feed; its jobs go once its rows are landed. */
async function extractFeed(here: Here, { asked, proven, sourceColumns }: Accepted): Promise<FeedExtract> {
  const { request, api } = here;
  const read = await readFeed(here, { asked, proven });
  const extract = await landFeed(here, read, sourceColumns);
  const { source, signal } = request;
  for (const { job, version } of read.reading.jobs) await removeJob(api, { source: source.id, job, version, signal });
  return extract;
}

/** An optional feed whose read cannot be proved, or does not come to its end, is left out. @throws Failure for a required one. */
async function extractOrLeave(here: Here, one: Accepted): Promise<FeedExtract | LeftOut> {
  const { feed } = one.asked;
  try {
    return await extractFeed(here, one);
  } catch (error) {
    const passing = error instanceof Failure && (error.kind === "incomplete" || error.kind === "retryable");
    if (isNeeded(one.asked) || !passing || here.request.signal.aborted) throw error;
    return { feed: feed.id, says: error.problems[0]?.says ?? "" };
  }
}

async function extractWith(request: ExtractRequest, tools: SalesforceTools): Promise<Extracted> {
  const here = await openHere(request, tools);
  const { accepted, refused, leftOut } = await sortFeeds(here);
  const read = await eachAtOnce(accepted, AT_ONCE, (one) => extractOrLeave(here, one));
  if (accepted.length > 0) await proveRights(here.api, request.source.id);
  const extracts = read.filter((one) => "files" in one);
  return { extracts, refused, leftOut: [...leftOut, ...read.filter((one) => "says" in one)] };
}

function compare(_feed: Feed, published: Cursor, found: Cursor): Comparison {
  if (canonicalJson(published.identity) !== canonicalJson(found.identity)) return "foreign";
  const [was, is] = [String(published.position), String(found.position)];
  if (is === was) return "equal";
  return is > was ? "ahead" : "behind";
}

/** An API that is asked without a run. */
function openToTry({ source, timer, clock, signal }: ToTry, tools: SalesforceTools): SalesforceApi {
  return openApi({ source, timer, clock, signal, used: () => undefined, requests: null, ...tools });
}

type ToTry = Pick<TryRequest, "source" | "timer" | "clock" | "signal">;

async function columnsNow(source: Source, feeds: readonly Feed[], tools: SalesforceTools): Promise<Map<string, SourceColumn[]>> {
  const alone = { source, timer: systemTimer, clock: systemClock, signal: new AbortController().signal };
  const described = await describeFeeds(openToTry(alone, tools), source.id, feeds);
  return new Map(feeds.map((feed) => [feed.id, columnsOf(feed, described.get(feed.id) ?? null)]));
}

/** Reads records of a Salesforce org: what changed by its stamps, proved by what the org counts. */
export function salesforceReader(tools: SalesforceTools = { random: Math.random, env: process.env }): SourceReader {
  return {
    extract: (request) => extractWith(request, tools),
    compare,
    describe: (source, feeds) => columnsNow(source, feeds, tools),
    try: (request) => trySalesforce(openToTry(request, tools), request),
    standing: (request) => standSalesforce(openToTry(request, tools), request),
    close: async () => undefined,
    readsByKey: () => true,
    derivers: [salesforceDeriver],
  };
}
