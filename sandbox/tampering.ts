import type { Product } from "./product.ts";
import { tamperedUnit, type UnitName } from "./units.ts";

/** What somebody changes in the warehouse by hand, how it is put right again, and the comparison that has to name the row. */
interface Hand {
  readonly leg: "R1" | "R2";
  /** Feed or curated table. */
  readonly of: string;
  readonly rows: string;
  readonly key: string;
  /** Which rows will do. */
  readonly where: string;
  readonly set: string;
  readonly undo: string;
}

const live = "_deleted_at IS NULL";

/** One hand in a feed of each system, and one in a curated table: a cent, a blank, a row that readers lose. */
const HANDS: readonly Hand[] = [
  {
    ...{ leg: "R1", of: "stripe.charges", rows: "staging.stripe_charges__rows", key: "id", where: live },
    set: "amount_minor = amount_minor + 1, _minor = _minor + 1",
    undo: "amount_minor = amount_minor - 1, _minor = _minor - 1",
  },
  {
    ...{ leg: "R1", of: "salesforce.orders", rows: "staging.salesforce_orders__rows", key: "id" },
    where: `${live} AND status = 'Activated'`,
    set: "status = 'Activated '",
    undo: "status = 'Activated'",
  },
  {
    ...{ leg: "R1", of: "partners.remittances", rows: "staging.partners_remittances__rows", key: "remittance_id", where: live },
    set: "amount = amount - 0.01, _minor = _minor - 1",
    undo: "amount = amount + 0.01, _minor = _minor + 1",
  },
  {
    ...{ leg: "R1", of: "billing.subscriptions", rows: "staging.billing_subscriptions__rows", key: "id", where: live },
    set: "_deleted_at = CURRENT_TIMESTAMP",
    undo: "_deleted_at = NULL",
  },
  {
    ...{ leg: "R2", of: "customer", rows: "curated.customer__rows", key: "customer_id" },
    where: "deleted_at IS NULL AND segment IS NOT NULL",
    set: "segment = segment || '!'",
    undo: "segment = SUBSTR(segment, 1, LENGTH(segment) - 1)",
  },
];

/** What hands in the warehouse come to: the rows that comparisons should name, and those that they do. */
export interface Tampered {
  readonly planted: readonly UnitName[];
  readonly found: readonly UnitName[];
}

/** A row that a comparison names. */
interface NamedRow {
  readonly of: string;
  readonly key: string;
}

/** Rows that comparisons of feeds with their sources, and of the changed tables with their models, name beside those of before. */
async function looked(product: Product, before: ReadonlySet<UnitName>): Promise<NamedRow[]> {
  const tables = HANDS.filter(({ leg }) => leg === "R2").map(({ of }) => ["--leg", "R2", "--feed", of]);
  const named: NamedRow[] = [];
  for (const args of [["--leg", "R1"], ...tables]) {
    const { differing } = await product.proofs(args);
    named.push(...differing.map(({ of, key }) => ({ of, key: key.join("|") })));
  }
  return named.filter(({ of, key }) => !before.has(tamperedUnit(of, key)));
}

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

/**
 * Changes rows of the warehouse by hand, lets the product compare, puts everything right again, and lets it compare once more: whatever is still
 * named then is found and was not planted.
 * @param before rows that comparisons name without any of it.
 */
export async function tamper(product: Product, before: ReadonlySet<UnitName>): Promise<Tampered> {
  const first = (hand: Hand) => `SELECT MIN(CAST(${hand.key} AS VARCHAR)) AS key FROM ${hand.rows} WHERE ${hand.where}`;
  const answers = await product.queries(HANDS.map(first));
  const done = HANDS.flatMap((hand, i) => {
    const key = answers[i]?.[0]?.["key"] ?? null;
    return key === null ? [] : [{ hand, key }];
  });
  const change = (by: "set" | "undo") =>
    product.change(
      done.map(({ hand, key }) => `UPDATE ${hand.rows} SET ${hand[by]} WHERE CAST(${hand.key} AS VARCHAR) = ${quoted(key)}`),
    );
  await change("set");
  let found: NamedRow[];
  try {
    found = await looked(product, before);
  } finally {
    await change("undo");
  }
  const left = await looked(product, before);
  return {
    planted: done.map(({ hand, key }) => tamperedUnit(hand.of, key)),
    found: [
      ...found.map(({ of, key }) => tamperedUnit(of, key)),
      ...left.map(({ of, key }) => tamperedUnit(of, `${key}, which was put right`)),
    ],
  };
}
