import type { ColumnType } from "../../contract/contract.ts";
import type { Dialect, Literal, Schema } from "../dialect.ts";
import { decimalForm, TIMESTAMP_FORM } from "../lexical-forms.ts";
import { informationColumns } from "../sql-text.ts";

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function literal(value: Literal): string {
  if (value === null) return "NULL";
  if (typeof value === "string") return `'${value.replaceAll("'", "''")}'`;
  if (typeof value === "boolean") return value ? "TRUE" : "FALSE";
  return value.toString();
}

function columnType(type: ColumnType): string {
  switch (type.kind) {
    case "string":
      return "VARCHAR";
    case "integer":
      return { 16: "SMALLINT", 32: "INTEGER", 64: "BIGINT" }[type.bits];
    case "decimal":
      return `DECIMAL(${type.precision}, ${type.scale})`;
    case "boolean":
      return "BOOLEAN";
    case "date":
      return "DATE";
    case "timestamp":
      return "TIMESTAMP";
  }
}

/** The instants whose year has four digits. */
const FIRST_INSTANT = "TIMESTAMP '0001-01-01 00:00:00'";
const LAST_INSTANT = "TIMESTAMP '9999-12-31 23:59:59.999999'";

function landedText(typed: string, type: ColumnType): string {
  if (type.kind === "string") return typed;
  if (type.kind === "boolean") return `CASE WHEN ${typed} THEN 't' WHEN NOT ${typed} THEN 'f' END`;
  return `CAST(${typed} AS VARCHAR)${type.kind === "timestamp" ? " || '+00'" : ""}`;
}

/**
 * TRY_CAST alone takes `10.505`, `0x10`, `1e3`, `1_000` and ` 5 ` for integers, and bare dates, `epoch`, `infinity` and
 * seven digits of fraction for timestamps (DuckDB 1.5.5). The round trip is cheap; the regular expression runs only on rows
 * that failed it, as the right side of AND in a CASE does. Inside NOT (… OR …) it would run on all.
 */
function isMisread({ text, typed, type }: { text: string; typed: string; type: ColumnType }): string {
  const roundTrip = `CAST(${typed} AS VARCHAR) = ${text}`;
  const lacksForm = (pattern: string) => `NOT regexp_full_match(${text}, ${literal(pattern)})`;
  switch (type.kind) {
    case "string":
      return "FALSE";
    case "integer":
      return `(${text} IS NOT NULL AND (${typed} IS NULL OR NOT ${roundTrip}))`;
    case "decimal":
      return `(${text} IS NOT NULL AND (${typed} IS NULL OR (NOT ${roundTrip} AND ${lacksForm(decimalForm(type.precision, type.scale))})))`;
    case "boolean":
      return `(${text} IS NOT NULL AND ${text} NOT IN ('t', 'f', 'true', 'false'))`;
    case "date":
      return `(${text} IS NOT NULL AND (${typed} IS NULL OR length(${text}) <> 10 OR NOT ${roundTrip}))`;
    case "timestamp":
      return `(${text} IS NOT NULL AND (${typed} IS NULL OR ((${typed} NOT BETWEEN ${FIRST_INSTANT} AND ${LAST_INSTANT} OR NOT ${landedText(typed, type)} = ${text}) AND ${lacksForm(TIMESTAMP_FORM)})))`;
  }
}

/** Text for DuckDB 1.5. Work tables are TEMP tables: they may be written inside a transaction that writes the attached file. */
export const duckdbDialect: Dialect = {
  name: "duckdb",
  can: {
    rowNumber: { column: "rowid", select: null },
    rowsByNumber: true,
    ddl: "by_run",
    nfc: "nfc_normalize",
    // Several NOT EXISTS of one query become joins per distinct key: two foreign keys of 2.5 M rows took 2.6 CPU s, and take 0.8 so (DuckDB 1.5.5).
    antiJoin: true,
    branchesShareMemory: true,
    curatedViews: true,
  },
  identifier,
  literal,
  timestamp: (iso) => `TIMESTAMP ${literal(iso.replace("T", " ").replace(/Z$/, ""))}`,
  table: (schema: Schema, name) => `${schema}.${identifier(name)}`,
  work: (name) => `temp.${identifier(name)}`,
  createWork: (name, select) => `CREATE OR REPLACE TEMP TABLE ${identifier(name)} AS\n${select}`,
  columnType,
  columnsOf: (schemas) => informationColumns({ literal }, schemas, "c.data_type"),
  renameTable: (schema, { from, to }) => `ALTER TABLE ${schema}.${identifier(from)} RENAME TO ${identifier(to)}`,
  hashType: "UHUGEINT",
  textHashType: "BIGINT",
  minorType: "HUGEINT",
  tryCast: (text, type) => (type.kind === "string" ? text : `TRY_CAST(${text} AS ${columnType(type)})`),
  isMisread,
  landedText,
  matches: (text, pattern) => `regexp_matches(${text}, ${literal(pattern)})`,
  hasBit: (mask, bit) => `(${mask} & ${(1n << BigInt(bit)).toString()}) <> 0`,
  hasAnyBit: (mask, bits) => `(${mask} & ${bits.toString()}) <> 0`,
  // Two 64-bit hashes over the columns in both orders; 0.3 s each per 2.5 M rows of 18 columns, where md5 takes 3.1 s.
  rowHash: (texts) => {
    const back = [...texts].reverse().join(", ");
    return `(CAST(hash(${texts.join(", ")}) AS UHUGEINT) * 18446744073709551616 + CAST(hash(${back}, 'ledgerloop') AS UHUGEINT))`;
  },
  textHash: (text) => `CAST(hash(${text}) >> 1 AS BIGINT)`,
  octets: (text) => `strlen(${text})`,
  // A cast of 128 bits to decimal digits takes 45 µs (DuckDB 1.5.5), this a thousandth of it.
  hashText: (hash) => `to_hex(${hash})`,
  hexNumber: (digits) => `CAST('0x' || ${digits} AS BIGINT)`,
  countIf: (condition) => `count(*) FILTER (WHERE ${condition})`,
  jsonObject: (entries) =>
    entries.length === 0
      ? "'{}'"
      : `CAST(to_json({${entries.map(([key, text]) => `${literal(key)}: ${text}`).join(", ")}}) AS VARCHAR)`,
  // A JSON pointer takes any key; '$' paths would need a second kind of quoting.
  jsonText: (json, key) => `json_extract_string(${json}, ${literal(`/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`)})`,
  isJson: (text) => `json_valid(${text})`,
  isOlderThan: ({ since, now, hours }) => `${since} + INTERVAL ${hours} HOUR <= ${now}`,
};
