import type { Operator, Rule } from "../contract/rule.ts";

/** A rule as `rules` and `contract show` print it. */
export interface RuleDocument {
  readonly id: string;
  readonly kind: Rule["kind"];
  readonly columns: readonly string[];
  readonly severity: Rule["severity"];
  readonly nulls: Rule["nulls"];
  readonly owner: string;
  readonly says: string;
  readonly fingerprint: string;
}

/** A rule as a document; `says` names its parameters. */
export function ruleDocument(rule: Rule): RuleDocument {
  const { id, kind, columns, severity, nulls, owner, fingerprint } = rule;
  return { id, kind, columns, severity, nulls, owner, says: parametersOf(rule), fingerprint };
}

function parametersOf(rule: Rule): string {
  switch (rule.kind) {
    case "type":
    case "required":
    case "immutable":
    case "record":
      return "";
    case "length":
      return `${rule.min ?? 0} to ${rule.max ?? "any number of"} characters`;
    case "pattern":
      return rule.pattern;
    case "accepted":
      return rule.values.join(" | ");
    case "range":
      return rangeText(rule);
    case "expression":
      return rule.expression;
    case "unique":
      return uniqueText(rule);
    case "foreign_key":
      return `${rule.parent.object}(${rule.parent.columns.join(", ")}), ${rule.action}${rule.action === "hold" ? ` ${rule.holdHours} h` : ""}`;
    case "functional_dependency":
      return `${rule.determinants.join(", ")} -> ${rule.determines.join(", ")}${rule.majority ? ", by majority" : ""}`;
    case "row_count":
      return operatorText(rule.operator);
    case "sum_equals":
      return `${rule.left} = ${rule.right}${rule.by.length > 0 ? ` by ${rule.by.join(", ")}` : ""}`;
    case "sql":
      return `${rule.query} ${operatorText(rule.operator)}`;
    case "ties":
      return `${rule.state}: ${rule.tied.join(" | ")}; never ${rule.differs.join(" | ")}`;
    case "metric":
      return `${rule.metric} in ${rule.unit} ${operatorText(rule.operator)}`;
  }
}

function uniqueText({ survivor, normalise }: Extract<Rule, { kind: "unique" }>): string {
  const parts = [
    ...(survivor ? [`survivor: ${survivor.order} by ${survivor.by}`] : []),
    ...(normalise ? [`normalise: ${normalise.forms.join(", ")}`] : []),
  ];
  return parts.join("; ");
}

function rangeText({ min, max, multipleOf }: Extract<Rule, { kind: "range" }>): string {
  const parts = [
    ...(min ? [`${min.exclusive ? ">" : ">="} ${min.value}`] : []),
    ...(max ? [`${max.exclusive ? "<" : "<="} ${max.value}`] : []),
    ...(multipleOf === undefined ? [] : [`multiple of ${multipleOf}`]),
  ];
  return parts.join(", ");
}

function operatorText({ name, operands }: Operator): string {
  return `${name} ${operands.join(" and ")}`;
}
