import { breakKey, type OpenBreak, type Product } from "./product.ts";
import { tamperedUnit, type UnitName } from "./units.ts";

/** What somebody changes in the warehouse by hand, the comparison that has to name the row, and as what. */
interface Hand {
  readonly leg: "R1" | "R2";
  /** Feed or curated table. */
  readonly of: string;
  readonly class: string;
  readonly rows: string;
  readonly key: string;
  /** Which rows will do. */
  readonly where: string;
  readonly set: string;
  /** How it is put right by hand again. */
  readonly undo: string;
  /** The product puts it right, by its key. */
  readonly heals: boolean;
}

const live = "_deleted_at IS NULL";

/** Hands in feeds of each system and in a curated table: a cent, a blank, another currency, a row that readers lose. */
const HANDS: readonly Hand[] = [
  {
    ...{ leg: "R1", of: "stripe.charges", class: "amount", rows: "staging.stripe_charges__rows", key: "id", where: live },
    set: "amount_minor = amount_minor + 1, _minor = _minor + 1",
    undo: "amount_minor = amount_minor - 1, _minor = _minor - 1",
    heals: false,
  },
  {
    ...{ leg: "R1", of: "salesforce.orders", class: "attribute", rows: "staging.salesforce_orders__rows", key: "id" },
    where: `${live} AND status = 'Activated'`,
    set: "status = 'Activated '",
    undo: "status = 'Activated'",
    heals: false,
  },
  {
    ...{ leg: "R1", of: "partners.remittances", class: "amount", rows: "staging.partners_remittances__rows" },
    ...{ key: "remittance_id", where: live },
    set: "amount = amount - 0.01, _minor = _minor - 1",
    undo: "amount = amount + 0.01, _minor = _minor + 1",
    heals: false,
  },
  {
    ...{ leg: "R1", of: "billing.subscriptions", class: "missing_in_warehouse", rows: "staging.billing_subscriptions__rows" },
    ...{ key: "id", where: live },
    set: "_deleted_at = CURRENT_TIMESTAMP",
    undo: "_deleted_at = NULL",
    heals: true,
  },
  {
    ...{ leg: "R1", of: "billing.payments", class: "currency", rows: "staging.billing_payments__rows", key: "id" },
    where: `${live} AND currency = 'USD'`,
    set: "currency = 'EUR', _currency = 'EUR'",
    undo: "currency = 'USD', _currency = 'USD'",
    heals: true,
  },
  {
    ...{ leg: "R2", of: "customer", class: "model", rows: "curated.customer__rows", key: "customer_id" },
    where: "deleted_at IS NULL AND segment IS NOT NULL",
    set: "segment = segment || '!'",
    undo: "segment = SUBSTR(segment, 1, LENGTH(segment) - 1)",
    heals: true,
  },
];

/** What hands in the warehouse come to: the rows that comparisons should name, and those that they do. */
export interface Tampered {
  readonly planted: readonly UnitName[];
  readonly found: readonly UnitName[];
}

/** What comparisons of feeds with their sources, and of the changed tables with their models, have found and was not open before. */
async function looked(product: Product, before: ReadonlySet<string>): Promise<OpenBreak[]> {
  const tables = HANDS.filter(({ leg }) => leg === "R2").map(({ of }) => ["--leg", "R2", "--feed", of]);
  for (const args of [["--leg", "R1"], ...tables]) await product.proofs(args);
  return (await product.breaks()).filter(({ break_id }) => !before.has(break_id));
}

/** A row of a feed of which something newer waits is not held beside its source: it is known to be older. */
const isNewest = ({ of, key }: Hand) =>
  `NOT EXISTS (SELECT 1 FROM ops.open_quarantine q WHERE q.feed = '${of}' AND q.source_key = CAST(r.${key} AS VARCHAR))`;

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** A hand, and the row that it is laid on. */
interface Deed {
  readonly hand: Hand;
  readonly key: string;
}

/** Statements that do to each row what its hand does. */
function changes(deeds: readonly Deed[], by: "set" | "undo"): string[] {
  return deeds.map(({ hand, key }) => `UPDATE ${hand.rows} SET ${hand[by]} WHERE CAST(${hand.key} AS VARCHAR) = ${quoted(key)}`);
}

/** Finds what was done; puts right by hand what the product does not put right, and everything where it cannot compare. */
async function foundAndUndone(product: Product, before: ReadonlySet<string>, done: readonly Deed[]): Promise<OpenBreak[]> {
  let left = done;
  try {
    const found = await looked(product, before);
    left = done.filter(({ hand }) => !hand.heals);
    return found;
  } finally {
    await product.change(changes(left, "undo"));
  }
}

/**
 * Changes rows of the warehouse by hand, lets the product compare, puts right by hand what it does not read by key, lets it heal the others, and
 * compare once more: whatever is still named then is found and was not planted.
 * @param before ids of breaks that are open without any of it.
 */
export async function tamper(product: Product, before: ReadonlySet<string>): Promise<Tampered> {
  const first = (hand: Hand) =>
    `SELECT MIN(CAST(${hand.key} AS VARCHAR)) AS key FROM ${hand.rows} r WHERE ${hand.where} AND ${isNewest(hand)}`;
  const answers = await product.queries(HANDS.map(first));
  const done = HANDS.flatMap((hand, i): Deed[] => {
    const key = answers[i]?.[0]?.["key"] ?? null;
    return key === null ? [] : [{ hand, key }];
  });
  await product.change(changes(done, "set"));
  const found = await foundAndUndone(product, before, done);
  const isHealed = (one: OpenBreak) => done.some(({ hand, key }) => hand.heals && hand.of === one.of && key === breakKey(one));
  const healed = found.filter(isHealed);
  if (healed.length > 0) await product.heal(healed.map(({ break_id }) => break_id));
  const left = await looked(product, before);
  // What a gate kept from being healed is put right by hand, and stands among what was not planted.
  const isLeft = ({ hand, key }: Deed) => hand.heals && left.some((one) => one.of === hand.of && breakKey(one) === key);
  await product.change(changes(done.filter(isLeft), "undo"));
  const unitOf = (one: OpenBreak, more = "") => tamperedUnit({ of: one.of, key: `${breakKey(one)}${more}`, class: one.class });
  return {
    planted: done.map(({ hand, key }) => tamperedUnit({ of: hand.of, key, class: hand.class })),
    found: [...found.map((one) => unitOf(one)), ...left.map((one) => unitOf(one, ", which was put right"))],
  };
}
