import type { Fault } from "./faults.ts";
import { breakKey, type OpenBreak, type Product } from "./product.ts";
import type { Named } from "./units.ts";

/** A row of the warehouse: its relation, the text of its key as SQL, the condition of rows that have it, and as SQL what its hand has kept of it. */
interface Row {
  readonly rows: string;
  readonly key: string;
  readonly is: string;
  readonly was: string;
}

/**
 * What a comparison has to name of a changed row, and as what; `key`: as SQL over the row `r`, absent for the one that it is found by; `of`: the
 * curated table in which it shows as well.
 */
interface Trace {
  readonly class: string;
  readonly of?: string;
  readonly key?: string;
}

/** What somebody changes in the warehouse by hand, and what comparisons have to name. */
interface Hand {
  readonly leg: "R1" | "R2" | "R4";
  /** Feed or curated table. */
  readonly of: string;
  readonly rows: string;
  readonly key: string;
  /** Which rows will do. */
  readonly where: string;
  /** What of the row is needed to put it right, as SQL over the row `r`. */
  readonly keeps?: string;
  readonly names: readonly Trace[];
  /** The statement that does it. */
  readonly does: (row: Row) => string;
  /** How it is put right by hand again; null where the product alone can. */
  readonly undoes: ((row: Row) => string) | null;
  /** The product puts it right, by its key. */
  readonly heals: boolean;
}

const live = "_deleted_at IS NULL";

const update = (set: string) => (row: Row) => `UPDATE ${row.rows} SET ${set} WHERE ${row.is}`;

/** Hands in feeds of each system, in a curated table and in its history: one for each class that a hand can make. */
const HANDS: readonly Hand[] = [
  {
    ...{ leg: "R1", of: "stripe.charges", rows: "staging.stripe_charges__rows", key: "id", where: live },
    names: [{ class: "amount" }],
    does: update("amount_minor = amount_minor + 1, _minor = _minor + 1"),
    undoes: update("amount_minor = amount_minor - 1, _minor = _minor - 1"),
    heals: true,
  },
  {
    ...{ leg: "R1", of: "stripe.invoices", rows: "staging.stripe_invoices__rows", key: "id", where: live },
    names: [{ class: "missing_in_warehouse" }, { class: "missing_at_source", key: "r.id || 'x'" }],
    does: update("id = id || 'x'"),
    undoes: ({ rows, key }) => `UPDATE ${rows} SET id = ${key} WHERE id = ${key} || 'x'`,
    heals: false,
  },
  {
    ...{ leg: "R1", of: "salesforce.orders", rows: "staging.salesforce_orders__rows", key: "id" },
    where: `${live} AND status = 'Activated'`,
    names: [{ class: "attribute" }],
    does: update("status = 'Activated '"),
    undoes: update("status = 'Activated'"),
    heals: false,
  },
  {
    ...{ leg: "R1", of: "partners.remittances", rows: "staging.partners_remittances__rows", key: "remittance_id", where: live },
    names: [{ class: "amount" }],
    does: update("amount = amount - 0.01, _minor = _minor - 1"),
    undoes: update("amount = amount + 0.01, _minor = _minor + 1"),
    heals: false,
  },
  {
    ...{ leg: "R1", of: "billing.subscriptions", rows: "staging.billing_subscriptions__rows", key: "id", where: live },
    names: [{ class: "missing_in_warehouse" }],
    does: update("_deleted_at = CURRENT_TIMESTAMP"),
    undoes: update("_deleted_at = NULL"),
    heals: true,
  },
  {
    ...{ leg: "R1", of: "billing.payments", rows: "staging.billing_payments__rows", key: "id" },
    where: `${live} AND currency = 'USD'`,
    names: [{ class: "currency" }],
    does: update("currency = 'EUR', _currency = 'EUR'"),
    undoes: update("currency = 'USD', _currency = 'USD'"),
    heals: true,
  },
  {
    ...{ leg: "R1", of: "billing.customers", rows: "staging.billing_customers__rows", key: "id", where: live },
    names: [{ class: "duplicate" }, { of: "customer", class: "model", key: "r.customer_id" }],
    does: ({ rows, is }) => `INSERT INTO ${rows} SELECT * FROM ${rows} WHERE ${is} AND ${live}`,
    undoes: null,
    heals: true,
  },
  {
    ...{ leg: "R4", of: "billing.invoices", rows: "staging.billing_invoices__rows", key: "id", where: live },
    names: [
      { class: "tampered", key: "CAST(r.id AS VARCHAR) || '|' || r.invoice_id" },
      { class: "unexplained", key: "''" },
    ],
    does: update("_minor = _minor + 1"),
    undoes: update("_minor = _minor - 1"),
    heals: true,
  },
  {
    ...{ leg: "R4", of: "billing.invoices", rows: "ops.quarantine_row", key: "row_id", keeps: "r.row_hash" },
    where: `r.row_id IN (SELECT MIN(q.row_id) FROM ops.open_quarantine q
      WHERE q.feed = 'billing.invoices' AND q.kind = 'quarantined' AND NOT q.unique_only GROUP BY q.source_key HAVING COUNT(*) = 1)`,
    names: [{ class: "waiting_differs", key: "r.source_key" }, { class: "tampered" }],
    does: update("row_hash = '1'"),
    undoes: (row) => update(`row_hash = ${row.was}`)(row),
    heals: false,
  },
  {
    ...{ leg: "R2", of: "customer", rows: "curated.customer__rows", key: "customer_id" },
    where: "deleted_at IS NULL AND segment IS NOT NULL",
    names: [{ class: "model" }],
    does: update("segment = segment || '!'"),
    undoes: update("segment = SUBSTR(segment, 1, LENGTH(segment) - 1)"),
    heals: true,
  },
  {
    ...{ leg: "R4", of: "customer", rows: "history.customer", key: "_to_publication", where: "segment IS NOT NULL" },
    names: [{ class: "history", key: "''" }],
    does: update("segment = segment || '!'"),
    undoes: update("segment = SUBSTR(segment, 1, LENGTH(segment) - 1)"),
    heals: false,
  },
];

/** What hands in the warehouse come to: the rows that comparisons should name, and those that they do. */
export interface Tampered {
  readonly planted: readonly Named[];
  readonly found: readonly Named[];
  /** What the product told of a heal that did not put everything right; null where it did. */
  readonly unhealed: string | null;
}

/** The kind of fault that a hand of a class is; a class that no hand makes is none that was planted. */
export function faultOfHand({ class: is }: Named): Fault {
  return FAULT_OF_CLASS[is] ?? "other";
}

const FAULT_OF_CLASS: Readonly<Record<string, Fault>> = {
  amount: "hand_amount",
  currency: "hand_currency",
  attribute: "hand_attribute",
  missing_in_warehouse: "hand_lost",
  missing_at_source: "hand_invented",
  duplicate: "hand_doubled",
  waiting_differs: "hand_waiting",
  tampered: "hand_beside",
  unexplained: "hand_sums",
  model: "hand_model",
  history: "hand_history",
};

/** What comparisons of feeds with their sources, and those that the other hands need, have found and was not open before. */
async function looked(product: Product, before: ReadonlySet<string>): Promise<OpenBreak[]> {
  const others = HANDS.filter(({ leg }) => leg !== "R1").map(({ leg, of }) => ["--leg", leg, "--feed", of]);
  for (const args of [["--leg", "R1"], ...others]) await product.proofs(args);
  return (await product.breaks()).filter(({ break_id }) => !before.has(break_id));
}

/** A row of a feed of which something newer waits is not held beside its source: it is known to be older, and nothing puts it right. */
const isNewest = ({ of, key }: Hand) =>
  `NOT EXISTS (SELECT 1 FROM ops.open_quarantine q WHERE q.feed = '${of}' AND q.source_key = CAST(r.${key} AS VARCHAR))`;

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** A hand, the row that it is laid on, and the keys that are to be named. */
interface Deed {
  readonly hand: Hand;
  readonly key: string;
  readonly was: string;
  readonly named: readonly (Trace & { readonly key: string })[];
}

function rowOf({ hand: { rows, key: name }, key: text, was }: Deed): Row {
  const key = quoted(text);
  return { rows, key, is: `CAST(${name} AS VARCHAR) = ${key}`, was: quoted(was) };
}

const done = (deeds: readonly Deed[]) => deeds.map((deed) => deed.hand.does(rowOf(deed)));

const undone = (deeds: readonly Deed[]) => deeds.flatMap((deed) => deed.hand.undoes?.(rowOf(deed)) ?? []);

/** Whether a break is one that a deed has to be named as. */
const isOf = ({ hand, named }: Deed, one: OpenBreak) =>
  hand.of === one.of && named.some(({ of, key, ...trace }) => !of && trace.class === one.class && key === breakKey(one));

/** Finds what was done; puts right by hand what the product does not put right, and everything where it cannot compare. */
async function foundAndUndone(product: Product, before: ReadonlySet<string>, deeds: readonly Deed[]): Promise<OpenBreak[]> {
  let left = deeds;
  try {
    const found = await looked(product, before);
    left = deeds.filter(({ hand }) => !hand.heals);
    return found;
  } finally {
    await product.change(undone(left));
  }
}

/** The rows that hands are laid on: of each the first that will do, where there is one. */
async function choose(product: Product): Promise<Deed[]> {
  const first = ({ rows, key, where, names, keeps = "''", ...hand }: Hand) => {
    const keys = names.map((trace, i) => `${trace.key ?? `CAST(r.${key} AS VARCHAR)`} AS named_${i}`);
    const newest = rows.startsWith("staging.") ? ` AND ${isNewest({ rows, key, where, names, ...hand })}` : "";
    return `SELECT CAST(r.${key} AS VARCHAR) AS key, CAST(${keeps} AS VARCHAR) AS was, ${keys.join(", ")} FROM ${rows} r WHERE ${where}${newest} ORDER BY CAST(r.${key} AS VARCHAR) LIMIT 1`;
  };
  const answers = await product.queries(HANDS.map(first));
  return HANDS.flatMap((hand, i): Deed[] => {
    const row = answers[i]?.[0];
    const key = row?.["key"] ?? null;
    if (!row || key === null) return [];
    return [
      { hand, key, was: row["was"] ?? "", named: hand.names.map((trace, nth) => ({ ...trace, key: row[`named_${nth}`] ?? "" })) },
    ];
  });
}

/**
 * Changes rows of the warehouse by hand, lets the product compare, puts right by hand what it does not read by key, lets it heal the others, and
 * compare once more: whatever is still named then is found and was not planted.
 * @param before ids of breaks that are open without any of it.
 */
export async function tamper(product: Product, before: ReadonlySet<string>): Promise<Tampered> {
  const deeds = await choose(product);
  await product.change(done(deeds));
  const found = await foundAndUndone(product, before, deeds);
  const healing = deeds.filter(({ hand }) => hand.heals);
  const healed = found.filter((one) => one.class !== "unexplained" && healing.some((deed) => isOf(deed, one)));
  const unhealed = healed.length > 0 ? await product.heal(healed.map(({ break_id }) => break_id)) : null;
  const left = await looked(product, before);
  // What a gate kept from being healed is put right by hand, and stands among what was not planted.
  await product.change(undone(healing.filter((deed) => left.some((one) => isOf(deed, one)))));
  const told = (one: OpenBreak, more = "") => ({ of: one.of, key: `${breakKey(one)}${more}`, class: one.class });
  const planted = deeds.flatMap(({ hand, named }) =>
    named.map(({ of, key, class: is }): Named => ({ of: of ?? hand.of, key, class: is })),
  );
  return {
    unhealed,
    // Two hands may show in one row of a table.
    planted: [...new Map(planted.map((one) => [JSON.stringify([one.of, one.key, one.class]), one])).values()],
    found: [...found.map((one) => told(one)), ...left.map((one) => told(one, ", which was put right"))],
  };
}
