import { sqlTokens } from "../contract/sql-text.ts";
import { OPS_TABLES } from "../warehouse/ops-tables.ts";
import type { TextRow } from "../warehouse/warehouse.ts";
import { type ColumnNames, masked } from "./pii.ts";

/** Where quarantined rows keep their personal values. */
const STORED_APART = "payload_pii";

/** Shown under their own names whatever else a query mentions. */
const OWN_COLUMNS = new Set(Object.values(OPS_TABLES).flatMap((columns) => columns.map(([name]) => name)));

function queryMentions(sql: string, personal: ReadonlySet<string>): boolean {
  const tokens = sqlTokens(sql) ?? [];
  return tokens.some((t) => (t.kind === "word" || t.kind === "quoted") && personal.has(t.text.toLowerCase()));
}

/** A member of that name, as in the text of a whole row: `{"email": …}` or `{'email': …}`. */
function holdsMember(value: string, personal: ReadonlySet<string>): boolean {
  const members = value.toLowerCase().matchAll(/([\p{L}_][\p{L}\p{N}_$]*)\\?["']?\s*[:=]/gu);
  return [...members].some(([, name]) => personal.has(name ?? ""));
}

/**
 * Masks what a query shows of personal columns: columns of such a name; under a new name, every column of a query that mentions
 * one (a plain `count(…)` excepted); and values with a member of such a name, like a whole row as JSON. It guards against accidents:
 * whoever can read the file needs no query to read it.
 * @returns the rows, and the names of the columns in which something was masked.
 */
export function maskQuery(sql: string, rows: readonly TextRow[], names: ColumnNames): { rows: TextRow[]; hidden: string[] } {
  const personal = new Set([...names.personal, STORED_APART]);
  const suspicious = queryMentions(sql, personal);
  const isHidden = (name: string) => {
    const lower = name.toLowerCase();
    if (personal.has(lower)) return true;
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
