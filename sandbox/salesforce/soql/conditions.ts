import { plain } from "../decimals.ts";
import type { Reader } from "./reader.ts";
import type { Condition, Literal, Operator } from "./syntax.ts";

const OPERATORS: Readonly<Record<string, Operator>> = {
  "=": "=",
  "!=": "!=",
  "<>": "!=",
  "<": "<",
  "<=": "<=",
  ">": ">",
  ">=": ">=",
  LIKE: "LIKE",
};

/** An instant in ms. Offsets without a colon are written so by the service itself. */
const instantOf = (text: string) => Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));

function literalOf(reader: Reader): Literal {
  const { kind, text } = reader.peek();
  const word = kind === "word" ? text.toLowerCase() : "";
  if (kind === "end" || kind === "sign" || (kind === "word" && !["null", "true", "false"].includes(word))) {
    throw reader.unexpected();
  }
  reader.next();
  switch (kind) {
    case "string":
      return { kind, text };
    case "number":
      return { kind, text: plain(text) };
    case "date":
      return { kind, text };
    case "datetime":
      return { kind, at: instantOf(text) };
    default:
      return word === "null" ? { kind: "null" } : { kind: "boolean", value: word === "true" };
  }
}

function valuesOf(reader: Reader): Literal[] {
  reader.expect("(");
  const values = [literalOf(reader)];
  while (reader.takes(",")) values.push(literalOf(reader));
  reader.expect(")");
  return values;
}

function comparisonOf(reader: Reader): Condition {
  const field = reader.name();
  if (reader.takes("IN")) return { kind: "in", field, negated: false, values: valuesOf(reader) };
  if (reader.takes("NOT")) {
    reader.expect("IN");
    return { kind: "in", field, negated: true, values: valuesOf(reader) };
  }
  const operator = OPERATORS[reader.peek().text.toUpperCase()];
  if (operator === undefined) throw reader.unexpected();
  reader.next();
  return { kind: "compare", field, operator, value: literalOf(reader) };
}

function termOf(reader: Reader): Condition {
  if (reader.takes("NOT")) return { kind: "not", part: termOf(reader) };
  if (!reader.takes("(")) return comparisonOf(reader);
  const condition = conditionOf(reader);
  reader.expect(")");
  return condition;
}

/** Reads a condition. The service takes no AND beside an OR unless one of them stands in parentheses. */
export function conditionOf(reader: Reader): Condition {
  const first = termOf(reader);
  const kind = reader.takes("AND") ? "and" : reader.takes("OR") ? "or" : null;
  if (kind === null) return first;
  const parts = [first, termOf(reader)];
  while (reader.takes(kind.toUpperCase())) parts.push(termOf(reader));
  return { kind, parts };
}
