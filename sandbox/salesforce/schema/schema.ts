import type { Store } from "../store.ts";
import { type FieldType, retyped } from "../values.ts";
import { type Field, fieldOf, type NewField, type SObject } from "./fields.ts";
import { systemFields } from "./standard.ts";

/** A custom object as it is added. */
export interface NewObject {
  /** Ends in `__c`. */
  readonly name: string;
  readonly label?: string;
  /** Three characters that no other object has; left out, the next custom one. */
  readonly keyPrefix?: string;
  readonly fields: readonly NewField[];
}

/** The objects of the org and their fields. What changes here changes no row's stamp. */
export interface Schema {
  objects(): readonly SObject[];
  /** An object by its name. Throws where there is none. */
  object(name: string): SObject;
  addObject(object: NewObject): SObject;
  addField(object: string, field: NewField): void;
  removeField(object: string, field: string): void;
  /** Gives a field another type; values that are none of it are null from then on. */
  retypeField(object: string, field: string, more: FieldType | (Partial<Field> & { readonly type: FieldType })): void;
}

const FIRST_CUSTOM = 2;

/** The object whose ids have a prefix. */
export type ByPrefix = (prefix: string) => string | undefined;

/** A schema of objects, and where the prefix of an id leads. */
export function openSchema(
  objects: readonly SObject[],
  currencies: readonly string[] | null,
): { readonly byPrefix: ByPrefix; readonly schema: (store: Store) => Schema } {
  const all = new Map(objects.map((one) => [one.name, one]));
  const prefixes = new Map(objects.map(({ keyPrefix, name }) => [keyPrefix, name]));
  return { byPrefix: (prefix) => prefixes.get(prefix), schema: (store) => schemaOf({ all, prefixes, store, currencies }) };
}

interface Known {
  readonly all: Map<string, SObject>;
  readonly prefixes: Map<string, string>;
  readonly store: Store;
  readonly currencies: readonly string[] | null;
}

function customPrefix(prefixes: ReadonlyMap<string, string>): string {
  let number = FIRST_CUSTOM;
  while (prefixes.has(`a${String(number).padStart(2, "0")}`)) number += 1;
  return `a${String(number).padStart(2, "0")}`;
}

function schemaOf({ all, prefixes, store, currencies }: Known): Schema {
  const object = (name: string) => {
    const found = all.get(name);
    if (!found) throw new Error(`there is no object ${name}`);
    return found;
  };
  const fieldsOf = (name: string, change: (fields: readonly Field[]) => readonly Field[]) => {
    const found = object(name);
    all.set(name, { ...found, fields: change(found.fields) });
  };
  const eachRow = (name: string, change: (fields: Readonly<Record<string, never>>) => object) => {
    for (const row of store.rows(name)) row.fields = change(row.fields as never) as typeof row.fields;
  };
  return {
    objects: () => [...all.values()],
    object,
    addObject: ({ name, label, keyPrefix = customPrefix(prefixes), fields }) => {
      if (all.has(name) || prefixes.has(keyPrefix)) throw new Error(`${name} or its prefix is there already`);
      const [id, ...system] = systemFields(currencies);
      const own = fields.map(fieldOf);
      const added = { name, label: label ?? name.replace(/__c$/, ""), keyPrefix, replicateable: true };
      all.set(name, { ...added, fields: [...(id ? [id] : []), ...own, ...system] });
      prefixes.set(keyPrefix, name);
      return object(name);
    },
    addField: (name, field) => {
      if (object(name).fields.some((one) => one.name === field.name)) throw new Error(`${name}.${field.name} is there already`);
      fieldsOf(name, (fields) => [...fields, fieldOf(field)]);
    },
    removeField: (name, field) => {
      fieldsOf(name, (fields) => fields.filter((one) => one.name !== field));
      eachRow(name, ({ [field]: _gone, ...rest }) => rest);
    },
    retypeField: (name, field, more) => {
      const old = object(name).fields.find((one) => one.name === field);
      if (!old) throw new Error(`there is no field ${name}.${field}`);
      const { label, nillable, referenceTo } = old;
      const next = fieldOf({ name: field, label, nillable, referenceTo, ...(typeof more === "string" ? { type: more } : more) });
      fieldsOf(name, (fields) => fields.map((one) => (one === old ? next : one)));
      eachRow(name, (fields) => ({ ...fields, [field]: retyped(fields[field], old.type, next.type) }));
    },
  };
}
