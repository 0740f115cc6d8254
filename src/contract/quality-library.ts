import { present } from "./present.ts";
import { badRule } from "./problems.ts";
import { patternIsFine } from "./property-rules.ts";
import type { Entry } from "./quality-entry.ts";
import { readOperator, toleratesNone } from "./quality-operator.ts";
import type { Operator } from "./rule.ts";
import { columnsExist, type RuleDraft, valueText } from "./rule-draft.ts";

/** Which arguments a metric takes. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  rowCount: [],
  nullValues: [],
  missingValues: ["missingValues"],
  invalidValues: ["validValues", "pattern"],
  duplicateValues: ["properties"],
};

/** A library metric: with `mustBe: 0` a rule that judges rows, otherwise a metric of the batch. */
export function libraryRule(entry: Entry): RuleDraft[] {
  const { value, path, scope } = entry;
  const metric = value.metric;
  if (metric === undefined) {
    entry.refuse([], "a library entry names no metric", `add metric: ${Object.keys(ARGUMENTS).join(" | ")}`);
    return [];
  }
  const operator = readOperator(value, path, scope);
  if (!checkArguments(entry, metric) || !operator) return [];
  if (metric === "rowCount") return rowCount(entry, operator);
  const columns = entry.column === undefined ? (value.arguments?.properties ?? []) : [entry.column];
  if (columns.length === 0) {
    entry.refuse(
      ["metric"],
      `the metric ${metric} of an object names no columns`,
      "move it under a property, or add arguments.properties",
    );
    return [];
  }
  if (!columnsExist(scope, columns, [...path, "arguments", "properties"])) return [];
  return toleratesNone(operator)
    ? strict({ ...entry, columns, metric, operator })
    : measured({ ...entry, columns, metric, operator });
}

function checkArguments(entry: Entry, metric: string): boolean {
  const allowed = (ARGUMENTS[metric] ?? []).filter((name) => name !== "properties" || entry.column === undefined);
  const written = Object.keys(entry.value.arguments ?? {});
  for (const name of written.filter((n) => !allowed.includes(n))) {
    entry.refuse(
      ["arguments", name],
      `the metric ${metric} takes no argument "${name}" here`,
      `arguments: ${allowed.join(", ") || "none"}`,
    );
  }
  const needed = allowed.filter((name) => name !== "properties");
  const given = needed.filter((name) => written.includes(name));
  if (needed.length > 0 && given.length !== 1) {
    entry.refuse(["metric"], `the metric ${metric} needs one argument`, `add arguments: one of ${needed.join(", ")}`);
    return false;
  }
  const { pattern } = entry.value.arguments ?? {};
  if (pattern !== undefined && !patternIsFine(pattern, [...entry.path, "arguments", "pattern"], entry.scope)) return false;
  return written.every((name) => allowed.includes(name));
}

function rowCount(entry: Entry, operator: Operator): RuleDraft[] {
  if (entry.column !== undefined) {
    entry.scope.problems.push(
      badRule(entry.scope.document.at(entry.path), "rowCount counts rows of the object", "move it to the object's quality"),
    );
    return [];
  }
  return [{ ...entry.base("row_count", []), kind: "row_count", operator }];
}

type MetricEntry = Entry & {
  readonly columns: readonly string[];
  readonly metric: "nullValues" | "missingValues" | "invalidValues" | "duplicateValues";
  readonly operator: Operator;
};

function strict(entry: MetricEntry): RuleDraft[] {
  const { columns, metric, value } = entry;
  if (metric === "nullValues") return [{ ...entry.base("required", columns), kind: "required", nulls: "fail" }];
  if (metric === "duplicateValues") return [{ ...entry.base("unique", columns), kind: "unique" }];
  if (metric === "missingValues") return missing(entry);
  const pattern = value.arguments?.pattern;
  if (pattern !== undefined) return [{ ...entry.base("pattern", columns), kind: "pattern", pattern }];
  return [{ ...entry.base("accepted", columns), kind: "accepted", values: listed(entry, "validValues") }];
}

/** Placeholder texts such as 'n/a' in a text column: one row can be judged alone. Other types keep the metric. */
function missing(entry: MetricEntry): RuleDraft[] {
  const [column] = entry.columns;
  if (column === undefined || entry.scope.types.get(column)?.kind !== "string") return measured(entry);
  const literals = listed(entry, "missingValues").map((v) => `'${v.replaceAll("'", "''")}'`);
  if (literals.length === 0) return [{ ...entry.base("required", entry.columns), kind: "required", nulls: "fail" }];
  const name = /^[a-z_][a-z0-9_]*$/.test(column) ? column : `"${column.replaceAll('"', '""')}"`;
  const expression = `${name} not in (${literals.join(", ")})`;
  return [{ ...entry.base("expression", entry.columns), kind: "expression", expression, nulls: nullsOf(entry) }];
}

function measured(entry: MetricEntry): RuleDraft[] {
  const { columns, metric, operator, value } = entry;
  const list = metric === "missingValues" ? listed(entry, "missingValues") : listed(entry, "validValues");
  const parameters = present({ values: list.length > 0 ? list : undefined, pattern: value.arguments?.pattern });
  const base = { ...entry.base("metric", columns), nulls: nullsOf(entry) };
  return [{ ...base, kind: "metric", metric, unit: value.unit ?? "rows", operator, ...parameters }];
}

/** NULL is a bad value for nullValues, and for missingValues when the list names it. */
function nullsOf(entry: MetricEntry): "pass" | "fail" {
  if (entry.metric === "nullValues") return "fail";
  return entry.metric === "missingValues" && entry.value.arguments?.missingValues?.includes(null) ? "fail" : "pass";
}

function listed(entry: MetricEntry, name: "validValues" | "missingValues"): string[] {
  const values = entry.value.arguments?.[name] ?? [];
  return values.flatMap((v, i) =>
    v === null ? [] : [valueText(entry.scope.document, [...entry.path, "arguments", name, i], v)],
  );
}
