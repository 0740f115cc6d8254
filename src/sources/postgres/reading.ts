import type { Feed } from "../../config/pipeline.ts";
import { ageText } from "../../kernel/age.ts";
import { HOUR_MS } from "../../kernel/clock.ts";
import { Failure } from "../../kernel/problem.ts";
import type { KeyTexts } from "../contents.ts";
import { POSITION } from "../landed-text.ts";
import { landOnly } from "../only-keys.ts";
import { countsDiffer } from "../problems.ts";
import type {
  ControlTotal,
  Cursor,
  ExtractedFile,
  ExtractRequest,
  FeedExtract,
  FeedRequest,
  Finding,
  RowFiles,
} from "../source.ts";
import type { Relation } from "./catalog.ts";
import { totalRows, totalsSql } from "./control-totals.ts";
import { copyOut, copyOutInParts } from "./copy-out.ts";
import { byOf, type Identity, instantCursor, instantOf, startOf, wholeCursor, xidCursor } from "./cursor.ts";
import { forFeed } from "./failure-of.ts";
import type { Look } from "./look.ts";
import { withBitmapMemory } from "./pins.ts";
import type { ReadPlan } from "./plan-read.ts";
import { postgresReading, postgresSettings } from "./postgres-kind.ts";
import { copyKeys, copyRows, extractColumns, isCoarse, pageRanges } from "./select-sql.ts";
import type { Session } from "./session.ts";
import { type Snapshot, seenBy } from "./snapshot.ts";

/** A feed on its way: its questions are asked by whichever connection is free. */
export interface Reading {
  readonly request: FeedRequest;
  readonly found: Relation;
  readonly plan: ReadPlan;
  readonly files: ExtractedFile[];
  readonly keyFiles: ExtractedFile[];
  /** Which keys were asked for, once they are written down. */
  only: RowFiles | null;
  totals: readonly ControlTotal[];
}

export type Question = (session: Session) => Promise<void>;

/** The name of the file of a range. */
export function partName(prefix: string, index: number): string {
  return `${prefix}-${String(index).padStart(3, "0")}.csv`;
}

/** What a reading asks of the source, each by a statement of its own: its rows in ranges, its totals, its keys. */
export function questionsOf(reading: Reading, request: ExtractRequest): Question[] {
  const { found, plan, files, keyFiles } = reading;
  const { where } = plan;
  const { feed, keys, only } = reading.request;
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
        const copy = { sql: copyRows(feed, found, range), sink, onBytes };
        const nameOf = (nth: number) => partName("part", nth);
        if (ranges.length === 1 && found.position !== "none") files.push(...(await copyOutInParts(session, { ...copy, nameOf })));
        else files[index] = await copyOut(session, { ...copy, name: nameOf(index) });
      },
  );
  const totals: Question = async (session) => {
    const sql = totalsSql(feed, { found, currencies: request.currencies, where: where ?? "true" });
    reading.totals = await session.rows<ControlTotal & Record<string, string>>(sql);
  };
  const keyPass: Question = async (session) => {
    keyFiles[0] = await copyOut(session, { sql: copyKeys(feed), name: partName("keys", 0), sink, onBytes });
  };
  const listing = (asked: KeyTexts): Question => {
    return async () => {
      reading.only = await landOnly(sink, feed, asked);
    };
  };
  const ofRows = [...copies, totals];
  const questions = [
    ...(where === null ? ofRows : ofRows.map(withBitmapMemory)),
    ...(keys ? [keyPass] : []),
    ...(only ? [listing(only)] : []),
  ];
  const asking = { source: request.source, feed: feed.id };
  return questions.map((question) => (session) => forFeed(asking, () => question(session)));
}

/** Where and when the readings of one run were made. */
export interface Moment {
  readonly snapshot: Snapshot;
  readonly look: Look;
}

/** What a feed's cursor belongs to: an incremental one to the relation itself, a whole read to what is called so. */
export function identityHere(feed: Feed, found: Relation, { server: { system, timeline, database } }: Look): Identity {
  const server = { system, timeline, database };
  return postgresReading(feed).cursor.mode === "whole" ? { ...server, table: feed.origin } : { ...server, relation: found.oid };
}

function oneSecondEarlier(instant: string): string {
  const seconds = new Date(Date.parse(`${instant.slice(0, 19)}Z`) - 1000).toISOString().slice(0, 19);
  return `${seconds}${instant.slice(19)}`;
}

function nextCursor({ request, found, plan }: Reading, { snapshot, look }: Moment): Cursor {
  const { feed, cursor } = request;
  const { mode } = postgresReading(feed).cursor;
  const here = identityHere(feed, found, look);
  const beside = { by: byOf(feed), seen: seenBy(snapshot, look.server), shape: plan.shape };
  if (mode === "whole") return wholeCursor(here, beside.seen);
  if (mode === "xid") return xidCursor(here, snapshot.xmin, beside);
  const before = cursor?.kind === "updated_at" ? instantOf(cursor, feed.id) : null;
  const { cap } = look;
  if (!cap || cap.frozen) return instantCursor(here, before, beside);
  // The texts have one width, so that they sort as instants do. A cursor never goes back.
  const reached = isCoarse(feed, found) ? oneSecondEarlier(cap.instant) : cap.instant;
  return instantCursor(here, before !== null && before > reached ? before : reached, beside);
}

const age = (since: string, now: string) => ageText(new Date(since), new Date(now));

/** What holds an incremental cursor where it is: a prepared transaction that nobody ends, or one that has been open for an hour. */
export function frozenFindings(feed: Feed, { server, cap }: Look): Finding[] {
  if (postgresReading(feed).cursor.mode === "whole") return [];
  const { prepared, now } = server;
  if (prepared) {
    const says = `the prepared transaction ${JSON.stringify(prepared.gid)} waits for ${age(prepared.since, now)} and holds the cursor: commit or roll it back at the source`;
    return [{ of: "frozen", says }];
  }
  const isOld = cap && !cap.frozen && Date.parse(now) - Date.parse(cap.instant) > HOUR_MS;
  if (!isOld || postgresReading(feed).cursor.mode !== "updated_at") return [];
  return [{ of: "frozen", says: `a transaction that is open for ${age(cap.instant, now)} holds the cursor at ${cap.instant}` }];
}

function keyRows(feed: Feed, files: readonly ExtractedFile[]): RowFiles {
  return { files, columns: feed.sourceKey, rows: files.reduce((sum, file) => sum + file.rows, 0) };
}

/**
 * The extract of a reading whose questions are answered.
 * @throws Failure `incomplete` when the rows that came are not those that were counted.
 */
export function finished(reading: Reading, moment: Moment): FeedExtract {
  const { request, files, keyFiles, totals, plan, found } = reading;
  const { feed, published, keys, only } = request;
  const { snapshot, look } = moment;
  const read = files.reduce((sum, f) => sum + BigInt(f.rows), 0n);
  if (read !== totalRows(totals)) throw new Failure("incomplete", countsDiffer(feed.id, totalRows(totals), read));
  const isFromCursor = plan.where !== null && published !== null && only === undefined;
  const findings = [...plan.findings, ...(only ? [] : frozenFindings(feed, look))];
  return {
    feed: feed.id,
    request: { from: isFromCursor ? startOf(published, feed.id) : null, whole: plan.where === null },
    files,
    columns: [POSITION, ...extractColumns(feed)],
    sourceColumns: found.columns,
    witness: "source",
    totals,
    cursor: only ? null : nextCursor(reading, moment),
    asOf: snapshot.now,
    notes: { snapshot: snapshot.text, server_version: snapshot.serverVersion },
    ...(plan.below ? { below: plan.below } : {}),
    ...(findings.length > 0 ? { findings } : {}),
    ...(keys ? { keys: keyRows(feed, keyFiles) } : {}),
    ...(reading.only ? { only: reading.only } : {}),
  };
}
