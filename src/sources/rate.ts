import type { Timer } from "../kernel/clock.ts";
import { type TokenBucket, tokenBucket } from "../kernel/token-bucket.ts";

/** What a service, or a part of it, is asked at most. */
export interface Rate {
  /** Whose limit it is: `stripe/acct_1/all`. Buckets of one name are one bucket; it stands in the control store and holds no secret. */
  readonly name: string;
  readonly perSecond: number;
  /** Tokens that can be saved up; at least 1. */
  readonly burst: number;
}

/** Gives the bucket of a rate. In a run all processes that share its control store keep the rate together. */
export type Rates = (rate: Rate) => TokenBucket;

/** Rates that this process keeps by itself, for where there is no control store: `doctor`, `plan`. */
export function ownRates(timer: Timer): Rates {
  const buckets = new Map<string, TokenBucket>();
  return ({ name, perSecond, burst }) => {
    const bucket = buckets.get(name) ?? tokenBucket({ timer, perSecond, burst });
    buckets.set(name, bucket);
    return bucket;
  };
}
