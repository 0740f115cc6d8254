import { selectFault } from "../sql/tokens.ts";
import type { OdcsQuality } from "./odcs-schema.ts";
import { present } from "./present.ts";
import { badRule, notAllowed } from "./problems.ts";
import { customRule } from "./quality-custom.ts";
import type { Entry } from "./quality-entry.ts";
import { libraryRule } from "./quality-library.ts";
import { operatorNames, readOperator } from "./quality-operator.ts";
import type { Rule, Severity } from "./rule.ts";
import { impliedId, type RuleDraft, type Scope } from "./rule-draft.ts";
import type { YamlPath } from "./yaml-document.ts";

/** Judged over a whole batch: a failure cannot be pinned on a row, so it blocks. */
const WHOLE_BATCH: ReadonlySet<Rule["kind"]> = new Set(["row_count", "sum_equals", "sql", "metric", "ties"] as const);

/** Several of these may stand on one column, so an id must be given. */
const NEEDS_ID: ReadonlySet<Rule["kind"]> = new Set(["expression", "sql", "row_count", "sum_equals", "metric", "ties"] as const);

/** Keys that only one type of entry understands. */
const KEYS: Readonly<Record<string, readonly string[]>> = {
  library: ["metric", "arguments", "unit"],
  sql: ["query", "unit"],
  custom: ["engine", "implementation"],
  text: [],
};

/** The rules of one `quality` entry: none for descriptive text, else one. */
export function qualityRules(
  value: OdcsQuality,
  place: { readonly path: YamlPath; readonly scope: Scope; readonly column?: string },
): RuleDraft[] {
  const { path, scope, column } = place;
  const refuse: Entry["refuse"] = (at, says, next) => {
    scope.problems.push(badRule(scope.document.at([...path, ...at]), says, next));
  };
  const owner = ownerOf(value, path, scope);
  const base: Entry["base"] = (kind, columns) => ({
    id: idOf({ value, kind, columns, refuse }),
    columns: column === undefined || columns.includes(column) ? columns : [column, ...columns],
    severity: severityOf(value, kind),
    nulls: "pass",
    owner,
    at: scope.document.at(path),
    ...present({ description: value.description }),
  });
  const entry: Entry = { value, path, scope, base, refuse, ...present({ column }) };
  const type = value.type ?? "library";
  if (!keysFit(entry, type)) return [];
  if (type === "text") return [];
  if (type === "sql") return sqlRule(entry);
  return type === "custom" ? customRule(entry) : libraryRule(entry);
}

function idOf(entry: Pick<Entry, "value" | "refuse"> & { kind: Rule["kind"]; columns: readonly string[] }): string {
  const { value, kind, columns, refuse } = entry;
  if (value.id !== undefined) return value.id;
  if (NEEDS_ID.has(kind)) refuse([], `a rule of kind ${kind} needs an id`, "add id: a short name");
  return impliedId(columns, kind);
}

function severityOf(value: OdcsQuality, kind: Rule["kind"]): Severity {
  if (value.severity === "warning" || value.severity === "info") return "warn";
  return WHOLE_BATCH.has(kind) ? "block" : "quarantine";
}

function ownerOf(value: OdcsQuality, path: YamlPath, scope: Scope): string {
  let owner = scope.owner;
  for (const [i, custom] of (value.customProperties ?? []).entries()) {
    const at = scope.document.at([...path, "customProperties", i, "property"]);
    if (custom.property === "owner" && typeof custom.value === "string") owner = custom.value;
    else scope.problems.push(notAllowed(at, { key: "a quality entry's customProperties", written: custom.property }, ["owner"]));
  }
  return owner;
}

function keysFit(entry: Entry, type: string): boolean {
  const allowed = KEYS[type] ?? [];
  const foreign = Object.values(KEYS).flat();
  const written = Object.keys(entry.value).filter((key) => foreign.includes(key) && !allowed.includes(key));
  const operators = type === "custom" || type === "text" ? operatorNames(entry.value) : [];
  const misplaced = [...new Set([...written, ...operators])];
  for (const key of misplaced) {
    const at = entry.scope.document.at([...entry.path, key], "key");
    const next = `set type to what "${key}" belongs to, or remove it`;
    entry.scope.problems.push(badRule(at, `"${key}" has no meaning in an entry of type ${type}`, next));
  }
  return misplaced.length === 0;
}

/** The standard's documents spell the placeholders in three ways; rules carry `{object}` and `{property}` only. */
function sqlRule(entry: Entry): RuleDraft[] {
  const { query } = entry.value;
  const operator = readOperator(entry.value, entry.path, entry.scope);
  if (query === undefined) {
    entry.refuse([], "an entry of type sql has no query", "add query: SELECT …");
    return [];
  }
  const text = query
    .replace(/\$?\{(?:object|table)\}/g, "{object}")
    .replace(/\$?\{(?:property|column)\}/g, "{property}")
    .trim();
  const fault = selectFault(text);
  if (fault !== undefined) entry.refuse(["query"], `the query ${fault}`, "write one SELECT that returns one number");
  const lost = entry.column === undefined && text.includes("{property}");
  if (lost) entry.refuse(["query"], "{property} has no meaning in an entry of the object", "name the column, or move the entry");
  if (!operator || fault !== undefined || lost) return [];
  return [{ ...entry.base("sql", []), kind: "sql", query: text, operator }];
}
