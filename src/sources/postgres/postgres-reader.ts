import type { Feed, Source } from "../../config/pipeline.ts";
import type { TablePlace } from "../record-place.ts";
import type { Extracted, ExtractRequest, SourceColumn, SourceReader, Tried, TryRequest } from "../source.ts";
import { describeRelation } from "./catalog.ts";
import { compareCursors } from "./cursor.ts";
import { forFeed } from "./failure-of.ts";
import { answerAll, lead, openHelpers, type Reach, withSessions } from "./leading.ts";
import { beginPinned } from "./pins.ts";
import { postgresSettings } from "./postgres-kind.ts";
import { readContents, readRows, readSums } from "./read-contents.ts";
import { finished, frozenFindings, questionsOf } from "./reading.ts";
import { tryStatements } from "./try-statements.ts";

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
    contents: (request) => withSessions(request, (open) => readContents(open, request)),
    sums: (request) => withSessions(request, (open) => readSums(open, request)),
    rowsOf: (request) => withSessions(request, (open) => readRows(open, request)),
    tablePlace,
    readsByKey: () => true,
    close: async () => undefined,
  };
}
