import type { Feed, Source } from "../../config/pipeline.ts";
import { Failure } from "../../kernel/problem.ts";
import type { SourceColumn } from "../source.ts";
import type { SalesforceApi } from "./api.ts";
import {
  currencyUnknown,
  fieldsCompound,
  fieldsUnseen,
  fieldsVolatile,
  notJson,
  objectUnseen,
  objectUntold,
} from "./problems.ts";
import { CURRENCY, fieldOf, ID, STAMP, salesforceReading, salesforceSettings } from "./salesforce-kind.ts";
import { sortedNames } from "./soql.ts";

/** A field of an object as `describe` shows it to the user. */
export interface Field {
  readonly name: string;
  readonly type: string;
  readonly length: number;
  readonly precision: number;
  readonly scale: number;
  readonly nillable: boolean;
  /** A formula: it changes without the record's stamp. */
  readonly calculated: boolean;
}

/** An object as the user sees it, by the names of its fields. */
export type Described = ReadonlyMap<string, Field>;

const NUMBERS: ReadonlySet<string> = new Set(["currency", "double", "percent", "int", "long"]);
/** Types that the Bulk API has no column for. */
const COMPOUND: ReadonlySet<string> = new Set(["address", "location", "base64", "complexvalue"]);

function fieldFrom(entry: unknown): Field | null {
  if (typeof entry !== "object" || entry === null) return null;
  const { name, type, length, precision, scale, nillable, calculated } = entry as Record<string, unknown>;
  if (typeof name !== "string" || typeof type !== "string") return null;
  const number = (value: unknown) => (typeof value === "number" ? value : 0);
  return {
    ...{ name, type, length: number(length), precision: number(precision), scale: number(scale) },
    ...{ nillable: nillable !== false, calculated: calculated === true },
  };
}

/** An object's fields; null where the user is shown no such object. @throws Failure as `ask`. */
async function describeObject(api: SalesforceApi, source: string, object: string): Promise<Described | null> {
  const name = `describe ${object}`;
  const { body, code } = await api.ask({ name, path: `sobjects/${object}/describe`, accepts: ["NOT_FOUND", "INVALID_TYPE"] });
  if (code !== null) return null;
  const fields = typeof body === "object" && body !== null && "fields" in body ? body.fields : null;
  if (!Array.isArray(fields)) throw new Failure("incomplete", notJson({ source, name }));
  return new Map(fields.flatMap((entry) => fieldFrom(entry) ?? []).map((field) => [field.name, field]));
}

/** What a field is, in a text that changes where it does: `currency(18,2)`. */
function typeText({ type, length, precision, scale, calculated }: Field): string {
  const size = NUMBERS.has(type) ? `(${precision},${scale})` : length > 0 ? `(${length})` : "";
  return `${type}${size}${calculated ? " formula" : ""}`;
}

/** The field of another object that a name with a point leads to has no type here. */
const isOfOther = (field: string) => field.includes(".");

/** The feed's columns under their contract's names; behind them all other fields that the user is shown, by the org's. */
export function columnsOf({ contract }: Feed, described: Described | null): SourceColumn[] {
  if (described === null) return [];
  const declared = new Map(contract.columns.map((column) => [fieldOf(column), column.name]));
  const found = [...described.values()].map((field) => ({
    name: declared.get(field.name) ?? field.name,
    type: typeText(field),
    nullable: field.nillable,
  }));
  // What the source's file stands for, and what describe does not tell of: that they are there is proved elsewhere.
  const isElsewhere = (field: string) => isOfOther(field) || (field === CURRENCY && !described.has(CURRENCY));
  const others = [...declared].filter(([field]) => isElsewhere(field));
  return [
    ...found,
    ...others.map(([field, name]) => ({
      name,
      type: isOfOther(field) ? "of another object" : "of the source's file",
      nullable: true,
    })),
  ];
}

/** What must be known of a feed's fields before it is read. */
export interface Proven {
  /** What is asked for: the contract's fields, and those that the reader itself needs; sorted. */
  readonly fields: readonly string[];
  /** Fields whose numbers may be written with an exponent. */
  readonly numbers: ReadonlySet<string>;
  /** Fields whose sums the org makes, and of which type they are. */
  readonly summable: ReadonlyMap<string, string>;
  /** Whether records name their currency. */
  readonly isMulti: boolean;
}

interface Proving {
  readonly feed: Feed;
  readonly source: string;
  readonly described: Described;
  /** Of the source's file: what an org with a single currency has its amounts in. */
  readonly currency: string | null;
}

/** Where the org has one currency its field is not there, and the source's file stands for it. */
function declaredFields({ feed, described, currency }: Proving): string[] {
  const fields = feed.contract.columns.map(fieldOf);
  const isStandIn = (field: string) => field === CURRENCY && !described.has(CURRENCY) && currency !== null;
  return fields.filter((field) => !isStandIn(field));
}

function checkFields({ feed, source, described }: Proving, fields: readonly string[]): void {
  const { object, isVolatile } = salesforceReading(feed);
  const missing = fields.filter((field) => !isOfOther(field) && !described.has(field));
  if (missing.length > 0) throw new Failure("incomplete", fieldsUnseen({ source, feed: feed.id, object, fields: missing }));
  const compound = fields.filter((field) => COMPOUND.has(described.get(field)?.type ?? ""));
  if (compound.length > 0) throw new Failure("usage", fieldsCompound({ feed: feed.id, fields: compound }));
  const changing = fields.filter((field) => isOfOther(field) || described.get(field)?.calculated);
  if (changing.length > 0 && !isVolatile) throw new Failure("usage", fieldsVolatile({ feed: feed.id, fields: changing }));
}

function checkCurrency({ feed, source, described, currency }: Proving): void {
  const name = feed.money?.currency;
  if (feed.money === undefined || name === undefined) return;
  const isMulti = described.has(CURRENCY);
  const column = feed.contract.columns.find((c) => c.name === name);
  const isField = column !== undefined && fieldOf(column) === CURRENCY;
  if (isMulti ? !isField || currency !== null : isField && currency === null) {
    throw new Failure("usage", currencyUnknown({ source, feed: feed.id, isMulti }));
  }
}

function proveFields(proving: Omit<Proving, "described"> & { described: Described | null }): Proven {
  const { feed, source, described } = proving;
  const { object, records } = salesforceReading(feed);
  if (described === null) throw new Failure("incomplete", objectUnseen({ source, feed: feed.id, object }));
  const of: Proving = { ...proving, described };
  const fields = declaredFields(of);
  checkCurrency(of);
  checkFields(of, fields);
  const own = [ID, STAMP, "IsDeleted", ...(records === "merged" ? ["MasterRecordId"] : [])];
  const lacks = own.filter((field) => !described.has(field)).join(", ");
  if (lacks !== "") throw new Failure("incomplete", objectUntold({ source, object, lacks: `field ${lacks}` }));
  const numbers = [...described.values()].filter(({ type }) => NUMBERS.has(type));
  return {
    fields: sortedNames([...fields, ...own]),
    numbers: new Set(numbers.map(({ name }) => name)),
    summable: new Map(numbers.filter(({ calculated }) => !calculated).map(({ name, type }) => [name, type])),
    isMulti: described.has(CURRENCY),
  };
}

/** Whether a record has a field of another object; where it refers to none, it has. */
function leadsTo(record: unknown, field: string): boolean {
  let at = record;
  for (const name of field.split(".")) {
    if (at === null) return true;
    if (typeof at !== "object" || at === undefined || !Object.hasOwn(at, name)) return false;
    at = (at as Record<string, unknown>)[name];
  }
  return true;
}

/** Proves that fields of other objects are there, as they are written: describe does not tell of them. */
async function proveOthers(api: SalesforceApi, source: string, feed: Feed): Promise<void> {
  const { object } = salesforceReading(feed);
  for (const field of feed.contract.columns.map(fieldOf).filter(isOfOther)) {
    const name = `look for ${field} of ${object}`;
    const query = { q: `SELECT ${field} FROM ${object} LIMIT 1` };
    const { body, code } = await api.ask({ name, path: "query", query, accepts: ["INVALID_FIELD", "MALFORMED_QUERY"] });
    const records = typeof body === "object" && body !== null && "records" in body ? (body.records as unknown) : null;
    const isThere = code === null && Array.isArray(records) && records.every((record) => leadsTo(record, field));
    if (!isThere) throw new Failure("incomplete", fieldsUnseen({ source, feed: feed.id, object, fields: [field] }));
  }
}

/**
 * Proves that the user is shown every declared field of a feed: one that is hidden would shrink rows and totals alike.
 * @throws Failure `incomplete` for an object or a field that is not shown, `usage` for one that cannot be loaded as declared.
 */
export async function proveFeed(
  api: SalesforceApi,
  source: Source,
  of: { feed: Feed; described: Described | null },
): Promise<Proven> {
  const proven = proveFields({ ...of, source: source.id, currency: salesforceSettings(source).currency });
  await proveOthers(api, source.id, of.feed);
  return proven;
}

/** The objects of feeds as the user sees them, by the ids of the feeds; each object is asked for once. @throws Failure as `ask`. */
export async function describeFeeds(
  api: SalesforceApi,
  source: string,
  feeds: readonly Feed[],
): Promise<ReadonlyMap<string, Described | null>> {
  const objects = new Map<string, Described | null>();
  const found = new Map<string, Described | null>();
  for (const feed of feeds) {
    const { object } = salesforceReading(feed);
    const described = objects.has(object) ? (objects.get(object) ?? null) : await describeObject(api, source, object);
    objects.set(object, described);
    found.set(feed.id, described);
  }
  return found;
}
