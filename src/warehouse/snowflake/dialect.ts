import type { ColumnType } from "../../contract/contract.ts";
import type { Dialect, Literal, Schema } from "../dialect.ts";
import { decimalForm, TIMESTAMP_FORM } from "../lexical-forms.ts";
import { informationColumns } from "../sql-text.ts";

/** Unquoted names fold to upper case, so contracts' names are written quoted and upper: users' plain SQL finds them. */
function identifier(name: string): string {
  return `"${name.toUpperCase().replaceAll('"', '""')}"`;
}

/** A backslash escapes inside Snowflake literals, so it is doubled as well as the quote. */
function literal(value: Literal): string {
  if (value === null) return "NULL";
  if (typeof value === "string") return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
  if (typeof value === "boolean") return value ? "TRUE" : "FALSE";
  return value.toString();
}

function columnType(type: ColumnType): string {
  switch (type.kind) {
    case "string":
      return "VARCHAR";
    case "integer":
      return { 16: "NUMBER(5, 0)", 32: "NUMBER(10, 0)", 64: "NUMBER(19, 0)" }[type.bits];
    case "decimal":
      return `NUMBER(${type.precision}, ${type.scale})`;
    case "boolean":
      return "BOOLEAN";
    case "date":
      return "DATE";
    case "timestamp":
      return "TIMESTAMP_NTZ(6)";
  }
}

/** A number's text of more than 38 digits without zeros behind its scale; of any other text nothing is taken. */
function shortened(text: string, scale: number): string {
  const [tail, kept] = scale === 0 ? ["[.]0+$", ""] : [`([.][0-9]{1,${scale}})0+$`, "\\1"];
  return `IFF(LENGTH(${text}) > 38, REGEXP_REPLACE(${text}, ${literal(tail)}, ${literal(kept)}), ${text})`;
}

function tryCast(text: string, type: ColumnType): string {
  switch (type.kind) {
    case "string":
      return text;
    case "integer":
      return `CAST(TRY_TO_DECIMAL(${text}, 38, 0) AS NUMBER(38, 0))`;
    case "decimal":
      return `TRY_TO_DECIMAL(${shortened(text, type.scale)}, ${type.precision}, ${type.scale})`;
    case "boolean":
      return `TRY_TO_BOOLEAN(${text})`;
    case "date":
      return `TRY_TO_DATE(${text}, 'YYYY-MM-DD')`;
    case "timestamp":
      return `TRY_CAST(REGEXP_REPLACE(${text}, '(Z|[+]00(:00)?)$', '') AS TIMESTAMP_NTZ(6))`;
  }
}

/** The information schema keeps a type's name apart from its digits, and calls VARCHAR text. */
const COLUMN_TYPE = `CASE c.data_type WHEN 'NUMBER' THEN 'NUMBER(' || c.numeric_precision || ', ' || c.numeric_scale || ')' WHEN 'TEXT' THEN 'VARCHAR'
  WHEN 'TIMESTAMP_NTZ' THEN 'TIMESTAMP_NTZ(6)' ELSE c.data_type END`;

const INTEGER_LIMIT: Readonly<Record<16 | 32 | 64, string>> = {
  16: "-32768 AND 32767",
  32: "-2147483648 AND 2147483647",
  64: "-9223372036854775808 AND 9223372036854775807",
};

/** TRY_TO_DECIMAL rounds excess scale, so the text's form is checked beside the value. REGEXP_LIKE is anchored at both ends. */
function isMisread({ text, typed, type }: { text: string; typed: string; type: ColumnType }): string {
  const wrong = (form: string, extra = "") =>
    `(${text} IS NOT NULL AND (${typed} IS NULL OR NOT REGEXP_LIKE(${text}, ${literal(form)})${extra}))`;
  switch (type.kind) {
    case "string":
      return "FALSE";
    case "integer":
      return wrong("0|-?[1-9][0-9]*", ` OR NOT (${typed} BETWEEN ${INTEGER_LIMIT[type.bits]})`);
    case "decimal":
      return wrong(decimalForm(type.precision, type.scale));
    case "boolean":
      return `(${text} IS NOT NULL AND ${text} NOT IN ('t', 'f', 'true', 'false'))`;
    case "date":
      return wrong("[0-9]{4}-[0-9]{2}-[0-9]{2}");
    case "timestamp":
      return wrong(TIMESTAMP_FORM);
  }
}

function landedText(typed: string, type: ColumnType): string {
  switch (type.kind) {
    case "string":
      return typed;
    case "boolean":
      return `IFF(${typed}, 't', IFF(NOT ${typed}, 'f', NULL))`;
    case "date":
      return `TO_VARCHAR(${typed}, 'YYYY-MM-DD')`;
    case "timestamp":
      // The fraction loses its trailing zeros, and its point when nothing is left of it.
      return `REGEXP_REPLACE(REGEXP_REPLACE(TO_VARCHAR(${typed}, 'YYYY-MM-DD HH24:MI:SS.FF6'), '([.][0-9]*[1-9])0+$', '\\\\1'), '[.]0+$', '') || '+00'`;
    default:
      return `TO_VARCHAR(${typed})`;
  }
}

/** Text for Snowflake: upper-case keywords, every expression aliased, DML only between BEGIN and COMMIT. */
export const snowflakeDialect: Dialect = {
  name: "snowflake",
  can: {
    // SEQ8 promises no gaps and says nothing of repetitions; a row number must be unique.
    rowNumber: { column: "_row", select: "ROW_NUMBER() OVER (ORDER BY NULL)" },
    ddl: "by_apply",
    nfc: null,
    rowsByNumber: false,
    antiJoin: false,
    branchesShareMemory: false,
    curatedViews: false,
  },
  identifier,
  literal,
  timestamp: (iso) => `CAST(${literal(iso.replace("T", " ").replace(/Z$/, ""))} AS TIMESTAMP_NTZ(6))`,
  // Raw relations and work tables are the session's own: temporary, in its current schema, which is WORK.
  table: (schema: Schema, name) => (schema === "raw" ? identifier(`raw_${name}`) : `${schema.toUpperCase()}.${identifier(name)}`),
  work: identifier,
  createWork: (name, select) => `CREATE OR REPLACE TEMPORARY TABLE ${identifier(name)} AS\n${select}`,
  columnType,
  columnsOf: (schemas) => informationColumns({ literal }, schemas, COLUMN_TYPE),
  // A bare name would be one of the session's schema.
  renameTable: (schema, { from, to }) =>
    `ALTER TABLE ${schema.toUpperCase()}.${identifier(from)} RENAME TO ${schema.toUpperCase()}.${identifier(to)}`,
  hashType: "VARCHAR",
  textHashType: "VARCHAR",
  minorType: "NUMBER(38, 0)",
  tryCast,
  isMisread,
  landedText,
  matches: (text, pattern) => `REGEXP_INSTR(${text}, ${literal(pattern)}) > 0`,
  hasBit: (mask, bit) => `BITAND(${mask}, ${(1n << BigInt(bit)).toString()}) <> 0`,
  hasAnyBit: (mask, bits) => `BITAND(${mask}, ${bits.toString()}) <> 0`,
  // Length-prefixed parts keep ('a', 'bc') and ('ab', 'c') apart, and NULL from ''.
  rowHash: (texts) => `SHA2(${texts.map((t) => `COALESCE(TO_VARCHAR(LENGTH(${t})) || ':' || ${t}, '-')`).join(" || ")}, 256)`,
  textHash: (text) => `SUBSTR(MD5(${text}), 1, 16)`,
  // Not OCTET_LENGTH: the emulator has it for binaries alone.
  octets: (text) => `CAST(BIT_LENGTH(${text}) / 8 AS NUMBER(38, 0))`,
  hashText: (hash) => `CAST(${hash} AS VARCHAR)`,
  // The emulator reads no hexadecimal numbers, and none of more than 64 bits: digits beyond 9 are told from few others.
  hexNumber: (digits) => `CAST(TRANSLATE(${digits}, 'abcdef', '012345') AS NUMBER(38, 0))`,
  countIf: (condition) => `COUNT(CASE WHEN ${condition} THEN 1 END)`,
  jsonObject: (entries) =>
    entries.length === 0
      ? "'{}'"
      : `TO_JSON(OBJECT_CONSTRUCT_KEEP_NULL(${entries.map(([key, text]) => `${literal(key)}, ${text}`).join(", ")}))`,
  // The cast makes SQL NULL of a JSON null.
  jsonText: (json, key) => `CAST(PARSE_JSON(${json})[${literal(key)}] AS VARCHAR)`,
  isJson: (text) => `TRY_PARSE_JSON(${text}) IS NOT NULL`,
  isOlderThan: ({ since, now, hours }) => `DATEADD(hour, ${hours}, ${since}) <= ${now}`,
};
