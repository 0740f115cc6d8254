import { isName, type SqlToken, sqlTokens } from "../sql/tokens.ts";
import { OPS_TABLES } from "../warehouse/ops-tables.ts";
import type { TextRow } from "../warehouse/warehouse.ts";
import { type ColumnNames, masked } from "./pii.ts";
import { targets } from "./query-relations.ts";

/** Where quarantined rows keep their personal values. */
const STORED_APART = "payload_pii";

/** Shown under their own names whatever else a query mentions. */
const OWN_COLUMNS: ReadonlySet<string> = new Set(Object.values(OPS_TABLES).flatMap((columns) => columns.map(([name]) => name)));

const SET_OPERATIONS = new Set(["union", "intersect", "except"]);
/** Functions that read files, which hold what was landed. */
const READS_FILES = /^(?:read_|parquet_|sniff_csv$|glob$)/;

function queryMentions(tokens: readonly SqlToken[], personal: ReadonlySet<string>): boolean {
  return tokens.some((t) => isName(t) && personal.has(t.text.toLowerCase()));
}

/** Takes all columns of a relation without naming them, into values or under names that say nothing of where they come from. */
function takesUnnamed(tokens: readonly SqlToken[]): boolean {
  return tokens.some((t, i) => {
    const next = tokens[i + 1]?.text;
    const word = t.kind === "word" ? t.text.toLowerCase() : "";
    // A relation with new names for its columns: `customer c(a, b)`, `with c(a, b) as (…)`.
    const renamed =
      isName(t) && next === "(" && (tokens[i - 1]?.text === "," || isName(tokens[i - 1])) && listIsRenaming(tokens, i);
    return word === "unpivot" || (word === "columns" && next === "(") || renamed;
  });
}

/** Whether the list in parentheses after a name gives a relation's columns new names, rather than being a function's arguments. */
function listIsRenaming(tokens: readonly SqlToken[], at: number): boolean {
  const before = tokens[at - 1]?.text.toLowerCase() ?? "";
  const end = tokens.findIndex((t, i) => i > at && t.text === ")");
  const inside = tokens.slice(at + 2, end);
  const names = inside.length > 0 && inside.every((t, i) => (i % 2 === 0 ? isName(t) : t.text === ","));
  const isCte = tokens[end + 1]?.text.toLowerCase() === "as" && tokens[end + 2]?.text === "(";
  const two = tokens[at - 2]?.text.toLowerCase() ?? "";
  const isRelation = isName(tokens[at - 1]) && [".", ",", "from", "join"].includes(two);
  return names && (isCte || before === "as" || isRelation);
}

/** Why a query may not be asked, as the end of the sentence "the query …": landed files are not the warehouse's tables. */
export function fileFault(sql: string): string | undefined {
  const tokens = sqlTokens(sql) ?? [];
  const called = tokens.some((t, i) => isName(t) && READS_FILES.test(t.text.toLowerCase()) && tokens[i + 1]?.text === "(");
  const named = targets(tokens).some((at) => {
    const { kind = "symbol", text = "" } = tokens[at] ?? {};
    return kind === "string" || (kind === "quoted" && /[./\\]/.test(text));
  });
  return called || named ? "reads a file; only tables of the warehouse can be read here" : undefined;
}

/** A member of that name, as in the text of a whole row: `{"email": …}` or `{'email': …}`. */
function holdsMember(value: string, personal: ReadonlySet<string>): boolean {
  const members = value.toLowerCase().matchAll(/([\p{L}_][\p{L}\p{N}_$]*)\\?["']?\s*[:=]/gu);
  return [...members].some(([, name]) => personal.has(name ?? ""));
}

/**
 * Masks what a query shows of personal columns: columns of such a name; under a new name, every column of a query that mentions
 * one or takes columns without naming them (a plain `count(…)` excepted); and values with a member of such a name, like a whole row as JSON. It guards against accidents:
 * whoever can read the file needs no query to read it.
 * @returns the rows, and the names of the columns in which something was masked.
 */
export function maskQuery(sql: string, rows: readonly TextRow[], names: ColumnNames): { rows: TextRow[]; hidden: string[] } {
  const personal = new Set([...names.personal, STORED_APART]);
  const tokens = sqlTokens(sql) ?? [];
  // In a set operation one column's values stand under another's name.
  const mixes = tokens.some((t) => t.kind === "word" && SET_OPERATIONS.has(t.text.toLowerCase()));
  const suspicious = queryMentions(tokens, personal) || takesUnnamed(tokens) || (mixes && tokens.some((t) => t.text === "*"));
  const isHidden = (name: string) => {
    const lower = name.toLowerCase();
    if (personal.has(lower)) return true;
    if (suspicious && mixes) return true;
    return suspicious && !names.open.has(lower) && !OWN_COLUMNS.has(lower) && !/^count(_star)?\(/.test(lower);
  };
  const hidden = new Set<string>();
  const show = (name: string, value: string | null): string | null => {
    if (value === null || !(isHidden(name) || holdsMember(value, personal))) return value;
    hidden.add(name);
    return masked(value);
  };
  const shown = rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, show(name, value)])));
  return { rows: shown, hidden: [...hidden] };
}
