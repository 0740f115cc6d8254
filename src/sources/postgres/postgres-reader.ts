import type { Feed, Source } from "../../config/pipeline.ts";
import { Failure } from "../../kernel/problem.ts";
import { cancelled, tableMissing } from "../problems.ts";
import type { TablePlace } from "../record-place.ts";
import type { Extracted, ExtractRequest, FeedRequest, SourceColumn, SourceReader, Tried, TryRequest } from "../source.ts";
import { describeRelation, type Relation } from "./catalog.ts";
import { compareCursors } from "./cursor.ts";
import { failureOf, forFeed } from "./failure-of.ts";
import { lookAround } from "./look.ts";
import { beginPinned } from "./pins.ts";
import { planRead } from "./plan-read.ts";
import { postgresSettings } from "./postgres-kind.ts";
import { finished, frozenFindings, identityHere, type Moment, type Question, questionsOf, type Reading } from "./reading.ts";
import { openOneMore, openSession, type Session } from "./session.ts";
import { beginSnapshot, checkCursor, joinSnapshot } from "./snapshot.ts";
import { tryStatements } from "./try-statements.ts";

type Refused = Extracted["refused"][number];
type LeftOut = NonNullable<Extracted["leftOut"]>[number];

/** A source whose feeds are to be read, and how sessions are opened that are closed in the end, however it ends. */
interface Reach {
  readonly open: (patienceMs?: number) => Promise<Session>;
  readonly request: TryRequest & Pick<Partial<ExtractRequest>, "accepts">;
}

/** The leader's transaction, in which every feed is looked at. */
interface Led {
  readonly leader: Session;
  readonly moment: Moment;
  readonly readings: readonly Reading[];
  readonly refused: readonly Refused[];
  readonly leftOut: readonly LeftOut[];
}

/** Locks what is there and takes the snapshot; what went away meanwhile is looked for again, so that it counts as gone. */
async function lockAndSnapshot(leader: Session, { source, feeds }: TryRequest): Promise<Moment> {
  const all = feeds.map(({ feed }) => feed);
  for (;;) {
    const look = await lookAround(leader, source, all);
    const snapshot = await beginSnapshot(leader, { source, feeds: look.lockable, server: look.server });
    if (snapshot) return { snapshot, look };
  }
}

/** The relations as the transaction has them: what was dropped and made again before its lock is another one. */
async function plannedReadings(
  leader: Session,
  { request, moment }: { request: Reach["request"]; moment: Moment },
): Promise<Pick<Led, "readings" | "refused" | "leftOut">> {
  const readings: Reading[] = [];
  const refused: Refused[] = [];
  const leftOut: LeftOut[] = [];
  for (const asked of request.feeds) {
    const { feed } = asked;
    const found = await describeRelation(leader, feed);
    const columns = found?.columns ?? [];
    if (request.accepts && !request.accepts(feed, columns)) {
      refused.push({ feed: feed.id, sourceColumns: [...columns] });
      continue;
    }
    try {
      readings.push(await plannedReading(leader, asked, { found, moment }));
    } catch (error) {
      if (!isPassedOver(error, asked, request)) throw error;
      leftOut.push({ feed: feed.id, says: error.problems[0]?.says ?? "" });
    }
  }
  return { readings, refused, leftOut };
}

/** Whether a feed that cannot be read stops nobody: it is optional, and others of the source are required. None when it is only tried. */
function isPassedOver(error: unknown, { feed }: FeedRequest, request: Reach["request"]): error is Failure {
  const isOptional = !feed.required && request.accepts !== undefined && request.feeds.some((other) => other.feed.required);
  return isOptional && error instanceof Failure && error.kind === "incomplete";
}

async function plannedReading(
  leader: Session,
  asked: FeedRequest,
  { found, moment }: { found: Relation | null; moment: Moment },
): Promise<Reading> {
  const { feed, cursor } = asked;
  const { look } = moment;
  const barred = look.barred.get(feed.id);
  if (barred) throw new Failure("incomplete", barred);
  if (!found) throw new Failure("incomplete", tableMissing(feed.id));
  if (cursor) checkCursor(asked, cursor, { here: identityHere(feed, found, look), ...moment, server: look.server });
  return { request: asked, found, plan: await planRead(leader, asked, found), files: [], keyFiles: [], totals: [] };
}

async function lead({ open, request }: Reach): Promise<Led> {
  const leader = await open();
  const moment = await lockAndSnapshot(leader, request);
  return { leader, moment, ...(await plannedReadings(leader, { request, moment })) };
}

/** Sessions beside the leader, as many as are allowed and can hold the tables at once. */
async function openHelpers({ open, request }: Reach, { moment }: Led, wanted: number): Promise<Session[]> {
  const helpers: Session[] = [];
  while (helpers.length < wanted) {
    const helper = await openOneMore(open);
    if (!helper) break;
    if (!(await joinSnapshot(helper, moment.snapshot.id, { source: request.source, feeds: moment.look.lockable }))) {
      await helper.close();
      break;
    }
    helpers.push(helper);
  }
  return helpers;
}

/**
 * Each session answers the next open question until none is left, and then lets go of the snapshot. After a first
 * error all are closed, and only then does it reject, so that nothing writes any more.
 */
async function answerAll(sessions: readonly Session[], questions: readonly Question[]): Promise<void> {
  const open = [...questions];
  const failures: unknown[] = [];
  const work = async (session: Session) => {
    try {
      for (let next = open.shift(); next && failures.length === 0; next = open.shift()) await next(session);
      await session.rows("commit");
      await session.close();
    } catch (error) {
      failures.push(error);
      await Promise.all(sessions.map((s) => s.close()));
    }
  };
  await Promise.all(sessions.map(work));
  if (failures.length > 0) throw failures[0];
}

async function readAll(open: Reach["open"], request: ExtractRequest): Promise<Extracted> {
  const led = await lead({ open, request });
  const questions = led.readings.flatMap((reading) => questionsOf(reading, request));
  const wanted = Math.min(postgresSettings(request.source).parallel, questions.length) - 1;
  const sessions = [led.leader, ...(await openHelpers({ open, request }, led, wanted))];
  await answerAll(sessions, questions);
  const { refused, leftOut } = led;
  return { extracts: led.readings.map((reading) => finished(reading, led.moment)), refused, leftOut };
}

/** The same way, with statements that give no row; the last of the helpers shows how many connections there are. */
async function tryAll(open: Reach["open"], request: TryRequest): Promise<Tried> {
  const led = await lead({ open, request });
  const helpers = await openHelpers({ open, request }, led, postgresSettings(request.source).parallel - 1);
  for (const { request: asked, found } of led.readings) {
    const statements = tryStatements(asked.feed, { found, currencies: request.currencies });
    await forFeed({ source: request.source, feed: asked.feed.id }, async () => {
      for (const sql of statements) await led.leader.rows(sql);
    });
  }
  const { look, snapshot } = led.moment;
  const findings = led.readings.map(
    ({ request: { feed }, plan }) => [feed.id, [...plan.findings, ...frozenFindings(feed, look)]] as const,
  );
  const says = `PostgreSQL ${snapshot.serverVersion}: locks, snapshot, rights and statements of a run, on ${1 + helpers.length} connections`;
  return { findings: new Map(findings), says };
}

/** Does work with sessions of a source that are all closed in the end, at once when the signal aborts. */
async function withSessions<T>(
  { source, signal }: Pick<ExtractRequest, "source" | "signal">,
  work: (open: Reach["open"]) => Promise<T>,
): Promise<T> {
  const sessions: Session[] = [];
  const closeAll = () => Promise.all(sessions.map((s) => s.close()));
  const onAbort = () => void closeAll();
  const open = async (patienceMs?: number) => {
    const session = await openSession(source, patienceMs);
    sessions.push(session);
    if (signal.aborted) throw new Failure("retryable", cancelled(source.id));
    return session;
  };
  signal.addEventListener("abort", onAbort);
  try {
    return await work(open);
  } catch (error) {
    if (signal.aborted) throw new Failure("retryable", cancelled(source.id));
    throw failureOf(error, { source });
  } finally {
    signal.removeEventListener("abort", onAbort);
    await closeAll();
  }
}

async function describeAll(open: Reach["open"], source: Source, feeds: readonly Feed[]): Promise<Map<string, SourceColumn[]>> {
  const found = new Map<string, SourceColumn[]>();
  const session = await open();
  await beginPinned(session, source, "now");
  for (const feed of feeds) found.set(feed.id, [...((await describeRelation(session, feed))?.columns ?? [])]);
  await session.rows("commit");
  return found;
}

function tablePlace({ origin: table }: Pick<Feed, "origin">, position: string): TablePlace | null {
  const [, part_oid = null, ctid] = /^(?:(\d+):)?(\(\d+,\d+\))$/.exec(position) ?? [];
  return ctid === undefined ? null : { table, ctid, part_oid };
}

/**
 * Reads feeds from PostgreSQL: one exported snapshot, COPY as CSV, up to `parallel` connections; what a source must have for it
 * stands in docs/postgres.md.
 *
 * Cursor modes: `xid` reads rows whose change-xid is at or above the last snapshot's xmin. `updated_at` demands that the
 * database itself sets the column to now() on each change, in a declared clock where the type has no zone; its horizon stops below the
 * oldest open transaction, and while any prepared transaction exists it stays where it was. `whole` reads everything.
 */
export function postgresReader(): SourceReader {
  const unaborted = new AbortController().signal;
  return {
    extract: (request) => withSessions(request, (open) => readAll(open, request)),
    try: (request) => withSessions(request, (open) => tryAll(open, request)),
    compare: compareCursors,
    describe: (source, feeds) => withSessions({ source, signal: unaborted }, (open) => describeAll(open, source, feeds)),
    tablePlace,
    close: async () => undefined,
  };
}
