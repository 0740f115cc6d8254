import { isObject, type JsonValue, jsonText, NumberText, parseJson } from "../../pages/json-value.ts";
import type { Page } from "../../pages/warc.ts";
import { type CsvPage, csvPage } from "./csv-page.ts";
import { type PagePart, type SalesforceParameters, type Standing, standingOf } from "./spec.ts";

/** A record as it stands in a page, whichever API gave it. */
export interface PageRecord {
  /** From 1. */
  readonly number: number;
  /** The text of a field, by its API name; null for NULL. @throws SyntaxError where the page does not have the field. */
  text(field: string): string | null;
  /** The whole record as the page has it, for whoever asks why it could not be read. */
  payload(): Uint8Array;
}

function scalar(value: JsonValue | undefined): string | null {
  if (value === undefined || value === null) return null;
  if (value instanceof NumberText) return value.text;
  return typeof value === "object" ? jsonText(value) : String(value);
}

/** A name with a point leads through a record of another object; where there is none, there is no value either. */
function textAt(record: JsonValue, field: string): string | null {
  let at: JsonValue | undefined = record;
  for (const name of field.split(".")) {
    if (at === null) return null;
    if (!isObject(at) || !Object.hasOwn(at, name)) throw new SyntaxError(`a record of a page has no ${field}`);
    at = at[name];
  }
  return scalar(at);
}

function* jsonRecords(body: string, list: string): Generator<PageRecord> {
  const parsed = parseJson(body);
  const records = isObject(parsed) ? parsed[list] : undefined;
  if (!Array.isArray(records)) throw new SyntaxError("a page has no records");
  for (const [i, record] of (records as readonly JsonValue[]).entries()) {
    yield {
      number: i + 1,
      text: (field) => textAt(record, field),
      payload: () => Buffer.from(jsonText(record)),
    };
  }
}

/** Where each field stands in a page; the order may be another one in each. */
export function placesIn(page: CsvPage): (field: string) => number {
  const places = new Map(page.header.map((name, nth) => [name, nth]));
  return (field) => {
    const nth = places.get(field);
    if (nth === undefined) throw new SyntaxError(`a page has no column ${field}`);
    return nth;
  };
}

function* csvRecords(bytes: Uint8Array): Generator<PageRecord> {
  const page = csvPage(bytes);
  const placeOf = placesIn(page);
  let number = 0;
  const record: PageRecord = {
    get number() {
      return number;
    },
    text: (field) => page.text(placeOf(field)),
    payload: () => bytes.subarray(page.begin(), page.end()),
  };
  while (page.next()) {
    number += 1;
    yield record;
  }
}

/** Whether a page is CSV of the Bulk API; else it is JSON. */
export function isCsv({ headers }: Pick<Page, "headers">): boolean {
  return /^text\/csv/.test(headers["content-type"] ?? "");
}

/** The records of a page, one after the other: each may be the same object with other texts. @throws SyntaxError where it is no page of records. */
export function recordsOf(page: Page, list = "records"): Generator<PageRecord> {
  if (page.body.length === 0) return csvRecords(page.body);
  return isCsv(page) ? csvRecords(page.body) : jsonRecords(Buffer.from(page.body).toString("utf8"), list);
}

/** A record of which something is taken, and what it is to its feed. */
interface Taken {
  readonly record: PageRecord;
  readonly id: string;
  readonly standing: Standing;
}

/** The records of a page but those that were read again later. @throws SyntaxError as `recordsOf`. */
export function* takenOf(parameters: SalesforceParameters, page: Page, { except }: PagePart): Generator<Taken> {
  const again = new Set(except);
  for (const record of recordsOf(page)) {
    const id = record.text("Id") ?? "";
    if (again.has(id)) continue;
    yield { record, id, standing: standingOf(parameters, record.text("IsDeleted"), () => record.text("MasterRecordId")) };
  }
}
