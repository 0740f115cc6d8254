import { struckBy } from "../../simulator/switchboard.ts";
import type { FaultOptions, Strike } from "../faults.ts";
import type { Answer, Org } from "./asked.ts";
import { badLocator } from "./query.ts";
import { notFound, Refusal } from "./refusal.ts";
import { tooManyIds } from "./replication.ts";
import { lostLocator } from "./results.ts";
import { expiredSession } from "./sessions.ts";

/** 403 once the day's requests are used up. */
export function limitExceeded(): Refusal {
  return new Refusal(403, "REQUEST_LIMIT_EXCEEDED", { message: "TotalRequests Limit exceeded." });
}

const waiting = ({ retryAfter }: FaultOptions["rate"]): Record<string, string> =>
  retryAfter === undefined ? {} : { "Retry-After": String(retryAfter) };

function refusalOf(strike: Strike): Refusal | undefined {
  switch (strike.name) {
    case "rate":
      return new Refusal(429, "TOO_MANY_REQUESTS", { message: "Too many requests", headers: waiting(strike.options) });
    case "server_error":
      return new Refusal(500, "UNKNOWN_EXCEPTION", { message: "An unexpected error occurred." });
    case "unavailable":
      return new Refusal(503, "SERVER_UNAVAILABLE", { message: "Server is unavailable", headers: waiting(strike.options) });
    case "expired_token":
      return expiredSession();
    case "request_limit":
      return limitExceeded();
    case "forbidden":
      return new Refusal(403, "INSUFFICIENT_ACCESS", { message: "insufficient access rights on object" });
    case "locator_lost":
      return lostLocator(strike.options.status ?? 400);
    case "job_gone":
      return notFound();
    case "query_locator_expired":
      return badLocator();
    case "id_limit":
      return tooManyIds();
    default:
      return undefined;
  }
}

/** Refuses where a fault is an answer of its own. */
export function expectNoRefusal(strikes: readonly Strike[]): void {
  for (const strike of strikes) {
    const refusal = refusalOf(strike);
    if (refusal) throw refusal;
  }
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

/** What the header says of the day's requests. */
export function limitInfo({ limits }: Org, strikes: readonly Strike[]): Record<string, string> {
  if (struckBy(strikes, "limit_info_missing")) return {};
  const used = struckBy(strikes, "limit_share")?.used ?? limits.used;
  return { "Sforce-Limit-Info": `api-usage=${used}/${limits.dailyMax}` };
}

/** The body as faults leave it. */
export function twistedBody({ body }: Answer, strikes: readonly Strike[]): Answer["body"] {
  if (typeof body !== "string" || !struckBy(strikes, "z_stamps")) return body;
  return body.replace(/("\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3})\+0000"/g, '$1Z"');
}

/** What happens to a row right behind the page that showed it. */
export function changeAfter(org: Org, { shown = [] }: Answer, strikes: readonly Strike[]): void {
  const fault = struckBy(strikes, "page_changed");
  if (!fault || shown.length === 0) return;
  if (fault.change) {
    fault.change(shown);
    return;
  }
  const id = org.random.pick(shown);
  const object = org.store.objectOf(id);
  const name = object && org.schema.object(object).fields.find((field) => field.name === "Name" && field.updateable);
  org.books.update(id, name ? { Name: `changed ${org.random.code(6)}` } : {});
}
