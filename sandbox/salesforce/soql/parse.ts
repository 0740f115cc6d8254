import { malformed } from "../api/refusal.ts";
import { conditionOf } from "./conditions.ts";
import { type Reader, readerOf } from "./reader.ts";
import type { Aggregate, Order, Selected, Soql } from "./syntax.ts";

const AGGREGATES: ReadonlySet<string> = new Set<Aggregate>(["COUNT", "COUNT_DISTINCT", "SUM", "MIN", "MAX", "AVG"]);
const BEHIND_SELECT: ReadonlySet<string> = new Set(["FROM", "WHERE", "GROUP", "ORDER", "LIMIT", "OFFSET", "HAVING"]);

function aliasOf(reader: Reader): string | null {
  const { kind, text } = reader.peek();
  if (kind !== "word" || BEHIND_SELECT.has(text.toUpperCase())) return null;
  return reader.next().text;
}

function selectedOf(reader: Reader): Selected {
  const { text, kind } = reader.peek();
  if (text === "(") throw malformed(`${reader.place()}\nsubqueries are not known to this simulator`);
  if (kind !== "word") throw reader.unexpected();
  if (/^typeof$/i.test(text)) throw malformed(`${reader.place()}\nTYPEOF is not known to this simulator`);
  reader.next();
  if (!reader.takes("(")) return { kind: "field", field: text, alias: aliasOf(reader) };
  const of = text.toUpperCase();
  if (!AGGREGATES.has(of)) throw malformed(`${reader.place()}\nunexpected token: '('`);
  const field = reader.peek().kind === "word" ? reader.next().text : null;
  reader.expect(")");
  if (field === null && of !== "COUNT") throw reader.unexpected();
  return { kind: "aggregate", of: of as Aggregate, field, alias: aliasOf(reader) };
}

function listOf<T>(reader: Reader, item: (reader: Reader) => T): T[] {
  const items = [item(reader)];
  while (reader.takes(",")) items.push(item(reader));
  return items;
}

function listBy<T>(reader: Reader, item: (reader: Reader) => T): T[] {
  reader.expect("BY");
  return listOf(reader, item);
}

function orderOf(reader: Reader): Order {
  const field = reader.name();
  const descending = reader.takes("DESC");
  if (!descending) reader.takes("ASC");
  let nullsLast = descending;
  if (reader.takes("NULLS")) {
    nullsLast = reader.takes("LAST");
    if (!nullsLast) reader.expect("FIRST");
  }
  return { field, descending, nullsLast };
}

function countOf(reader: Reader): number {
  const { kind, text } = reader.next();
  if (kind !== "number" || !/^\d+$/.test(text)) throw reader.unexpected();
  return Number(text);
}

/** Reads a query. Refuses with MALFORMED_QUERY what is none, or what this simulator does not know. */
export function parseSoql(soql: string): Soql {
  const reader = readerOf(soql);
  reader.expect("SELECT");
  const selected = listOf(reader, selectedOf);
  reader.expect("FROM");
  const from = reader.name();
  const where = reader.takes("WHERE") ? conditionOf(reader) : null;
  const groupBy = reader.takes("GROUP") ? listBy(reader, (one) => one.name()) : [];
  const orderBy = reader.takes("ORDER") ? listBy(reader, orderOf) : [];
  const limit = reader.takes("LIMIT") ? countOf(reader) : null;
  const offset = reader.takes("OFFSET") ? countOf(reader) : null;
  if (reader.peek().kind !== "end") throw reader.unexpected();
  return { selected, from, where, groupBy, orderBy, limit, offset };
}
