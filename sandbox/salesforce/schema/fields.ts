import type { Fields, FieldType, Value } from "../values.ts";

/** Where a formula finds other rows. */
export interface Lookup {
  /** The values of a row, also of one in the recycle bin. */
  find(id: string): Fields | undefined;
}

/** A field of an object. */
export interface Field {
  readonly name: string;
  readonly type: FieldType;
  readonly label: string;
  readonly length: number;
  readonly precision: number;
  readonly scale: number;
  readonly nillable: boolean;
  readonly createable: boolean;
  readonly updateable: boolean;
  readonly calculated: boolean;
  readonly picklist: readonly string[];
  readonly referenceTo: readonly string[];
  /** The name under which the row that it refers to is reached. */
  readonly relationshipName: string | null;
  /** The address that it is a part of. */
  readonly compound: string | null;
  /** A formula: computed whenever it is read, so that it changes without a stamp. */
  readonly compute: ((row: Fields, store: Lookup) => Value) | null;
}

/** A field as it is added; what is left out follows from its type. */
export type NewField = Pick<Field, "name" | "type"> & Partial<Field>;

/** An object of the org. */
export interface SObject {
  readonly name: string;
  readonly label: string;
  readonly keyPrefix: string;
  readonly fields: readonly Field[];
  /** Whether it can be read with getUpdated and getDeleted. */
  readonly replicateable: boolean;
}

const LENGTH: Partial<Record<FieldType, number>> = {
  id: 18,
  reference: 18,
  string: 255,
  textarea: 32_000,
  picklist: 255,
  email: 80,
  phone: 40,
  url: 255,
};

const PRECISION: Partial<Record<FieldType, readonly [precision: number, scale: number]>> = {
  double: [18, 2],
  currency: [18, 2],
  percent: [5, 2],
};

/** A field with all that follows from its type. */
export function fieldOf(field: NewField): Field {
  const [precision, scale] = PRECISION[field.type] ?? [0, 0];
  const written = !field.compute && !field.calculated && field.type !== "address";
  return {
    label: field.name.replace(/__c$/, "").replaceAll("_", " "),
    length: LENGTH[field.type] ?? 0,
    precision,
    scale,
    nillable: field.type !== "boolean",
    createable: written,
    updateable: written,
    calculated: Boolean(field.compute),
    picklist: [],
    referenceTo: [],
    relationshipName: null,
    compound: null,
    compute: null,
    ...field,
  };
}

/** A field that only the org itself writes. */
export function systemField(name: string, type: FieldType, more: Partial<Field> = {}): Field {
  return fieldOf({ name, type, nillable: false, createable: false, updateable: false, ...more });
}

/** A reference to rows of an object. */
export function referenceTo(name: string, object: string, more: Partial<Field> = {}): Field {
  const relationshipName = name.endsWith("__c") ? name.replace(/__c$/, "__r") : name.replace(/Id$/, "");
  return fieldOf({ name, type: "reference", referenceTo: [object], relationshipName, ...more });
}

/** An address, and the fields that are its parts. */
export function addressOf(name: string): Field[] {
  const prefix = name.replace(/Address$/, "");
  const part = (suffix: string, type: FieldType, length: number) =>
    fieldOf({ name: `${prefix}${suffix}`, type, length, compound: name });
  return [
    part("Street", "textarea", 255),
    part("City", "string", 40),
    part("PostalCode", "string", 20),
    part("Country", "string", 80),
    fieldOf({ name, type: "address" }),
  ];
}
