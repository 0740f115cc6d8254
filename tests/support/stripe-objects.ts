import type { SourcelessHouse } from "./engine.ts";

/** A row as text, by names of columns. */
type Texts = Readonly<Record<string, string | null>>;

interface Object {
  readonly id: string;
  readonly [name: string]: unknown;
}

/** Factors from Stripe's amounts to minor units of ISO 4217, written down here once more. */
const HUNDREDTH = new Set(["isk", "ugx"]);

const text = (value: unknown) => (value === null || value === undefined ? null : String(value));
const instant = (value: unknown) =>
  typeof value === "number" ? new Date(value * 1000).toISOString().slice(0, 19).replace("T", " ") : null;
const money = (value: unknown, currency: unknown) =>
  text(typeof value === "number" && HUNDREDTH.has(String(currency)) ? value / 100 : value);
const upper = (value: unknown) => text(value)?.toUpperCase() ?? null;
/** A map of texts with its names in order. */
const flat = (value: unknown) => JSON.stringify(Object.fromEntries(Object.entries(value ?? {}).sort()));
const inside = (value: unknown, ...names: string[]): unknown =>
  names.reduce<unknown>((at, name) => (at as Record<string, unknown> | null | undefined)?.[name], value);

const common = (o: Object): Texts => ({ id: o.id, created_at: instant(o["created"]) });

/** What staging must hold of an object, in a few columns of each kind; by the names of the example's feeds. */
export const EXPECTED: Readonly<Record<string, (o: Object) => Texts>> = {
  customers: (o) => ({
    ...common(o),
    name: text(o["name"]),
    email: text(o["email"]),
    balance_minor: money(o["balance"], o["currency"]),
    metadata: flat(o["metadata"]),
  }),
  subscriptions: (o) => ({
    ...common(o),
    customer_id: text(o["customer"]),
    status: text(o["status"]),
    ended_at: instant(o["ended_at"]),
  }),
  subscription_items: (o) => ({
    ...common(o),
    subscription_id: text(o["subscription"]),
    unit_amount_decimal: text(inside(o, "price", "unit_amount_decimal")),
    quantity: text(o["quantity"]),
    current_period_end: instant(o["current_period_end"]),
  }),
  invoices: (o) => ({
    ...common(o),
    status: text(o["status"]),
    currency: upper(o["currency"]),
    total_minor: money(o["total"], o["currency"]),
    amount_paid_minor: money(o["amount_paid"], o["currency"]),
    paid_at: instant(inside(o, "status_transitions", "paid_at")),
    subscription_id: text(inside(o, "parent", "subscription_details", "subscription")),
  }),
  invoice_lines: (o) => ({
    id: o.id,
    invoice_id: text(o["invoice"]),
    amount_minor: money(o["amount"], o["currency"]),
    period_end: instant(inside(o, "period", "end")),
  }),
  invoice_payments: (o) => ({
    ...common(o),
    invoice_id: text(o["invoice"]),
    status: text(o["status"]),
    amount_paid_minor: money(o["amount_paid"], o["currency"]),
  }),
  charges: (o) => ({
    ...common(o),
    status: text(o["status"]),
    currency: upper(o["currency"]),
    amount_minor: money(o["amount"], o["currency"]),
    amount_refunded_minor: money(o["amount_refunded"], o["currency"]),
    disputed: text(o["disputed"]),
  }),
  refunds: (o) => ({
    ...common(o),
    charge_id: text(o["charge"]),
    status: text(o["status"]),
    amount_minor: money(o["amount"], o["currency"]),
  }),
  disputes: (o) => ({
    ...common(o),
    charge_id: text(o["charge"]),
    status: text(o["status"]),
    amount_minor: money(o["amount"], o["currency"]),
  }),
  credit_notes: (o) => ({
    ...common(o),
    invoice_id: text(o["invoice"]),
    status: text(o["status"]),
    amount_minor: money(o["amount"], o["currency"]),
  }),
  balance_transactions: (o) => ({
    ...common(o),
    source_id: text(o["source"]),
    net_minor: money(o["net"], o["currency"]),
    fee_minor: money(o["fee"], o["currency"]),
  }),
  payouts: (o) => ({
    ...common(o),
    status: text(o["status"]),
    amount_minor: money(o["amount"], o["currency"]),
    arrival_date: instant(o["arrival_date"])?.slice(0, 10) ?? null,
  }),
  events: (o) => ({ ...common(o), type: text(o["type"]), object_id: text(inside(o, "data", "object", "id")) }),
};

/** Where an account is, and with which key it is asked. */
export interface Account {
  readonly url: string;
  readonly key: string;
}

/** Every object of a list, by a loop that knows nothing of the product. */
async function listAll({ url, key }: Account, path: string): Promise<Object[]> {
  const all: Object[] = [];
  for (let behind = ""; ; ) {
    const join = path.includes("?") ? "&" : "?";
    const answer = await fetch(`${url}${path}${join}limit=100${behind}`, { headers: { authorization: `Bearer ${key}` } });
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`);
    const page = (await answer.json()) as { data: Object[]; has_more: boolean };
    all.push(...page.data);
    if (!page.has_more) return all;
    behind = `&starting_after=${page.data.at(-1)?.id}`;
  }
}

async function childrenOf(account: Account, parents: readonly Object[], path: (id: string) => string): Promise<Object[]> {
  const all: Object[] = [];
  for (const { id } of parents) all.push(...(await listAll(account, path(id))));
  return all;
}

/** All objects of an account that a feed is of. */
export async function objectsOf(account: Account, feed: string): Promise<Object[]> {
  if (feed === "subscription_items") {
    const parents = await listAll(account, "/v1/subscriptions?status=all");
    return childrenOf(account, parents, (id) => `/v1/subscription_items?subscription=${id}`);
  }
  if (feed === "invoice_lines") {
    const lines = await childrenOf(account, await listAll(account, "/v1/invoices"), (id) => `/v1/invoices/${id}/lines`);
    return lines;
  }
  return listAll(account, feed === "subscriptions" ? "/v1/subscriptions?status=all" : `/v1/${feed}`);
}

const sorted = (rows: readonly Texts[]) => [...rows].sort((a, b) => String(a["id"]).localeCompare(String(b["id"])));

/** What the account holds of a feed, as staging must hold it. */
export async function expectedRows(account: Account, feed: string): Promise<Texts[]> {
  const of = EXPECTED[feed];
  if (!of) throw new Error(`nothing is expected of ${feed}`);
  return sorted((await objectsOf(account, feed)).map(of));
}

/** The live rows that staging holds of a feed, in the columns that are compared. */
export async function stagedRows(house: SourcelessHouse, feed: string): Promise<Texts[]> {
  const of = EXPECTED[feed];
  if (!of) throw new Error(`nothing is expected of ${feed}`);
  const columns = Object.keys(of({ id: "" }));
  const rows = await house.query(
    `select ${columns.map((name) => `cast(${name} as varchar) as ${name}`).join(", ")} from staging.stripe_${feed}`,
  );
  return sorted(rows as Texts[]);
}
