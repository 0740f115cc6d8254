import { Refusal } from "../api/refusal.ts";
import { compareDecimals } from "../decimals.ts";
import { withChecksum } from "../ids.ts";
import type { Field } from "../schema/fields.ts";
import type { Seen, Sight } from "../sight.ts";
import { type Fields, type FieldType, isNumeric, type Value } from "../values.ts";
import { columnOf } from "./columns.ts";
import type { Condition, Literal, Operator } from "./syntax.ts";

/** What a condition says of a row. */
export type Predicate = (row: Fields) => boolean;

const XSD: Partial<Record<FieldType, string>> = { date: "date", datetime: "dateTime", boolean: "boolean", int: "int" };

function wrongLiteral({ name, type }: Field): Refusal {
  const wanted = XSD[type] ?? (isNumeric(type) ? "double" : "string");
  const quotes = wanted === "string" ? "should be" : "should not be";
  const message = `value of filter criterion for field '${name}' must be of type ${wanted} and ${quotes} enclosed in quotes`;
  return new Refusal(400, "INVALID_FIELD", { message });
}

const wantedLiteral = (type: FieldType): Literal["kind"] => {
  if (type === "date" || type === "datetime" || type === "boolean") return type;
  return isNumeric(type) ? "number" : "string";
};

/** A literal as rows keep values of the field. Refuses one of another type. */
function operand(field: Field, literal: Literal): Value {
  if (literal.kind === "null") return null;
  if (literal.kind !== wantedLiteral(field.type)) throw wrongLiteral(field);
  switch (literal.kind) {
    case "boolean":
      return literal.value;
    case "datetime":
      return literal.at;
    case "string": {
      const text = literal.text.replace(/\\([_%])/g, "$1");
      return field.type === "id" || field.type === "reference" ? withChecksum(text) : text.toLowerCase();
    }
    default:
      return literal.text;
  }
}

/** How two values of a type stand to each other; texts without regard to case, as the service compares them. */
export function comparerOf(type: FieldType): (a: Value, b: Value) => number {
  if (isNumeric(type)) return (a, b) => compareDecimals(String(a), String(b));
  if (type === "datetime") return (a, b) => Number(a) - Number(b);
  if (["boolean", "date", "id", "reference"].includes(type)) return (a, b) => order(String(a), String(b));
  return (a, b) => order(String(a).toLowerCase(), String(b).toLowerCase());
}

const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

function likeOf(pattern: string): (value: Value) => boolean {
  const source = pattern.replace(/\\([_%])|[_%]|[.*+?^${}()|[\]\\]/g, (found, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped;
    if (found === "%") return ".*";
    return found === "_" ? "." : `\\${found}`;
  });
  const wanted = new RegExp(`^${source}$`, "is");
  return (value) => value !== null && wanted.test(String(value));
}

const HOLDS: Readonly<Record<Exclude<Operator, "LIKE">, (order: number) => boolean>> = {
  "=": (order) => order === 0,
  "!=": (order) => order !== 0,
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

function comparison(field: Field, operator: Operator, literal: Literal): (value: Value) => boolean {
  if (operator === "LIKE") {
    if (literal.kind !== "string") throw wrongLiteral(field);
    return likeOf(literal.text);
  }
  const wanted = operand(field, literal);
  if (wanted === null) {
    if (operator !== "=" && operator !== "!=") throw wrongLiteral(field);
    return operator === "=" ? (value) => value === null : (value) => value !== null;
  }
  const [compare, holds] = [comparerOf(field.type), HOLDS[operator]];
  const ofNull = operator === "!=";
  return (value) => (value === null ? ofNull : holds(compare(value, wanted)));
}

function membership(field: Field, literals: readonly Literal[], negated: boolean): (value: Value) => boolean {
  const cased = field.type === "id" || field.type === "reference";
  const fold = (value: Value): Value => (typeof value === "string" && !cased ? value.toLowerCase() : value);
  const wanted = new Set(literals.map((literal) => operand(field, literal)));
  return (value) => wanted.has(fold(value)) !== negated;
}

function filterable(field: Field): void {
  if (field.type !== "textarea" || field.length <= 255) return;
  throw new Refusal(400, "INVALID_FIELD", { message: `field '${field.name}' can not be filtered in a query call` });
}

/** What a condition says of rows of an object, as somebody sees it. Refuses fields that are none and values of another type. */
export function predicateOf(condition: Condition, object: Seen, sight: Sight): Predicate {
  switch (condition.kind) {
    case "and": {
      const parts = condition.parts.map((part) => predicateOf(part, object, sight));
      return (row) => parts.every((part) => part(row));
    }
    case "or": {
      const parts = condition.parts.map((part) => predicateOf(part, object, sight));
      return (row) => parts.some((part) => part(row));
    }
    case "not": {
      const part = predicateOf(condition.part, object, sight);
      return (row) => !part(row);
    }
    default: {
      const { field, read } = columnOf(condition.field, object, sight);
      filterable(field);
      const test =
        condition.kind === "in"
          ? membership(field, condition.values, condition.negated)
          : comparison(field, condition.operator, condition.value);
      return (row) => test(read(row));
    }
  }
}
