import type { Random } from "../../random.ts";
import { struckBy } from "../../simulator/switchboard.ts";
import type { Strike } from "../faults.ts";
import { isObject, type Json, type JsonObject, without } from "../json.ts";
import { expiredKey } from "./keys.ts";
import { rateLimited } from "./rates.ts";
import { missing, Refusal } from "./refusal.ts";

/** What an answer is about, as far as faults that are answers need it. */
export interface Struck {
  readonly path: string;
  readonly secret: string;
  readonly cursor: { readonly param: string; readonly id: string } | null;
  /** The kind of the object that the cursor or the path names. */
  readonly kind: string;
}

const WAIT = 2;

const LOCKED =
  "This object cannot be accessed right now because another API request or Stripe process is currently accessing it.";

/** The error that a fault answers with, or nothing where no fault is an answer of its own. */
export function refusalOf(strikes: readonly Strike[], struck: Struck): Refusal | undefined {
  const id = struck.path.slice(struck.path.lastIndexOf("/") + 1);
  for (const { name, options } of strikes) {
    switch (name) {
      case "rate_limited_burst":
        return rateLimited(options.reason ?? "global-rate", options.retryAfter);
      case "lock_timeout":
        return new Refusal({ status: 429, message: LOCKED, code: "lock_timeout" });
      case "conflict":
        return new Refusal({ status: 409, message: "Another request is changing this object.", type: "idempotency_error" });
      case "server_error":
        return new Refusal({ status: 500, message: "An unknown error occurred", type: "api_error" });
      case "unavailable":
      case "unavailable_retry_after": {
        const wait = name === "unavailable" ? {} : { headers: { "Retry-After": String(options.retryAfter ?? WAIT) } };
        return new Refusal({ status: 503, message: "Stripe is currently unavailable", type: "api_error", ...wait });
      }
      case "expired_key":
        return expiredKey(struck.secret);
      case "vanished_cursor":
        return missing(struck.kind, struck.cursor?.id ?? "", { param: struck.cursor?.param ?? "starting_after", status: 400 });
      case "object_forbidden":
        return new Refusal({ status: 403, message: `The provided key does not have access to '${id}'.` });
      case "not_found_then_back":
        return missing(struck.kind, id, { param: "id" });
    }
  }
  return undefined;
}

/** Changes the objects of an answer: those of a kind wherever they stand, or those that it is of. */
function eachObject(body: JsonObject, kind: string | undefined, change: (object: JsonObject) => JsonObject): JsonObject {
  if (kind === undefined) {
    const { data } = body;
    if (body["object"] !== "list" || !Array.isArray(data)) return change(body);
    return { ...body, data: data.map((one: Json) => (isObject(one) ? change(one) : one)) };
  }
  const within = (value: Json): Json => {
    if (Array.isArray(value)) return value.map(within);
    if (!isObject(value)) return value;
    const inner = Object.fromEntries(Object.entries(value).map(([name, one]) => [name, within(one)]));
    return inner["object"] === kind ? change(inner) : inner;
  };
  return within(body) as JsonObject;
}

function retyped(value: Json | undefined): Json {
  if (typeof value === "number") return String(value);
  if (typeof value === "string") return { value };
  return value === undefined || value === null ? "" : JSON.stringify(value);
}

/** A page that lacks objects, never its last one unless it has no other. */
function lacking(body: JsonObject, missingCount: number, random: Random): JsonObject {
  if (!Array.isArray(body["data"])) return body;
  const data: Json[] = [...body["data"]];
  for (let gone = 0; gone < missingCount && data.length > 0; gone++) data.splice(random.int(0, Math.max(0, data.length - 2)), 1);
  return { ...body, data };
}

/** The body as faults leave it. */
export function twisted(body: JsonObject, strikes: readonly Strike[], random: Random): JsonObject {
  return strikes.reduce((now, { name, options }) => {
    switch (name) {
      case "wrong_count":
        return lacking(now, options.missing ?? 1, random);
      case "field_added": {
        const { field = "new_field", value = "new" } = options;
        return eachObject(now, options.object, (object) => ({ ...object, [field]: value }));
      }
      case "field_removed":
        return eachObject(now, options.object, (object) => without(object, [options.field]));
      case "field_retyped":
        return eachObject(now, options.object, (object) => ({ ...object, [options.field]: retyped(object[options.field]) }));
      default:
        return now;
    }
  }, body);
}

/** Whether there is no answer. */
export function neverComes(strikes: readonly Strike[]): boolean {
  return strikes.some(({ name }) => name === "timeout" || name === "connection_reset");
}

/** Whether an answer comes as a page of HTML, as from something that stands before the API. */
export function comesAsPage(strikes: readonly Strike[], status: number): boolean {
  if (struckBy(strikes, "html_answer")) return true;
  return status >= 500 && (struckBy(strikes, "server_error") ?? struckBy(strikes, "unavailable"))?.html === true;
}
