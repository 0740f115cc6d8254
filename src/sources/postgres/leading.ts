import { Failure } from "../../kernel/problem.ts";
import { cancelled, tableMissing } from "../problems.ts";
import type { Extracted, ExtractRequest, FeedRequest, TryRequest } from "../source.ts";
import { describeRelation, type Relation } from "./catalog.ts";
import { failureOf } from "./failure-of.ts";
import { lookAround } from "./look.ts";
import { planRead } from "./plan-read.ts";
import { identityHere, type Moment, type Question, type Reading } from "./reading.ts";
import { openOneMore, openSession, type Session } from "./session.ts";
import { beginSnapshot, checkCursor, joinSnapshot } from "./snapshot.ts";

type Refused = Extracted["refused"][number];
type LeftOut = NonNullable<Extracted["leftOut"]>[number];

/** A source whose feeds are to be read, and how sessions are opened that are closed in the end, however it ends. */
export interface Reach {
  readonly open: (patienceMs?: number) => Promise<Session>;
  readonly request: TryRequest & Pick<Partial<ExtractRequest>, "accepts">;
}

/** The leader's transaction, in which every feed is looked at. */
export interface Led {
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
  return {
    request: asked,
    found,
    plan: await planRead(leader, asked, found),
    files: [],
    keyFiles: [],
    only: null,
    totals: [],
  };
}

/** Looks around, takes the snapshot and plans the read of every feed that is asked for. @throws Failure as `SourceReader.extract`. */
export async function lead({ open, request }: Reach): Promise<Led> {
  const leader = await open();
  const moment = await lockAndSnapshot(leader, request);
  return { leader, moment, ...(await plannedReadings(leader, { request, moment })) };
}

/** Sessions beside the leader, as many as are allowed and can hold the tables at once. */
export async function openHelpers({ open, request }: Reach, { moment }: Led, wanted: number): Promise<Session[]> {
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
export async function answerAll(sessions: readonly Session[], questions: readonly Question[]): Promise<void> {
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

/** Does work with sessions of a source that are all closed in the end, at once when the signal aborts. */
export async function withSessions<T>(
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
