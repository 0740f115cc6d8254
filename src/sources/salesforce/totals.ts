import { Failure } from "../../kernel/problem.ts";
import { toRead } from "../deriver.ts";
import { isObject, type JsonValue, NumberText, parseJson } from "../pages/json-value.ts";
import { keptRecords } from "./kept-records.ts";
import { plainDecimal } from "./pages/field-text.ts";
import { scaled, type Tally, tallyOf } from "./pages/tally.ts";
import { soleCurrency, tallySpec } from "./parameters.ts";
import { notJson, totalsDiffer } from "./problems.ts";
import { readRecords } from "./read-records.ts";
import { addPart, type FeedReading, type Here, laterQuery } from "./readings.ts";
import { fieldOf, STAMP } from "./salesforce-kind.ts";
import { soqlInstant } from "./soql.ts";

/** What the source counts of a currency. */
interface Counted {
  readonly rows: number;
  /** A plain decimal; null where the source does not sum it, or converts the sum. */
  readonly sum: string | null;
}

const TRIES = 3;
const RECORDS = "countedRecords";
const SUM = "summedAmount";

/** The field whose amounts can be summed there, and whether sums are converted; null where there is none. */
function summable({ asked, proven }: FeedReading): { field: string; isConverted: boolean } | null {
  const { money, contract } = asked.feed;
  const column = contract.columns.find(({ name }) => name === money?.amount);
  const field = column && fieldOf(column);
  if (field === undefined || !proven.summable.has(field)) return null;
  return { field, isConverted: proven.isMulti && proven.summable.get(field) === "currency" };
}

/** Whether records are counted by currency. */
const isByCurrency = ({ asked, proven }: FeedReading) => proven.isMulti && asked.feed.money?.currency !== undefined;

/** Counts the records of a feed up to its horizon, at the source. */
function countingText(reading: FeedReading): string {
  const { of, way, from, until } = reading;
  const sum = summable(reading);
  const grouped = isByCurrency(reading);
  const select = [...(grouped ? ["CurrencyIsoCode"] : []), `COUNT(Id) ${RECORDS}`, ...(sum ? [`SUM(${sum.field}) ${SUM}`] : [])];
  const stamped =
    way === "net" && from !== null
      ? [`${STAMP} < ${soqlInstant(from)}`]
      : [...(from === null ? [] : [`${STAMP} >= ${soqlInstant(from)}`]), `${STAMP} <= ${soqlInstant(until)}`];
  const which = of.records === "merged" ? ["IsDeleted = true", "MasterRecordId != null"] : ["IsDeleted = false"];
  const group = grouped ? " GROUP BY CurrencyIsoCode" : "";
  return `SELECT ${select.join(", ")} FROM ${of.object} WHERE ${[...which, ...stamped].join(" AND ")}${group}`;
}

const digits = (value: JsonValue | undefined): string | null => {
  if (value instanceof NumberText) return plainDecimal(value.text);
  return typeof value === "number" ? plainDecimal(String(value)) : null;
};

/** One line of the answer to a count. */
interface CountedLine {
  readonly record: JsonValue;
  /** The currency under which it counts where it names none. */
  readonly sole: string;
  /** Whether a currency's sum is the records' own, not converted. */
  readonly isExact: (currency: string) => boolean;
}

/** @returns the currency and what is counted of it; null where the line is none. */
function countedOf(reading: FeedReading, { record, sole, isExact }: CountedLine): [currency: string, Counted] | null {
  if (!isObject(record)) return null;
  const { CurrencyIsoCode: code } = record;
  const named = typeof code === "string" ? code : "-";
  const currency = isByCurrency(reading) ? named : sole;
  const rows = digits(record[RECORDS]);
  return rows === null ? null : [currency, { rows: Number(rows), sum: isExact(currency) ? (digits(record[SUM]) ?? "0") : null }];
}

/** What the source counts up to the horizon, by currency. @throws Failure as `ask`. */
async function countAtSource(here: Here, reading: FeedReading): Promise<ReadonlyMap<string, Counted>> {
  const { api, request } = here;
  // Where an org has one currency its records count under it; where a feed has no column for it, under none.
  const sole = reading.asked.feed.money?.currency === undefined ? "-" : (soleCurrency(here, reading) ?? "-");
  const name = `count ${reading.of.object}`;
  const { page } = await api.ask({ name, path: "queryAll", query: { q: countingText(reading) } });
  const body = parseJson(page.body.toString());
  const records = isObject(body) && Array.isArray(body["records"]) ? (body["records"] as readonly JsonValue[]) : [null];
  await reading.shelf.add(page);
  const sum = summable(reading);
  const corporate = sum?.isConverted ? await here.corporate() : null;
  const isExact = (currency: string) => sum !== null && (!sum.isConverted || currency === corporate);
  const lines = records.map((record) => countedOf(reading, { record, sole, isExact }));
  const found = new Map<string, Counted>();
  for (const line of lines) {
    if (line === null) throw new Failure("incomplete", notJson({ source: request.source.id, name }));
    if (line[1].rows > 0) found.set(...line);
  }
  return found;
}

/** Sums come as doubles: two are the same where the nearest double to both is. */
const isSameSum = (ours: bigint, theirs: string) => Number(scaled(ours)) === Number(theirs);

/** What differs between what was read and what is counted; null for nothing. */
function differenceOf({ upTo: read, repeated }: Tally, counted: ReadonlyMap<string, Counted>): string | null {
  // What comes twice hides what does not come: the rows are as many, and where they have no amounts nothing else tells.
  const told: string[] = repeated === 0 ? [] : [`${repeated} records came twice`];
  for (const currency of new Set([...read.keys(), ...counted.keys()])) {
    const [ours, theirs] = [read.get(currency) ?? { rows: 0, sum: 0n }, counted.get(currency) ?? { rows: 0, sum: "0" }];
    const of = currency === "-" ? "" : ` of ${currency}`;
    if (ours.rows !== theirs.rows) told.push(`${ours.rows} records${of}, counted ${theirs.rows}`);
    else if (theirs.sum !== null && !isSameSum(ours.sum, theirs.sum)) {
      told.push(`an amount of ${scaled(ours.sum)}${of}, counted ${theirs.sum}`);
    }
  }
  return told.length === 0 ? null : told.join("; ");
}

/** Reads what changed after the horizon: what was read of those records before does not count any more. */
async function readLater(here: Here, reading: FeedReading): Promise<void> {
  const name = `query what changed of ${reading.of.object}`;
  const range = await readRecords(here, reading, { name, query: laterQuery(reading), kept: null, isKept: false });
  const ids: string[] = [];
  for await (const record of keptRecords(here, reading, range)) ids.push(record.text("Id") ?? "");
  reading.parts = reading.parts.map((one) => (one.of === "records" ? { ...one, except: [...one.except, ...ids] } : one));
  addPart(reading, { of: reading.way === "net" ? "ignored" : "records", ...range });
}

/** Counts what was read, by way of what was kept. */
export async function countRead(here: Here, reading: FeedReading): Promise<Tally> {
  const evidence = await reading.shelf.settle();
  return tallyOf(tallySpec(here, reading), toRead(evidence, here.request.openEvidence));
}

/**
 * Proves that what was read is what the source counts up to the horizon. Records that changed between both are read once more, which
 * explains them; a difference that stays is none that a change explains, and `readAgain` reads everything again.
 * @returns what was read, as it is landed.
 * @throws Failure `incomplete` where it differs three times.
 */
export async function proveTotals(here: Here, reading: FeedReading, readAgain: () => Promise<void>): Promise<Tally> {
  let told = "";
  for (let tried = 1; tried <= TRIES; tried += 1) {
    if (tried > 1) await readAgain();
    for (const isExplained of [false, true]) {
      if (isExplained) await readLater(here, reading);
      const counted = await countAtSource(here, reading);
      const read = await countRead(here, reading);
      const difference = differenceOf(read, counted);
      if (difference === null) return read;
      told = difference;
    }
  }
  const { object } = reading.of;
  throw new Failure("incomplete", totalsDiffer({ source: here.request.source.id, object, told, times: TRIES }));
}
