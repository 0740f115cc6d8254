import pg from "pg";
import type { Feed } from "../../config/pipeline.ts";
import { Failure } from "../../kernel/problem.ts";
import { POSITION } from "../landed-text.ts";
import { columnMissing, cursorColumn } from "../problems.ts";
import { baseType, type Relation } from "./catalog.ts";
import { type CursorMode, postgresReading } from "./postgres-kind.ts";

const identifier = pg.escapeIdentifier;
const literal = pg.escapeLiteral;

/** Tables below this size (16 MB) are read in one COPY; a second connection costs more than it saves. */
const SPLIT_PAGES = 2_000;
const MOST_RANGES = 4;

/** The quoted, schema-qualified name of a feed's table. */
export function relation(feed: Feed): string {
  const { schema, name } = postgresReading(feed).table;
  return `${identifier(schema)}.${identifier(name)}`;
}

function neededColumns(feed: Feed): string[] {
  const { cursor: by } = postgresReading(feed);
  const cursor = by.mode === "whole" ? [] : [by.column];
  const money = feed.money ? [feed.money.amount, feed.money.currency] : [];
  return [...feed.sourceKey, ...feed.businessKey, feed.version, ...cursor, ...money, feed.postingDate].filter(
    (c) => c !== undefined,
  );
}

/** Columns in file order, without the position: the contract's, then any other that the feed's settings name. */
export function extractColumns(feed: Feed): string[] {
  return [...new Set([...feed.contract.columns.map((c) => c.name), ...neededColumns(feed)])];
}

/**
 * Refuses a table that lacks a column without which the feed cannot be read; any other missing column reads as NULL.
 * @throws Failure `incomplete`.
 */
export function checkNeededColumns(feed: Feed, found: Relation): void {
  for (const column of neededColumns(feed)) {
    if (!found.columns.some((c) => c.name === column)) throw new Failure("incomplete", columnMissing(feed.id, column));
  }
}

function positionSql(found: Relation): string {
  if (found.position === "none") return "null::text";
  // COPY writes a ctid as its text; a cast costs a twentieth of the read.
  return found.position === "ctid" ? "ctid" : "tableoid::text || ':' || ctid::text";
}

function selectList(feed: Feed, found: Relation): string {
  const columns = extractColumns(feed).map((name) =>
    found.columns.some((c) => c.name === name) ? identifier(name) : `null::text as ${identifier(name)}`,
  );
  return [`${positionSql(found)} as ${identifier(POSITION)}`, ...columns].join(", ");
}

/**
 * The type in which a cursor column is compared, without its precision: the cursor must not be rounded up.
 * @throws Failure `incomplete` when the column's type cannot be a cursor.
 */
export function cursorType(feed: Feed, { mode, column }: Exclude<CursorMode, { mode: "whole" }>, found: Relation): string {
  const type = baseType(found, column);
  const allowed = mode === "xid" ? /^(xid8|bigint|numeric.*)$/ : /^timestamp/;
  if (!allowed.test(type)) throw new Failure("incomplete", cursorColumn(feed.id, column, type));
  return type.startsWith("timestamp") ? type.replace(/\(\d\)/, "") : type;
}

/** A bound of a cursor column as SQL of its type. */
export function boundSql(text: string, type: string): string {
  return `${literal(text)}::${type}`;
}

/**
 * The condition of an incremental read: at or above the bound, without an upper one; rows whose change column is NULL, and those of
 * tables that were attached since, each by its oid.
 */
export function changePredicate(column: string, bound: string, attached: readonly string[]): string {
  const name = identifier(column);
  const whole = attached.length > 0 ? [`tableoid in (${attached.map((oid) => `${literal(oid)}::oid`).join(", ")})`] : [];
  return `(${[`${name} >= ${bound}`, `${name} is null`, ...whole].join(" or ")})`;
}

/** Whether a cursor column keeps fewer digits than microseconds, so that its values may have been rounded down. */
export function isCoarse(feed: Feed, found: Relation): boolean {
  const by = postgresReading(feed).cursor;
  if (by.mode !== "updated_at") return false;
  return /^timestamp\([0-5]\)/.test(baseType(found, by.column));
}

/** Page ranges that together cover a table read whole; the last is open, so that no row can lie behind it. */
export function pageRanges(pages: number, parallel: number): string[] {
  const count = pages > SPLIT_PAGES ? Math.min(MOST_RANGES, Math.max(1, parallel)) : 1;
  if (count === 1) return ["true"];
  const step = Math.ceil(pages / count);
  return Array.from({ length: count }, (_, i) => {
    const from = `ctid >= '(${i * step},0)'::tid`;
    return i === count - 1 ? from : `${from} and ctid < '(${(i + 1) * step},0)'::tid`;
  });
}

/** Everything below is text of the server's own making: NULL is an empty field, '' is `""`. */
function copy(select: string): string {
  return `copy (${select}) to stdout (format csv, header true)`;
}

/** The rows of a feed under a condition, with their positions. */
export function selectRows(feed: Feed, found: Relation, where: string): string {
  return `select ${selectList(feed, found)} from ${relation(feed)} where ${where}`;
}

/** COPY of a feed's rows under a condition. */
export function copyRows(feed: Feed, found: Relation, where: string): string {
  return copy(selectRows(feed, found, where));
}

/** All source keys; a row without a complete key has none. */
export function selectKeys(feed: Feed): string {
  const keys = feed.sourceKey.map(identifier);
  const complete = keys.map((k) => `${k} is not null`).join(" and ");
  return `select ${keys.join(", ")} from ${relation(feed)} where ${complete}`;
}

/** COPY of all source keys. */
export function copyKeys(feed: Feed): string {
  return copy(selectKeys(feed));
}
