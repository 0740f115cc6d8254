import { Failure } from "../../kernel/problem.ts";
import type { FeedRequest } from "../source.ts";
import type { Proven } from "./describe.ts";
import { deletedSince } from "./horizon.ts";
import type { Tally } from "./pages/tally.ts";
import { tellsIds } from "./parameters.ts";
import { pageUnreadable } from "./problems.ts";
import { readIds } from "./read-ids.ts";
import { readOnly } from "./read-only.ts";
import { isKept, type KeptPlace, readRecords } from "./read-records.ts";
import { addPart, type FeedReading, type Here, recordsQuery, spanOf, wayOf } from "./readings.ts";
import { salesforceReading } from "./salesforce-kind.ts";
import { pageShelf } from "./shelf.ts";
import { recordsText, soqlInstant } from "./soql.ts";
import { countRead, proveTotals } from "./totals.ts";

/** A feed that was read, and what was counted of it. */
export interface ReadFeed {
  readonly reading: FeedReading;
  readonly tally: Tally;
}

/** Whether what an attempt before kept is still there as it was. */
async function isWhole({ request }: Here, { evidence }: KeptPlace): Promise<boolean> {
  try {
    for (const piece of evidence) for await (const _ of request.openEvidence(piece));
    return true;
  } catch (error) {
    if (error instanceof Failure && error.kind === "incomplete") return false;
    throw error;
  }
}

/** Where an attempt before came to. Ids are listed before records are read, so that a run that asks for them begins afresh. */
async function keptBefore(here: Here, { asked, soql }: { asked: FeedRequest; soql: string }): Promise<KeptPlace | null> {
  if (asked.only || (asked.keys && asked.cursor !== null)) return null;
  const token = await here.request.progress(asked.feed.id).read();
  return isKept(token, soql) && (await isWhole(here, token)) ? token : null;
}

/** Reads the log of deletions, which also names what has left the recycle bin. */
async function readLog(here: Here, reading: FeedReading): Promise<void> {
  const { of, from, shelf, findings } = reading;
  if (from === null || reading.way !== "changes" || of.records !== "current") return;
  const log = await deletedSince(here.api, { source: here.request.source.id, object: of.object, since: from });
  if (log === null) {
    findings.push(
      "more records were deleted than the log of deletions lists; `ledgerloop run --keys` finds those that left the recycle bin",
    );
    return;
  }
  const number = await shelf.add(log.answer.page);
  addPart(reading, { of: "log", first: number, last: number });
  if (log.missesBefore === null) return;
  const since = soqlInstant(log.missesBefore);
  findings.push(`the log of deletions begins at ${since}; \`ledgerloop run --keys\` finds what left the recycle bin before`);
}

function begin(here: Here, of: { asked: FeedRequest; proven: Proven; span: Pick<FeedReading, "from" | "until"> }): FeedReading {
  const { asked, proven, span } = of;
  return {
    asked,
    of: salesforceReading(asked.feed),
    way: wayOf(asked),
    proven,
    ...span,
    shelf: pageShelf(here.request.evidence(asked.feed.id), asked.feed.name),
    parts: [],
    jobs: [],
    findings: [],
    notes: {},
  };
}

/** Takes up what an attempt before kept. The horizon is the one that was known before its job was made. */
function takeUp(here: Here, reading: FeedReading, kept: KeptPlace | null): FeedReading {
  if (kept === null) return reading;
  const { asked, until } = reading;
  const shelf = pageShelf(here.request.evidence(asked.feed.id), asked.feed.name, kept);
  return { ...reading, shelf, until: Math.min(until, kept.until), notes: { ...reading.notes, resumed: kept.place.job } };
}

async function readAll(here: Here, reading: FeedReading, kept: KeptPlace | null): Promise<ReadFeed> {
  const name = `query ${reading.of.object}`;
  const readMain = async (from: KeptPlace | null) => {
    const range = await readRecords(here, reading, {
      name,
      query: recordsQuery(reading),
      kept: from,
      isKept: !tellsIds(reading),
    });
    addPart(reading, { of: "records", ...range });
  };
  if (tellsIds(reading)) await readIds(here, reading);
  await readMain(kept);
  const tally = await proveTotals(here, reading, async () => {
    reading.parts = reading.parts.filter(({ of }) => of === "ids");
    await readMain(null);
  });
  await readLog(here, reading);
  return { reading, tally };
}

/** Reads a feed, and proves that it is whole. @throws Failure as `ExtractRequest` says. */
export async function readFeed(here: Here, { asked, proven }: { asked: FeedRequest; proven: Proven }): Promise<ReadFeed> {
  const span = await spanOf(here, asked);
  const begun = begin(here, { asked, proven, span });
  const kept = await keptBefore(here, { asked, soql: recordsText(recordsQuery(begun)) });
  const reading = takeUp(here, begun, kept);
  try {
    if (reading.way !== "only") return await readAll(here, reading, kept);
    await readOnly(here, reading);
    return { reading, tally: await countRead(here, reading) };
  } catch (error) {
    await reading.shelf.abandon(error);
    if (!(error instanceof SyntaxError)) throw error;
    const what = { source: here.request.source.id, name: `query ${reading.of.object}` };
    throw new Failure("incomplete", pageUnreadable(what), { cause: error });
  }
}
