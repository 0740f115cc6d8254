import type { Json } from "../../kernel/json.ts";
import { Failure } from "../../kernel/problem.ts";
import type { Evidence } from "../source.ts";
import { jobFailed, pagesShort } from "./problems.ts";
import { type BulkEnd, eachBulkPage, type JobPlace } from "./query-bulk.ts";
import { eachRestPage, queryCount, type RestEnd } from "./query-rest.ts";
import type { FeedReading, Here } from "./readings.ts";
import { salesforceSettings } from "./salesforce-kind.ts";
import { countText, type RecordsQuery, recordsText } from "./soql.ts";

/** Characters of a query that an address can hold; percent signs make them more. */
const LONGEST_ADDRESS = 5_000;
const TRIES = 3;
/** Bytes of pages after which they are made durable, so that a run that is broken off goes on behind them. */
const SETTLED_BYTES = 48 * 1024 * 1024;

/** Where a broken-off run goes on: kept in the control store as `ExtractRequest.progress`. */
export interface KeptPlace {
  readonly soql: string;
  /** The horizon that was known before the job was made. */
  readonly until: number;
  readonly place: JobPlace;
  /** The first page of the records. */
  readonly first: number;
  readonly pages: number;
  readonly evidence: readonly Evidence[];
}

/** Whether a token is one of this version for a query. */
export function isKept(token: Json, soql: string): token is Json & KeptPlace {
  return typeof token === "object" && token !== null && "soql" in token && token["soql"] === soql;
}

/** What is asked for. */
export interface RecordsAsked {
  /** What it is for: `query Account`. */
  readonly name: string;
  readonly query: RecordsQuery;
  /** Where an attempt before came to; null where everything is asked for. */
  readonly kept: KeptPlace | null;
  /** A run that is broken off goes on behind what is durable. */
  readonly isKept: boolean;
}

/** Pages of the extract. */
export interface PageRange {
  readonly first: number;
  readonly last: number;
}

async function readByRest({ api, request }: Here, { shelf }: FeedReading, { name, query }: RecordsAsked): Promise<RestEnd> {
  const of = { name, soql: recordsText(query), all: true, source: request.source.id };
  return eachRestPage(api, of, async ({ page }) => {
    await shelf.add(page);
  });
}

async function readByBulk(here: Here, reading: FeedReading, of: RecordsAsked & { first: number }): Promise<BulkEnd> {
  const { request, api } = here;
  const { shelf, asked, until } = reading;
  const soql = recordsText(of.query);
  const keep = async (place: JobPlace) => {
    if (!of.isKept || shelf.unsettled() < SETTLED_BYTES) return;
    const evidence = await shelf.settle();
    const token: KeptPlace = { soql, until, place, first: of.first, pages: shelf.count(), evidence };
    await request.progress(asked.feed.id).keep(token as unknown as Json);
  };
  const asking = { source: request.source.id, name: of.name, soql, from: of.kept?.place ?? null };
  return eachBulkPage(api, asking, async ({ page }, next) => {
    await shelf.add(page);
    request.onProgress(asked.feed.id, shelf.bytes());
    if (next !== null) await keep(next);
  });
}

function failureOf(end: BulkEnd | RestEnd, { source, name }: { source: string; name: string }): Failure {
  if (end.is === "short") return new Failure("incomplete", pagesShort({ source, name, found: end.found, said: end.said }));
  return new Failure("retryable", jobFailed({ source, name, times: TRIES }));
}

/** Whether REST gives a query's records sooner than a job would be made for them. */
async function areFew({ api, request }: Here, { name, query }: RecordsAsked): Promise<boolean> {
  if (recordsText(query).length > LONGEST_ADDRESS) return false;
  const { restUpTo } = salesforceSettings(request.source);
  return (await queryCount(api, request.source.id, { name, soql: countText(query) })) <= restUpTo;
}

async function readOnce(here: Here, reading: FeedReading, of: RecordsAsked & { first: number }): Promise<BulkEnd | RestEnd> {
  const byRest = of.kept === null && (await areFew(here, of));
  if (byRest) return readByRest(here, reading, of);
  const end = await readByBulk(here, reading, of);
  const version = of.kept?.place.version ?? here.api.version;
  if (end.is === "whole") reading.jobs.push({ job: end.job, version });
  return end;
}

/**
 * Reads all records of a query, by REST where they are few, else by the Bulk API; again from its beginning where it did not come whole.
 * @throws Failure `incomplete` where it never gives what it says, `retryable` where it never comes to its end.
 */
export async function readRecords(here: Here, reading: FeedReading, asked: RecordsAsked): Promise<PageRange> {
  const { name } = asked;
  const source = here.request.source.id;
  let { kept } = asked;
  for (let tried = 1; ; tried += 1) {
    const first = kept?.first ?? reading.shelf.count() + 1;
    const end = await readOnce(here, reading, { ...asked, kept, first });
    if (end.is === "whole") return { first, last: reading.shelf.count() };
    kept = null;
    if (tried >= TRIES) throw failureOf(end, { source, name });
  }
}
