import type { Json } from "../../kernel/json.ts";
import { Failure } from "../../kernel/problem.ts";
import type { ExtractRequest, FeedRequest } from "../source.ts";
import type { SalesforceApi } from "./api.ts";
import type { Proven } from "./describe.ts";
import { horizonOf } from "./horizon.ts";
import { type Identity, identityText, type Org } from "./org.ts";
import type { PagePart } from "./pages/spec.ts";
import { clockBehind, otherOrg } from "./problems.ts";
import { ID, type SalesforceReading, STAMP, salesforceReading } from "./salesforce-kind.ts";
import type { Shelf } from "./shelf.ts";
import { type RecordsQuery, soqlInstant } from "./soql.ts";

/** An open org and what is asked of it. */
export interface Here {
  readonly request: ExtractRequest;
  readonly api: SalesforceApi;
  readonly org: Org;
  /** The currency of which the org's sums are not converted, asked for when it is needed; null where it says none. */
  readonly corporate: () => Promise<string | null>;
}

/** How a feed is read: what changed, everything, everything again that no stamp speaks of, or records by their ids. */
export type Way = "changes" | "whole" | "net" | "only";

/** A feed that is being read. */
export interface FeedReading {
  readonly asked: FeedRequest;
  readonly of: SalesforceReading;
  readonly way: Way;
  readonly proven: Proven;
  /** Milliseconds since 1970: what is published; null for everything. */
  readonly from: number | null;
  /** Milliseconds since 1970: up to when all changes can be seen. */
  until: number;
  readonly shelf: Shelf;
  /** What is taken of which pages. */
  parts: PagePart[];
  /** Jobs whose results were taken: their ids and versions. */
  readonly jobs: { readonly job: string; readonly version: string }[];
  /** For people: what the log of deletions does not say. */
  readonly findings: string[];
  readonly notes: Record<string, string>;
}

/** Milliseconds by which a service's servers may differ in what they say is complete. */
const TOLERANCE = 10 * 60_000;

export function wayOf({ cursor, net, only }: FeedRequest): Way {
  if (only) return "only";
  if (net) return "net";
  return cursor === null ? "whole" : "changes";
}

const positionOf = (position: Json) => Date.parse(String(position));

/** @throws Failure `incomplete` where published records are of another org. */
function checkOrg({ request, org }: Here, { feed, cursor, published: last, only }: FeedRequest): void {
  const from = only ? last : cursor;
  if (from === null) return;
  const published = from.identity as unknown as Identity;
  if (published.org === org.identity.org && published.sandbox === org.identity.sandbox) return;
  const orgs = { published: identityText(published), found: identityText(org.identity) };
  throw new Failure("incomplete", otherOrg({ source: request.source.id, feed: feed.id, ...orgs }));
}

/**
 * Where a feed begins and up to when its changes can be seen. A horizon that goes back a little is another server's; the published one
 * was right when it was published, and stays.
 * @throws Failure `incomplete` for another org, or a horizon far behind the published one; `retryable` where none can be had.
 */
export async function spanOf(here: Here, asked: FeedRequest): Promise<Pick<FeedReading, "from" | "until">> {
  checkOrg(here, asked);
  const { source } = here.request;
  const { object } = salesforceReading(asked.feed);
  const found = await horizonOf(here.api, source.id, object);
  if (asked.cursor === null) return { from: null, until: found };
  const from = positionOf(asked.cursor.position);
  if (found < from - TOLERANCE) {
    const clocks = { published: soqlInstant(from), now: soqlInstant(found) };
    throw new Failure("incomplete", clockBehind({ source: source.id, feed: asked.feed.id, ...clocks }));
  }
  return { from, until: Math.max(from, found) };
}

/** Of merged records that are read whole: those, and what was undeleted since the published horizon, which would stay else. */
function mergedWhere({ asked, until }: Pick<FeedReading, "asked" | "until">): string {
  const { published } = asked;
  if (published === null) return "IsDeleted = true";
  return `(IsDeleted = true OR ${STAMP} >= ${soqlInstant(Math.min(until, positionOf(published.position)))})`;
}

/** What is read of a feed's records. */
export function recordsQuery(reading: FeedReading): RecordsQuery {
  const { of, way, proven, from } = reading;
  const sign = way === "net" ? "<" : ">=";
  const stamped = from === null ? [] : [`${STAMP} ${sign} ${soqlInstant(from)}`];
  const merged = of.records === "merged" && from === null ? [mergedWhere(reading)] : [];
  return { object: of.object, fields: proven.fields, where: [...merged, ...stamped] };
}

/** The same of records that changed after the horizon: they explain what differs. */
export function laterQuery(reading: FeedReading): RecordsQuery {
  const { way, from, until } = reading;
  const since = way === "net" && from !== null ? `${STAMP} >= ${soqlInstant(from)}` : `${STAMP} > ${soqlInstant(until)}`;
  return { ...recordsQuery(reading), where: [since] };
}

/** All ids that there are, and their stamps: up to the horizon they can be counted. */
export const idsQuery = ({ of }: FeedReading): RecordsQuery => ({
  object: of.object,
  fields: [ID, STAMP],
  where: ["IsDeleted = false"],
});

/** Adds pages from which something is taken, but for some records. */
export function addPart(reading: FeedReading, part: Omit<PagePart, "except">, except: readonly string[] = []): void {
  if (part.last >= part.first) reading.parts.push({ ...part, except });
}
