import { invalidField } from "../api/refusal.ts";
import type { Field } from "../schema/fields.ts";
import type { Seen, Sight } from "../sight.ts";
import type { Fields, Value } from "../values.ts";

/** A field of the object, or of a row that it refers to. */
export interface Column {
  /** As the service names it: `Name`, `Owner.Name`. */
  readonly name: string;
  readonly field: Field;
  /** The reference that leads to it; null for a field of the object itself. */
  readonly through: Field | null;
  /** The object that the field is of. */
  readonly of: string;
  read(row: Fields): Value;
}

/** How a field's value is read from a row. */
export function readerOfField({ name, type, compute }: Field, { store }: Sight): (row: Fields) => Value {
  if (compute) return (row) => compute(row, store);
  const empty = type === "boolean" ? false : null;
  return (row) => row[name] ?? empty;
}

/** The column that a query names. Refuses with INVALID_FIELD what is none. */
export function columnOf(path: string, object: Seen, sight: Sight): Column {
  const parts = path.split(".");
  const named = parts[0]?.toLowerCase() === object.name.toLowerCase() && parts.length > 1 ? parts.slice(1) : parts;
  const [first = "", second] = named;
  if (second === undefined) {
    const field = object.field(first);
    if (!field) throw invalidField(first, object.name);
    return { name: field.name, field, through: null, of: object.name, read: readerOfField(field, sight) };
  }
  const through = object.relationship(first);
  const target = sight.object(through?.referenceTo[0] ?? "");
  const field = named.length === 2 ? target?.field(second) : undefined;
  if (!through || !target || !field) throw invalidField(path, object.name);
  const inner = readerOfField(field, sight);
  const read = (row: Fields) => {
    const other = sight.store.find(String(row[through.name] ?? ""));
    return other ? inner(other) : null;
  };
  return { name: `${through.relationshipName ?? ""}.${field.name}`, field, through, of: target.name, read };
}
