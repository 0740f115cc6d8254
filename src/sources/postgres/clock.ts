import pg from "pg";
import type { Feed } from "../../config/pipeline.ts";
import { Failure } from "../../kernel/problem.ts";
import type { Finding } from "../source.ts";
import { baseType, type Relation } from "./catalog.ts";
import type { Seen } from "./cursor.ts";
import { postgresReading } from "./postgres-kind.ts";
import { clockUnknown, clockUnneeded, clockWrong } from "./problems.ts";
import { relation } from "./select-sql.ts";
import type { Session } from "./session.ts";

const identifier = pg.escapeIdentifier;
const literal = pg.escapeLiteral;

/** How many of the newest values a look at the clock takes. */
const NEWEST = 100;

/** The clock that a feed's cursor column shows: an IANA name, or null for a column that holds instants. */
export function clockOf(feed: Feed, found: Relation): string | null {
  const { cursor } = postgresReading(feed);
  if (cursor.mode !== "updated_at") return null;
  const isLocal = /^timestamp(?:\(\d\))? without/.test(baseType(found, cursor.column));
  const about = { feed: feed.id, source: feed.source, column: cursor.column };
  if (isLocal && cursor.timeZone === undefined) throw new Failure("incomplete", clockUnknown(about));
  if (!isLocal && cursor.timeZone !== undefined) throw new Failure("incomplete", clockUnneeded(about));
  return cursor.timeZone ?? null;
}

/*
 * A clock that is set back shows an hour twice. Zones change on whole minutes (since 1973 all of them), so that the least time that a
 * clock shows from an instant on is shown at that instant, or at a whole minute within the two days that every step back lies in.
 */
const LOWEST_SHOWN = `
select to_char(min(m.at at time zone $2), 'YYYY-MM-DD"T"HH24:MI:SS.US') as bound
  from (select $1::timestamptz as at
        union all
        select date_trunc('minute', $1::timestamptz) + n * interval '1 minute' from generate_series(1, 2880) n) m`;

/** The least local time that a clock can show at an instant or later: text of a timestamp without zone, with microseconds. */
export async function lowestShown(session: Session, instant: string, clock: string): Promise<string> {
  const [row] = await session.rows<{ bound: string }>(LOWEST_SHOWN, [instant, clock]);
  if (!row) throw new Error("an aggregate gave no row");
  return row.bound;
}

interface Newest {
  readonly written: string;
  readonly below: string;
  readonly ahead: string;
}

/**
 * Whether a row was written by a transaction that was not done when something was seen. A row shows the lower
 * half of that transaction's number for ever: only numbers given out since, or not done then, are later. Those below 3 stand for rows that
 * are older than any.
 */
export function isLater({ xmax, running = [] }: Seen): string {
  const half = (xid: string) => `${literal(xid)}::bigint % 4294967296`;
  const since = `pg_snapshot_xmax(pg_current_snapshot())::text::bigint - ${literal(xmax)}::bigint`;
  const mine = "xmin::text::bigint";
  const given = `(${mine} >= 3 and (${mine} - ${half(xmax)} + 4294967296) % 4294967296 < ${since})`;
  return running.length === 0 ? given : `(${given} or ${mine} in (${running.map(half).join(", ")}))`;
}

function newestSql(feed: Feed, column: string, { bound, seen, now }: { bound: string; seen: Seen; now: string }): string {
  const later = isLater(seen);
  return `select count(*) filter (where ${later})::text as written,
       count(*) filter (where ${later} and n.at < ${bound})::text as below,
       count(*) filter (where n.at > ${now})::text as ahead
  from (select ${identifier(column)} as at, xmin from ${relation(feed)}
         where ${identifier(column)} is not null order by ${identifier(column)} desc limit ${NEWEST}) n`;
}

/** What a look at the newest values is told. */
export interface ClockLook {
  readonly feed: Feed;
  readonly found: Relation;
  readonly clock: string | null;
  /** SQL of the bound from which the read starts. */
  readonly bound: string;
  /** How far the server was when the bound was taken. */
  readonly seen: Seen;
}

/**
 * Whether the newest values of an `updated_at` column are plausible: what was written after the last read cannot be stamped before its
 * horizon, and nothing is stamped in the future.
 * @throws Failure `incomplete` where a declared clock is another one's: all that was written since is stamped before the horizon.
 */
export async function checkClock(session: Session, look: ClockLook): Promise<Finding[]> {
  const { feed, found, clock } = look;
  const { cursor } = postgresReading(feed);
  if (cursor.mode !== "updated_at" || !(found.kind === "r" || found.kind === "p")) return [];
  const soon = "now() + interval '5 minutes'";
  const now = clock === null ? soon : `(${soon}) at time zone ${literal(clock)}`;
  const [row] = await session.rows<Newest & Record<string, string>>(newestSql(feed, cursor.column, { ...look, now }));
  if (!row) return [];
  const { written, below, ahead } = row;
  if (clock !== null && below !== "0" && below === written) {
    throw new Failure(
      "incomplete",
      clockWrong({ feed: feed.id, source: feed.source, column: cursor.column, clock, rows: below }),
    );
  }
  return [
    ...(below === "0"
      ? []
      : [
          {
            of: "clock" as const,
            says: `${below} of the newest ${NEWEST} rows were written after the last read, but are stamped before its horizon: \`ledgerloop run --full\` brings them`,
          },
        ]),
    ...(ahead === "0"
      ? []
      : [
          {
            of: "clock" as const,
            says: `${ahead} of the newest ${NEWEST} values of ${cursor.column} lie more than 5 minutes in the future${clock === null ? "" : ` of ${clock}`}; their rows are read again until then`,
          },
        ]),
  ];
}
