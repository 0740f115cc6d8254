import type { ColumnType } from "../contract/contract.ts";
import type { Dialect } from "./dialect.ts";

/** Joins conditions with AND; TRUE for none. */
export function and(conditions: readonly string[]): string {
  return conditions.length === 0 ? "TRUE" : conditions.join(" AND ");
}

/** Joins conditions with OR; FALSE for none. */
export function or(conditions: readonly string[]): string {
  return conditions.length === 0 ? "FALSE" : conditions.join(" OR ");
}

/** A comma list of quoted names. */
export function identifiers(dialect: Dialect, names: readonly string[]): string {
  return names.map((name) => dialect.identifier(name)).join(", ");
}

/** `alias."column"`. */
export function column(dialect: Dialect, alias: string, name: string): string {
  return `${alias}.${dialect.identifier(name)}`;
}

/** A comma list of `alias."column"`. */
export function columns(dialect: Dialect, alias: string, names: readonly string[]): string {
  return names.map((name) => column(dialect, alias, name)).join(", ");
}

/** Columns under an alias, each as its type, under their own names. */
export function castColumns(
  dialect: Dialect,
  of: readonly { readonly name: string; readonly type: ColumnType }[],
  alias: string,
): string {
  const cast = of.map(
    ({ name, type }) => `CAST(${column(dialect, alias, name)} AS ${dialect.columnType(type)}) AS ${dialect.identifier(name)}`,
  );
  return cast.join(", ");
}

/** Equality of the same columns under two aliases. NULL never equals anything. */
export function sameKey(dialect: Dialect, names: readonly string[], [a, b]: readonly [string, string]): string {
  return and(names.map((name) => `${column(dialect, a, name)} = ${column(dialect, b, name)}`));
}

/** Equality of two equally long lists of columns under two aliases. */
export function pairedKey(
  dialect: Dialect,
  left: { alias: string; names: readonly string[] },
  right: { alias: string; names: readonly string[] },
): string {
  return and(
    left.names.map((name, i) => `${column(dialect, left.alias, name)} = ${column(dialect, right.alias, right.names[i] ?? name)}`),
  );
}

/** Inequality of any of the same columns under two aliases, both sides not NULL. */
export function otherKey(dialect: Dialect, names: readonly string[], [a, b]: readonly [string, string]): string {
  return `(${or(names.map((name) => `${column(dialect, a, name)} <> ${column(dialect, b, name)}`))})`;
}

/**
 * One text per key, injective: parts are joined by `|`, with `\` and `|` escaped inside them; NULL if any part is NULL.
 * Used where keys of unlike tables meet (quarantine, masked samples), never on the hot path.
 */
export function keyText(dialect: Dialect, texts: readonly string[]): string {
  if (texts.length === 1) return texts[0] ?? "NULL";
  const quote = (s: string) => dialect.literal(s);
  return texts
    .map((t) => `REPLACE(REPLACE(${t}, ${quote("\\")}, ${quote("\\\\")}), ${quote("|")}, ${quote("\\|")})`)
    .join(` || ${quote("|")} || `);
}

/** The parts of a key's text, of so many columns: what `keyText` made one. */
export function keyParts(text: string, columns: number): string[] {
  if (columns === 1) return [text];
  const parts = [...text.matchAll(/((?:[^\\|]|\\[\\|])*)(?:\||$)/g)].map(([, part = ""]) => part.replaceAll(/\\([\\|])/g, "$1"));
  return parts.slice(0, columns);
}

/** The text of the key that a row under an alias has in some columns. */
export function rowKey(dialect: Dialect, alias: string, names: readonly string[]): string {
  return keyText(
    dialect,
    names.map((name) => asText(column(dialect, alias, name))),
  );
}

/** A relation in which a row may have a match. */
export interface Match {
  /** The relation with its alias: `staging."customers" p`. */
  readonly rows: string;
  /** True of a row and its match. */
  readonly on: string;
}

/** `FROM … WHERE …`: the rows, with their alias, that meet the conditions and have no match in any of the others. */
export function unmatched(
  dialect: Dialect,
  { rows, conditions, others }: { rows: string; conditions: readonly string[]; others: readonly Match[] },
): string {
  if (dialect.can.antiJoin) {
    const joins = others.map((other) => `\n    ANTI JOIN ${other.rows} ON ${other.on}`).join("");
    return `FROM ${rows}${joins}\n    WHERE ${and(conditions)}`;
  }
  const none = others.map((other) => `NOT EXISTS (SELECT 1 FROM ${other.rows} WHERE ${other.on})`);
  return `FROM ${rows}\n    WHERE ${[...conditions, ...none].join("\n      AND ")}`;
}

/** Texts one after another, none of them NULL; a chain of `||` is too deep for an engine's parser at 1,000 terms. */
export function concatenated(texts: readonly string[], separator = ""): string {
  if (texts.length === 0) return "''";
  return separator === "" ? `CONCAT(${texts.join(", ")})` : `CONCAT_WS('${separator}', ${texts.join(", ")})`;
}

/** An exact sum of integers, whatever type an engine would add them up in by itself. */
export function exactSum(dialect: Dialect, expression: string): string {
  return `SUM(CAST(${expression} AS ${dialect.minorType}))`;
}

/**
 * The first of some rows, `f`, and with each how many there are in all, as text under a name. Not by COUNT(*) OVER (), which fails now and
 * then where there is no row (DuckDB 1.5.5, several threads: "Attempted to access index 0 within vector of size 0").
 */
export function firstOf({
  rows,
  columns: wanted,
  total,
  order,
  limit,
}: {
  /** A SELECT. */
  readonly rows: string;
  readonly columns: readonly string[];
  readonly total: string;
  readonly order: readonly string[];
  readonly limit: number;
}): string {
  return `WITH counted AS (
${rows}
)
SELECT ${wanted.join(", ")}, ${asText("(SELECT COUNT(*) FROM counted)")} AS ${total}
FROM counted f ORDER BY ${order.join(", ")} LIMIT ${limit}`;
}

/** Casts to text. */
export function asText(expression: string): string {
  return `CAST(${expression} AS VARCHAR)`;
}

/** The text that some keys, one inside the other, lead to in JSON text. */
export function jsonTextAt(dialect: Pick<Dialect, "jsonText">, json: string, keys: readonly string[]): string {
  return keys.reduce((text, key) => dialect.jsonText(text, key), json);
}

/** Columns of some schemas from the information schema, names in lower case; `type` is the text of a column's type. */
export function informationColumns(dialect: Pick<Dialect, "literal">, schemas: readonly string[], type: string): string {
  return `SELECT LOWER(c.table_schema) AS table_schema, LOWER(c.table_name) AS table_name, LOWER(c.column_name) AS column_name, ${type} AS data_type
FROM information_schema.columns c WHERE LOWER(c.table_schema) IN (${schemas.map((s) => dialect.literal(s)).join(", ")})`;
}
