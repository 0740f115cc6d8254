import { decimal } from "../expectation/hand-rules.ts";
import type { Row } from "../feed.ts";
import { cellIn, rowBy, rowsBy, type Staging, textIn } from "./staging.ts";

const SYSTEMS = [
  ["stripe", "stripe.customers"],
  ["salesforce", "salesforce.accounts"],
] as const;

/** Which customer of billing each record of another system is: in doubt where two of one system say the same. */
export function crosswalk(staging: Staging): Row[] {
  const known = rowsBy(staging("billing.customers"), "customer_id");
  return SYSTEMS.flatMap(([system, feed]) => {
    const claims = rowsBy(staging(feed), "customer_ref");
    const statusOf = (claimed: string) => {
      if (!known.has(claimed)) return "unlinked";
      return claims.get(claimed)?.length === 1 ? "linked" : "conflict";
    };
    return staging(feed).map((record): Row => {
      const claimed = cellIn(record, "customer_ref");
      const status = statusOf(claimed ?? "");
      const customer = status === "linked" ? claimed : null;
      return { system, external_id: cellIn(record, "id"), claimed_id: claimed, customer_id: customer, status };
    });
  });
}

/** Records of a system by the customer that they are linked to. */
function linkedRecords(
  staging: Staging,
  links: readonly Row[],
  [system, feed]: (typeof SYSTEMS)[number],
): ReadonlyMap<string, Row> {
  const records = rowBy(staging(feed), "id");
  const linked = links.filter((link) => link["system"] === system && link["status"] === "linked");
  return new Map(
    linked.flatMap((link) => {
      const record = records.get(textIn(link, "external_id"));
      return record ? [[textIn(link, "customer_id"), record] as const] : [];
    }),
  );
}

/** Billing's customers, with what linked records of other systems know of them. */
export function customers(staging: Staging, links: readonly Row[]): Row[] {
  const [guests, accounts] = SYSTEMS.map((of) => linkedRecords(staging, links, of));
  return staging("billing.customers").map((customer): Row => {
    const id = textIn(customer, "customer_id");
    const [guest, account] = [guests?.get(id), accounts?.get(id)];
    return {
      ...customer,
      display_name: customer["display_name"] ?? cellIn(account, "name"),
      email: customer["email"] ?? cellIn(guest, "email"),
      industry: cellIn(account, "industry"),
      stripe_customer_id: cellIn(guest, "id"),
      salesforce_account_id: cellIn(account, "id"),
      source_row_id: cellIn(customer, "id"),
    };
  });
}

/** What Stripe's objects say of a row of billing that they name; of several nothing but that they are in conflict. */
function stripeSide(claims: readonly Row[] | undefined): { readonly link: string; readonly only: Row | undefined } {
  if (claims === undefined) return { link: "unlinked", only: undefined };
  return claims.length > 1 ? { link: "conflict", only: undefined } : { link: "linked", only: claims[0] };
}

/** Billing's subscriptions with their state in Stripe. */
export function subscriptions(staging: Staging): Row[] {
  const claims = rowsBy(staging("stripe.subscriptions"), "subscription_ref");
  return staging("billing.subscriptions").map((subscription): Row => {
    const { link, only } = stripeSide(claims.get(textIn(subscription, "subscription_id")));
    const stripe = { stripe_link: link, stripe_subscription_id: cellIn(only, "id"), stripe_status: cellIn(only, "status") };
    return { ...subscription, ...stripe, source_row_id: cellIn(subscription, "id") };
  });
}

function resellersInvoices(staging: Staging): Row[] {
  return staging("partners.invoices").map(
    (invoice): Row => ({
      ...invoice,
      invoice_id: `partner:${invoice["partner"]}:${invoice["number"]}`,
      source: "partner",
      invoice_number: cellIn(invoice, "number"),
      status: "billed",
      amount_due_minor: cellIn(invoice, "amount_minor"),
      stripe_link: "unlinked",
    }),
  );
}

/** What partners remitted for each invoice in one currency, by both. */
function remitted(staging: Staging): ReadonlyMap<string, bigint> {
  const sums = new Map<string, bigint>();
  for (const remittance of staging("partners.remittances")) {
    const of = remittedFor(remittance);
    sums.set(of, (sums.get(of) ?? 0n) + (decimal(remittance["amount"]) ?? 0n));
  }
  return sums;
}

const remittedFor = (row: Row) => `${row["invoice_id"]} ${row["currency"]}`;

/** Billing's invoices with number and state of Stripe's beside and what partners remitted for them, and those of resellers. */
export function invoices(staging: Staging): Row[] {
  const claims = rowsBy(staging("stripe.invoices"), "invoice_ref");
  const sums = remitted(staging);
  const own = staging("billing.invoices").map((invoice): Row => {
    const { link, only } = stripeSide(claims.get(textIn(invoice, "invoice_id")));
    return {
      ...invoice,
      source: "billing",
      stripe_link: link,
      stripe_invoice_id: cellIn(only, "id"),
      stripe_number: cellIn(only, "number"),
      stripe_status: cellIn(only, "status"),
      remitted_minor: sums.get(remittedFor(invoice))?.toString() ?? null,
      source_row_id: cellIn(invoice, "id"),
    };
  });
  return [...own, ...resellersInvoices(staging)];
}
