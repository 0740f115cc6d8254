import type { Source } from "../../config/pipeline.ts";
import { Failure } from "../../kernel/problem.ts";
import { postgresSettings } from "./postgres-kind.ts";
import { settingsLost } from "./problems.ts";
import type { Session } from "./session.ts";

/** `transaction_timeout` is known from here on. */
const VERSION_17 = 170_000;

/** Everything that decides what is read and how it is written down, by name. */
function pinned(source: Source, version: number): ReadonlyMap<string, string> {
  const milliseconds = Math.round(postgresSettings(source).statementTimeoutSeconds * 1000);
  return new Map([
    ["client_encoding", "UTF8"],
    ["TimeZone", "UTC"],
    ["DateStyle", "ISO, YMD"],
    ["IntervalStyle", "iso_8601"],
    ["bytea_output", "hex"],
    ["extra_float_digits", "3"],
    ["lc_monetary", "C"],
    ["quote_all_identifiers", "off"],
    ["search_path", '""'],
    ["statement_timeout", `${milliseconds}ms`],
    ["lock_timeout", "30s"],
    ["idle_in_transaction_session_timeout", `${milliseconds + 60_000}ms`],
    ...(version >= VERSION_17 ? ([["transaction_timeout", "0"]] as const) : []),
    // A policy would filter rows silently; off makes the server refuse the query instead.
    ["row_security", "off"],
    // The server notices within a second that we are gone, also in the middle of a long sort.
    ["client_connection_check_interval", "1s"],
  ]);
}

/** `snapshot`: all statements see one state. `now`: each statement sees what is committed. */
export type Isolation = "snapshot" | "now";

const LEVEL: Readonly<Record<Isolation, string>> = { snapshot: "repeatable read", now: "read committed" };

/**
 * Begins a read-only transaction and pins its settings, in one message. They end with the transaction: behind a pooler the
 * connection is somebody else's a moment later. None of these statements takes a snapshot.
 */
export async function beginPinned(session: Session, source: Source, isolation: Isolation): Promise<void> {
  const sets = [...pinned(source, session.version)].map(
    ([name, value]) => `set local ${name} = ${value === '""' ? "''" : `'${value}'`}`,
  );
  const text = [`begin transaction isolation level ${LEVEL[isolation]} read only`, ...sets].join("; ");
  const begin = { text, query_timeout: session.patienceMs };
  await session.rows(begin);
}

/**
 * Looks inside a transaction whether it is the one that was begun, with its settings in force.
 * @throws Failure `incomplete` where something between here and the server hands statements to other connections.
 */
export async function checkPinned(session: Session, source: Source, isolation: Isolation): Promise<void> {
  const settings = new Map([
    ...pinned(source, session.version),
    ["transaction_isolation", LEVEL[isolation]],
    ["transaction_read_only", "on"],
  ]);
  const names = [...settings.keys()];
  const [row] = await session.rows<{ readonly lost: string[] }>(
    `select array(select w.name from unnest($1::text[], $2::text[]) as w(name, value)
       where case when w.name like '%timeout' or w.name like '%interval'
             then extract(epoch from current_setting(w.name)::interval) <> extract(epoch from w.value::interval)
             else current_setting(w.name) <> w.value end) as lost`,
    [names, [...settings.values()]],
  );
  const lost = row?.lost ?? names;
  if (lost.length > 0) throw new Failure("incomplete", settingsLost(source.id, lost));
}

const BITMAP_MEMORY = "64MB";
const RAISED = `select set_config('work_mem', '${BITMAP_MEMORY}', true) where pg_size_bytes(current_setting('work_mem')) < pg_size_bytes('${BITMAP_MEMORY}')`;

/**
 * A question that looks for some of many rows, with room for the pages that an index names. Of those that it has no room for the server looks at every row
 * again, and with the usual 4 MB the planner reads a table of some million rows whole instead. Inside a transaction; a server that gives more keeps its own.
 */
export function withBitmapMemory(question: (session: Session) => Promise<void>): (session: Session) => Promise<void> {
  return async (session) => {
    await session.rows(RAISED);
    await question(session);
    await session.rows("set local work_mem to default");
  };
}
