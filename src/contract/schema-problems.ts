import type { z } from "zod";
import { nearest } from "../kernel/nearest.ts";
import { type Problem, problem } from "../kernel/problem.ts";
import { keyOfAnother, missingKey, notAllowed, notExecuted, unknownKey, wrongValue } from "./problems.ts";
import type { YamlDocument, YamlPath } from "./yaml-document.ts";

type Issue = z.core.$ZodIssue;

/** What of a document is checked; `what` is its name in messages where it is the whole of it. */
interface Part {
  readonly value: unknown;
  readonly path: YamlPath;
  readonly what?: string;
}

/** Checks part of a document against a schema; every issue becomes a problem at the offending key or value. */
export function checkShape<S extends z.ZodType>(
  schema: S,
  document: YamlDocument,
  part: Part = { value: document.value, path: [] },
): { value?: z.output<S>; problems: Problem[] } {
  const result = schema.safeParse(part.value);
  if (result.success) return { value: result.data, problems: [] };
  const checked: Checked = { schema, document, base: part.path, what: part.what ?? "document" };
  const { issues } = result.error;
  return {
    problems: issues
      .filter((issue) => valueAt(part.value, issue.path) !== undefined || !isMisspelt(issue, issues))
      .flatMap((issue) => describe(issue, checked, [])),
  };
}

/** A missing key whose misspelt form is reported anyway: one mistake, one problem. */
function isMisspelt(issue: Issue, issues: readonly Issue[]): boolean {
  const name = issue.path.at(-1);
  const parent = issue.path.slice(0, -1).join("\n");
  return issues.some(
    (other) =>
      other.code === "unrecognized_keys" &&
      other.path.join("\n") === parent &&
      other.keys.some((key) => nearest(key, [String(name)]) !== undefined),
  );
}

interface Checked {
  readonly schema: z.ZodType;
  readonly document: YamlDocument;
  readonly base: YamlPath;
  readonly what: string;
}

function describe(issue: Issue, checked: Checked, prefix: YamlPath): Problem[] {
  const inner = [...prefix, ...issue.path];
  const path = [...checked.base, ...inner];
  const { document } = checked;
  const key = nameOf(path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((k) => strayKey(k, checked, inner));
    case "invalid_value":
      return [
        missingOr(document, path, issue.values.map(String).join(" | ")) ?? closed(document, path, issue.values.map(String)),
      ];
    case "invalid_union":
      return describeUnion(issue, checked, inner);
    case "invalid_key":
      return [wrongValue(document.at(path, "key"), key, issue.issues[0]?.message ?? "a valid name")];
    case "custom":
      return [problem({ code: "yaml.wrong_value", at: document.at(path), says: issue.message, next: nextOf(issue) })];
    case "invalid_type":
      if (issue.expected === "never") return [notExecuted(document.at(path, "key"), `"${key}"`)];
      return [missingOr(document, path, wanted(issue)) ?? wrongValue(document.at(path), key, wanted(issue))];
    default:
      return [wrongValue(document.at(path), key, issue.message)];
  }
}

/** A key that does not belong where it stands: it is one of another alternative, or misspelt. */
function strayKey(key: string, checked: Checked, inner: YamlPath): Problem {
  const at = checked.document.at([...checked.base, ...inner, key], "key");
  const allowed = keysAt(checked, inner);
  for (const passed of unionsOn(checked.schema, inner, valueAt(checked.document.value, checked.base))) {
    const of = ownersOf(key, passed);
    if (of.length === 0) continue;
    const by = passed.union.discriminator ?? "";
    const union = inner.slice(0, inner.length - passed.path.length);
    const what = union.length === 0 ? checked.what : nameOf(union);
    return keyOfAnother(at, { key, by, of, what, here: String(valueAt(passed.value, [by])) }, allowed);
  }
  return unknownKey(at, key, allowed);
}

function describeUnion(issue: z.core.$ZodIssueInvalidUnion, checked: Checked, inner: YamlPath): Problem[] {
  const path = [...checked.base, ...inner];
  if (issue.errors.length === 0) {
    const options = choicesAt(checked, inner.slice(0, -1), String(inner.at(-1)));
    const missing = missingOr(checked.document, path, options.join(" | "));
    return [missing ?? closed(checked.document, path, options)];
  }
  const missing = missingOr(checked.document, path, "a value");
  if (missing) return [missing];
  // The alternative whose errors lie deepest is the one that was meant.
  const depth = (issues: readonly Issue[]): number => Math.max(...issues.map((i) => i.path.length));
  const meant = [...issue.errors].sort((a, b) => depth(b) - depth(a))[0] ?? [];
  return meant.flatMap((i) => describe(i, checked, inner));
}

function closed(document: YamlDocument, path: YamlPath, allowed: readonly string[]): Problem {
  const written = document.written(path) ?? "this value";
  return notAllowed(document.at(path), { key: nameOf(path), written }, allowed);
}

function missingOr(document: YamlDocument, path: YamlPath, expected: string): Problem | undefined {
  if (path.length === 0 || valueAt(document.value, path) !== undefined) return undefined;
  const key = nameOf(path);
  return missingKey(document.at(path.slice(0, -1), "key"), key, expected);
}

function valueAt(value: unknown, path: YamlPath): unknown {
  return path.reduce<unknown>((v, step) => (v as Record<PropertyKey, unknown> | null | undefined)?.[step], value);
}

function nextOf(issue: Issue): string {
  const params = "params" in issue ? (issue.params as { next?: unknown } | undefined) : undefined;
  return typeof params?.next === "string" ? params.next : "correct the value";
}

function nameOf(path: YamlPath): string {
  const last = path.at(-1);
  if (last === undefined) return "the document";
  return typeof last === "number" ? `${nameOf(path.slice(0, -1))}[${last}]` : String(last);
}

/** What should stand there: in the schema's own words, where it has any. */
function wanted({ message, expected }: z.core.$ZodIssueInvalidType): string {
  return message.startsWith("Invalid input") ? article(expected) : message;
}

function article(expected: string): string {
  const words: Record<string, string> = {
    record: "a map",
    object: "a map",
    array: "a list",
    int: "a whole number",
    boolean: "true or false",
  };
  return words[expected] ?? `a ${expected}`;
}

type Definition = {
  type: string;
  shape?: Record<string, z.ZodType>;
  innerType?: z.ZodType;
  element?: z.ZodType;
  valueType?: z.ZodType;
  options?: readonly z.ZodType[];
  discriminator?: string;
  in?: z.ZodType;
  entries?: Record<string, unknown>;
  values?: readonly unknown[];
};

function definition(schema: z.ZodType): Definition {
  return schema.def as unknown as Definition;
}

/** The alternatives of a union that a value may mean: of a discriminated one that which it names, otherwise all. */
function meantOptions({ options = [], discriminator }: Definition, value: unknown): readonly z.ZodType[] {
  if (discriminator === undefined) return options;
  const named = valueAt(value, [discriminator]);
  const meant = options.filter((option) => {
    const choice = definition(option).shape?.[discriminator];
    return choice && (definition(choice).values ?? []).includes(named);
  });
  return meant.length > 0 ? meant : options;
}

/** A union on the way to a path, with what is left of the path and the value that stands there. */
interface Passed {
  readonly union: Definition;
  readonly path: YamlPath;
  readonly value: unknown;
}

/** The unions that a path leads through, outermost first. */
function unionsOn(schema: z.ZodType, path: YamlPath, value: unknown): Passed[] {
  const def = definition(schema);
  const through = def.innerType ?? def.in;
  if (through) return unionsOn(through, path, value);
  if (def.options) {
    return [{ union: def, path, value }, ...meantOptions(def, value).flatMap((option) => unionsOn(option, path, value))];
  }
  const [step, ...rest] = path;
  const next = step === undefined ? undefined : (def.shape?.[String(step)] ?? def.element ?? def.valueType);
  return next && step !== undefined ? unionsOn(next, rest, valueAt(value, [step])) : [];
}

/** The alternatives of a union that understand a key which the written one does not, by their names. */
function ownersOf(key: string, { union, path, value }: Passed): string[] {
  const { options = [], discriminator } = union;
  if (discriminator === undefined) return [];
  const meant = meantOptions(union, value);
  return options
    .filter((option) => !meant.includes(option) && shapesAt(option, path, value).some((shape) => Object.hasOwn(shape, key)))
    .flatMap((option) => choicesOf(definition(option).shape?.[discriminator]));
}

/** The object schemas that may stand at a path. */
function shapesAt(schema: z.ZodType, path: YamlPath, value: unknown): Record<string, z.ZodType>[] {
  const def = definition(schema);
  const through = def.innerType ?? def.in;
  if (through) return shapesAt(through, path, value);
  if (def.options) return meantOptions(def, value).flatMap((option) => shapesAt(option, path, value));
  const [step, ...rest] = path;
  if (step === undefined) return def.shape ? [def.shape] : [];
  const next = def.shape?.[String(step)] ?? def.element ?? def.valueType;
  return next ? shapesAt(next, rest, valueAt(value, [step])) : [];
}

function shapesIn({ schema, document, base }: Checked, path: YamlPath): Record<string, z.ZodType>[] {
  return shapesAt(schema, path, valueAt(document.value, base));
}

/** Keys that are understood at a path; those that exist only to be refused are not offered. */
function keysAt(checked: Checked, path: YamlPath): string[] {
  const keys = shapesIn(checked, path).flatMap((shape) => Object.keys(shape).filter((k) => !isRefused(shape[k])));
  return [...new Set(keys)];
}

function isRefused(schema: z.ZodType | undefined): boolean {
  const inner = schema && definition(schema).innerType;
  return inner !== undefined && definition(inner).type === "never";
}

function choicesAt(checked: Checked, path: YamlPath, key: string): string[] {
  return shapesIn(checked, path).flatMap((shape) => choicesOf(shape[key]));
}

function choicesOf(choice: z.ZodType | undefined): string[] {
  if (!choice) return [];
  const { entries = {}, values = [] } = definition(choice);
  return [...Object.keys(entries), ...values.map(String)];
}
