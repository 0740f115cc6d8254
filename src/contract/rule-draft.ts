import { fingerprint } from "../kernel/fingerprint.ts";
import type { Problem } from "../kernel/problem.ts";
import type { ColumnType } from "./contract.ts";
import { unknownColumn } from "./problems.ts";
import type { Rule } from "./rule.ts";
import type { YamlDocument, YamlPath } from "./yaml-document.ts";

type Draft<R> = R extends Rule ? Omit<R, "fingerprint"> : never;

/** A rule before its fingerprint is taken. */
export type RuleDraft = Draft<Rule>;

/** What the parts of the parser share while they read one contract. */
export interface Scope {
  readonly document: YamlDocument;
  readonly object: string;
  readonly owner: string;
  /** Every column that is written, also those whose type could not be read: one mistake, one problem. */
  readonly names: readonly string[];
  readonly types: ReadonlyMap<string, ColumnType>;
  /** Grows while parsing. */
  readonly problems: Problem[];
}

/** Adds the fingerprint: kind, columns, parameters, severity and null policy, but not id, owner or place. */
export function sealRule(draft: RuleDraft): Rule {
  const { id: _id, owner: _owner, description: _description, at: _at, ...meaning } = draft;
  return { ...draft, fingerprint: fingerprint(meaning) } as Rule;
}

/** Reports every name that is no column of the contract; true when all are. */
export function columnsExist(scope: Scope, names: readonly string[], path: YamlPath): boolean {
  const unknown = names.filter((name) => !scope.names.includes(name));
  for (const name of unknown) {
    const index = names.indexOf(name);
    scope.problems.push(unknownColumn(scope.document.at([...path, index]), name, scope.names));
  }
  return unknown.length === 0;
}

/** `<a>_<b>.<kind>`, the id of a rule that has none of its own. */
export function impliedId(columns: readonly string[], kind: Rule["kind"]): string {
  return `${columns.join("_")}.${kind}`;
}

const DECIMAL = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;

/** A number as exact decimal text with the digits that were written; undefined for exponents and the like. */
export function decimalText(document: YamlDocument, path: YamlPath, value: string | number): string | undefined {
  const written = document.written(path) ?? String(value);
  if (DECIMAL.test(written)) return written;
  return DECIMAL.test(String(value)) ? String(value) : undefined;
}

/** The text of a listed value as a row would spell it: digits as written, everything else as YAML reads it. */
export function valueText(document: YamlDocument, path: YamlPath, value: string | number | boolean): string {
  return typeof value === "number" ? (document.written(path) ?? String(value)) : String(value);
}
