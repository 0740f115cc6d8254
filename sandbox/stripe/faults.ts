import type { Random } from "../random.ts";
import type { CutBody, SlowBody } from "../simulator/sending.ts";
import { openSwitchboard, type Place, type StrikeOf, type Switchboard } from "../simulator/switchboard.ts";
import type { Json } from "./json.ts";

/** What can go wrong with an answer, and what each takes besides where it strikes. */
export interface FaultOptions {
  /** 429. `retryAfter`, in seconds or as a date of HTTP, is only sent where it is given. */
  readonly rate_limited_burst: { readonly retryAfter?: number | string; readonly reason?: string };
  /** 429 `lock_timeout`: something else holds the object. It names no rate. */
  readonly lock_timeout: object;
  /** 409. */
  readonly conflict: object;
  /** 500 with an `api_error`, or with a page of HTML. */
  readonly server_error: { readonly html?: boolean };
  /** 503 without `Retry-After`. */
  readonly unavailable: { readonly html?: boolean };
  /** A page of HTML that says 200. */
  readonly html_answer: object;
  /** 503 with `Retry-After`, 2 seconds where nothing is said. */
  readonly unavailable_retry_after: { readonly retryAfter?: number | string };
  /** No answer, until the client goes or the simulator is closed. */
  readonly timeout: object;
  /** The connection is torn down instead of an answer. */
  readonly connection_reset: object;
  readonly cut_body: CutBody;
  readonly slow_body: SlowBody;
  /** A page after a cursor is the page before it once more. */
  readonly duplicate_page: object;
  /** After a page is answered, one object of it changes without an event; or `change` does something else. */
  readonly page_changed: { readonly change?: (ids: readonly string[]) => void };
  /** The object of the cursor is no longer in the list: 400 `resource_missing`. */
  readonly vanished_cursor: object;
  /** 401 `api_key_expired`. */
  readonly expired_key: object;
  /** A page silently lacks objects, one where nothing is said; its last one stays, so that paging goes on. */
  readonly wrong_count: { readonly missing?: number };
  /** The header `Date` is so many seconds off the clock. */
  readonly clock_skew: { readonly seconds: number };
  /** Objects have a field more; one that they have gets the value. `object` is their kind; without one, the objects that the answer is of. */
  readonly field_added: { readonly field?: string; readonly value?: Json; readonly object?: string };
  /** Objects lack a field. */
  readonly field_removed: { readonly field: string; readonly object?: string };
  /** Numbers of a field are texts, texts are objects, all else is a text. */
  readonly field_retyped: { readonly field: string; readonly object?: string };
  /** 403 for one object that is retrieved. */
  readonly object_forbidden: { readonly id?: string };
  /** 404 for one object that is retrieved; later it is there again. */
  readonly not_found_then_back: { readonly id?: string };
}

/** The name of a fault. */
export type FaultName = keyof FaultOptions;

/** What a request is, as far as faults ask. */
export interface Target extends Place {
  /** `list` is a list's page, `one` an object that is retrieved. */
  readonly shape: "list" | "one" | "other";
  readonly hasCursor: boolean;
}

/** A fault that strikes an answer. */
export type Strike = StrikeOf<FaultOptions>;

/** The switchboard. */
export type Faults = Switchboard<FaultOptions, Target>;

/** Faults that are an answer of their own: of these at most one strikes. */
const ANSWERS: ReadonlySet<FaultName> = new Set<FaultName>([
  ...([
    "rate_limited_burst",
    "lock_timeout",
    "conflict",
    "server_error",
    "unavailable",
    "unavailable_retry_after",
    "timeout",
    "connection_reset",
  ] as const),
  ...(["expired_key", "vanished_cursor", "object_forbidden", "not_found_then_back"] as const),
]);

const OF_PAGES: ReadonlySet<FaultName> = new Set<FaultName>(["duplicate_page", "page_changed", "vanished_cursor", "wrong_count"]);
const OF_CURSORS: ReadonlySet<FaultName> = new Set<FaultName>(["duplicate_page", "vanished_cursor"]);
const OF_OBJECTS: ReadonlySet<FaultName> = new Set<FaultName>(["object_forbidden", "not_found_then_back"]);

function hasMeaning({ name, options }: Strike, target: Target): boolean {
  if (OF_PAGES.has(name) && target.shape !== "list") return false;
  if (OF_CURSORS.has(name) && !target.hasCursor) return false;
  if (!OF_OBJECTS.has(name)) return true;
  if (target.shape !== "one") return false;
  return "id" in options ? target.path.endsWith(`/${String(options.id)}`) : true;
}

/** A switchboard on which all is off; what is left to chance comes from the stream. */
export function switchboard(random: Random): Faults {
  return openSwitchboard<FaultOptions, Target>(random, { answers: ANSWERS, hasMeaning });
}
