import type { Feed, Source } from "../../config/pipeline.ts";
import { Failure } from "../../kernel/problem.ts";
import { POSITION } from "../landed-text.ts";
import { cancelled, countsDiffer, tableMissing } from "../problems.ts";
import type {
  ControlTotal,
  Cursor,
  Extracted,
  ExtractedFile,
  ExtractRequest,
  FeedExtract,
  FeedRequest,
  SourceColumn,
  SourceReader,
} from "../source.ts";
import { describeRelation, type Relation } from "./catalog.ts";
import { totalRows, totalsSql } from "./control-totals.ts";
import { copyOut } from "./copy-out.ts";
import { compareCursors, instantCursor, instantOf, wholeCursor, xidCursor } from "./cursor.ts";
import { failureOf, forFeed } from "./failure-of.ts";
import { type Cap, updatedAtCap } from "./horizon.ts";
import { postgresReading, postgresSettings } from "./postgres-kind.ts";
import { changePredicate, checkNeededColumns, copyKeys, copyRows, extractColumns, isCoarse, pageRanges } from "./select-sql.ts";
import { openOneMore, openSession, type Session } from "./session.ts";
import { beginSnapshot, checkCursor, joinSnapshot, type Snapshot } from "./snapshot.ts";

/** A feed on its way: its questions are asked by whichever connection is free. */
interface Reading {
  readonly request: FeedRequest;
  readonly found: Relation;
  readonly where: string | null;
  readonly files: ExtractedFile[];
  readonly keyFiles: ExtractedFile[];
  totals: readonly ControlTotal[];
}

type Refused = Extracted["refused"][number];
type Question = (session: Session) => Promise<void>;

async function plannedReadings(session: Session, request: ExtractRequest): Promise<{ readings: Reading[]; refused: Refused[] }> {
  const readings: Reading[] = [];
  const refused: Refused[] = [];
  for (const asked of request.feeds) {
    const { feed, cursor } = asked;
    const found = await describeRelation(session, feed);
    const columns = found?.columns ?? [];
    if (!request.accepts(feed, columns)) {
      refused.push({ feed: feed.id, sourceColumns: [...columns] });
      continue;
    }
    if (!found) throw new Failure("incomplete", tableMissing(feed.id));
    checkNeededColumns(feed, found);
    readings.push({ request: asked, found, where: changePredicate(feed, cursor, found), files: [], keyFiles: [], totals: [] });
  }
  return { readings, refused };
}

function partName(prefix: string, index: number): string {
  return `${prefix}-${String(index).padStart(3, "0")}.csv`;
}

function questionsOf(reading: Reading, request: ExtractRequest): Question[] {
  const { found, where, files, keyFiles } = reading;
  const { feed, keys } = reading.request;
  const sink = request.sink(feed.id);
  let bytes = 0;
  const onBytes = (more: number) => {
    bytes += more;
    request.onProgress(feed.id, bytes);
  };
  const ranges = where === null ? pageRanges(found.pages, postgresSettings(request.source).parallel) : [where];
  const copies = ranges.map(
    (range, index): Question =>
      async (session) => {
        const copy = { sql: copyRows(feed, found, range), name: partName("part", index), sink, onBytes };
        files[index] = await copyOut(session, copy);
      },
  );
  const totals: Question = async (session) => {
    const sql = totalsSql(feed, { found, currencies: request.currencies, where: where ?? "true" });
    reading.totals = await session.rows<ControlTotal & Record<string, string>>(sql);
  };
  const keyPass: Question = async (session) => {
    keyFiles[0] = await copyOut(session, { sql: copyKeys(feed), name: partName("keys", 0), sink, onBytes });
  };
  const questions = keys ? [...copies, totals, keyPass] : [...copies, totals];
  const asking = { source: request.source, feed: feed.id };
  return questions.map((question) => (session) => forFeed(asking, () => question(session)));
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
      await session.close();
    } catch (error) {
      failures.push(error);
      await Promise.all(sessions.map((s) => s.close()));
    }
  };
  await Promise.all(sessions.map(work));
  if (failures.length > 0) throw failures[0];
}

function nextCursor(reading: Reading, snapshot: Snapshot, cap: Cap | null): Cursor {
  const { feed, cursor } = reading.request;
  const { mode } = postgresReading(feed).cursor;
  const here = { system: snapshot.systemIdentifier, timeline: snapshot.timeline };
  if (mode === "whole") return wholeCursor(here);
  if (mode === "xid") return xidCursor(here, snapshot.xmin);
  const before = cursor?.kind === "updated_at" ? instantOf(cursor, feed.id) : null;
  if (!cap || cap.frozen) return instantCursor(here, before);
  // The texts have one width, so that they sort as instants do. A cursor never goes back.
  const reached = isCoarse(feed, reading.found) ? oneSecondEarlier(cap.instant) : cap.instant;
  return instantCursor(here, before !== null && before > reached ? before : reached);
}

function oneSecondEarlier(instant: string): string {
  const seconds = new Date(Date.parse(`${instant.slice(0, 19)}Z`) - 1000).toISOString().slice(0, 19);
  return `${seconds}${instant.slice(19)}`;
}

function finished(reading: Reading, snapshot: Snapshot, cap: Cap | null): FeedExtract {
  const { request, files, keyFiles, totals, where, found } = reading;
  const { feed, cursor, keys } = request;
  const read = files.reduce((sum, f) => sum + BigInt(f.rows), 0n);
  if (read !== totalRows(totals)) throw new Failure("incomplete", countsDiffer(feed.id, totalRows(totals), read));
  return {
    feed: feed.id,
    request: { from: where === null ? null : (cursor?.position ?? null), whole: where === null },
    files,
    columns: [POSITION, ...extractColumns(feed)],
    sourceColumns: found.columns,
    witness: "source",
    totals,
    cursor: nextCursor(reading, snapshot, cap),
    asOf: snapshot.now,
    notes: { snapshot: snapshot.text, server_version: snapshot.serverVersion },
    ...(keys ? { keys: { files: keyFiles, columns: feed.sourceKey, rows: keyFiles.reduce((n, f) => n + f.rows, 0) } } : {}),
  };
}

interface Reach {
  /** Opens a session that is closed when the extract ends, however it ends. */
  readonly open: () => Promise<Session>;
  readonly request: ExtractRequest;
}

async function lockableFeeds(leader: Session, requests: readonly FeedRequest[]): Promise<Feed[]> {
  const feeds: Feed[] = [];
  for (const { feed } of requests) if ((await describeRelation(leader, feed))?.lockable) feeds.push(feed);
  return feeds;
}

/** Locks what is there and takes the snapshot; what went away meanwhile is looked for again, so that it counts as gone. */
async function lockAndSnapshot(
  leader: Session,
  requests: readonly FeedRequest[],
): Promise<{ snapshot: Snapshot; locked: Feed[] }> {
  for (;;) {
    const locked = await lockableFeeds(leader, requests);
    const snapshot = await beginSnapshot(leader, locked);
    if (snapshot) return { snapshot, locked };
  }
}

/** Sessions beside the leader, as many as have work and can hold the tables at once. */
async function openHelpers(open: Reach["open"], wanted: number, join: (helper: Session) => Promise<boolean>): Promise<Session[]> {
  const helpers: Session[] = [];
  while (helpers.length < wanted) {
    const helper = await openOneMore(open);
    if (!helper) break;
    if (!(await join(helper))) {
      await helper.close();
      break;
    }
    helpers.push(helper);
  }
  return helpers;
}

async function readAll({ open, request }: Reach): Promise<Extracted> {
  const leader = await open();
  const capped = request.feeds.some(({ feed }) => postgresReading(feed).cursor.mode === "updated_at");
  const cap = capped ? await updatedAtCap(leader, request.source) : null;
  const { snapshot, locked } = await lockAndSnapshot(leader, request.feeds);
  for (const { feed, cursor } of request.feeds) if (cursor) checkCursor(feed, cursor, snapshot);
  const { readings, refused } = await plannedReadings(leader, request);
  const questions = readings.flatMap((reading) => questionsOf(reading, request));
  const wanted = Math.min(postgresSettings(request.source).parallel, questions.length) - 1;
  const sessions = [leader, ...(await openHelpers(open, wanted, (helper) => joinSnapshot(helper, snapshot.id, locked)))];
  await answerAll(sessions, questions);
  return { extracts: readings.map((reading) => finished(reading, snapshot, cap)), refused };
}

async function extract(request: ExtractRequest): Promise<Extracted> {
  const { source, signal } = request;
  const sessions: Session[] = [];
  const closeAll = () => Promise.all(sessions.map((s) => s.close()));
  const onAbort = () => void closeAll();
  const open = async () => {
    const session = await openSession(source);
    sessions.push(session);
    if (signal.aborted) throw new Failure("retryable", cancelled(source.id));
    return session;
  };
  signal.addEventListener("abort", onAbort);
  try {
    return await readAll({ open, request });
  } catch (error) {
    if (signal.aborted) throw new Failure("retryable", cancelled(source.id));
    throw failureOf(error, { source });
  } finally {
    signal.removeEventListener("abort", onAbort);
    await closeAll();
  }
}

async function describeFeeds(source: Source, feeds: readonly Feed[]): Promise<Map<string, SourceColumn[]>> {
  const found = new Map<string, SourceColumn[]>();
  try {
    const session = await openSession(source);
    try {
      for (const feed of feeds) found.set(feed.id, [...((await describeRelation(session, feed))?.columns ?? [])]);
    } finally {
      await session.close();
    }
  } catch (error) {
    throw failureOf(error, { source });
  }
  return found;
}

/**
 * Reads feeds from PostgreSQL: one exported snapshot, COPY as CSV, up to `parallel` connections.
 *
 * Cursor modes: `xid` reads rows whose change-xid is at or above the last snapshot's xmin. `updated_at` demands that the
 * database itself sets the column to now() (UTC, if the type has no zone) on each change; its horizon stops below the
 * oldest open transaction, and while any prepared transaction exists it stays where it was. `whole` reads everything.
 */
export function postgresReader(): SourceReader {
  return { extract, compare: compareCursors, describe: describeFeeds, close: async () => undefined };
}
