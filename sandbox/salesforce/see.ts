import { struckBy } from "../simulator/switchboard.ts";
import type { ConnectedApp } from "./apps.ts";
import type { OfField, Strike } from "./faults.ts";
import { type Field, fieldOf, type SObject } from "./schema/fields.ts";
import type { Schema } from "./schema/schema.ts";
import type { Seen, Sight } from "./sight.ts";
import type { Store } from "./store.ts";
import { type Fields, kept, retyped } from "./values.ts";

/** What an org is, as far as it can be looked at. */
export interface Viewed {
  readonly schema: Schema;
  readonly store: Store;
  readonly corporate: string | null;
  rate(currency: string): string;
}

const isOf = (name: string, { object, field }: OfField, one: Field) =>
  one.name === field && (object === undefined || object === name);

function addedField(strike: { readonly field?: string; readonly type?: Field["type"]; readonly value?: unknown }): Field {
  const { field = "New_Field__c", type = "string", value = "new" } = strike;
  const always = kept(type, value as string);
  return fieldOf({ name: field, type, compute: () => always });
}

function retypedField(old: Field, type: Field["type"]): Field {
  const { name, label, compute } = old;
  const read = compute ?? ((row: Fields) => row[name] ?? null);
  return { ...fieldOf({ name, type, label }), compute: (row, store) => retyped(read(row, store), old.type, type) };
}

/** An object's fields as faults leave them. */
function twisted(name: string, fields: readonly Field[], strikes: readonly Strike[]): readonly Field[] {
  return strikes.reduce((now, strike): readonly Field[] => {
    switch (strike.name) {
      case "field_removed":
      case "field_hidden":
        return now.filter((one) => !isOf(name, strike.options, one));
      case "field_retyped":
        return now.map((one) => (isOf(name, strike.options, one) ? retypedField(one, strike.options.type ?? "string") : one));
      case "field_added":
        return strike.options.object === name ? now.concat(addedField(strike.options)) : now;
      default:
        return now;
    }
  }, fields);
}

function seen(object: SObject, app: ConnectedApp, strikes: readonly Strike[]): Seen {
  const visible = object.fields.filter(({ name }) => !app.hiddenFields.includes(`${object.name}.${name}`));
  const fields = twisted(object.name, visible, strikes);
  const named = new Map(fields.map((field) => [field.name.toLowerCase(), field]));
  const related = new Map(fields.map((field) => [field.relationshipName?.toLowerCase() ?? "", field]));
  const { name, label, keyPrefix, replicateable } = object;
  return {
    ...{ name, label, keyPrefix, replicateable, fields },
    field: (wanted) => named.get(wanted.toLowerCase()),
    relationship: (wanted) => (wanted === "" ? undefined : related.get(wanted.toLowerCase())),
  };
}

function* owned(rows: Iterable<Fields>, user: string): Iterable<Fields> {
  for (const row of rows) if (row["OwnerId"] === undefined || row["OwnerId"] === user) yield row;
}

function* versions(store: Store, object: string): Iterable<Fields> {
  for (const row of store.rows(object)) yield row.fields;
}

/** What an app's user sees of the org, and what faults make of that. */
export function sightOf(
  org: Viewed,
  { app, user, strikes }: { app: ConnectedApp; user: string; strikes: readonly Strike[] },
): Sight {
  const { schema, store } = org;
  const viewAllData = app.viewAllData && !struckBy(strikes, "view_all_lost");
  const known = new Map<string, Seen>();
  for (const object of schema.objects()) {
    if (!app.hiddenObjects.includes(object.name)) known.set(object.name.toLowerCase(), seen(object, app, strikes));
  }
  const permissions: Fields = {
    Id: "0PX000000000000AAA",
    PermissionsViewAllData: viewAllData,
    PermissionsModifyAllData: false,
    PermissionsApiEnabled: true,
  };
  return {
    ...{ user, viewAllData, corporate: org.corporate, rate: org.rate },
    store: { find: (id) => store.find(id)?.fields },
    objects: () => [...known.values()],
    object: (name) => known.get(name.toLowerCase()),
    rows: (object) => {
      if (object === "UserPermissionAccess") return [permissions];
      const rows = versions(store, object);
      return viewAllData ? rows : owned(rows, user);
    },
  };
}
