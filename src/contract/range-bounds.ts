import type { ColumnType } from "./contract.ts";
import { present } from "./present.ts";
import { badRule } from "./problems.ts";
import type { Bound } from "./rule.ts";
import { decimalText, type Scope } from "./rule-draft.ts";
import type { YamlPath } from "./yaml-document.ts";

/** The limits of a `range` rule, as options of a type or as an implementation name them. */
export interface RangeOptions {
  readonly minimum?: number | string | undefined;
  readonly maximum?: number | string | undefined;
  readonly exclusiveMinimum?: number | string | undefined;
  readonly exclusiveMaximum?: number | string | undefined;
  readonly multipleOf?: number | undefined;
}

export interface RangeBounds {
  readonly min?: Bound;
  readonly max?: Bound;
  readonly multipleOf?: string;
}

type LimitKey = "minimum" | "maximum" | "exclusiveMinimum" | "exclusiveMaximum";

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?Z$/;

/** True when at least one limit is written. */
export function hasRange(options: RangeOptions): boolean {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = options;
  return [minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf].some((limit) => limit !== undefined);
}

/** Reads limits as canonical text of the column's type; reports each that does not fit and then gives nothing. */
export function rangeBounds(
  options: RangeOptions,
  place: { readonly type: ColumnType; readonly path: YamlPath; readonly scope: Scope },
): RangeBounds | undefined {
  const { type, path, scope } = place;
  const before = scope.problems.length;
  const refuse = (key: string, says: string, next: string): void => {
    scope.problems.push(badRule(scope.document.at([...path, key]), says, next));
  };
  const read = (key: LimitKey): string | undefined => {
    const value = options[key];
    if (value === undefined) return undefined;
    const text = limitText(value, { type, path: [...path, key], scope });
    if (text === undefined) refuse(key, `"${key}" does not fit a column of type ${type.kind}`, `write ${exampleOf(type)}`);
    return text;
  };
  const sides = { min: side(read("minimum"), read("exclusiveMinimum")), max: side(read("maximum"), read("exclusiveMaximum")) };
  if (sides.min === "both") refuse("exclusiveMinimum", "a range has one lower limit", "keep minimum or exclusiveMinimum");
  if (sides.max === "both") refuse("exclusiveMaximum", "a range has one upper limit", "keep maximum or exclusiveMaximum");
  const multipleOf =
    options.multipleOf === undefined ? undefined : decimalText(scope.document, [...path, "multipleOf"], options.multipleOf);
  if (options.multipleOf !== undefined && (multipleOf === undefined || !isNumeric(type))) {
    refuse("multipleOf", `"multipleOf" needs a numeric column and a plain decimal`, "remove it, or write a decimal such as 0.01");
  }
  if (scope.problems.length > before || sides.min === "both" || sides.max === "both") return undefined;
  if (isEmptyRange(sides.min, sides.max, type)) {
    scope.problems.push(badRule(scope.document.at(path), "no value can lie in this range", "put the smaller limit first"));
    return undefined;
  }
  return present({ min: sides.min, max: sides.max, multipleOf });
}

function side(inclusive: string | undefined, exclusive: string | undefined): Bound | "both" | undefined {
  if (inclusive !== undefined && exclusive !== undefined) return "both";
  if (inclusive !== undefined) return { value: inclusive, exclusive: false };
  return exclusive === undefined ? undefined : { value: exclusive, exclusive: true };
}

function limitText(value: number | string, place: { type: ColumnType; path: YamlPath; scope: Scope }): string | undefined {
  const { type, path, scope } = place;
  if (isNumeric(type)) return typeof value === "number" ? decimalText(scope.document, path, value) : undefined;
  if (typeof value !== "string" || Number.isNaN(Date.parse(value))) return undefined;
  if (type.kind === "date") return DATE.test(value) ? value : undefined;
  return type.kind === "timestamp" && INSTANT.test(value) ? value : undefined;
}

function isNumeric(type: ColumnType): boolean {
  return type.kind === "integer" || type.kind === "decimal";
}

function exampleOf(type: ColumnType): string {
  const examples: Partial<Record<ColumnType["kind"], string>> = {
    integer: "a plain number",
    decimal: "a plain number",
    date: 'a date such as "2026-01-01"',
    timestamp: 'an instant such as "2026-01-01T00:00:00Z"',
  };
  return examples[type.kind] ?? "no range: texts and booleans have none";
}

function isEmptyRange(min: Bound | undefined, max: Bound | undefined, type: ColumnType): boolean {
  if (!min || !max) return false;
  const [low, high] = isNumeric(type) ? [Number(min.value), Number(max.value)] : [Date.parse(min.value), Date.parse(max.value)];
  return low > high || (low === high && (min.exclusive || max.exclusive));
}
