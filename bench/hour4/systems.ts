/**
 * A process with an account at Stripe and an org at Salesforce: `systems.ts <customers of billing>`. It prints their addresses and secrets as one
 * line of JSON when all their records stand, and stays until it is ended.
 */
import { startSalesforce } from "../../sandbox/salesforce/start-salesforce.ts";
import { DEFAULT_KEY, type Stripe, startStripe } from "../../sandbox/stripe/start-stripe.ts";
import { amountOf, CURRENCY, customerOf, sizesOf } from "./data.ts";

const n = Number(process.argv[2]);
const sizes = sizesOf(n);
const DAY_MS = 86_400_000;
/** Older than what lists may not show yet. */
const now = new Date(Math.floor(Date.now() / 1000) * 1000 - 3_600_000);

/** Instants of a year before now, one after the other: what is written in their order is found in it. */
function instants(count: number): () => { readonly at: Date } {
  const step = Math.max(1, Math.floor((300 * 86_400) / count)) * 1000;
  let at = now.getTime() - 300 * DAY_MS;
  return () => {
    at = Math.min(now.getTime(), at + step);
    return { at: new Date(at) };
  };
}

function fillAccount({ books }: Stripe): void {
  const currency = CURRENCY.toLowerCase();
  const { guests, charges, refunds, sent } = sizes;
  const ids: string[] = [];
  const then = instants(guests + sent + charges + refunds);
  for (let i = 1; i <= guests; i += 1)
    ids.push(
      books.customers.create(
        { name: `Company ${i}`, email: `card${i}@example.com`, metadata: { customer_id: `cu_${i}` } },
        then(),
      ).id,
    );
  const guestOf = (i: number) => ids[customerOf(i, n) - 1];
  for (let i = 1; i <= sent; i += 1) {
    const customer = guestOf(i) ?? ids[i % ids.length] ?? "";
    const lines = [{ amount: amountOf(i), tax: 0 }];
    const { id } = books.invoices.create({ customer, currency, lines, metadata: { invoice_id: `in_${i}` } }, then());
    books.invoices.pay(id, { outOfBand: true }, then());
  }
  for (let i = 1; i <= charges; i += 1) {
    const metadata = { payment_id: `pay_${i}`, invoice_id: `in_${i}` };
    const customer = guestOf(i);
    const made = books.charges.create({ amount: amountOf(i), currency, metadata, ...(customer ? { customer } : {}) }, then());
    if (i % Math.round(charges / refunds) === 0)
      books.refunds.create({ charge: made.id, amount: 100, status: "succeeded" }, then());
  }
}

const stripe = await startStripe({ now, createdAt: new Date(now.getTime() - 400 * DAY_MS) });
fillAccount(stripe);
const org = await startSalesforce({ now, currencies: [CURRENCY, "USD"] });
const accounts = org.books.createMany("Account", sizes.accounts, (at) => ({
  AccountNumber: `cu_${at + 1}`,
  Name: `Company ${at + 1}`,
  Type: "Customer - Direct",
  Industry: "Technology",
  CurrencyIsoCode: CURRENCY,
}));
org.books.createMany("Order", sizes.orders, (at) => ({
  AccountId: accounts[at % accounts.length] ?? "",
  Status: "Activated",
  EffectiveDate: "2026-09-29",
  TotalAmount: (amountOf(at + 1) / 100).toFixed(2),
  OrderReferenceNumber: `in_${at + 1}`,
  CurrencyIsoCode: CURRENCY,
}));
stripe.clock.advance(1800);
org.clock.advance(1800);
const [app] = org.apps;
console.log(
  JSON.stringify({
    STRIPE_URL: stripe.url,
    STRIPE_API_KEY: DEFAULT_KEY,
    SALESFORCE_URL: org.url,
    SALESFORCE_CLIENT_ID: app?.clientId,
    SALESFORCE_CLIENT_SECRET: app?.secret,
  }),
);
