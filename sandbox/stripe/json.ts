/** A value of an answer's body. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** An object of an answer's body, with the names that Stripe gives its fields. */
export interface JsonObject {
  readonly [field: string]: Json;
}

/** Whether a value is an object: neither null nor a list. */
export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A field that holds an object; an empty one where it does not. */
export function objectIn(object: JsonObject, field: string): JsonObject {
  const value = object[field];
  return isObject(value) ? value : {};
}

/** A field that holds a text, such as an id. Throws where it does not: the simulator's own shapes are wrong then. */
export function textIn(object: JsonObject, field: string): string {
  const value = object[field];
  if (typeof value !== "string") throw new Error(`${field} is no text`);
  return value;
}

/** A field that holds a number. Throws where it does not. */
export function numberIn(object: JsonObject, field: string): number {
  const value = object[field];
  if (typeof value !== "number") throw new Error(`${field} is no number`);
  return value;
}

/** The object without some of its fields. */
export function without(object: JsonObject, fields: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([field]) => !fields.includes(field)));
}

/** Fields that are all null, as Stripe answers what is not set. */
export function nulls(...fields: readonly string[]): JsonObject {
  return Object.fromEntries(fields.map((field) => [field, null]));
}

/** The object as it is answered: `id` and `object` first, then the fields by name. */
export function inOrder(object: JsonObject): JsonObject {
  const rank = (field: string) => (field === "id" ? 0 : field === "object" ? 1 : 2);
  const fields = Object.keys(object).sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
  return Object.fromEntries(fields.map((field) => [field, object[field] ?? null]));
}
