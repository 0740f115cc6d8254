import { eachAtOnce } from "../../../src/kernel/at-once.ts";
import type { StripeAccount } from "./stripe-account.ts";
import type { WorldAccount } from "./stripe-world.ts";

/** Customers that are made in one second of the account's clock. */
export const AT_ONE_SECOND = 250;
/** Currencies with two decimals, without any, with three, and one without any that the API has with two. */
export const CURRENCIES = ["eur", "usd", "jpy", "kwd", "isk"] as const;

const AT_ONCE = 8;
const range = (count: number) => Array.from({ length: count }, (_, i) => i);
const each = <T, R>(items: readonly T[], work: (item: T) => Promise<R>) => eachAtOnce(items, AT_ONCE, work);
const of = <T>(list: readonly T[], i: number): T => list[i % list.length] as T;
/** Divisible by 100 in every currency: Stripe takes no fractions of an ISK, and no last digit of a KWD. */
const amount = (i: number) => 10_000 + i * 100;

/** A customer with a card that pays what is due, or does what its token says. */
async function payer(account: StripeAccount, name: string, token: string): Promise<{ customer: string; card: string }> {
  const customer = await account.post("customers", { name, email: `${name}@example.test` });
  const made = await account.post("payment_methods", { type: "card", card: { token } });
  const card = await account.post(`payment_methods/${made.id}/attach`, { customer: customer.id });
  await account.post(`customers/${customer.id}`, { invoice_settings: { default_payment_method: card.id } });
  return { customer: customer.id, card: card.id };
}

async function monthlyPrices(account: StripeAccount): Promise<string[]> {
  const product = await account.post("products", { name: "Team" });
  return each(CURRENCIES, async (currency) => {
    const recurring = { interval: "month" };
    return (await account.post("prices", { product: product.id, currency, unit_amount: 4900, recurring })).id;
  });
}

/** A draft, an open, a paid and a voided invoice in turn; every sixth paid one is credited in part. */
async function invoice(account: StripeAccount, i: number): Promise<void> {
  const currency = of(CURRENCIES, i);
  const { customer } = await payer(account, `invoiced-${i}`, "tok_visa");
  const { id } = await account.post("invoices", { customer, currency });
  for (const line of range(1 + (i % 3))) {
    await account.post("invoiceitems", {
      customer,
      invoice: id,
      currency,
      amount: amount(i + line),
      description: `line ${line}`,
    });
  }
  if (i % 4 === 0) return;
  await account.post(`invoices/${id}/finalize`);
  if (i % 4 === 2) await account.post(`invoices/${id}/pay`);
  if (i % 4 === 3) await account.post(`invoices/${id}/void`);
  if (i % 24 === 2) await account.post("credit_notes", { invoice: id, amount: 100, refund_amount: 100 });
}

/** A payment; every third is refunded, half of those in part, and every tenth is disputed. */
async function payment(account: StripeAccount, i: number): Promise<void> {
  const { customer, card } = await payer(account, `paying-${i}`, i % 10 === 9 ? "tok_createDispute" : "tok_visa");
  const made = await account.post("payment_intents", {
    customer,
    amount: amount(i),
    currency: of(CURRENCIES, i),
    payment_method: card,
    confirm: true,
  });
  if (i % 3 !== 0 || i % 10 === 9) return;
  const charge = String(made["latest_charge"]);
  await account.post("refunds", i % 2 === 0 ? { charge } : { charge, amount: 5000 });
}

/** Milliseconds until what was paid can be paid out. */
const UNTIL_AVAILABLE = 10 * 86_400_000;

/** Hours over which each kind of thing is made. */
const SHARES = 6;

/** Makes so many things, a share of them each hour of the account's clock. @returns how late it is then. */
async function overHours(
  account: WorldAccount,
  { from, count }: { from: Date; count: number },
  make: (i: number) => Promise<unknown>,
) {
  let now = from;
  for (const share of range(SHARES)) {
    now = new Date(now.getTime() + 3_600_000);
    await account.moveClock(now);
    await each(
      range(count).filter((i) => i % SHARES === share),
      make,
    );
  }
  return now;
}

/**
 * Makes a business of more than 3,000 objects and as many events, in a few seconds: 250 customers of one second, subscriptions, invoices
 * in each state, payments, refunds, disputes, credit notes, in five currencies, over 18 hours from `from` on; payouts ten days later.
 * @returns how late it is then.
 */
export async function seedBusiness(account: WorldAccount, from: Date): Promise<Date> {
  await account.moveClock(from);
  await each(range(AT_ONE_SECOND), (i) => account.post("customers", { name: `customer ${i}` }));
  const prices = await monthlyPrices(account);
  const subscribe = async (i: number) => {
    const { customer } = await payer(account, `subscribed-${i}`, "tok_visa");
    await account.post("subscriptions", { customer, items: [{ price: of(prices, i), quantity: 1 + (i % 4) }] });
  };
  const subscribed = await overHours(account, { from, count: 132 }, subscribe);
  const invoiced = await overHours(account, { from: subscribed, count: 144 }, (i) => invoice(account, i));
  const paid = await overHours(account, { from: invoiced, count: 132 }, (i) => payment(account, i));
  const settled = new Date(paid.getTime() + UNTIL_AVAILABLE);
  await account.moveClock(settled);
  await each(CURRENCIES, (currency) => account.post("payouts", { amount: 10_000, currency }));
  return settled;
}
