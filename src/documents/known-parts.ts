import type { Feed, Pipeline } from "../config/pipeline.ts";
import { grouped } from "../kernel/grouped.ts";
import { type RecordedPart, readPartDecisions } from "../ledger/part-decisions.ts";
import { partsNow, type StateLine, stateLine } from "../ledger/part-states.ts";
import type { App } from "../ports/ports.ts";
import type { AskWarehouse } from "../ports/reading.ts";
import type { FeedPart, PartReader } from "../sources/source.ts";
import type { Dialect } from "../warehouse/dialect.ts";

/** A part of a feed that a run has looked at: a file. */
export interface KnownPart {
  readonly feed: Feed;
  readonly reader: PartReader;
  readonly part: FeedPart;
  /** The line of the ledger that says so. */
  readonly line: StateLine;
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
  const last = decisions.filter(({ version }) => version === part.version).at(-1);
  return last?.id === part.decided ? undefined : last;
}

/** The parts of some feeds that runs have looked at, feed by feed and part by part. */
export async function readParts(ask: AskWarehouse, dialect: Dialect, feeds: readonly FeedWithParts[]): Promise<KnownPart[]> {
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
    const parts = reader.parts(new Map([...own].map(([key, { value }]) => [key, value])));
    return parts.flatMap((part) => {
      const line = own.get(part.part);
      return line ? [{ feed, reader, part, line, decisions: decisions.get(JSON.stringify([feed.id, part.part])) ?? [] }] : [];
    });
  });
}
