import { join } from "node:path";
import { given, startServer } from "./server-process.ts";
import { type StripeAccount, type StripeObject, stripeAccount } from "./stripe-account.ts";

/** An account of Stripe World: it has a clock of its own, which stands still unless it is moved. */
export interface WorldAccount extends StripeAccount {
  /** From now on it is so late there; `Date` of its answers says it too. */
  moveClock(now: Date): Promise<void>;
}

/** A whole Stripe that others wrote, in a process of its own. */
export interface StripeWorld extends AsyncDisposable {
  /**
   * A new, empty account. Accounts of one seed give equal ids to equal requests. The server knows one account id, that of all accounts;
   * `id` (`acct_` and 16 letters or digits) writes another one into its table before it starts.
   */
  account(name: string, options?: { readonly seed?: number; readonly now?: Date; readonly id?: string }): Promise<WorldAccount>;
}

/** When accounts begin, unless they are told otherwise. */
export const BEGINNING = new Date("2026-09-01T12:00:00Z");

const SERVE = join(import.meta.dirname, "../stripe-world/serve.py");

const renaming = (id: string) => `UPDATE account SET id = '${id}', object = json_set(object, '$.id', '${id}')`;

/** Starts the server; every account of it begins with the same seed and at the same instant. */
export async function startStripeWorld(seed = 7): Promise<StripeWorld> {
  const server = await startServer({
    command: given("LEDGERLOOP_TEST_STRIPE_WORLD"),
    args: [SERVE, String(seed), BEGINNING.toISOString()],
    listens: /^(\d+)\n/,
  });
  const at = (name: string) => `http://127.0.0.1:${server.port}/worlds/${name}`;
  const send = async (method: string, url: string, body: unknown) => {
    const response = await fetch(url, { method, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${await response.text()}`);
  };
  return {
    account: async (name, { seed: own = seed, now = BEGINNING, id } = {}) => {
      const named = id === undefined ? {} : { setup_sql: renaming(id) };
      await send("PUT", at(name), { seed: own, now: now.toISOString(), clock_mode: "fixed", ...named });
      return {
        ...stripeAccount(`${at(name)}/`, "sk_test_world"),
        moveClock: (to) => send("POST", `${at(name)}/clock`, { now: to.toISOString() }),
      };
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** The lists that it has, and what has to be asked so that they are whole. It has no invoice_payments. */
const LISTS = {
  products: {},
  prices: {},
  customers: {},
  subscriptions: { status: "all" },
  invoices: {},
  invoiceitems: {},
  payment_intents: {},
  charges: {},
  refunds: {},
  disputes: {},
  credit_notes: {},
  balance_transactions: {},
  payouts: {},
  events: {},
} as const;

/** Everything that an account has, by list; items of subscriptions and lines of invoices, which only their parents list, too. */
export async function everything(account: StripeAccount): Promise<ReadonlyMap<string, readonly StripeObject[]>> {
  const found = new Map<string, StripeObject[]>();
  for (const [list, params] of Object.entries(LISTS)) found.set(list, await account.all(list, params));
  const items = (found.get("subscriptions") ?? []).map(({ id }) => account.all("subscription_items", { subscription: id }));
  const lines = (found.get("invoices") ?? []).map(({ id }) => account.all(`invoices/${id}/lines`));
  found.set("subscription_items", (await Promise.all(items)).flat());
  found.set("invoice_lines", (await Promise.all(lines)).flat());
  return found;
}
