import type { JsonObject } from "../json.ts";
import { addressOf, type CustomerFields, customerShape } from "../shapes/customer.ts";
import type { When, Writing } from "../writing.ts";

/** An answer's object, of which at least the id is known. */
export type Written = JsonObject & { readonly id: string };

/** The object as the newest version has it. */
export function written(writing: Writing, id: string): Written {
  const found = writing.store.find(id);
  if (!found) throw new Error(`there is no object ${id}`);
  return { ...writing.shown(found), id };
}

/** Customers, with `customer.created`, `.updated`, `.deleted`. */
export interface CustomerBook {
  create(fields?: CustomerFields & { readonly id?: string }, when?: When): Written;
  update(id: string, fields: CustomerFields, when?: When): Written;
  /** Its subscriptions end with it; its invoices and charges stay. */
  remove(id: string, when?: When): void;
}

/** Fields of a change, as the object has them. */
function patchOf(fields: CustomerFields): JsonObject {
  const { country, ...others } = fields;
  const given = Object.entries(others).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(given), ...(country === undefined ? {} : { address: country ? addressOf(country) : null }) };
}

/** The customers of an account; `cancel` ends a subscription. */
export function customerBook(writing: Writing, cancel: (subscription: string, when?: When) => void): CustomerBook {
  return {
    create: ({ id, ...fields } = {}, when = {}) => {
      const occasion = writing.occasion(when);
      const shape = customerShape(fields, writing.ids.named("", 8).toUpperCase());
      const stored = writing.add("customer", shape, { occasion, ...(id === undefined ? {} : { id }) });
      writing.tell("customer.created", stored, occasion);
      return written(writing, stored.id);
    },
    update: (id, fields, when = {}) => {
      const stored = writing.the("customer", id);
      writing.change(stored, patchOf(fields), { occasion: writing.occasion(when), event: "customer.updated" });
      return written(writing, id);
    },
    remove: (id, when = {}) => {
      const stored = writing.the("customer", id);
      const all = writing.store.between("subscription", 0, Number.POSITIVE_INFINITY);
      for (const { id: subscription, object } of all)
        if (object["customer"] === id && object["status"] !== "canceled") cancel(subscription, when);
      writing.remove(stored, "customer.deleted", writing.occasion(when));
    },
  };
}
