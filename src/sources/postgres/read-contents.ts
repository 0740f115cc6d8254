import { CONTENT_VECTORS, vectorWords } from "../../contract/row-content.ts";
import { chunks } from "../../kernel/chunks.ts";
import { Failure } from "../../kernel/problem.ts";
import {
  CONTENT,
  type ContentPart,
  type ContentRequest,
  type FeedContent,
  type KeyTexts,
  type PartRequest,
  type RangeSums,
  type RowsRequest,
  type SumsRequest,
} from "../contents.ts";
import { POSITION } from "../landed-text.ts";
import { contentOtherwise, countsDiffer, watermarkUnknown } from "../problems.ts";
import type { ControlTotal, Cursor, ExtractedFile, RowFiles } from "../source.ts";
import { isLater } from "./clock.ts";
import { contentKeys, copyContents, copyRowsOf, isWithin, vectorsSql } from "./content-sql.ts";
import { totalRows, totalsSql } from "./control-totals.ts";
import { copyOut } from "./copy-out.ts";
import { keptOf, type Seen } from "./cursor.ts";
import { forFeed } from "./failure-of.ts";
import { hasOneOf } from "./key-sql.ts";
import { answerAll, type Led, lead, openHelpers, type Reach } from "./leading.ts";
import { withBitmapMemory } from "./pins.ts";
import { postgresReading, postgresSettings } from "./postgres-kind.ts";
import { partName, type Question, type Reading } from "./reading.ts";
import { boundSql, changePredicate, cursorType, extractColumns, pageRanges } from "./select-sql.ts";
import type { Session } from "./session.ts";

/** Keys that one statement asks for. */
const KEYS_AT_ONCE = 10_000;

/** A feed in a snapshot of its own, as an hourly run would go on reading it. */
interface InSnapshot {
  readonly led: Led;
  readonly reading: Reading;
  /** The condition of rows that changed since what is published was read. */
  readonly inFlight: string;
  /** The condition of rows that changed since an earlier cursor; null where only all rows are sure to have them. */
  readonly changed: string | null;
}

const AFTER_A_RUN = "`ledgerloop run`, then compare again";

/**
 * How far the server was when the oldest of the open transactions began to write. A row of a savepoint shows the number of that, which no
 * list of open transactions has.
 */
function seenBefore({ xmax, running = [], ...seen }: Seen): Seen {
  const oldest = running.reduce((least, xid) => (BigInt(xid) < BigInt(least) ? xid : least), xmax);
  return { ...seen, xmax: oldest, running: [] };
}

/** Of a feed that is read whole no column says what changed, but the number of the transaction that wrote a row does. */
function inFlightOf({ found, plan }: Reading, { feed, published }: ContentRequest): string {
  const unknown = (why: string, next: string) => new Failure("incomplete", watermarkUnknown({ feed: feed.id, why, next }));
  const { cursor: by } = postgresReading(feed);
  if (by.mode !== "whole") {
    if (plan.where !== null) return plan.where;
    if (!plan.below) throw unknown("its cursor has no horizon yet", AFTER_A_RUN);
    // A run would read everything, since rows may have changed without a stamp: these are what a comparison is for.
    return changePredicate(by.column, boundSql(plan.below.at, cursorType(feed, by, found)), []);
  }
  if (found.kind !== "r" && found.kind !== "p") {
    throw unknown(
      "it is read whole, and its rows do not tell who wrote them, as those of a table do",
      "compare the tables behind it, or give the feed a cursor",
    );
  }
  const { seen } = keptOf(published);
  if (seen === null) throw unknown("its cursor was published by an earlier version", AFTER_A_RUN);
  return isLater(seenBefore(seen));
}

/** `since`: an earlier cursor from which on changes are asked for too. */
async function stand(open: Reach["open"], request: ContentRequest, since: Cursor | null = null): Promise<InSnapshot> {
  const { feed, published } = request;
  const asked = (cursor: Cursor) => ({ feed, cursor, published: cursor, mayReadWhole: true, keys: false, loading: null });
  const feeds = [asked(published), ...(since === null ? [] : [asked(since)])];
  const led = await lead({ open, request: { ...request, feeds } });
  const [reading, earlier] = led.readings;
  if (!reading) throw new Error("a feed that was asked for was not planned");
  return { led, reading, inFlight: inFlightOf(reading, request), changed: earlier?.plan.where ?? null };
}

/** The cursor behind which changes are asked for; the earliest part that does. */
function sinceOf(part: ContentPart): Cursor | null {
  if (part.by === "changed") return part.since;
  return part.by === "any" ? (part.of.map(sinceOf).find((since) => since !== null) ?? null) : null;
}

/** The conditions of a part, each of which is asked by itself and has no row of another; null for all rows. */
function conditionsOf(part: ContentPart, standing: InSnapshot): string[] | null {
  const { changed, reading } = standing;
  const { found, request } = reading;
  switch (part.by) {
    case "all":
      return null;
    case "changed":
      return changed === null ? null : [changed];
    case "dates": {
      const within = isWithin(found, part);
      return within === null ? null : [within];
    }
    case "keys":
      return chunksOf(part.keys).map((some) => hasOneOf(request.feed, found, some));
    case "any": {
      const all = part.of.map((one) => conditionsOf(one, standing));
      return all.includes(null) ? null : [`(${all.flatMap((some) => some ?? []).join(" or ")})`];
    }
  }
}

/** Asks the questions on as many connections as are allowed, all in the snapshot; `some`: they look for some of the rows. */
async function answered(
  open: Reach["open"],
  request: ContentRequest,
  { led, questions: asked, some }: { led: Led; questions: readonly Question[]; some: boolean },
) {
  const questions = some ? asked.map(withBitmapMemory) : asked;
  const wanted = Math.min(postgresSettings(request.source).parallel, questions.length) - 1;
  const reach = { open, request: { ...request, feeds: [] } };
  const sessions = [led.leader, ...(await openHelpers(reach, led, wanted))];
  const asking = { source: request.source, feed: request.feed.id };
  await answerAll(
    sessions,
    questions.map((question) => (session) => forFeed(asking, () => question(session))),
  );
}

function landing({ sink, onProgress, onStatement }: ContentRequest, prefix: string) {
  const files: ExtractedFile[] = [];
  let bytes = 0;
  const onBytes = (more: number) => {
    bytes += more;
    onProgress(bytes);
  };
  const question = (sql: string, index: number): Question => {
    onStatement(sql);
    return async (session) => {
      files[index] = await copyOut(session, { sql, name: partName(prefix, index), sink, onBytes });
    };
  };
  const rows = (columns: readonly string[]): RowFiles => ({ files, columns, rows: files.reduce((sum, f) => sum + f.rows, 0) });
  return { question, rows };
}

/** @throws Failure `incomplete` where the server gives other hashes than this program: nothing that it says of content would mean anything. */
async function checkVectors(session: Session, feed: string): Promise<void> {
  const [row] = await session.rows<{ hashes: string[] }>(vectorsSql());
  const wrong = CONTENT_VECTORS.flatMap(({ hash }, i) => (row?.hashes[i] === hash ? [] : [i]));
  if (wrong.length > 0) throw new Failure("incomplete", contentOtherwise(feed, vectorWords(wrong)));
}

/** See `SourceReader.contents`. */
export async function readContents(open: Reach["open"], request: PartRequest): Promise<FeedContent> {
  const { feed, source, currencies, part } = request;
  const standing = await stand(open, request, sinceOf(part));
  const { led, reading, inFlight } = standing;
  const { found } = reading;
  await checkVectors(led.leader, feed.id);
  const { question, rows } = landing(request, request.files);
  const conditions = conditionsOf(part, standing);
  const ranges = conditions ?? pageRanges(found.pages, postgresSettings(source).parallel);
  const copies = ranges.map((where, i) => question(copyContents(feed, found, { where, inFlight }), i));
  let totals: readonly ControlTotal[] = [];
  const counting = totalsSql(feed, { found, currencies, where: conditions ? `(${conditions.join(" or ")})` : "true" });
  request.onStatement(counting);
  const count: Question = async (session) => {
    totals = await session.rows<ControlTotal & Record<string, string>>(counting);
  };
  await answered(open, request, { led, questions: [...copies, count], some: conditions !== null });
  const content = rows([CONTENT.hash, CONTENT.inFlight, ...contentKeys(feed)]);
  if (BigInt(content.rows) !== totalRows(totals)) {
    throw new Failure("incomplete", countsDiffer(feed.id, totalRows(totals), BigInt(content.rows)));
  }
  return { rows: content, totals, asOf: led.moment.snapshot.now };
}

/** Rows without a key stand in one chunk alone, so that they come once. */
function chunksOf(keys: KeyTexts): KeyTexts[] {
  const complete = keys.filter((key) => !key.includes(null));
  const lacking = keys.filter((key) => key.includes(null));
  return [...chunks(complete, KEYS_AT_ONCE), ...(lacking.length > 0 ? [lacking.slice(0, 1)] : [])];
}

/** See `SourceReader.rowsOf`. */
export async function readRows(open: Reach["open"], request: RowsRequest): Promise<RowFiles> {
  const { feed, keys } = request;
  const { led, reading, inFlight } = await stand(open, request);
  const { question, rows } = landing(request, "again");
  const asked = keys === null ? [null] : chunksOf(keys);
  const copies = asked.map((some, i) => question(copyRowsOf(feed, reading.found, { keys: some, inFlight }), i));
  await answered(open, request, { led, questions: copies, some: keys !== null });
  return rows([POSITION, ...extractColumns(feed)]);
}

/** See `SourceReader.sums`. */
export async function readSums(open: Reach["open"], request: SumsRequest): Promise<RangeSums | null> {
  const { feed, column, of, currencies } = request;
  const { led, reading } = await stand(open, request);
  const { found } = reading;
  const conditions = of.flatMap((range) => isWithin(found, { column, of: [range] }) ?? []);
  const totals: (readonly ControlTotal[])[] = [];
  const questions = conditions.map((where, i): Question => {
    const counting = totalsSql(feed, { found, currencies, where });
    request.onStatement(counting);
    return async (session) => {
      totals[i] = await session.rows<ControlTotal & Record<string, string>>(counting);
    };
  });
  await answered(open, request, { led, questions, some: true });
  return conditions.length < of.length ? null : { totals, asOf: led.moment.snapshot.now };
}
