import { places } from "../kernel/places.ts";
import { Failure } from "../kernel/problem.ts";
import { GaveUp, retry } from "../kernel/retry.ts";
import { type Context, once } from "./http-attempt.ts";
import { askedMs, failureOf, HttpFault, isPassing, tooLong } from "./http-fault.ts";
import type { HttpAnswer, HttpClientOptions, HttpLimits, HttpRequest } from "./http-request.ts";
import { badUrl, cancelled, otherOrigin } from "./problems.ts";
import type { RequestBudget } from "./request-budget.ts";
import { NO_REQUESTS } from "./request-usage.ts";

const LIMITS: HttpLimits = {
  attempts: 6,
  firstWaitMs: 500,
  longestWaitMs: 30_000,
  longestAskedMs: 300_000,
  silenceMs: 60_000,
  requestMs: 120_000,
  concurrency: 8,
};

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
  if (error instanceof GaveUp && error.why === "asked") return tooLong(askedMs(last) ?? 0, asked);
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
          longestAskedMs: limits.longestAskedMs,
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
