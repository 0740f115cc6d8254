import { LONGEST_TIMEOUT, type Timer } from "../kernel/clock.ts";
import { Failure } from "../kernel/problem.ts";
import { GaveUp, retry } from "../kernel/retry.ts";
import type { TokenBucket } from "../kernel/token-bucket.ts";
import { type Asked, askedMs, connectionFault, failureOf, HttpFault, isPassing } from "./http-fault.ts";
import {
  answerPacked,
  answerTooLarge,
  answerWithoutEnd,
  badUrl,
  budgetUsedUp,
  cancelled,
  otherOrigin,
  rateTooSlow,
  rateUnknown,
} from "./problems.ts";
import type { RequestBudget } from "./request-budget.ts";

export interface HttpClientOptions {
  /** The source's id, for problems. */
  readonly source: string;
  /** Where the API is; requests go nowhere else. */
  readonly address: string;
  /** Headers of every attempt, credentials among them: asked for each time, so that a token may be renewed, and never shown. */
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
  /** Rates by the names under which requests ask for them. */
  readonly buckets: Readonly<Record<string, TokenBucket>>;
  readonly budget: RequestBudget;
  readonly timer: Timer;
  readonly random: () => number;
  readonly limits?: Partial<HttpLimits>;
}

/** Bounds of one client. */
export interface HttpLimits {
  readonly attempts: number;
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** Milliseconds of waiting for headers to send, an answer or a byte after which a connection counts as broken. */
  readonly silenceMs: number;
}

const LIMITS: HttpLimits = { attempts: 6, firstWaitMs: 500, longestWaitMs: 30_000, silenceMs: 60_000 };

export interface HttpRequest {
  /** What it is for, as problems name it: `list events`. Paths hold keys and are not shown. */
  readonly name: string;
  readonly method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the client's address, or an address of the same origin, e.g. that of a next page. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Names of buckets; a token of each is taken for every attempt. */
  readonly buckets?: readonly string[];
  /** Whether sending it twice is as sending it once; so are GET, HEAD, PUT and DELETE, and a POST with a key for it. */
  readonly isIdempotent?: boolean;
  /** Statuses beside 2xx that are answers and no failures, e.g. 404. */
  readonly accepts?: readonly number[];
  /** Bytes of the longest body. */
  readonly maxBytes: number;
  /** The instant of the timer by which it must be answered, whole body included. */
  readonly until?: number;
  readonly signal?: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The API's own now, to the second: its `Date`. Null where it does not say. */
  readonly now: Date | null;
  /** The body's bytes as they were received. Packed answers are refused, so nothing was decoded but the transfer's chunks. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** Talks to one API. An answer's page may become JavaScript values, a table never: what is large goes on as bytes. */
export interface HttpClient {
  /**
   * Sends a request and gives its answer to `take`. Where sending it again can help and cannot do anything twice, it is sent
   * again after a wait, and `take` begins anew with the new answer's first byte; a body that breaks off is such a case.
   * @returns what `take` made of the answer that came whole.
   * @throws Failure `retryable` (unreachable, throttled, busy), `incomplete` (login, right, other answers, budget), `usage`
   * (not sendable); whatever `take` throws by itself. None holds an address, a header or a byte of an answer.
   */
  request<T>(request: HttpRequest, take: (answer: HttpAnswer) => Promise<T>): Promise<T>;
  readonly budget: RequestBudget;
}

const IDEMPOTENT = new Set(["GET", "HEAD", "PUT", "DELETE"]);

interface Context {
  readonly options: HttpClientOptions;
  readonly limits: HttpLimits;
  readonly request: HttpRequest;
  readonly asked: Asked;
  readonly url: URL;
}

/** Ends an attempt from outside: abandoned, too late, or silent for too long. */
interface Watch {
  readonly signal: AbortSignal;
  /** From now on the other side is waited for. */
  waits(): void;
  /** The next move is ours: it may take its time. */
  rests(): void;
  end(): void;
}

function timeout(milliseconds: number): number {
  return Math.min(Math.max(0, milliseconds), LONGEST_TIMEOUT);
}

/** Networks have time of their own, so this does not use the client's timer. */
function watch({ options, limits, request }: Context): Watch {
  const control = new AbortController();
  const breakOff = (code: string) => () => control.abort(new HttpFault({ kind: "connection", code }));
  let silence: NodeJS.Timeout | undefined;
  const rests = () => clearTimeout(silence);
  const deadline =
    request.until === undefined ? undefined : setTimeout(breakOff("DEADLINE"), timeout(request.until - options.timer.now()));
  const abandon = () => control.abort(new Failure("retryable", cancelled(options.source)));
  request.signal?.addEventListener("abort", abandon, { once: true });
  if (request.signal?.aborted) abandon();
  return {
    signal: control.signal,
    waits: () => {
      rests();
      silence = setTimeout(breakOff("SILENT"), limits.silenceMs);
    },
    rests,
    end: () => {
      // What was not taken of a body is not waited for.
      control.abort();
      rests();
      clearTimeout(deadline);
      request.signal?.removeEventListener("abort", abandon);
    },
  };
}

/** Why an attempt was broken off, if it was by us; what fetch makes of it otherwise. */
function faultOf(error: unknown, signal: AbortSignal): HttpFault | Failure {
  if (signal.aborted && (signal.reason instanceof HttpFault || signal.reason instanceof Failure)) return signal.reason;
  return error instanceof Failure ? error : connectionFault(error);
}

function urlOf(options: HttpClientOptions, request: HttpRequest): URL {
  const base = parsed(options.address, options.source);
  const url = parsed(request.path, options.source, base);
  if (url.origin !== base.origin || url.username !== "" || url.password !== "") {
    throw new Failure("incomplete", otherOrigin({ source: options.source, name: request.name }));
  }
  for (const [name, value] of Object.entries(request.query ?? {})) url.searchParams.set(name, value);
  return url;
}

function parsed(text: string, source: string, base?: URL): URL {
  const url = URL.canParse(text, base?.href) ? new URL(text, base) : null;
  if (!url || !/^https?:$/.test(url.protocol) || (!base && (url.username !== "" || url.password !== ""))) {
    throw new Failure("usage", badUrl(source));
  }
  return url;
}

async function takeTokens({ options, request, asked }: Context): Promise<void> {
  const { until, signal } = request;
  for (const name of request.buckets ?? []) {
    const bucket = options.buckets[name];
    if (!bucket) throw new Failure("internal", rateUnknown({ ...asked, bucket: name }));
    const taken = await bucket.take({ ...(until === undefined ? {} : { until }), ...(signal ? { signal } : {}) }).catch(() => {
      throw new Failure("retryable", cancelled(options.source));
    });
    if (!taken) throw new Failure("retryable", rateTooSlow({ ...asked, bucket: name }));
  }
  if (!options.budget.spend()) throw new Failure("incomplete", budgetUsedUp({ ...asked, limit: options.budget.limit }));
}

/** A date of HTTP, to the second. */
function dateOf(text: string | null): Date | null {
  const at =
    text !== null && /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(at) ? null : new Date(at);
}

/** Retry-After in milliseconds: seconds, or a date, which is counted from the answer's own. */
function retryAfterMs(headers: Headers): number | undefined {
  const text = headers.get("retry-after")?.trim() ?? null;
  if (text !== null && /^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const [date, now] = [dateOf(text), dateOf(headers.get("date"))];
  return date && now ? Math.max(0, date.getTime() - now.getTime()) : undefined;
}

/** A status that is no answer is a fault; the buckets of a throttled request give nothing until the service takes requests again. */
function checkStatus({ options, request }: Context, { status, headers }: Response): void {
  if ((status >= 200 && status < 300) || request.accepts?.includes(status)) return;
  const asked = status === 429 || status === 503 ? retryAfterMs(headers) : undefined;
  if (asked !== undefined) for (const name of request.buckets ?? []) options.buckets[name]?.hold(asked);
  throw new HttpFault({ kind: "answer", status, ...(asked === undefined ? {} : { retryAfterMs: asked }) });
}

/** Without a length or chunks the end of a body is the end of the connection, and nobody can tell that from a broken one. */
function checkForm({ asked, request }: Context, { status, headers }: Response): void {
  // fetch (Node 20.20) gives out what it has unpacked of a cut body as if that were all.
  const packing = headers.get("content-encoding");
  if (packing !== null && packing !== "identity") throw new Failure("incomplete", answerPacked(asked));
  const isEmpty = request.method === "HEAD" || status === 204 || status === 304;
  if (!isEmpty && !headers.has("content-length") && !headers.has("transfer-encoding")) {
    throw new Failure("incomplete", answerWithoutEnd(asked));
  }
}

/** An answer's bytes as they arrive, and what broke them off, if anything did. */
interface Body {
  readonly chunks: AsyncIterable<Uint8Array>;
  fault(): HttpFault | Failure | null;
}

function bodyOf({ asked, request }: Context, response: Response, watched: Watch): Body {
  let fault: HttpFault | Failure | null = null;
  async function* pass(): AsyncGenerator<Uint8Array> {
    const reader = response.body?.getReader();
    if (!reader) return;
    const read = () => {
      watched.waits();
      return reader.read().finally(watched.rests);
    };
    let size = 0;
    try {
      for (let next = await read(); !next.done; next = await read()) {
        size += next.value.length;
        if (size > request.maxBytes) throw new Failure("incomplete", answerTooLarge({ ...asked, bytes: request.maxBytes }));
        yield next.value;
      }
    } catch (error) {
      fault = faultOf(error, watched.signal);
      throw fault;
    }
  }
  return { chunks: pass(), fault: () => fault };
}

/** Work that nobody waits for any longer once a signal aborts. */
function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abandon = () => reject(signal.reason);
    if (signal.aborted) abandon();
    signal.addEventListener("abort", abandon, { once: true });
    work.then(resolve, reject);
  });
}

async function send(context: Context, signal: AbortSignal): Promise<Response> {
  const { options, request, url } = context;
  const { method = "GET", body } = request;
  // A token that is being renewed may hang as an answer may.
  const own = await unlessAborted(options.headers(), signal);
  const headers = { ...own, ...request.headers, "accept-encoding": "identity" };
  try {
    // A redirection would take credentials elsewhere.
    return await fetch(url, { method, headers, signal, redirect: "manual", ...(body === undefined ? {} : { body }) });
  } catch (error) {
    throw faultOf(error, signal);
  }
}

/** One attempt: tokens, one request of the budget, the answer, and what is made of its body. */
async function once<T>(context: Context, take: (answer: HttpAnswer) => Promise<T>): Promise<T> {
  await takeTokens(context);
  const watched = watch(context);
  let body: Body | undefined;
  try {
    watched.waits();
    const response = await send(context, watched.signal).finally(watched.rests);
    checkStatus(context, response);
    checkForm(context, response);
    body = bodyOf(context, response, watched);
    const { status, headers } = response;
    const taken = await take({ status, headers, now: dateOf(headers.get("date")), body: body.chunks });
    const fault = body.fault();
    if (fault) throw fault;
    return taken;
  } catch (error) {
    // Whoever takes the bytes may fail in consequence with an error of its own.
    throw body?.fault() ?? error;
  } finally {
    watched.end();
  }
}

/** What a request came to in the end, in words that may be shown. */
function finalFailure(error: unknown, { options, request, asked }: Context): unknown {
  if (error instanceof GaveUp && error.why === "aborted") return new Failure("retryable", cancelled(options.source));
  const last = error instanceof GaveUp ? error.cause : error;
  if (request.signal?.aborted && last instanceof HttpFault) return new Failure("retryable", cancelled(options.source));
  return last instanceof HttpFault ? failureOf(last, asked) : last;
}

/** A client of one API. */
export function httpClient(options: HttpClientOptions): HttpClient {
  const limits = { ...LIMITS, ...options.limits };
  const { timer, random, budget } = options;
  return {
    budget,
    request: async (request, take) => {
      const asked = { source: options.source, name: request.name };
      const context: Context = { options, limits, request, asked, url: urlOf(options, request) };
      const isIdempotent = request.isIdempotent ?? IDEMPOTENT.has(request.method ?? "GET");
      try {
        return await retry(() => once(context, take), {
          timer,
          random,
          attempts: limits.attempts,
          firstMs: limits.firstWaitMs,
          longestMs: limits.longestWaitMs,
          mayRepeat: (error) => isIdempotent && isPassing(error),
          askedMs,
          ...(request.until === undefined ? {} : { until: request.until }),
          ...(request.signal ? { signal: request.signal } : {}),
        });
      } catch (error) {
        throw finalFailure(error, context);
      }
    },
  };
}
