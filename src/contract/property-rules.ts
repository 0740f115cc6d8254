import type { ColumnType } from "./contract.ts";
import type { OdcsProperty, OdcsTypeOptions } from "./odcs-schema.ts";
import { patternFault } from "./pattern-fault.ts";
import { present } from "./present.ts";
import { badPattern, badRule } from "./problems.ts";
import { hasRange, rangeBounds } from "./range-bounds.ts";
import type { Rule } from "./rule.ts";
import { impliedId, type RuleDraft, type Scope } from "./rule-draft.ts";
import type { YamlPath } from "./yaml-document.ts";

/** Which options mean something for which type. */
const OPTIONS: Readonly<Record<ColumnType["kind"], readonly string[]>> = {
  string: ["minLength", "maxLength", "pattern"],
  integer: ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
  decimal: ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
  boolean: [],
  date: ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"],
  timestamp: ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "timezone", "defaultTimezone"],
};

/** The rules that a property's own keys imply, in the order type, required, length, pattern, range, unique. */
export function propertyRules(property: OdcsProperty, path: YamlPath, scope: Scope): RuleDraft[] {
  const type = scope.types.get(property.name);
  const draft = implied(property.name, scope);
  const drafts: RuleDraft[] = [];
  if (type && type.kind !== "string") drafts.push({ ...draft("type", path), kind: "type" });
  if (property.required) drafts.push({ ...draft("required", [...path, "required"]), kind: "required", nulls: "fail" });
  if (type && property.logicalTypeOptions) {
    const optionsPath = [...path, "logicalTypeOptions"];
    checkOptions(property.logicalTypeOptions, { type, path: optionsPath, scope });
    drafts.push(...optionRules(property.logicalTypeOptions, { type, path: optionsPath, scope, draft }));
  }
  if (property.unique) drafts.push({ ...draft("unique", [...path, "unique"]), kind: "unique" });
  return drafts;
}

/** One unique rule over the key; the columns of a key are never NULL. */
export function primaryKeyRule(key: readonly string[], path: YamlPath, scope: Scope): RuleDraft[] {
  if (key.length === 0) return [];
  const base = { id: impliedId(key, "unique"), columns: key, owner: scope.owner, at: scope.document.at(path) };
  return [{ ...base, kind: "unique", severity: "quarantine", nulls: "pass" }];
}

type ImpliedDraft = (
  kind: Rule["kind"],
  at: YamlPath,
) => {
  id: string;
  columns: string[];
  severity: "quarantine";
  nulls: "pass";
  owner: string;
  at: ReturnType<Scope["document"]["at"]>;
};

function implied(column: string, scope: Scope): ImpliedDraft {
  return (kind, at) => ({
    id: impliedId([column], kind),
    columns: [column],
    severity: "quarantine",
    nulls: "pass",
    owner: scope.owner,
    at: scope.document.at(at),
  });
}

interface OptionsPlace {
  readonly type: ColumnType;
  readonly path: YamlPath;
  readonly scope: Scope;
}

function checkOptions(options: OdcsTypeOptions, { type, path, scope }: OptionsPlace): void {
  const allowed = OPTIONS[type.kind];
  for (const key of Object.keys(options).filter((k) => !allowed.includes(k))) {
    const next = allowed.length > 0 ? `options of this type: ${allowed.join(", ")}` : "remove it";
    const at = scope.document.at([...path, key], "key");
    scope.problems.push(badRule(at, `"${key}" has no meaning for a column of type ${type.kind}`, next));
  }
}

function optionRules(options: OdcsTypeOptions, place: OptionsPlace & { draft: ImpliedDraft }): RuleDraft[] {
  const { type, path, scope, draft } = place;
  const drafts: RuleDraft[] = [];
  const { minLength: min, maxLength: max, pattern } = options;
  if (type.kind === "string") {
    if (min !== undefined || max !== undefined)
      drafts.push({ ...draft("length", path), kind: "length", ...present({ min, max }) });
    if (pattern !== undefined && patternIsFine(pattern, [...path, "pattern"], scope)) {
      drafts.push({ ...draft("pattern", [...path, "pattern"]), kind: "pattern", pattern });
    }
  } else if (hasRange(options)) {
    const bounds = rangeBounds(options, { type, path, scope });
    if (bounds) drafts.push({ ...draft("range", path), kind: "range", ...bounds });
  }
  return drafts;
}

/** Reports a pattern that some engine would read differently. */
export function patternIsFine(pattern: string, path: YamlPath, scope: Scope): boolean {
  const fault = patternFault(pattern);
  if (fault !== undefined) scope.problems.push(badPattern(scope.document.at(path), fault));
  return fault === undefined;
}
