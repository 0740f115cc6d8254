import { isObject, type Json, type JsonObject } from "../json.ts";
import type { Store, Stored } from "../store.ts";
import type { Param, Params } from "./form.ts";
import { invalid, missing } from "./refusal.ts";
import { type Filter, hasStatus, type Resource } from "./resources.ts";

/** Parameters that every list takes. */
const OF_LISTS = ["limit", "starting_after", "ending_before", "expand"];

/** Refuses parameters that an address does not take. */
export function expectKnown(params: Params, known: readonly string[]): void {
  const unknown = Object.keys(params).find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw invalid(`Received unknown parameter: ${unknown}`, { code: "parameter_unknown", param: unknown });
}

/** Refuses parameters that a list with these filters does not take. */
export function expectKnownInList(params: Params, filters: readonly string[]): void {
  expectKnown(params, [...OF_LISTS, ...filters]);
}

/** A whole number that was sent. */
export function integer(param: Param, name: string): number {
  if (typeof param === "string" && /^-?\d{1,15}$/.test(param)) return Number(param);
  throw invalid(`Invalid integer: ${typeof param === "string" ? param : ""}`, { code: "parameter_invalid_integer", param: name });
}

/** Whole seconds, the end excluded. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** Everything. */
export const ALWAYS: Range = { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };

const BOUNDS: Readonly<Record<string, (seconds: number) => Range>> = {
  gt: (seconds) => ({ ...ALWAYS, from: seconds + 1 }),
  gte: (seconds) => ({ ...ALWAYS, from: seconds }),
  lt: (seconds) => ({ ...ALWAYS, to: seconds }),
  lte: (seconds) => ({ ...ALWAYS, to: seconds + 1 }),
};

/** What `created=1` or `created[gte]=1&created[lt]=2` asks for. */
export function rangeOf(param: Param | undefined, name: string): Range {
  if (param === undefined) return ALWAYS;
  if (typeof param === "string") {
    const seconds = integer(param, name);
    return { from: seconds, to: seconds + 1 };
  }
  return Object.entries(param).reduce((range, [bound, value]) => {
    const read = BOUNDS[bound];
    const place = `${name}[${bound}]`;
    if (!read) throw invalid(`Received unknown parameter: ${place}`, { code: "parameter_unknown", param: place });
    const { from, to } = read(integer(value, place));
    return { from: Math.max(range.from, from), to: Math.min(range.to, to) };
  }, ALWAYS);
}

type Test = (stored: Stored) => boolean;

const within = (value: Json | undefined, { from, to }: Range) => typeof value === "number" && value >= from && value < to;

function matches(value: Json | undefined, asked: Params): boolean {
  return isObject(value) && Object.entries(asked).every(([name, wanted]) => value[name] === wanted);
}

function textOf(param: Param, name: string): string {
  if (typeof param === "string") return param;
  throw invalid("Invalid string", { param: name });
}

function oneOfTest(filter: Filter, asked: string, name: string): Test {
  if (!filter.values?.includes(asked)) {
    throw invalid(`Invalid ${name}: must be one of ${filter.values?.join(", ")}`, { param: name });
  }
  return (stored) =>
    name === "status" && stored.kind === "subscription" ? statusTest(stored.object, asked) : filter.of(stored) === asked;
}

const statusTest = (object: JsonObject, asked: string) => hasStatus(object, asked);

function testOf(filter: Filter, sent: { name: string; param: Param }, store: Store): Test {
  const { name, param } = sent;
  if (filter.by === "range") {
    const range = rangeOf(param, name);
    return (stored) => within(filter.of(stored), range);
  }
  if (filter.by === "nested") return (stored) => typeof param === "object" && matches(filter.of(stored), param);
  const text = textOf(param, name);
  if (filter.by === "one_of") return oneOfTest(filter, text, name);
  if (filter.by === "reference" && !store.find(text)) throw missing(name, text, { param: name, status: 400 });
  return (stored) => filter.of(stored) === text;
}

/** Whether an object stands in a list of the resource with these parameters. Refuses what it does not know. */
export function filterOf(resource: Resource, params: Params, store: Store): Test {
  expectKnownInList(params, Object.keys(resource.filters));
  const tests = Object.entries(resource.filters).flatMap(([name, filter]): Test[] => {
    const param = params[name];
    const unasked = resource.unasked?.[name];
    if (param === undefined) return unasked ? [unasked] : [];
    return [testOf(filter, { name, param }, store)];
  });
  return (stored) => tests.every((test) => test(stored));
}
