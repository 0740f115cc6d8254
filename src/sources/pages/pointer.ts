import { isObject, type JsonValue } from "./json-value.ts";

/** The names that a JSON pointer (RFC 6901) leads through. */
export function pointerNames(pointer: string): string[] {
  return pointer
    .split("/")
    .slice(1)
    .map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
}

/** What stands below a value at the end of some names; undefined where the way ends before. */
export function valueAt(value: JsonValue | undefined, names: readonly string[]): JsonValue | undefined {
  let at = value;
  for (const name of names) at = member(at, name);
  return at;
}

function member(value: JsonValue | undefined, name: string): JsonValue | undefined {
  if (Array.isArray(value)) return /^(0|[1-9]\d*)$/.test(name) ? (value as readonly JsonValue[])[Number(name)] : undefined;
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}
