import type { Timer } from "../kernel/clock.ts";
import type { TokenBucket } from "../kernel/token-bucket.ts";
import type { RequestBudget } from "./request-budget.ts";
import type { RequestUsage } from "./request-usage.ts";

/** What a client of one API is made with. */
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
  /** Milliseconds of a `Retry-After` beyond which a request is given up instead of waited for. */
  readonly longestAskedMs: number;
  /** Milliseconds of waiting for headers to send, an answer or a byte after which a connection counts as broken. */
  readonly silenceMs: number;
  /** Milliseconds that one attempt may take from its sending to its body's last byte, whoever is slow. */
  readonly requestMs: number;
  /** Requests on their way at once; more wait in turn, and what they wait is no silence. */
  readonly concurrency: number;
}

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
