import type { LandedRows } from "../checks/landed-keys.ts";
import type { Feed } from "../config/pipeline.ts";
import { DAY_MS, isoDay } from "../kernel/clock.ts";
import { rawFiles } from "../landing/raw-files.ts";
import { countOpen, openKeys } from "../proofs/again.ts";
import { countAlone, daysAlone, forgetOpen, isWithinDates, keysAlone } from "../proofs/beside-part.ts";
import type { Arrival } from "../proofs/equation.ts";
import { addFurther, furtherSide, type LivePart, liveSide, sourceSide, totalsOf } from "../proofs/sides.ts";
import type { ContentPart, DateRange, FeedContent, KeyTexts } from "../sources/contents.ts";
import type { RowFiles } from "../sources/source.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import { stem, workTable } from "../warehouse/relations.ts";
import type { Extent } from "./extent.ts";
import type { Proving } from "./found.ts";
import type { SourceContent } from "./source-contents.ts";

/** With more keys than this a source is asked for whole days instead, or for everything: lists of keys would take it longer. */
export const MOST_KEYS = 100_000;

/** Makes landed rows readable for one statement, and takes them away behind it. */
export async function throughRaw(
  { session, tools, id }: Proving,
  { feed }: SourceContent,
  { suffix, rows, statement }: { suffix: string; rows: RowFiles; statement: (landed: LandedRows) => Statement },
): Promise<void> {
  const landed = { relation: `${stem(feed)}__${suffix}`, batchId: id };
  await session.loadRaw({ feed: feed.id, ...landed, columns: rows.columns, files: rawFiles(tools.objects, rows.files) });
  await session.run(statement(landed));
  await session.releaseRaw(landed.relation);
}

/** Live rows of an extent, and those of every key that the source's part has; null for all. */
function livePart(dialect: Dialect, feed: Feed, extent: Extent): LivePart | null {
  const orKeysOf = workTable(dialect, "source_side", feed);
  switch (extent.by) {
    case "all":
      return null;
    case "touched":
      return { where: `s._publication > ${extent.since.publication}`, orKeysOf };
    case "stretches": {
      const name = feed.postingDate;
      if (name === undefined) throw new Error(`feed ${feed.id} has no posting date`);
      return { where: isWithinDates(dialect, feed, { alias: "s", name, of: extent.of }), orKeysOf };
    }
  }
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

const dayBehind = (day: string) => isoDay(new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS));

/** Days as ranges; null where one of them is none of a year with four digits. */
function rangesOf(days: readonly (string | null)[]): DateRange[] | null {
  const known = days.flatMap((day) => (day !== null && DAY.test(day) ? [day] : [])).toSorted();
  if (known.length < days.length) return null;
  const ranges: DateRange[] = [];
  for (const day of known) {
    const last = ranges.at(-1);
    if (last?.to === day) ranges[ranges.length - 1] = { from: last.from, to: dayBehind(day) };
    else ranges.push({ from: day, to: dayBehind(day) });
  }
  return ranges;
}

const EVERYTHING: ContentPart = { by: "all" };

/** A part of the source that has the days of live rows which the one that was read has not; everything where there are none, or no more of them. */
async function widened({ session, dialect }: Proving, { feed }: SourceContent, part: ContentPart): Promise<ContentPart> {
  const name = feed.postingDate;
  if (part.by === "any" || name === undefined) return EVERYTHING;
  const of = rangesOf(await daysAlone(session, dialect, { feed, name }));
  return of === null ? EVERYTHING : { by: "any", of: [part, { by: "dates", column: name, of }] };
}

/** Both sides of an extent, as work tables. */
export interface ReadContent extends Pick<FeedContent, "asOf"> {
  readonly part: ContentPart;
  readonly arrivals: readonly Arrival[];
}

/** Makes the work tables of both sides: what the source gave, and the live rows of the extent and of every key of it. */
async function loadSides(
  proving: Proving,
  of: SourceContent,
  { part, content }: { part: ContentPart; content: FeedContent },
): Promise<ReadContent> {
  const { session, dialect, tools } = proving;
  const { feed, head, extent } = of;
  const { currencies } = tools.pipeline;
  await throughRaw(proving, of, {
    suffix: "content",
    rows: content.rows,
    statement: (rows) => sourceSide(dialect, feed, { rows, currencies }),
  });
  const live = { more: [`s._publication > ${head} AS _later`], part: livePart(dialect, feed, extent) };
  await session.run(liveSide(dialect, feed, live));
  const arrived = await totalsOf(session, dialect, { feed, side: "source_side" });
  const arrivals = [{ counted: content.totals, arrived }];
  return { part, asOf: content.asOf, arrivals };
}

/** Reads all rows of some keys at the source, and adds them to its side. */
async function addKeys(
  proving: Proving,
  of: SourceContent,
  { read, keys, files, first }: { read: ReadContent; keys: KeyTexts; files: string; first: readonly Statement[] },
): Promise<ReadContent> {
  const { session, dialect, tools } = proving;
  const { feed } = of;
  const { currencies } = tools.pipeline;
  const more = await of.more({ by: "keys", keys }, files);
  await throughRaw(proving, of, {
    suffix: files,
    rows: more.rows,
    statement: (rows) => furtherSide(dialect, feed, { rows, currencies }),
  });
  const arrived = await totalsOf(session, dialect, { feed, side: "further_side" });
  for (const statement of [...first, addFurther(dialect, feed)]) await session.run(statement);
  return { ...read, arrivals: [...read.arrivals, { counted: more.totals, arrived }] };
}

/**
 * Makes the work tables of both sides of an extent: the source's part of it with the live rows of its keys, and the live rows of it with the
 * source's of their keys, which are asked for by key. So a key is on both sides whichever of them says that it is of the extent.
 */
export async function readSides(proving: Proving, of: SourceContent): Promise<ReadContent> {
  const { session, dialect } = proving;
  const { feed } = of;
  let read = await loadSides(proving, of, of);
  while (read.part.by !== "all") {
    const alone = await countAlone(session, dialect, feed);
    if (alone === 0) break;
    if (alone <= MOST_KEYS) {
      return addKeys(proving, of, { read, keys: await keysAlone(session, dialect, feed), files: "beside", first: [] });
    }
    const part = await widened(proving, of, read.part);
    const content = await of.more(part, part.by === "all" ? "content_all" : "content_wider");
    read = await loadSides(proving, of, { part, content });
  }
  return read;
}

/**
 * Where only a part of the source was read, a key that is not equal at first sight may have further rows in another part, and the newest may be
 * one of them: all rows of such keys are read before anything is said of them.
 * @returns null where all of them were read already.
 */
export async function readWholeKeys(proving: Proving, of: SourceContent, read: ReadContent): Promise<ReadContent | null> {
  const { session, dialect } = proving;
  const { feed } = of;
  if (read.part.by === "all") return null;
  const open = await countOpen(session, dialect, feed);
  if (open === 0) return null;
  if (open > MOST_KEYS) return loadSides(proving, of, { part: EVERYTHING, content: await of.more(EVERYTHING, "content_all") });
  const keys = await openKeys(session, dialect, feed);
  return addKeys(proving, of, { read, keys, files: "whole", first: [forgetOpen(dialect, feed)] });
}
