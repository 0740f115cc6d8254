import type { Timer } from "../kernel/clock.ts";
import { places } from "../kernel/places.ts";
import { Failure } from "../kernel/problem.ts";
import { GaveUp, retry } from "../kernel/retry.ts";
import type { TokenBucket } from "../kernel/token-bucket.ts";
import { type Context, once } from "./http-attempt.ts";
import { askedMs, failureOf, HttpFault, isPassing } from "./http-fault.ts";
import { badUrl, cancelled, otherOrigin } from "./problems.ts";
import type { RequestBudget } from "./request-budget.ts";
import { NO_REQUESTS, type RequestUsage } from "./request-usage.ts";

export interface HttpClientOptions {
  /** The source's id, for problems. */
  readonly source: string;
  /** Where the API is; requests go nowhere else. */
  readonly address: string;
  /**
   * Headers of every attempt, credentials among them: asked for each time, so that a token may be renewed, and never shown. Fails with
   * a Failure that may be shown; what else it throws is not.
   */
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
  /** Rates by the names under which requests ask for them. */
  readonly buckets: Readonly<Record<string, TokenBucket>>;
  readonly budget: RequestBudget;
  readonly timer: Timer;
  readonly random: () => number;
  /** Statuses beside the usual ones (408, 425, 429, 5xx but 501 and 505) after which the same request may be answered, e.g. 409. */
  readonly alsoPassing?: readonly number[];
  /** What the service itself says of sending a request again after such an answer; null where it says nothing. */
  readonly mayRepeat?: (status: number, headers: Headers) => boolean | null;
  /** Told what each request took, once it has ended, however it did: `ExtractRequest.used`. */
  readonly used?: (usage: RequestUsage) => void;
  readonly limits?: Partial<HttpLimits>;
}

/** Bounds of one client. */
export interface HttpLimits {
  readonly attempts: number;
  readonly firstWaitMs: number;
  readonly longestWaitMs: number;
  /** Milliseconds of waiting for headers to send, an answer or a byte after which a connection counts as broken. */
  readonly silenceMs: number;
  /** Milliseconds that one attempt may take from its sending to its body's last byte, whoever is slow. */
  readonly requestMs: number;
  /** Requests on their way at once; more wait in turn, and what they wait is no silence. */
  readonly concurrency: number;
}

const LIMITS: HttpLimits = {
  attempts: 6,
  firstWaitMs: 500,
  longestWaitMs: 30_000,
  silenceMs: 60_000,
  requestMs: 120_000,
  concurrency: 8,
};

export interface HttpRequest {
  /** What it is for, as problems name it: `list events`. Paths hold keys and are not shown. */
  readonly name: string;
  readonly method?: "GET" | "HEAD" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Below the client's address, or an address of the same origin, e.g. that of a next page. */
  readonly path: string;
  /** A list gives its name once for each value: `types[]`. */
  readonly query?: Readonly<Record<string, string | readonly string[]>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /**
   * Names of buckets; a token of each is taken for every attempt, in this order. The narrowest first: then no token of a wide one grows
   * old while its request waits.
   */
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

function urlOf(options: HttpClientOptions, request: HttpRequest): URL {
  const base = parsed(options.address, options.source);
  const url = parsed(request.path, options.source, base);
  if (url.origin !== base.origin || url.username !== "" || url.password !== "") {
    throw new Failure("incomplete", otherOrigin({ source: options.source, name: request.name }));
  }
  for (const [name, value] of Object.entries(request.query ?? {})) {
    url.searchParams.delete(name);
    for (const one of typeof value === "string" ? [value] : value) url.searchParams.append(name, one);
  }
  return url;
}

function parsed(text: string, source: string, base?: URL): URL {
  const url = URL.canParse(text, base?.href) ? new URL(text, base) : null;
  if (!url || !/^https?:$/.test(url.protocol) || (!base && (url.username !== "" || url.password !== ""))) {
    throw new Failure("usage", badUrl(source));
  }
  return url;
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
  const inside = places(limits.concurrency);
  return {
    budget,
    request: async (request, take) => {
      const asked = { source: options.source, name: request.name };
      const spent = { ...NO_REQUESTS };
      const url = urlOf(options, request);
      const context: Context = { options, limits, places: inside, request, asked, url, spent };
      const isIdempotent = request.isIdempotent ?? IDEMPOTENT.has(request.method ?? "GET");
      let endedAt = 0;
      const attempt = async (number: number) => {
        if (number > 1) spent.retryWaitMs += timer.now() - endedAt;
        try {
          return await once(context, number, take);
        } finally {
          endedAt = timer.now();
        }
      };
      try {
        return await retry(attempt, {
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
      } finally {
        options.used?.(spent);
      }
    },
  };
}
