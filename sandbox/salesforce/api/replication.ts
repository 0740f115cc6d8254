import { struckBy } from "../../simulator/switchboard.ts";
import type { Seen } from "../sight.ts";
import type { Fields } from "../values.ts";
import { type Answer, type Asked, okay, restInstant } from "./asked.ts";
import { objectIn } from "./describe.ts";
import { Refusal } from "./refusal.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 3600 * 1000;

const invalidDate = (message: string) => new Refusal(400, "INVALID_REPLICATION_DATE", { message });

/** An instant of the address. The service takes no notice of its seconds. */
function minuteOf({ params }: Asked, name: string): number {
  const text = params.get(name) ?? "";
  // A plus that was not encoded arrives as a space.
  const at = Date.parse(text.replace(/ (?=\d\d:?\d\d$)/, "+").replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
  if (!/^\d{4}-\d\d-\d\dT/.test(text) || Number.isNaN(at)) {
    throw new Refusal(400, "INVALID_FIELD", { message: `Invalid value for ${name}: '${text}'` });
  }
  return Math.floor(at / MINUTE_MS) * MINUTE_MS;
}

interface Span {
  readonly object: Seen;
  readonly start: number;
  readonly end: number;
  readonly covered: number;
}

/** Until when all is covered: not beyond now, nor beyond the beginning of a transaction that is still open. */
function coveredUntil({ org, strikes }: Asked, end: number): number {
  const now = Math.floor(org.clock.now().getTime() / MINUTE_MS) * MINUTE_MS;
  const oldest = org.ledger.oldestOpen() ?? Number.POSITIVE_INFINITY;
  const back = struckBy(strikes, "latest_back");
  return Math.min(end, now, Math.floor(oldest / 1000) * 1000) - (back ? (back.seconds ?? 3600) * 1000 : 0);
}

function spanOf(asked: Asked, daysBack: number): Span {
  const object = objectIn(asked);
  if (!object.replicateable) {
    throw new Refusal(400, "INVALID_TYPE", { message: `${object.name} is not replicable` });
  }
  const [start, end] = [minuteOf(asked, "start"), minuteOf(asked, "end")];
  if (end - start < MINUTE_MS) throw invalidDate("endDate must be more than one minute after startDate");
  if (start < asked.org.clock.now().getTime() - daysBack * DAY_MS) {
    throw invalidDate(`startDate cannot be more than ${daysBack} days ago`);
  }
  return { object, start, end, covered: coveredUntil(asked, end) };
}

function stamped(asked: Asked, { object, start, end }: Span, deleted: boolean): Fields[] {
  const rows: Fields[] = [];
  for (const row of asked.sight.rows(object.name)) {
    const at = Number(row["SystemModstamp"]);
    if ((row["IsDeleted"] === true) === deleted && at >= start && at < end) rows.push(row);
  }
  if (rows.length > asked.org.limits.ids || struckBy(asked.strikes, "id_limit")) throw tooManyIds();
  return rows;
}

/** 400 for a span in which too much happened. */
export function tooManyIds(): Refusal {
  return new Refusal(400, "EXCEEDED_ID_LIMIT", {
    message: "more than the maximum number of ids; choose dates that are closer together",
  });
}

/** Ids of what was made or changed in a span. */
export function updated(asked: Asked): Answer {
  const span = spanOf(asked, 30);
  const ids = stamped(asked, span, false).map((row) => row["Id"]);
  return okay({ ids, latestDateCovered: restInstant(span.covered) });
}

/** What went into the recycle bin in a span and is still there. */
export function deleted(asked: Asked): Answer {
  const span = spanOf(asked, 15);
  const since = asked.org.ledger.deletedSince(span.object.name);
  // What the documentation says of the case contradicts its own example; where some of the span is covered, the answer says from when on.
  if (span.end <= since) throw invalidDate("the deletions of that time are no longer known");
  const rows = stamped(asked, span, true).filter((row) => Number(row["SystemModstamp"]) >= since);
  return okay({
    deletedRecords: rows.map((row) => ({ id: row["Id"], deletedDate: restInstant(Number(row["SystemModstamp"])) })),
    earliestDateAvailable: restInstant(since),
    latestDateCovered: restInstant(span.covered),
  });
}
