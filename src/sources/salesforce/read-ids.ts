import { Failure } from "../../kernel/problem.ts";
import { keptRecords } from "./kept-records.ts";
import { instantMs } from "./pages/field-text.ts";
import { idSet } from "./pages/id-set.ts";
import { totalsDiffer } from "./problems.ts";
import { queryCount } from "./query-rest.ts";
import { type PageRange, readRecords } from "./read-records.ts";
import { addPart, type FeedReading, type Here, idsQuery } from "./readings.ts";
import { ID, STAMP } from "./salesforce-kind.ts";
import { countText, type RecordsQuery, soqlInstant } from "./soql.ts";

const TRIES = 3;

async function readOf(here: Here, reading: FeedReading, query: RecordsQuery): Promise<PageRange> {
  return readRecords(here, reading, { name: `list all of ${reading.of.object}`, query, kept: null, isKept: false });
}

/** What changed after the horizon, which may have come, gone or moved since ids were listed. */
async function changedSince(here: Here, reading: FeedReading): Promise<ReadonlySet<string>> {
  const query = { ...idsQuery(reading), where: [`${STAMP} > ${soqlInstant(reading.until)}`] };
  const ids = new Set<string>();
  for await (const record of keptRecords(here, reading, await readOf(here, reading, query))) ids.add(record.text(ID) ?? "");
  return ids;
}

/** How many ids were listed of records that are stamped up to the horizon, each once, but for some. */
async function countListed(here: Here, reading: FeedReading, of: PageRange & { except: ReadonlySet<string> }): Promise<number> {
  const found = idSet();
  let count = 0;
  for await (const record of keptRecords(here, reading, of)) {
    const id = record.text(ID) ?? "";
    if (instantMs(record.text(STAMP)) <= reading.until && !of.except.has(id) && found.add(id)) count += 1;
  }
  return count;
}

/**
 * Lists all ids, before the records are read, so that whatever comes meanwhile is among those. A record whose id is not listed is gone,
 * so that they must be as many as the org counts up to the horizon; what changed since explains a difference.
 * @throws Failure `incomplete` where it differs three times.
 */
export async function readIds(here: Here, reading: FeedReading): Promise<void> {
  const { request, api } = here;
  const { of, until } = reading;
  const query = idsQuery(reading);
  const soql = countText({ ...query, where: [...query.where, `${STAMP} <= ${soqlInstant(until)}`] });
  let told = "";
  for (let tried = 1; tried <= TRIES; tried += 1) {
    const range = await readOf(here, reading, query);
    for (const isExplained of [false, true]) {
      const except = isExplained ? await changedSince(here, reading) : new Set<string>();
      const counted = await queryCount(api, request.source.id, { name: `count ${of.object}`, soql });
      const found = await countListed(here, reading, { ...range, except });
      told = `${found} ids, counted ${counted}`;
      if (found === counted) return addPart(reading, { of: "ids", ...range });
    }
  }
  throw new Failure("incomplete", totalsDiffer({ source: request.source.id, object: of.object, told, times: TRIES }));
}
