import type { Random } from "../random.ts";
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
  /** The connection ends inside the body. `keep` is the share of the bytes that arrive, a half where nothing is said. */
  readonly cut_body: { readonly keep?: number; readonly framing?: "length" | "chunked" };
  /** The body comes in pieces, with a pause of real time between them. */
  readonly slow_body: { readonly pieces?: number; readonly pauseMs?: number };
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

/** Where and how often a fault strikes. */
export interface Where {
  /** The beginning of the path, or what path and query match. Left out: everywhere that the fault has a meaning. */
  readonly match?: string | RegExp;
  /** How many answers it strikes; 1 where nothing is said. */
  readonly times?: number;
  /** How many answers that it could strike it lets pass first. */
  readonly after?: number;
  /** The chance of each answer after that, by the seed. */
  readonly chance?: number;
}

/** A fault that is switched on. */
export interface ActiveFault {
  /** How many answers it struck. */
  readonly hits: number;
  off(): void;
}

/** What a request is, as far as faults ask. */
export interface Target {
  readonly path: string;
  readonly query: string;
  /** `list` is a list's page, `one` an object that is retrieved. */
  readonly shape: "list" | "one" | "other";
  readonly hasCursor: boolean;
}

/** A fault that strikes an answer. */
export type Strike = { [N in FaultName]: { readonly name: N; readonly options: FaultOptions[N] } }[FaultName];

/** The switchboard. */
export interface Faults {
  on<N extends FaultName>(name: N, options?: FaultOptions[N] & Where): ActiveFault;
  /** Switches off all faults of a name, or all. */
  off(name?: FaultName): void;
  /** What strikes this answer; it counts as struck. */
  strike(target: Target): Strike[];
}

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

interface Switched {
  readonly strike: Strike;
  readonly where: Where;
  hits: number;
  passed: number;
}

function hasMeaning({ name, options }: Strike, target: Target): boolean {
  if (OF_PAGES.has(name) && target.shape !== "list") return false;
  if (OF_CURSORS.has(name) && !target.hasCursor) return false;
  if (!OF_OBJECTS.has(name)) return true;
  if (target.shape !== "one") return false;
  return "id" in options ? target.path.endsWith(`/${String(options.id)}`) : true;
}

function isThere({ match }: Where, { path, query }: Target): boolean {
  if (match === undefined) return true;
  return typeof match === "string" ? path.startsWith(match) : match.test(query === "" ? path : `${path}?${query}`);
}

/** A switchboard on which all is off; what is left to chance comes from the stream. */
export function switchboard(random: Random): Faults {
  const switched = new Set<Switched>();
  const strikes = (one: Switched, target: Target): boolean => {
    const { times = 1, after = 0, chance = 1 } = one.where;
    if (one.hits >= times || !isThere(one.where, target) || !hasMeaning(one.strike, target)) return false;
    if (one.passed < after) {
      one.passed += 1;
      return false;
    }
    return chance >= 1 || random.chance(chance);
  };
  return {
    on: (name, options) => {
      const { match, times, after, chance, ...own } = (options ?? {}) as Where;
      const where = { match, times, after, chance } as Where;
      const one: Switched = { strike: { name, options: own } as unknown as Strike, where, hits: 0, passed: 0 };
      switched.add(one);
      return {
        get hits() {
          return one.hits;
        },
        off: () => void switched.delete(one),
      };
    },
    off: (name) => {
      for (const one of switched) if (name === undefined || one.strike.name === name) switched.delete(one);
    },
    strike: (target) => {
      const struck: Strike[] = [];
      for (const one of switched) {
        if (ANSWERS.has(one.strike.name) && struck.some(({ name }) => ANSWERS.has(name))) continue;
        if (!strikes(one, target)) continue;
        one.hits += 1;
        struck.push(one.strike);
      }
      return struck;
    },
  };
}

/** The options of a fault, where it strikes. */
export function struckBy<N extends FaultName>(strikes: readonly Strike[], name: N): FaultOptions[N] | undefined {
  return strikes.find((one) => one.name === name)?.options as FaultOptions[N] | undefined;
}
