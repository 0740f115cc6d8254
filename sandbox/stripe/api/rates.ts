import { Refusal } from "./refusal.ts";

/** How many requests a second of the clock may have. */
export interface Rates {
  readonly perSecond: number;
  readonly perEndpointPerSecond: number;
  /** How many may be answered at once; left out, any number. */
  readonly atOnce?: number;
  /** Seconds that a refusal tells to wait; left out, it does not say. */
  readonly retryAfter?: number;
}

/** A request more than the second may have: 429. */
export function rateLimited(reason: string, retryAfter: number | string | undefined): Refusal {
  return new Refusal({
    status: 429,
    message: "Request rate limit exceeded. Learn more about rate limits here https://stripe.com/docs/rate-limits.",
    code: "rate_limit",
    headers: {
      "Stripe-Rate-Limited-Reason": reason,
      ...(retryAfter === undefined ? {} : { "Retry-After": String(retryAfter) }),
    },
  });
}

/** A request that is to be counted. */
export interface Counted {
  /** Whole seconds. */
  readonly now: number;
  readonly endpoint: string;
  readonly atOnce: number;
}

/** Counts a request and refuses it where it is beyond a limit. */
export type RateLimiter = (request: Counted) => void;

/** The limiter of some rates; null limits nothing. */
export function rateLimiter(rates: Rates | null): RateLimiter {
  let second = Number.NaN;
  let counts = new Map<string, number>();
  const counted = (what: string) => {
    const count = (counts.get(what) ?? 0) + 1;
    counts.set(what, count);
    return count;
  };
  return ({ now, endpoint, atOnce }) => {
    if (rates === null) return;
    if (atOnce > (rates.atOnce ?? Number.POSITIVE_INFINITY)) throw rateLimited("global-concurrency", rates.retryAfter);
    if (now !== second) counts = new Map();
    second = now;
    if (counted("") > rates.perSecond) throw rateLimited("global-rate", rates.retryAfter);
    if (counted(endpoint) > rates.perEndpointPerSecond) throw rateLimited("endpoint-rate", rates.retryAfter);
  };
}
