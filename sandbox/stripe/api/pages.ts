import type { Json, JsonObject } from "../json.ts";
import { integer } from "./filters.ts";
import type { Params } from "./form.ts";
import { invalid, missing } from "./refusal.ts";

/** Something that stands in a list. */
export interface Listed {
  readonly id: string;
  readonly kind: string;
}

/** A page of a list. */
export interface Page<T> {
  readonly data: readonly T[];
  /** Whether there is more in the direction in which the page was asked for. */
  readonly hasMore: boolean;
}

function limitOf(params: Params): number {
  const sent = params["limit"];
  if (sent === undefined) return 10;
  const limit = integer(sent, "limit");
  if (limit < 1)
    throw invalid("This value must be greater than or equal to 1.", { code: "parameter_invalid_integer", param: "limit" });
  if (limit > 100) {
    const message = `This value must be less than or equal to 100 (it currently is '${limit}').`;
    throw invalid(message, { code: "parameter_invalid_integer", param: "limit" });
  }
  return limit;
}

/** Which of the list's copies of an object a cursor means: paging on goes on after the last, paging back before the first. */
function placeOf<T extends Listed>(list: readonly T[], id: string, more: { cursor: string; kind: string }): number {
  const is = (one: T) => one.id === id;
  const at = more.cursor === "starting_after" ? list.findLastIndex(is) : list.findIndex(is);
  if (at < 0) throw missing(more.kind, id, { param: more.cursor, status: 400 });
  return at;
}

/** The page of a list that `limit`, `starting_after` and `ending_before` ask for. `again` gives the page before it once more. */
export function pageOf<T extends Listed>(list: readonly T[], params: Params, more: { kind: string; again: boolean }): Page<T> {
  const limit = limitOf(params);
  const { starting_after: after, ending_before: before } = params;
  if (after !== undefined && before !== undefined) {
    throw invalid("You may only specify one of these parameters: ending_before, starting_after.", { param: "starting_after" });
  }
  if (typeof before === "string") {
    const end = placeOf(list, before, { cursor: "ending_before", kind: more.kind });
    const start = Math.max(0, end - limit);
    return { data: list.slice(start, end), hasMore: start > 0 };
  }
  const place = typeof after === "string" ? placeOf(list, after, { cursor: "starting_after", kind: more.kind }) + 1 : 0;
  const start = more.again ? Math.max(0, place - limit) : place;
  return { data: list.slice(start, start + limit), hasMore: start + limit < list.length };
}

/** A page as it is answered. */
export function listBody(page: { data: readonly Json[]; hasMore: boolean }, url: string): JsonObject {
  return { object: "list", data: page.data, has_more: page.hasMore, url };
}
