import { Failure } from "../../kernel/problem.ts";
import type { Answer, SalesforceApi } from "./api.ts";
import { instantMs } from "./pages/field-text.ts";
import { horizonUnknown, notJson, objectUntold } from "./problems.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;

/** Minutes over which changes are listed to learn up to when they are complete; fewer where they are too many. */
const WINDOWS = [5, 2];

/** Days back that deletions are listed. */
const DELETED_DAYS = 14;

const TOO_MANY = "EXCEEDED_ID_LIMIT";
const NO_LOG = "INVALID_TYPE";

function windowOf(now: number, minutes: number) {
  // The service does not look at seconds.
  const end = now - (now % MINUTE);
  return { start: new Date(end - minutes * MINUTE).toISOString(), end: new Date(end).toISOString() };
}

function coveredBy({ body }: Answer): number {
  return typeof body === "object" && body !== null && "latestDateCovered" in body
    ? instantMs(body.latestDateCovered)
    : Number.NaN;
}

/**
 * The instant up to which all changes of an object can be seen, milliseconds since 1970: where a transaction is on its way, that of its
 * beginning; never beyond the service's clock or this machine's.
 * @throws Failure `retryable` where too much changes to be listed, `incomplete` where the org keeps no log of the object.
 */
export async function horizonOf(api: SalesforceApi, source: string, object: string): Promise<number> {
  const name = `list changes of ${object}`;
  for (const minutes of WINDOWS) {
    const path = `sobjects/${object}/updated/`;
    const answer = await api.ask({ name, path, query: windowOf(api.now(), minutes), accepts: [TOO_MANY, NO_LOG] });
    if (answer.code === TOO_MANY) continue;
    if (answer.code === NO_LOG)
      throw new Failure("incomplete", objectUntold({ source, object, lacks: "log of changes (getUpdated)" }));
    const covered = coveredBy(answer);
    if (Number.isNaN(covered)) throw new Failure("incomplete", notJson({ source, name }));
    return Math.min(covered, api.now(), api.clock.now().getTime());
  }
  throw new Failure("retryable", horizonUnknown({ source, object }));
}

/** What the log of deletions says. */
export interface DeletedLog {
  readonly answer: Answer;
  /** Milliseconds since 1970 before which the log may lack deletions; null where it has all of what was asked for. */
  readonly missesBefore: number | null;
}

interface LogAsked {
  readonly source: string;
  readonly object: string;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/** What the service says of a span that begins before its log does. */
const BEFORE_LOG = "INVALID_REPLICATION_DATE";

const askLog = (api: SalesforceApi, object: string, start: number): Promise<Answer> => {
  const { end } = windowOf(api.now(), 0);
  const query = { start: new Date(start).toISOString(), end };
  const path = `sobjects/${object}/deleted/`;
  return api.ask({ name: `list deletions of ${object}`, path, query, accepts: [TOO_MANY, BEFORE_LOG] });
};

/** @returns the instant at which the log begins, milliseconds since 1970; NaN where nothing is said. @throws Failure where it is no log. */
function logBegins({ body }: Answer, { source, object }: LogAsked): number {
  const { deletedRecords, earliestDateAvailable } = (body ?? {}) as Record<string, unknown>;
  if (!Array.isArray(deletedRecords)) throw new Failure("incomplete", notJson({ source, name: `list deletions of ${object}` }));
  return instantMs(earliestDateAvailable);
}

/** The log of deletions since an instant; null where there are too many of them to be listed. @throws Failure as `ask`. */
export async function deletedSince(api: SalesforceApi, asked: LogAsked): Promise<DeletedLog | null> {
  const { object, since } = asked;
  const latest = Date.parse(windowOf(api.now(), 2).start);
  let start = Math.max(Math.min(since - (since % MINUTE), latest), api.now() - DELETED_DAYS * DAY);
  let answer = await askLog(api, object, start);
  if (answer.code === BEFORE_LOG) {
    const newest = await askLog(api, object, latest);
    if (newest.code === TOO_MANY) return null;
    start = Math.min(latest, Math.ceil(logBegins(newest, asked) / MINUTE) * MINUTE);
    answer = start === latest ? newest : await askLog(api, object, start);
  }
  if (answer.code === TOO_MANY) return null;
  const begins = logBegins(answer, asked);
  const from = Number.isNaN(begins) ? start : Math.max(start, begins);
  return { answer, missesBefore: from > since ? from : null };
}
