import { type JsonObject, nulls } from "../json.ts";

/** What is known of a customer; what is left out is null, as in the API. */
export interface CustomerFields {
  readonly name?: string | null;
  readonly email?: string | null;
  readonly phone?: string | null;
  readonly description?: string | null;
  /** Lower-case; null until the customer is first charged. */
  readonly currency?: string | null;
  readonly country?: string | null;
  readonly metadata?: JsonObject;
}

const ADDRESS = nulls("city", "country", "line1", "line2", "postal_code", "state");

/** An address of which at most the country is known. */
export function addressOf(country: string | null): JsonObject {
  return { ...ADDRESS, country };
}

/** A customer as the newest version has it. */
export function customerShape(fields: CustomerFields, invoicePrefix: string): JsonObject {
  return {
    object: "customer",
    ...nulls("currency", "customer_account", "default_source", "description", "discount", "email", "name", "phone"),
    ...nulls("shipping", "test_clock"),
    ...(fields.name === undefined ? {} : { name: fields.name }),
    ...(fields.email === undefined ? {} : { email: fields.email }),
    ...(fields.phone === undefined ? {} : { phone: fields.phone }),
    ...(fields.description === undefined ? {} : { description: fields.description }),
    ...(fields.currency === undefined ? {} : { currency: fields.currency }),
    address: fields.country ? addressOf(fields.country) : null,
    balance: 0,
    delinquent: false,
    invoice_prefix: invoicePrefix,
    invoice_settings: nulls("custom_fields", "default_payment_method", "footer", "rendering_options"),
    metadata: fields.metadata ?? {},
    preferred_locales: [],
    tax_exempt: "none",
  };
}
