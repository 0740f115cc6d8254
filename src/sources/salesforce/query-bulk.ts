import { isUtf8 } from "node:buffer";
import { Failure } from "../../kernel/problem.ts";
import type { Answer, PageSizes, SalesforceApi } from "./api.ts";
import { countRecords } from "./pages/csv-page.ts";
import { jobSlow, notJson } from "./problems.ts";

/** Where the reading of a job's results goes on. */
export interface JobPlace {
  readonly job: string;
  /** The version that it was made in: results are given out in no other one. */
  readonly version: string;
  /** Null at its beginning. */
  readonly locator: string | null;
  /** Records on the pages before. */
  readonly records: number;
}

export interface BulkQuery {
  readonly source: string;
  /** What it is for: `query Account`. */
  readonly name: string;
  readonly soql: string;
  /** Where an attempt before came to; null for a new job. */
  readonly from: JobPlace | null;
}

/** How the reading of a job ended. `lost`: the job failed, or it, or its place, is gone. `short`: it gave other records than it says. */
export type BulkEnd =
  | { readonly is: "whole"; readonly job: string }
  | { readonly is: "lost"; readonly job: string | null }
  | { readonly is: "short"; readonly job: string; readonly found: number; readonly said: number | null };

interface Job {
  readonly id: string;
  readonly state: string;
  readonly version: string;
  readonly processed: number | null;
}

const FIRST_POLL_MS = 1_000;
const LONGEST_POLL_MS = 30_000;
/** A job that runs longer is asked for again by the next run. */
const PATIENCE_MS = 2 * 3_600_000;

/** Bytes that a page is to have. */
const PAGE_BYTES = 16 * 1024 * 1024;
/** A page is asked for once more where it is not what it says. */
const PAGE_TRIES = 3;

/** The literal text behind the last page. */
const END = "null";

const versionText = (value: unknown) => (typeof value === "number" ? value.toFixed(1) : typeof value === "string" ? value : "");

/** @throws Failure `incomplete` where an answer is no job. */
function jobOf({ body }: Answer, { source, name }: BulkQuery): Job {
  const { id, state, apiVersion, numberRecordsProcessed } = (body ?? {}) as Record<string, unknown>;
  if (typeof id !== "string" || typeof state !== "string") throw new Failure("incomplete", notJson({ source, name }));
  const processed = typeof numberRecordsProcessed === "number" ? numberRecordsProcessed : null;
  return { id, state, version: versionText(apiVersion), processed };
}

/** A job's own path in the version that it was made in. */
const pathOf = ({ id, version }: Pick<Job, "id" | "version">) => `/services/data/v${version}/jobs/query/${id}`;

async function beginJob(api: SalesforceApi, of: BulkQuery): Promise<Job> {
  const json = { operation: "queryAll", query: of.soql, columnDelimiter: "COMMA", lineEnding: "LF" };
  const answer = await api.ask({ name: of.name, path: "jobs/query", method: "POST", json, isIdempotent: true });
  const job = jobOf(answer, of);
  return { ...job, version: job.version || api.version };
}

/** Waits until a job is done; null where it never will be. @throws Failure `retryable` where it takes too long. */
async function finished(api: SalesforceApi, of: BulkQuery, begun: Pick<Job, "id" | "version">): Promise<Job | null> {
  let waited = 0;
  for (let wait = FIRST_POLL_MS; ; wait = Math.min(LONGEST_POLL_MS, wait * 1.5)) {
    const answer = await api.ask({ name: of.name, path: pathOf(begun), accepts: ["*"] });
    if (answer.code !== null) return null;
    const job = jobOf(answer, of);
    if (job.state === "JobComplete") return { ...job, version: begun.version };
    if (job.state === "Failed" || job.state === "Aborted") return null;
    if (waited > PATIENCE_MS) {
      throw new Failure("retryable", jobSlow({ source: of.source, name: of.name, minutes: PATIENCE_MS / 60_000 }));
    }
    await api.pause(wait);
    waited += wait;
  }
}

/** A page of results: how many records it has, and where the next begins. */
interface ResultsPage {
  readonly answer: Answer;
  readonly records: number;
  readonly next: string | null;
}

/** Records of the page that is asked for next, by how long those of the last one were. */
function sizeAfter({ answer, records }: ResultsPage, { fewest, first, most }: PageSizes): number {
  if (records === 0) return first;
  const fitting = Math.floor((PAGE_BYTES * records) / Math.max(1, answer.page.body.length));
  return Math.min(most, Math.max(fewest, fitting));
}

/** @returns the records of a page; null where it is none. */
function counted(bytes: Uint8Array): number | null {
  if (!isUtf8(bytes)) return null;
  try {
    return countRecords(bytes);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** What is wrong with a page: the records that it has and that it says. */
interface Wrong {
  readonly found: number;
  readonly said: number | null;
}

/** A job without records may have a page of nothing at all, without a header of either kind. */
function pageFrom(answer: Answer, { processed }: Job): ResultsPage | Wrong {
  if (processed === 0 && answer.page.body.length === 0) return { answer, records: 0, next: null };
  const said = answer.headers.get("sforce-numberofrecords");
  const next = answer.headers.get("sforce-locator");
  const records = counted(answer.page.body);
  const isWhole = records !== null && said !== null && records === Number(said) && next !== null;
  if (!isWhole) return { found: records ?? 0, said: said === null ? null : Number(said) };
  return { answer, records, next: next === END ? null : next };
}

/** @returns a page; what is wrong with it, after some tries; null where its place is gone. */
async function resultsPage(
  api: SalesforceApi,
  of: BulkQuery,
  asked: { job: Job; locator: string | null; size: number },
): Promise<ResultsPage | Wrong | null> {
  const { job, locator, size } = asked;
  const query = { maxRecords: String(size), ...(locator !== null && { locator }) };
  let page: ResultsPage | Wrong = { found: 0, said: null };
  for (let tried = 0; tried < PAGE_TRIES && !("answer" in page); tried += 1) {
    const answer = await api.ask({ name: of.name, path: `${pathOf(job)}/results`, query, isCsv: true, accepts: ["*"] });
    if (answer.code !== null) return null;
    page = pageFrom(answer, job);
  }
  return page;
}

/**
 * Has the Bulk API run a query and reads its results page by page; `onPage` is told of each, and where the next begins, before that is
 * asked for. The drivers' own ways of reading results lose rows; this one counts every page and the whole.
 * @throws Failure as `ask`, and `retryable` for a job that is not done in two hours.
 */
export async function eachBulkPage(
  api: SalesforceApi,
  of: BulkQuery,
  onPage: (answer: Answer, next: JobPlace | null) => Promise<void>,
): Promise<BulkEnd> {
  const { from } = of;
  const begun = from === null ? await beginJob(api, of) : { id: from.job, version: from.version };
  const job = await finished(api, of, begun);
  if (job === null) return { is: "lost", job: begun.id };
  return readResults(api, { ...of, job }, onPage);
}

async function readResults(
  api: SalesforceApi,
  of: BulkQuery & { job: Job },
  onPage: (answer: Answer, next: JobPlace | null) => Promise<void>,
): Promise<BulkEnd> {
  const { from, job } = of;
  let [locator, records, size] = [from?.locator ?? null, from?.records ?? 0, api.pages.first];
  for (;;) {
    const page = await resultsPage(api, of, { job, locator, size });
    if (page === null) return { is: "lost", job: job.id };
    if (!("answer" in page)) return { is: "short", job: job.id, ...page };
    records += page.records;
    size = sizeAfter(page, api.pages);
    locator = page.next;
    await onPage(page.answer, locator === null ? null : { job: job.id, version: job.version, locator, records });
    if (locator === null) break;
  }
  if (job.processed !== records) return { is: "short", job: job.id, found: records, said: job.processed };
  return { is: "whole", job: job.id };
}

/** Removes a job whose results are landed; they would be kept for seven days. Nothing depends on it. */
export async function removeJob(
  api: SalesforceApi,
  { source, job, version, signal }: { source: string; job: string; version: string; signal: AbortSignal },
): Promise<void> {
  const path = pathOf({ id: job, version });
  try {
    await api.ask({ name: `remove a job of ${source}`, path, method: "DELETE", accepts: ["*"] });
  } catch (error) {
    if (!(error instanceof Failure) || signal.aborted) throw error;
  }
}
