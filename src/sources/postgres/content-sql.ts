import pg from "pg";
import type { Feed } from "../../config/pipeline.ts";
import type { Column, ColumnType } from "../../contract/contract.ts";
import { CONTENT_VECTORS, contentPrefix, isCounted, VECTORS_OF } from "../../contract/row-content.ts";
import { chunks } from "../../kernel/chunks.ts";
import { boundsOf } from "../../kernel/half-open.ts";
import { CONTENT, type DateRange, type KeyTexts } from "../contents.ts";
import { baseType, type Relation } from "./catalog.ts";
import { hasOneOf } from "./key-sql.ts";
import { relation, selectRows } from "./select-sql.ts";

const identifier = pg.escapeIdentifier;
const literal = pg.escapeLiteral;

/** A function takes at most 100 arguments, of which a field has two at most. */
const MOST_FIELDS = 45;

/** A column's field: what format() makes of it, and the arguments for that. */
interface Field {
  readonly format: string;
  readonly args: readonly string[];
}

const NUMBER = /^(?:smallint|integer|bigint|numeric(?:\(.*\))?)$/;
/** Types whose values, as texts, are never empty and hold no separator. */
const PLAIN = /^(?:smallint|integer|bigint|numeric(?:\(.*\))?|real|double precision|boolean|date|timestamp.*)$/;
const TEXT = /^(?:text|character varying(?:\(\d+\))?)$/;

const hasColumn = (found: Relation, name: string) => found.columns.some((c) => c.name === name);

/** format() and concat() give what COPY writes; a cast to text does not: it strips the padding of char(n), and spells out booleans. */
function counted(name: string, base: string): Field {
  const octets = TEXT.test(base)
    ? `octet_length(${name})`
    : `case when ${name} is not null then octet_length(concat(${name})) end`;
  return { format: "%s:%s", args: [octets, name] };
}

/** Digits behind the point as the contract has them, so that 1.5 and 1.50 are one text; what does not fit is left as it is. */
function scaled(name: string, base: string, scale: number): string {
  if (base.startsWith("numeric(") && base.endsWith(`,${scale})`)) return name;
  const rounded = `round(${name}::numeric, ${scale})`;
  return `case when ${name} = ${rounded} then ${rounded} else ${name}::numeric end`;
}

/**
 * A value of a type that is not the contract's, such as a text in place of a number. A mark that no value of the contract's types has keeps
 * it from being read as more than one field, or as the NULL of another row.
 */
function foreign(name: string): string {
  return `case when ${name} is not null then coalesce(nullif(replace(concat(${name}), '|', '!'), ''), '!') end`;
}

function bare(name: string, base: string, type: ColumnType): Field {
  const of = (value: string): Field => ({ format: "%s", args: [value] });
  if (type.kind === "decimal" && NUMBER.test(base)) return of(scaled(name, base, type.scale));
  if (!PLAIN.test(base)) return of(foreign(name));
  const isLocal = type.kind === "timestamp" && /^timestamp(?:\(\d\))? without/.test(base);
  return isLocal ? { format: "%s%s", args: [name, `case when ${name} is not null then '+00' end`] } : of(name);
}

/** A column's field; format() passes NULL over. A missing column is NULL. */
function fieldOf(column: Column, found: Relation): Field {
  if (!hasColumn(found, column.name)) return { format: isCounted(column) ? ":" : "", args: [] };
  const [name, base] = [identifier(column.name), baseType(found, column.name)];
  return isCounted(column) ? counted(name, base) : bare(name, base, column.type);
}

/** One format() costs the server some 0.6 of a concat() that has every separator as an argument. */
function formatted(before: string, fields: readonly Field[]): string {
  const format = `${before.replaceAll("%", "%%")}${fields.map((field) => field.format).join("|")}`;
  return `format(${[literal(format), ...fields.flatMap(({ args }) => args)].join(", ")})`;
}

/** SQL of the text of fields behind a prefix. */
function contentText(prefix: string, fields: readonly Field[]): string {
  const [text = "''", ...more] = chunks(fields, MOST_FIELDS).map((some, i) => formatted(i === 0 ? prefix : "", some));
  return more.length === 0 ? text : `concat_ws('|', ${[text, ...more].join(", ")})`;
}

/** How the server's type is called whose values are landed as those of a contract's type. */
function serverType(type: ColumnType): string {
  switch (type.kind) {
    case "string":
      return "text";
    case "integer":
      return { 16: "smallint", 32: "integer", 64: "bigint" }[type.bits];
    case "decimal":
      return `numeric(${type.precision},${type.scale})`;
    case "timestamp":
      return "timestamp with time zone";
    default:
      return type.kind;
  }
}

/** Has the server hash the vectors: `hashes` in their order. */
export function vectorsSql(): string {
  const hashes = CONTENT_VECTORS.map(({ type, text }) => {
    const base = serverType(type);
    const typed = `${text === null ? "null" : literal(text)}::${base}`;
    const field = isCounted({ type }) ? counted(`(${typed})`, base) : bare(`(${typed})`, base, type);
    return `md5(${contentText(contentPrefix(VECTORS_OF), [field])})`;
  });
  return `select array[${hashes.join(",\n")}] as hashes`;
}

/** SQL of a row's content hash: see `contract/row-content.ts`. */
function contentHash({ contract }: Feed, found: Relation): string {
  const fields = contract.columns.map((column) => fieldOf(column, found));
  return `md5(${contentText(contentPrefix(contract), fields)})`;
}

/** The feed's own columns of a content file: what finds a row, tells copies of a key apart, and is summed. */
export function contentKeys(feed: Feed): string[] {
  const { money } = feed;
  const names = [...feed.sourceKey, feed.version, money?.amount, money?.currency];
  return [...new Set(names.filter((name) => name !== undefined))];
}

/** COPY of every row's content under a condition; `inFlight` is the condition of rows that are in flight. */
export function copyContents(feed: Feed, found: Relation, { where, inFlight }: { where: string; inFlight: string }): string {
  const select = [
    `${contentHash(feed, found)} as ${CONTENT.hash}`,
    `coalesce(${inFlight}, false) as ${CONTENT.inFlight}`,
    ...contentKeys(feed).map(identifier),
  ];
  return `copy (select ${select.join(", ")} from ${relation(feed)} where ${where}) to stdout (format csv, header true)`;
}

/** The condition of rows in ranges of dates; null where the server's column has none, or no instants where a range begins or ends at one. */
export function isWithin(found: Relation, { column, of }: { column: string; of: readonly DateRange[] }): string | null {
  const hasInstants = of.flatMap(({ from, to }) => [from, to]).some((bound) => bound?.includes("T"));
  const types = hasInstants ? /^timestamp/ : /^(?:date$|timestamp)/;
  if (!(hasColumn(found, column) && types.test(baseType(found, column)))) return null;
  const name = identifier(column);
  const ranges = of.map((range) => {
    const bounds = boundsOf(name, range, literal);
    const within = bounds.length === 0 ? "true" : bounds.join(" and ");
    return range.from === null ? `(${within} or ${name} is null)` : `(${within})`;
  });
  return ranges.length === 0 ? "false" : `(${ranges.join(" or ")})`;
}

/** COPY of whole rows by their keys, all of them without any; rows that are in flight are left out. */
export function copyRowsOf(feed: Feed, found: Relation, { keys, inFlight }: { keys: KeyTexts | null; inFlight: string }): string {
  const settled = `not coalesce(${inFlight}, false)`;
  const where = keys ? `${hasOneOf(feed, found, keys)} and ${settled}` : settled;
  return `copy (${selectRows(feed, found, where)}) to stdout (format csv, header true)`;
}
