import { type JsonObject, nulls } from "../json.ts";
import { addressOf } from "./customer.ts";

/** The account whose books the simulator keeps. */
export interface AccountFields {
  readonly id: string;
  readonly name: string;
  readonly country: string;
  /** Lower-case currency of the balance. */
  readonly currency: string;
  readonly created: number;
}

const NOTHING_DUE: JsonObject = {
  ...nulls("current_deadline", "disabled_reason"),
  alternatives: [],
  currently_due: [],
  errors: [],
  eventually_due: [],
  past_due: [],
  pending_verification: [],
};

/** The account as `GET /v1/account` answers it: it has no field `livemode`. */
export function accountShape(fields: AccountFields): JsonObject {
  return {
    id: fields.id,
    object: "account",
    business_profile: {
      ...nulls("annual_revenue", "estimated_worker_count", "mcc", "product_description", "support_email", "support_phone"),
      ...nulls("support_url", "url"),
      name: fields.name,
      support_address: addressOf(fields.country),
    },
    business_type: "company",
    capabilities: { card_payments: "active", transfers: "active" },
    charges_enabled: true,
    controller: { type: "account" },
    country: fields.country,
    created: fields.created,
    default_currency: fields.currency,
    details_submitted: true,
    email: "billing@example.com",
    external_accounts: { object: "list", data: [], has_more: false, url: `/v1/accounts/${fields.id}/external_accounts` },
    future_requirements: NOTHING_DUE,
    metadata: {},
    payouts_enabled: true,
    requirements: NOTHING_DUE,
    settings: {
      branding: nulls("icon", "logo", "primary_color", "secondary_color"),
      card_payments: {
        ...nulls("statement_descriptor_prefix", "statement_descriptor_prefix_kana", "statement_descriptor_prefix_kanji"),
        decline_on: { avs_failure: true, cvc_failure: false },
      },
      payments: nulls("statement_descriptor", "statement_descriptor_kana", "statement_descriptor_kanji"),
      dashboard: { display_name: fields.name, timezone: "Etc/UTC" },
      payouts: { debit_negative_balances: true, schedule: { delay_days: 2, interval: "daily" }, statement_descriptor: null },
    },
    tos_acceptance: nulls("date", "ip", "user_agent"),
    type: "standard",
  };
}
