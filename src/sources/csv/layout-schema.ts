import { z } from "zod";
import type { ColumnUse, Fault } from "../../config/source-kind.ts";
import type { Column as ContractColumn } from "../../contract/contract.ts";
import type { YamlPath } from "../../contract/yaml-document.ts";
import { datePartsOf, EXCEL } from "./scan/date-text.ts";
import { ENCODINGS, LAYOUT_DEFAULTS, type Layout, type LayoutColumn, LINE_ENDS } from "./scan/layout.ts";

const MIB = 1024 * 1024;
/** A record of bytes that are all three bytes in UTF-8, all of them quoted, still is a row of a row file. */
const LONGEST_RECORD = 4 * MIB;

const Mark = z.string().regex(/^[\t\x20-\x7e]$/, "one character of ASCII");
const Text = z.string().min(1, "a text");

const Column = z.strictObject({
  header: Text.optional().describe("Its text in the header; the column's name in the contract where it is left out"),
  column: Text.nullable()
    .optional()
    .describe("The contract's column; the one whose physicalName or name the header is where it is left out; null: not loaded"),
  decimal: Mark.optional().describe("Decimal mark of numbers"),
  thousands: z.string().length(1, "one character").optional().describe("What parts groups of three digits"),
  sign: z.enum(["leading", "trailing", "parentheses"]).optional().describe("Where the sign of a number stands"),
  currency_symbol: Text.optional().describe("Text before or behind the digits, which says nothing"),
  dates: z
    .array(
      z
        .string()
        .refine(
          (format) => format === EXCEL || datePartsOf(format) !== null,
          "excel, or a format of yyyy, MM or M, dd or d and what stands between them, as dd.MM.yyyy; a year of two digits says no century",
        ),
    )
    .min(1, "a list of at least one format")
    .optional()
    .describe("How dates are written: dd.MM.yyyy, d/M/yyyy, yyyyMMdd, excel; the first that fits is taken"),
});

/** One of `layouts` as it is written. */
export const LayoutSchema = z.strictObject({
  partner: Text.optional().describe("The {partner} of the files that it is of; the layout's name where it is left out"),
  encoding: z.enum(ENCODINGS).default(LAYOUT_DEFAULTS.encoding).describe("How characters are written; never guessed"),
  delimiter: Mark.default(LAYOUT_DEFAULTS.delimiter).describe("What parts fields"),
  quote: z.union([Mark, z.literal("none")]).default(LAYOUT_DEFAULTS.quote),
  escape: Mark.optional().describe("What stands before a quote inside quotes; the quote itself where it is left out"),
  line_end: z.enum(LINE_ENDS).default(LAYOUT_DEFAULTS.lineEnd),
  multiline: z.boolean().default(LAYOUT_DEFAULTS.multiline).describe("Line ends inside quotes are text"),
  header: z.enum(["names", "none"]).default("names").describe("none: columns are known by their places"),
  skip_lines: z.int().min(0, "0 or more").max(1000, "at most 1000").default(LAYOUT_DEFAULTS.skipLines),
  preamble: Text.optional().describe("Regular expression that each skipped line matches"),
  footer: Text.optional().describe("Regular expression of the last line; its groups count and sum are compared"),
  manifest: z
    .strictObject({
      file: z
        .string()
        .regex(/\{(file|stem)\}/, "a name with {file} or {stem}")
        .default("{file}.manifest")
        .describe("Its name: {file} is the file's, {stem} that without .csv and .gz"),
      pattern: Text.describe("Regular expression in its text; its groups count, sum and sha256 are compared"),
    })
    .optional()
    .describe("A file beside each file, without which that waits"),
  nulls: z
    .array(z.string())
    .default([...LAYOUT_DEFAULTS.nulls])
    .describe("Texts that stand for NULL"),
  quoted_nulls: z.boolean().default(LAYOUT_DEFAULTS.quotedNulls).describe("They do inside quotes too"),
  trim: z.boolean().default(LAYOUT_DEFAULTS.trim).describe("Blanks and tabs around a field are no part of it"),
  trailing_delimiter: z.boolean().default(LAYOUT_DEFAULTS.trailingDelimiter).describe("Each record ends with a delimiter"),
  columns: z
    .array(Column)
    .min(1, "a list of at least one column")
    .optional()
    .describe("In the file's order; the contract's where it is left out"),
  constants: z
    .record(Text, z.string())
    .default({})
    .describe("Columns that the file does not have, with the one text that they hold"),
  max_record_bytes: z
    .int()
    .min(1024, "at least 1024")
    .max(LONGEST_RECORD, `at most ${LONGEST_RECORD}`)
    .default(LAYOUT_DEFAULTS.maxRecordBytes),
  max_file_bytes: z.int().min(1024, "at least 1024").default(LAYOUT_DEFAULTS.maxFileBytes).describe("After unpacking"),
  file_bad_share: z
    .number()
    .min(0, "a share between 0 and 1")
    .max(1, "a share between 0 and 1")
    .default(LAYOUT_DEFAULTS.fileBadShare)
    .describe("Of at least 20 records"),
});

export type LayoutEntry = z.output<typeof LayoutSchema>;
type ColumnEntry = z.output<typeof Column>;

/** What a layout needs to know of a contract's column. */
export interface NamedColumn {
  readonly name: string;
  readonly physicalName?: string;
}

function columnOf(entry: ColumnEntry, contract: readonly NamedColumn[]): LayoutColumn {
  const named = contract.find((c) => (c.physicalName ?? c.name) === entry.header)?.name;
  const column = entry.column === undefined ? (named ?? entry.header ?? null) : entry.column;
  const { decimal, thousands, sign, currency_symbol: currencySymbol, dates } = entry;
  const said = Object.entries({ decimal, thousands, sign, currencySymbol, dates }).filter(([, value]) => value !== undefined);
  return { header: entry.header ?? column ?? "", column, ...(Object.fromEntries(said) as Partial<LayoutColumn>) };
}

/** The columns of a contract as those of a file, in their order. */
export function contractColumns(
  contract: readonly NamedColumn[],
  constants: Readonly<Record<string, string>> = {},
): LayoutColumn[] {
  return contract
    .filter(({ name }) => !Object.hasOwn(constants, name))
    .map(({ name, physicalName }) => ({ header: physicalName ?? name, column: name }));
}

/** A layout that was written down, for a contract's columns. */
export function layoutOf(name: string, entry: LayoutEntry, contract: readonly NamedColumn[]): Layout {
  const { preamble, footer, constants } = entry;
  const quote = entry.quote === "none" ? null : entry.quote;
  const columns = entry.columns?.map((column) => columnOf(column, contract)) ?? contractColumns(contract, constants);
  return {
    name,
    encoding: entry.encoding,
    delimiter: entry.delimiter,
    quote,
    escape: entry.escape ?? quote,
    lineEnd: entry.line_end,
    multiline: entry.multiline,
    header: entry.header === "names",
    skipLines: entry.skip_lines,
    ...(preamble === undefined ? {} : { preamble }),
    ...(footer === undefined ? {} : { footer }),
    nulls: entry.nulls,
    quotedNulls: entry.quoted_nulls,
    trim: entry.trim,
    trailingDelimiter: entry.trailing_delimiter,
    columns,
    constants,
    maxRecordBytes: entry.max_record_bytes,
    maxFileBytes: entry.max_file_bytes,
    fileBadShare: entry.file_bad_share,
  };
}

function isRegExp(pattern: string | undefined): boolean {
  try {
    return pattern === undefined || new RegExp(`^(?:${pattern})$`, "u") instanceof RegExp;
  } catch {
    return false;
  }
}

function repeated(names: readonly (string | null | undefined)[]): number {
  return names.findIndex((name, i) => name !== undefined && name !== null && names.indexOf(name) < i);
}

/** What a trailer or a manifest may name; a group of another name would be read and compared with nothing. */
const NAMED = { footer: ["count", "sum"], manifest: ["count", "sum", "sha256"] } as const;

function groupFaults(of: keyof typeof NAMED, pattern: string | undefined, at: YamlPath): Fault[] {
  const known: readonly string[] = NAMED[of];
  const groups = [...(pattern ?? "").matchAll(/\(\?<([A-Za-z_$][\w$]*)>/g)].map(([, name = ""]) => name);
  const says = (name: string) => `the group "${name}" is compared with nothing`;
  return groups
    .filter((name) => !known.includes(name))
    .map((name) => ({ at, says: says(name), next: `call it ${known.join(" or ")}, or write (?:…) for a group without a name` }));
}

function manifestFaults({ manifest }: LayoutEntry, at: YamlPath): Fault[] {
  if (manifest === undefined) return [];
  if (!isRegExp(manifest.pattern))
    return [{ at, says: "the pattern is no regular expression", next: "correct it; it may match anywhere" }];
  const misnamed = groupFaults("manifest", manifest.pattern, at);
  if (misnamed.length > 0) return misnamed;
  if (/\(\?<(count|sum|sha256)>/.test(manifest.pattern)) return [];
  return [{ at, says: "the pattern takes nothing out of the manifest", next: "name a group: (?<count>\\d+), sum or sha256" }];
}

/** What the schema cannot say of a layout; the path leads to the layout. */
export function layoutFaults(entry: LayoutEntry, at: YamlPath): Fault[] {
  const faults: Fault[] = [];
  const add = (key: YamlPath, says: string, next: string) => faults.push({ at: [...at, ...key], says, next });
  const { delimiter, quote, escape: mark, columns = [] } = entry;
  if (delimiter === quote || delimiter === mark)
    add(["delimiter"], "the delimiter is the quote or what escapes it", "use different marks");
  if (quote === "none" && mark !== undefined) add(["escape"], "nothing is quoted, so nothing is escaped", "remove escape");
  for (const key of ["preamble", "footer"] as const) {
    if (!isRegExp(entry[key])) add([key], `the ${key} is no regular expression`, "correct it; it matches a whole line");
  }
  if (entry.preamble !== undefined && entry.skip_lines === 0) add(["preamble"], "no line is skipped", "declare skip_lines");
  faults.push(...groupFaults("footer", entry.footer, [...at, "footer"]));
  faults.push(...manifestFaults(entry, [...at, "manifest", "pattern"]));
  const twice = repeated(columns.map(({ header, column }) => header ?? column));
  if (twice >= 0) add(["columns", twice], "a header stands twice", "a file with one header twice is stopped; give each its own");
  const mapped = repeated(columns.map(({ column }) => column));
  if (mapped >= 0)
    add(["columns", mapped, "column"], "two columns of the file are one of the contract", "leave one out: column: null");
  columns.forEach((column, i) => {
    if (column.header === undefined && !column.column)
      add(["columns", i], "a column has neither header nor column", "give it a header");
    if ((column.decimal ?? ".") === column.thousands)
      add(["columns", i, "thousands"], "decimal and thousands are one mark", "use two");
  });
  return faults;
}

/**
 * Columns that the contract requires and a layout gives to no row. Where it names one that the contract has not, only that is told: it may
 * be the missing one, misspelt. The path leads to the layout.
 */
export function layoutLacks(
  { name, entry, at }: { name: string; entry: LayoutEntry; at: YamlPath },
  contract: readonly ContractColumn[],
): Fault[] {
  if (entry.columns === undefined) return [];
  const known = new Set(contract.map((column) => column.name));
  if (entry.columns.some(({ column }) => column && !known.has(column))) return [];
  const given = new Set(layoutOf(name, entry, contract).columns.map(({ column }) => column));
  const lacking = contract.filter((c) => c.required && !given.has(c.name) && !Object.hasOwn(entry.constants, c.name));
  return lacking.map((column) => ({
    at: [...at, "columns"],
    says: `the layout "${name}" gives no row the column "${column.name}", which the contract requires: every row would break ${column.name}.required`,
    next: "add it to columns, with the header that the file has, or to constants",
  }));
}

/** Columns of the contract that a layout names, and of which types they must be for what it says of them. */
export function layoutUses(entry: LayoutEntry, at: YamlPath): ColumnUse[] {
  const columns = (entry.columns ?? []).flatMap((written, i): ColumnUse[] => {
    if (!written.column) return [];
    const { decimal, thousands, sign, currency_symbol, dates } = written;
    const use = { name: written.column, at: [...at, "columns", i, "column"] };
    if (dates !== undefined) return [{ ...use, types: ["date"] }];
    const isNumber = [decimal, thousands, sign, currency_symbol].some((said) => said !== undefined);
    return [isNumber ? { ...use, types: ["decimal", "integer"] } : use];
  });
  return [...columns, ...Object.keys(entry.constants).map((name) => ({ name, at: [...at, "constants", name] }))];
}
