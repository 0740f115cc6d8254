import type { Random } from "../random.ts";
import type { CutBody, SlowBody } from "../simulator/sending.ts";
import { openSwitchboard, type Place, type StrikeOf, type Switchboard } from "../simulator/switchboard.ts";
import type { FieldType, Given } from "./values.ts";

/** A field of one object, or of every object that has it. */
export interface OfField {
  readonly field: string;
  readonly object?: string;
}

/** What can go wrong with an answer, and what each takes besides where it strikes. */
export interface FaultOptions {
  /** 429. `retryAfter`, in seconds or as a date of HTTP, is only sent where it is given. */
  readonly rate: { readonly retryAfter?: number | string };
  /** 500, or with a page of HTML. */
  readonly server_error: { readonly html?: boolean };
  /** 503. `retryAfter` is only sent where it is given. */
  readonly unavailable: { readonly html?: boolean; readonly retryAfter?: number | string };
  /** A page of HTML that says 200. */
  readonly html_answer: object;
  /** No answer, until the client goes or the simulator is closed. */
  readonly timeout: object;
  /** The connection is torn down instead of an answer. */
  readonly connection_reset: object;
  readonly cut_body: CutBody;
  readonly slow_body: SlowBody;
  /** The header `Date` is so many seconds off the clock. */
  readonly clock_skew: { readonly seconds: number };
  /** 401 `INVALID_SESSION_ID`, although the token is good. */
  readonly expired_token: object;
  /** 403 `REQUEST_LIMIT_EXCEEDED`, although requests are left. */
  readonly request_limit: object;
  /** 403 `INSUFFICIENT_ACCESS`. */
  readonly forbidden: object;
  /** No `Sforce-Limit-Info`. */
  readonly limit_info_missing: object;
  /** `Sforce-Limit-Info` says that so many requests are used. */
  readonly limit_share: { readonly used: number };
  /** A page of results has its columns in another order. */
  readonly column_order: object;
  /** A job's rows are in no order; it strikes when the job is created. A query that sorts is passed over. */
  readonly row_order: object;
  /** A page of results without `Sforce-NumberOfRecords`. */
  readonly missing_count: object;
  /** A page of results silently lacks rows, one where nothing is said. With `agree` the header counts what is left, else what should be there. */
  readonly wrong_count: { readonly missing?: number; readonly agree?: boolean };
  /** A locator of results is answered 400, or 404. */
  readonly locator_lost: { readonly status?: 400 | 404 };
  /** A job has failed when its state is asked for. */
  readonly job_failed: { readonly message?: string };
  /** A job does not get on, although its state is asked for. */
  readonly job_stuck: object;
  /** 404 for a job, or for its results. */
  readonly job_gone: object;
  /** `queryAll` lacks the rows that are in the recycle bin; a job strikes it when it is created. */
  readonly deleted_vanish: object;
  /** A job reads all rows of its object; it strikes when the job is created. */
  readonly where_ignored: object;
  /** Instants of REST end in `Z`. */
  readonly z_stamps: object;
  /** Describe and data lack a field. */
  readonly field_removed: OfField;
  /** Describe and data have a field more, of one object, with one value in all rows. */
  readonly field_added: { readonly object: string; readonly field?: string; readonly type?: FieldType; readonly value?: Given };
  /** A field has another type, in describe and in data; text where nothing is said. */
  readonly field_retyped: OfField & { readonly type?: FieldType };
  /** The app may no longer see a field. */
  readonly field_hidden: OfField;
  /** The app sees only what belongs to its user. */
  readonly view_all_lost: object;
  /** 400 `INVALID_QUERY_LOCATOR` for a next page. */
  readonly query_locator_expired: object;
  /** A page after a locator is the page before it once more. */
  readonly duplicate_page: object;
  /** `latestDateCovered` is earlier than the truth, by an hour where nothing is said. */
  readonly latest_back: { readonly seconds?: number };
  /** `EXCEEDED_ID_LIMIT`. */
  readonly id_limit: object;
  /** A row is missing where rows are read, but counted where they are aggregated; a job strikes it when it is created. */
  readonly row_lost: { readonly id?: string };
  /** After a page is answered, one row of it changes; or `change` does something else. */
  readonly page_changed: { readonly change?: (ids: readonly string[]) => void };
}

/** The name of a fault. */
export type FaultName = keyof FaultOptions;

/** What a request is about. */
export type Shape =
  | "token"
  | "describe"
  | "row"
  | "query"
  | "query_page"
  | "updated"
  | "deleted"
  | "job_create"
  | "job_status"
  | "job_results"
  | "other";

/**
 * What a request is, as far as faults ask. `query` is what stands behind the address, decoded, and the SOQL that a job's request or a next page is about,
 * so that `match: /results.* FROM Account/` finds the pages of one object.
 */
export interface Target extends Place {
  readonly shape: Shape;
  readonly hasLocator: boolean;
}

/** A fault that strikes an answer. */
export type Strike = StrikeOf<FaultOptions>;

/** The switchboard. */
export type Faults = Switchboard<FaultOptions, Target>;

const ANSWERS: ReadonlySet<FaultName> = new Set<FaultName>([
  ...(["rate", "server_error", "unavailable", "timeout", "connection_reset", "expired_token", "request_limit"] as const),
  ...(["forbidden", "locator_lost", "job_gone", "query_locator_expired", "id_limit"] as const),
]);

/** Faults that have a meaning only for some requests. */
const SHAPES: Partial<Record<FaultName, readonly Shape[]>> = {
  column_order: ["job_results"],
  row_order: ["job_create"],
  missing_count: ["job_results"],
  wrong_count: ["job_results"],
  locator_lost: ["job_results"],
  job_failed: ["job_status"],
  job_stuck: ["job_status"],
  job_gone: ["job_status", "job_results"],
  deleted_vanish: ["query", "job_create"],
  where_ignored: ["job_create"],
  z_stamps: ["query", "query_page", "row"],
  field_removed: ["describe", "query", "row", "job_create"],
  field_added: ["describe", "query", "row", "job_create"],
  field_retyped: ["describe", "query", "row", "job_create"],
  field_hidden: ["describe", "query", "row", "job_create"],
  view_all_lost: ["query", "row", "job_create", "updated", "deleted"],
  query_locator_expired: ["query_page"],
  duplicate_page: ["query_page", "job_results"],
  latest_back: ["updated", "deleted"],
  id_limit: ["updated", "deleted"],
  row_lost: ["query", "job_create"],
  page_changed: ["query", "query_page", "job_results"],
};

const OF_LOCATORS: ReadonlySet<FaultName> = new Set<FaultName>(["locator_lost", "duplicate_page"]);
const OF_DATA: ReadonlySet<FaultName> = new Set<FaultName>([
  "expired_token",
  "request_limit",
  "forbidden",
  "limit_info_missing",
  "limit_share",
]);

function hasMeaning({ name }: Strike, { shape, hasLocator }: Target): boolean {
  if (OF_LOCATORS.has(name) && !hasLocator) return false;
  if (OF_DATA.has(name) && shape === "token") return false;
  return SHAPES[name]?.includes(shape) ?? true;
}

/** A switchboard on which all is off; what is left to chance comes from the stream. */
export function switchboard(random: Random): Faults {
  return openSwitchboard<FaultOptions, Target>(random, { answers: ANSWERS, hasMeaning });
}
