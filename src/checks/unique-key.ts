import type { CheckPlan } from "../contract/check-plan.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { normalForm } from "../warehouse/normal-form.ts";
import { and, column } from "../warehouse/sql-text.ts";

export type UniqueRule = CheckPlan["unique"][number];

/** What a unique rule compares of its columns: their values, or the normal forms of those that are texts. */
export function comparedForms(dialect: Dialect, rule: UniqueRule, expressionOf: (name: string) => string): string[] {
  const { forms = [], texts = [] } = rule.normalise ?? {};
  return rule.columns.map((name) => (texts.includes(name) ? normalForm(dialect, expressionOf(name), forms) : expressionOf(name)));
}

/** What a unique rule compares of a row under an alias, one expression a column. */
export function uniqueKey(dialect: Dialect, rule: UniqueRule, alias: string): string[] {
  return comparedForms(dialect, rule, (name) => column(dialect, alias, name));
}

/** True where two rows are equal under a unique rule. NULL never equals anything. */
export function sameUniqueKey(dialect: Dialect, rule: UniqueRule, [a, b]: readonly [string, string]): string {
  const others = uniqueKey(dialect, rule, b);
  return and(uniqueKey(dialect, rule, a).map((form, i) => `${form} = ${others[i]}`));
}

/** The distinct keys of rows as columns `_key0`, `_key1` …, and their equality with a row's key. */
export function normalKeys(dialect: Dialect, rule: UniqueRule, { of, keys, row }: { of: string; keys: string; row: string }) {
  return {
    columns: uniqueKey(dialect, rule, of)
      .map((form, i) => `${form} AS _key${i}`)
      .join(", "),
    same: and(uniqueKey(dialect, rule, row).map((form, i) => `${keys}._key${i} = ${form}`)),
  };
}
