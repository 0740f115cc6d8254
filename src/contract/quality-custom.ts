import { expressionNames } from "../sql/tokens.ts";
import { type Implementation, ImplementationSchema } from "./odcs-schema.ts";
import { present } from "./present.ts";
import { notAllowed, notExecuted, unknownColumn } from "./problems.ts";
import { patternIsFine } from "./property-rules.ts";
import type { Entry } from "./quality-entry.ts";
import { hasRange, type RangeBounds, rangeBounds } from "./range-bounds.ts";
import { columnsExist, type RuleDraft, valueText } from "./rule-draft.ts";
import { checkShape } from "./schema-problems.ts";
import { tiesRule } from "./ties-rule.ts";
import { uniqueRule } from "./unique-rule.ts";

type Of<R extends Implementation["rule"]> = Extract<Implementation, { rule: R }>;

/** A `custom` entry with `engine: ledgerloop`; any other engine is refused. */
export function customRule(entry: Entry): RuleDraft[] {
  const { value, path, scope } = entry;
  if (value.engine === undefined) {
    entry.refuse([], "a custom entry names no engine", "add engine: ledgerloop");
    return [];
  }
  if (value.engine !== "ledgerloop") {
    const at = scope.document.at([...path, "engine"]);
    const near = notAllowed(at, { key: "engine", written: value.engine }, ["ledgerloop"]);
    scope.problems.push(notExecuted(at, `the engine "${value.engine}"`, near.next));
    return [];
  }
  const part = { value: value.implementation, path: [...path, "implementation"] };
  const shape = checkShape(ImplementationSchema, scope.document, part);
  scope.problems.push(...shape.problems);
  return shape.value ? build(shape.value, entry) : [];
}

function build(rule: Implementation, entry: Entry): RuleDraft[] {
  switch (rule.rule) {
    case "expression":
      return expression(rule, entry);
    case "sum_equals":
      return sumEquals(rule, entry);
    case "immutable":
      return onColumns(rule.columns, entry).map((columns) => ({ ...entry.base("immutable", columns), kind: "immutable" }));
    case "unique":
      return onColumns(rule.columns, entry).flatMap((columns) => uniqueRule(rule, columns, entry));
    case "functional_dependency":
      return dependency(rule, entry);
    case "ties":
      return tiesRule(rule, entry);
    default:
      return onProperty(rule, entry);
  }
}

/** The named columns, else the property the entry stands under; empty (with a problem) when neither is there. */
function onColumns(named: readonly string[] | undefined, entry: Entry): (readonly string[])[] {
  const columns = named ?? (entry.column === undefined ? [] : [entry.column]);
  if (columns.length === 0) {
    entry.refuse(["implementation"], "the rule names no columns", "add columns, or move it under a property");
    return [];
  }
  return columnsExist(entry.scope, columns, [...entry.path, "implementation", "columns"]) ? [columns] : [];
}

/** Determinants are the named columns, else the property; a column cannot be on both sides. */
function dependency(rule: Of<"functional_dependency">, entry: Entry): RuleDraft[] {
  const { determines, majority } = rule;
  const exist = columnsExist(entry.scope, determines, [...entry.path, "implementation", "determines"]);
  return onColumns(rule.columns, entry).flatMap((determinants) => {
    const both = determinants.find((name) => determines.includes(name));
    if (both !== undefined)
      entry.refuse(["implementation", "determines"], `the column ${both} determines itself`, "name it on one side only");
    if (!exist || both !== undefined) return [];
    const base = entry.base("functional_dependency", [...new Set([...determinants, ...determines])]);
    return [{ ...base, kind: "functional_dependency", determinants, determines, majority }];
  });
}

function namesOf(text: string, key: string, entry: Entry): string[] | undefined {
  const names = expressionNames(text, entry.scope.names);
  if (typeof names === "string") {
    entry.refuse(
      ["implementation", key],
      `"${key}" ${names}`,
      "write a condition over the columns of one row; a rule of type sql compares a number of the whole batch",
    );
    return undefined;
  }
  const at = entry.scope.document.at([...entry.path, "implementation", key]);
  entry.scope.problems.push(...names.unknown.map((name) => unknownColumn(at, name, entry.scope.names)));
  return names.unknown.length === 0 ? names.columns : undefined;
}

function expression(rule: Of<"expression">, entry: Entry): RuleDraft[] {
  const columns = namesOf(rule.expression, "expression", entry);
  if (!columns) return [];
  const base = entry.base("expression", columns);
  return [{ ...base, kind: "expression", expression: rule.expression, nulls: rule.nulls }];
}

function sumEquals(rule: Of<"sum_equals">, entry: Entry): RuleDraft[] {
  const left = namesOf(rule.left, "left", entry);
  const right = namesOf(rule.right, "right", entry);
  if (!columnsExist(entry.scope, rule.by, [...entry.path, "implementation", "by"]) || !left || !right) return [];
  const columns = [...new Set([...left, ...right, ...rule.by])];
  return [{ ...entry.base("sum_equals", columns), kind: "sum_equals", left: rule.left, right: rule.right, by: rule.by }];
}

/** Rules on the values of the one property they stand under. */
function onProperty(rule: Of<"accepted" | "range" | "pattern" | "length">, entry: Entry): RuleDraft[] {
  const { column, scope } = entry;
  const path = [...entry.path, "implementation"];
  if (column === undefined) {
    entry.refuse(["implementation", "rule"], `the rule ${rule.rule} judges one column`, "move the entry under that property");
    return [];
  }
  const base = { ...entry.base(rule.rule, [column]), nulls: rule.nulls ?? "pass" };
  switch (rule.rule) {
    case "accepted": {
      const values = rule.values.map((v, i) => valueText(scope.document, [...path, "values", i], v));
      return [{ ...base, kind: "accepted", values }];
    }
    case "pattern":
      return patternIsFine(rule.pattern, [...path, "pattern"], scope)
        ? [{ ...base, kind: "pattern", pattern: rule.pattern }]
        : [];
    case "length":
      if (!limited(rule.minLength !== undefined || rule.maxLength !== undefined, entry)) return [];
      return [{ ...base, kind: "length", ...present({ min: rule.minLength, max: rule.maxLength }) }];
    case "range":
      return boundsOf(rule, column, entry).map((bounds) => ({ ...base, kind: "range", ...bounds }));
  }
}

function boundsOf(rule: Of<"range">, column: string, entry: Entry): RangeBounds[] {
  const type = entry.scope.types.get(column);
  if (!type || !limited(hasRange(rule), entry)) return [];
  const bounds = rangeBounds(rule, { type, path: [...entry.path, "implementation"], scope: entry.scope });
  return bounds ? [bounds] : [];
}

function limited(hasLimit: boolean, entry: Entry): boolean {
  if (!hasLimit) entry.refuse(["implementation"], "the rule has no limit", "add a minimum or a maximum");
  return hasLimit;
}
