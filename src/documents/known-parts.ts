import type { Feed, Pipeline } from "../config/pipeline.ts";
import { grouped } from "../kernel/grouped.ts";
import { pendingAmong, type RecordedPart, readPartDecisions } from "../ledger/part-decisions.ts";
import { partsNow, type StateLine, stateLine } from "../ledger/part-states.ts";
import type { App } from "../ports/ports.ts";
import type { AskWarehouse } from "../ports/reading.ts";
import { partThere } from "../sources/part-there.ts";
import type { PendingPart } from "../sources/pending.ts";
import type { FeedPart, PartReader } from "../sources/source.ts";
import type { Dialect } from "../warehouse/dialect.ts";

/** A part of a feed that a run has looked at, or that is there: a file. */
export interface KnownPart {
  readonly feed: Feed;
  readonly reader: PartReader;
  readonly part: FeedPart;
  /** The newest line of the ledger about it; null where no run has looked at it. */
  readonly line: StateLine | null;
  /** As it is there now, where runs know nothing of that, or another version. */
  readonly there: PendingPart | null;
  /** What people decided about it, the oldest first. */
  readonly decisions: readonly RecordedPart[];
}

/** A feed that has parts. */
export interface FeedWithParts {
  readonly feed: Feed;
  readonly reader: PartReader;
}

/** The feeds of a pipeline that have parts. Asks no source and no warehouse. */
export async function feedsWithParts(app: App, pipeline: Pipeline): Promise<FeedWithParts[]> {
  const readers = await app.look.partReaders(pipeline);
  return [...pipeline.feeds.values()].flatMap((feed) => {
    const reader = readers.get(feed.source);
    return reader ? [{ feed, reader }] : [];
  });
}

/** The newest decision about the version that was looked at last, which no run has followed yet; undefined without one. */
export function pendingDecision({ part, decisions }: KnownPart): RecordedPart | undefined {
  return pendingAmong(decisions, part);
}

/** Which parts are read. */
export interface PartsAsked {
  readonly feeds: readonly FeedWithParts[];
  /** By feed, what is there and not, or not so, what runs know; empty where only that is asked for. */
  readonly there: ReadonlyMap<string, readonly PendingPart[]>;
}

/** The parts of some feeds, feed by feed and part by part: those that runs have looked at, and those that are there. */
export async function readParts(ask: AskWarehouse, dialect: Dialect, { feeds, there }: PartsAsked): Promise<KnownPart[]> {
  if (feeds.length === 0) return [];
  const lines = (
    await ask(
      partsNow(
        dialect,
        feeds.map(({ feed }) => feed),
      ),
    )
  ).map(stateLine);
  const byFeed = grouped(lines, ({ feed }) => feed);
  const groups = [...new Set(feeds.map(({ feed }) => feed.group))];
  const decided: RecordedPart[] = [];
  for (const group of groups) decided.push(...(await readPartDecisions({ rows: ask }, dialect, group)));
  const decisions = grouped(decided, ({ feed, part }) => JSON.stringify([feed, part]));
  return feeds.flatMap(({ feed, reader }) => {
    const own = new Map((byFeed.get(feed.id) ?? []).map((line) => [line.key, line]));
    const looked = new Map(
      reader.parts(new Map([...own].map(([key, { value }]) => [key, value]))).map((part) => [part.part, part]),
    );
    const now = new Map((there.get(feed.id) ?? []).map((one) => [one.part, one]));
    return [...new Set([...looked.keys(), ...now.keys()])].sort().flatMap((name) => {
      const here = now.get(name) ?? null;
      const part = partThere(looked.get(name), here);
      const decided = decisions.get(JSON.stringify([feed.id, name])) ?? [];
      return part ? [{ feed, reader, part, line: own.get(name) ?? null, there: here, decisions: decided }] : [];
    });
  });
}
