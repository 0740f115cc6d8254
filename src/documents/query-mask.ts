import { isName, lower, type SqlToken, sqlTokens } from "../sql/tokens.ts";
import { OPS_TABLES } from "../warehouse/ops-tables.ts";
import type { TextRow } from "../warehouse/warehouse.ts";
import { type ColumnNames, masked } from "./pii.ts";
import { targets } from "./query-relations.ts";

/** Where quarantined rows keep their personal values. */
const STORED_APART = "payload_pii";

/** Shown under their own names whatever else a query mentions. */
const OWN_COLUMNS: ReadonlySet<string> = new Set(Object.values(OPS_TABLES).flatMap((columns) => columns.map(([name]) => name)));

/** Words that bring values of all columns under names of their own. */
const WITHOUT_NAMES = new Set(["unpivot", "summarize"]);
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
    // By its place: `#3` in one engine, `$3` in the other.
    const placed = (t.text === "#" || t.text === "$") && tokens[i + 1]?.kind === "number";
    return WITHOUT_NAMES.has(word) || (word === "columns" && next === "(") || placed || renamed;
  });
}

/** Words behind which a word is no alias. */
const NOT_NAMED = new Set("select distinct all by and or not on where having when then else case is in like between".split(" "));

/** Whether a name is one that the query gives: behind AS, behind what it is the name of, in front of `:`, or in a list of new names. */
function isGiven(tokens: readonly SqlToken[], at: number): boolean {
  const [token, next] = [tokens[at], tokens[at + 1]?.text.toLowerCase()];
  const [before, named] = [tokens[at - 1], tokens[at - 2]];
  if (before?.kind === "word" && lower(before) === "as") return !(isName(named) && lower(named) === lower(token));
  if (next === ":" && tokens[at + 2]?.text !== ":" && before?.text !== ":") return true;
  const isBehindValue = before?.text === ")" || (before && /^(?:word|quoted|string|number)$/.test(before.kind));
  const isLast = next === undefined || [",", "from", ")"].includes(next);
  return isLast && Boolean(isBehindValue) && !(before?.kind === "word" && NOT_NAMED.has(lower(before)));
}

/** The names that a query gives to what it selects, in lower case: whatever may stand under them. */
function givenNames(tokens: readonly SqlToken[]): ReadonlySet<string> {
  return new Set(tokens.flatMap((token, at) => (isName(token) && isGiven(tokens, at) ? [lower(token)] : [])));
}

/** A column's name without the number that an engine gives the second one of it: `email_1`, `email:1`. */
const unnumbered = (name: string) => name.replace(/(?:[:_]\d+)+$/, "");

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

/** Words by which values become names of columns. */
const NAMES_BY_VALUES = new Set(["pivot", "pivot_wider"]);

/** Why a query may not be asked of personal columns: a value that names a column is shown with whatever stands in it. */
export function namesFault(sql: string, { personal }: ColumnNames): string | undefined {
  const tokens = sqlTokens(sql) ?? [];
  const pivots = tokens.some((token) => token.kind === "word" && NAMES_BY_VALUES.has(lower(token)));
  return pivots && queryMentions(tokens, personal) ? "makes values names of columns, and speaks of personal ones" : undefined;
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
  const given = givenNames(tokens);
  const isOpen = (name: string) => !given.has(name) && (names.open.has(name) || OWN_COLUMNS.has(name));
  const isHidden = (column: string) => {
    const name = column.toLowerCase();
    if (personal.has(name) || (!names.open.has(name) && personal.has(unnumbered(name)))) return true;
    if (suspicious && mixes) return true;
    return suspicious && !isOpen(name) && !/^count(_star)?\(/.test(name);
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
