import { type OdcsQuality, OperatorShape } from "./odcs-schema.ts";
import { badRule } from "./problems.ts";
import type { Operator } from "./rule.ts";
import { decimalText, type Scope } from "./rule-draft.ts";
import type { YamlPath } from "./yaml-document.ts";

const NAMES = Object.keys(OperatorShape) as Operator["name"][];

/** The operators that an entry writes, in no particular order. */
export function operatorNames(entry: OdcsQuality): Operator["name"][] {
  return NAMES.filter((name) => entry[name] !== undefined);
}

/** The one operator of an entry; reports none, several, and limits that are not plain decimals in order. */
export function readOperator(entry: OdcsQuality, path: YamlPath, scope: Scope): Operator | undefined {
  const [name, second] = operatorNames(entry);
  const refuse = (at: YamlPath, says: string, next: string): undefined => {
    scope.problems.push(badRule(scope.document.at(at, "key"), says, next));
    return undefined;
  };
  if (name === undefined) return refuse(path, "the entry compares with nothing", `add one of ${NAMES.join(", ")}`);
  if (second !== undefined)
    return refuse([...path, second], "the entry has two operators", "keep one, or use mustBeBetween (inclusive)");
  const value = entry[name];
  const listed = Array.isArray(value) ? value : [value];
  const operands = listed.map((v, i) => {
    const at = Array.isArray(value) ? [...path, name, i] : [...path, name];
    return v === undefined ? undefined : decimalText(scope.document, at, v);
  });
  const texts = operands.filter((o) => o !== undefined);
  if (texts.length < operands.length)
    return refuse([...path, name], `"${name}" must be a plain decimal`, "write it without exponent");
  const [low, high] = texts.map(Number);
  if (low !== undefined && high !== undefined && low >= high) {
    return refuse([...path, name], `the limits of "${name}" are not in order`, "write the smaller one first");
  }
  return { name, operands: texts };
}

/** `mustBe: 0` on rows: no row at all may fail, so each row can be judged alone. */
export function toleratesNone(operator: Operator): boolean {
  return operator.name === "mustBe" && Number(operator.operands[0]) === 0;
}
