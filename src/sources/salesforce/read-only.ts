import { chunks } from "../../kernel/chunks.ts";
import { Failure } from "../../kernel/problem.ts";
import { keptRecords } from "./kept-records.ts";
import { totalsDiffer } from "./problems.ts";
import { queryCount } from "./query-rest.ts";
import { type PageRange, readRecords } from "./read-records.ts";
import { addPart, type FeedReading, type Here } from "./readings.ts";
import { ID } from "./salesforce-kind.ts";
import { countText, type RecordsQuery, sortedNames } from "./soql.ts";

/** Ids in one query: an address holds some 5,000 characters. */
const IDS_AT_ONCE = 150;

/** What no record's id is can be asked for in no query: nothing is there of it. */
const RECORD_ID = /^[a-zA-Z0-9]{18}$/;

const TRIES = 3;

/** The queries of records by their ids. */
function queriesOf({ asked, of, proven }: FeedReading): RecordsQuery[] {
  const ids = (asked.only ?? []).flatMap(([id]) => (id != null && RECORD_ID.test(id) ? [`'${id}'`] : []));
  return chunks(sortedNames(ids), IDS_AT_ONCE).map((some) => {
    return { object: of.object, fields: proven.fields, where: [`${ID} IN (${some.join(", ")})`] };
  });
}

/** Ids of the records on some pages, deleted ones too. */
async function idsOn(here: Here, reading: FeedReading, range: PageRange): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  for await (const record of keptRecords(here, reading, range)) ids.add(record.text(ID) ?? "");
  return ids;
}

/** Reads the records of one query until they are as many as the org counts. @throws Failure `incomplete` where they are others three times. */
async function readCounted(here: Here, reading: FeedReading, query: RecordsQuery): Promise<void> {
  const { source } = here.request;
  const wanted = new Set((reading.asked.only ?? []).map(([id]) => id));
  const name = `query ${reading.of.object} by id`;
  let told = "";
  for (let tried = 1; tried <= TRIES; tried += 1) {
    const range = await readRecords(here, reading, { name, query, kept: null, isKept: false });
    const ids = await idsOn(here, reading, range);
    const counted = await queryCount(here.api, source.id, { name, soql: countText(query) });
    // An id may be written in several ways: a record that was asked for as another one is none of those that were meant.
    if (ids.size === counted)
      return addPart(
        reading,
        { of: "records", ...range },
        [...ids].filter((id) => !wanted.has(id)),
      );
    told = `${ids.size} records by their ids, counted ${counted}`;
  }
  throw new Failure("incomplete", totalsDiffer({ source: source.id, object: reading.of.object, told, times: TRIES }));
}

/**
 * Reads records by the ids that are asked for, and nothing else.
 * @throws Failure as `readRecords`, `incomplete` where not as many come as the org counts.
 */
export async function readOnly(here: Here, reading: FeedReading): Promise<void> {
  for (const query of queriesOf(reading)) await readCounted(here, reading, query);
}
