/** What was asked of an API, and what it took. */
export interface RequestUsage {
  /** Requests that were sent, those that were sent again too. */
  readonly requests: number;
  /** How many of them were sent again. */
  readonly retries: number;
  /** Milliseconds that were waited for tokens of a rate. */
  readonly rateWaitMs: number;
  /** Milliseconds that were waited before something was sent again. */
  readonly retryWaitMs: number;
  /** Bytes of bodies that were received, also of those that broke off. */
  readonly bytes: number;
}

export const NO_REQUESTS: RequestUsage = { requests: 0, retries: 0, rateWaitMs: 0, retryWaitMs: 0, bytes: 0 };

/** Both together. */
export function addUsage(one: RequestUsage, other: RequestUsage): RequestUsage {
  return {
    requests: one.requests + other.requests,
    retries: one.retries + other.retries,
    rateWaitMs: one.rateWaitMs + other.rateWaitMs,
    retryWaitMs: one.retryWaitMs + other.retryWaitMs,
    bytes: one.bytes + other.bytes,
  };
}
