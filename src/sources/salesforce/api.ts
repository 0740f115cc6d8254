import type { Clock } from "../../kernel/clock.ts";
import { Failure } from "../../kernel/problem.ts";
import type { TokenBucket } from "../../kernel/token-bucket.ts";
import { bodyOf, pageOf } from "../http-body.ts";
import { type HttpClient, httpClient } from "../http-client.ts";
import type { HttpAnswer, HttpClientOptions, HttpLimits, HttpRequest } from "../http-request.ts";
import type { Page } from "../pages/warc.ts";
import { cancelled } from "../problems.ts";
import { requestBudget } from "../request-budget.ts";
import type { ExtractRequest } from "../source.ts";
import { errorCode, jsonOf } from "./answers.ts";
import { checkShare } from "./limits.ts";
import { tokensOf } from "./login.ts";
import { clockUnsteady, limitReached, noDate, notJson, refused, sessionRefused } from "./problems.ts";
import { salesforceSettings } from "./salesforce-kind.ts";

export interface Asking {
  /** What it is for: `query Account`. */
  readonly name: string;
  /** Below `/services/data/vNN.N/`, or an absolute one that an answer gave. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly method?: "GET" | "POST" | "DELETE";
  readonly json?: object;
  /** The API's words for refusals that are answers: `INVALID_QUERY_LOCATOR`; `*` is every one of a status below 500. */
  readonly accepts?: readonly string[];
  /** The answer is CSV, not JSON. */
  readonly isCsv?: true;
  /** A POST that may be sent again: what it makes twice is only made in vain. */
  readonly isIdempotent?: true;
}

/** An answer as it was received, and what it says. */
export interface Answer {
  readonly page: Page;
  /** Parsed JSON; undefined for CSV and for an empty answer. */
  readonly body: unknown;
  /** The API's own word for a refusal; null for a success. */
  readonly code: string | null;
  readonly headers: Headers;
}

export interface SalesforceApi {
  readonly client: HttpClient;
  readonly version: string;
  readonly pages: PageSizes;
  /** This machine's. */
  readonly clock: Clock;
  /** Milliseconds since 1970 that the API's clock showed last. */
  now(): number;
  /** @throws Failure as the client; `incomplete` for a refusal that is no answer or a body that is no JSON; `retryable` at the share of requests. */
  ask(asking: Asking): Promise<Answer>;
  /** Waits so many milliseconds. @throws Failure `retryable` where the run is to stop meanwhile. */
  pause(milliseconds: number): Promise<void>;
}

/** What a reader is given of its process. */
export interface SalesforceTools {
  readonly random: () => number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly limits?: Partial<HttpLimits>;
  /** Records on a page of a job's results: of the first one, and of others by how long records are. */
  readonly pages?: PageSizes;
}

/** Records on a page. */
export interface PageSizes {
  readonly fewest: number;
  readonly first: number;
  readonly most: number;
}

/** How an org is reached. */
export type Reaching = Pick<ExtractRequest, "source" | "timer" | "clock" | "signal" | "used"> &
  SalesforceTools & {
    /** Requests that may be made; null for as many as are needed. */
    readonly requests: number | null;
  };

/** Headers that are kept with an answer. */
const KEPT = ["content-type", "date", "sforce-locator", "sforce-numberofrecords", "sforce-limit-info"];

/** Bytes of the longest answer: a page of records with long texts. */
const LONGEST_BODY = 256 * 1024 * 1024;

/** Milliseconds by which the clocks of a service's servers may differ. */
const TOLERANCE = 60_000;

/** Milliseconds that are waited where the org takes no requests: the oldest of a day may be about to be forgotten. */
const WAITS = [30_000, 60_000, 120_000, 240_000];

const PAGES: PageSizes = { fewest: 1_000, first: 10_000, most: 100_000 };

const EXPIRED = "INVALID_SESSION_ID";
const EXHAUSTED = "REQUEST_LIMIT_EXCEEDED";

const NO_BUCKETS: Readonly<Record<string, TokenBucket>> = {};

function clientOptions({ source, timer, random, used, requests, limits }: Reaching): Omit<HttpClientOptions, "headers"> {
  const { address, concurrency } = salesforceSettings(source);
  return {
    source: source.id,
    address,
    buckets: NO_BUCKETS,
    budget: requestBudget(requests ?? Number.POSITIVE_INFINITY),
    timer,
    random,
    used,
    limits: { concurrency, ...limits },
  };
}

function urlOf(address: string, path: string, query: Readonly<Record<string, string>> = {}): string {
  const url = new URL(path.replace(/^\//, ""), address);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
}

const isRefusal = (status: number) => status >= 400;

interface Reading {
  readonly asking: Asking;
  readonly url: string;
  readonly source: string;
}

/** What an answer says, once it is known to be one. */
async function readAnswer(answer: HttpAnswer, { asking, url, source }: Reading): Promise<Answer> {
  const { status, headers, now } = answer;
  const bytes = await bodyOf(answer);
  if (now === null) throw new Failure("incomplete", noDate(source));
  const isText = (asking.isCsv && !isRefusal(status)) || bytes.length === 0;
  const body = isText ? undefined : jsonOf(bytes);
  if (!isText && (typeof body !== "object" || body === null)) {
    throw new Failure("incomplete", notJson({ source, name: asking.name }));
  }
  const page = pageOf(answer, { url, now, body: bytes, kept: KEPT });
  return { page, body, code: isRefusal(status) ? errorCode(body) : null, headers };
}

/** Statuses in which the API says in its own words what it does not do. */
const SPEAKING = [400, 401, 403, 404, 405, 409, 410, 415];

interface Sending {
  readonly asking: Asking;
  readonly version: string;
  readonly signal: AbortSignal;
  readonly token: string;
}

function requestOf({ asking, version, signal, token }: Sending): HttpRequest {
  const { name, path, query, method = "GET", json, isCsv, isIdempotent } = asking;
  const isAbsolute = path.startsWith("/");
  return {
    name,
    method,
    path: isAbsolute ? path.slice(1) : `services/data/v${version}/${path}`,
    ...(query && { query }),
    headers: {
      authorization: `Bearer ${token}`,
      accept: isCsv ? "text/csv" : "application/json",
      ...(json && { "content-type": "application/json" }),
    },
    ...(json && { body: JSON.stringify(json) }),
    ...(isIdempotent && { isIdempotent }),
    accepts: SPEAKING,
    maxBytes: LONGEST_BODY,
    signal,
  };
}

function isAnswer({ code }: Answer, { accepts = [] }: Asking): boolean {
  return code === null || accepts.includes(code) || (accepts.includes("*") && code !== EXPIRED && code !== EXHAUSTED);
}

/** What was done so that a request is taken. */
interface Tried {
  token: string;
  renewed: boolean;
  waits: number;
}

/**
 * Opens the API of an org; asks nothing yet.
 * @throws Failure of `ask`, `usage` for credentials that are none.
 */
export function openApi(reaching: Reaching): SalesforceApi {
  const { source, signal, timer, clock, env } = reaching;
  const settings = salesforceSettings(source);
  const { version, address, apiShare } = settings;
  const options = clientOptions(reaching);
  const tokens = tokensOf({ source: source.id, settings, env, clock, signal, client: options });
  const client = httpClient({ ...options, headers: async () => ({}) });
  let latest = Number.NEGATIVE_INFINITY;

  const once = async (asking: Asking, token: string): Promise<Answer> => {
    const request = requestOf({ asking, version, signal, token });
    const url = urlOf(address, request.path, asking.query);
    const answer = await client.request(request, (found) => readAnswer(found, { asking, url, source: source.id }));
    const date = Date.parse(answer.page.date);
    if (date < latest - TOLERANCE) throw new Failure("incomplete", clockUnsteady(source.id));
    latest = Math.max(latest, date);
    return answer;
  };

  const pause = async (milliseconds: number): Promise<void> => {
    try {
      await timer.pause(milliseconds, signal);
    } catch (error) {
      throw signal.aborted ? new Failure("retryable", cancelled(source.id)) : error;
    }
  };

  const again = async ({ code }: Answer, name: string, tried: Tried): Promise<boolean> => {
    if (code === EXPIRED) {
      if (tried.renewed) throw new Failure("incomplete", sessionRefused({ source: source.id, name }));
      tried.renewed = true;
      tokens.expire(tried.token);
      return true;
    }
    if (code !== EXHAUSTED) return false;
    const wait = WAITS[tried.waits];
    if (wait === undefined) throw new Failure("retryable", limitReached({ source: source.id, used: null }));
    tried.waits += 1;
    await pause(wait);
    return true;
  };

  const ask = async (asking: Asking): Promise<Answer> => {
    const tried: Tried = { token: "", renewed: false, waits: 0 };
    for (;;) {
      // Others may have renewed it meanwhile: each request knows which one it was sent with.
      tried.token = await tokens.current();
      const answer = await once(asking, tried.token);
      if (await again(answer, asking.name, tried)) continue;
      const { code, headers } = answer;
      if (!isAnswer(answer, asking)) {
        throw new Failure("incomplete", refused({ source: source.id, name: asking.name, code: code ?? "" }));
      }
      checkShare(headers, { source: source.id, share: apiShare });
      return answer;
    }
  };
  return { client, version, clock, pages: reaching.pages ?? PAGES, now: () => latest, ask, pause };
}
