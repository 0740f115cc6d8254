import type { MirrorRow } from "../beside/mirror.ts";
import type { Fault } from "../faults.ts";
import type { Row } from "../feed.ts";
import type { Product } from "../product.ts";
import { runUnit, type UnitName } from "../units.ts";
import type { ExpectedCurated, PublishedCurated } from "./curated.ts";

/** What a row of a curated table shows of two systems that do not agree, or of two months, told by hand. */
interface Disagreement {
  readonly table: string;
  /** A rule of the table's contract. */
  readonly rule: string;
  readonly fault: Fault;
  readonly shows: (row: Row) => boolean;
}

const differ = (one: string, other: string) => (row: Row) => {
  const [a, b] = [row[one] ?? null, row[other] ?? null];
  return a !== null && b !== null && a !== b;
};

const PAYMENT: readonly Omit<Disagreement, "table">[] = [
  { rule: "same_amount", fault: "other_amount", shows: differ("billing_amount_minor", "amount_minor") },
  { rule: "same_currency", fault: "other_currency", shows: differ("billing_currency", "currency") },
  { rule: "one_owner", fault: "other_owner", shows: differ("billing_customer_id", "customer_id") },
  {
    rule: "same_outcome",
    fault: "paid_after_all",
    shows: (row) => row["status"] === "succeeded" && row["billing_status"] === "failed",
  },
  { rule: "one_claim", fault: "charged_twice", shows: (row) => row["billing_link"] === "conflict" },
  {
    rule: "known_to_billing",
    fault: "unrecorded_money",
    shows: (row) => {
      const isKnown = (row["billing_payment_id"] ?? null) !== null;
      return row["source"] === "stripe" && row["link_status"] === "linked" && row["status"] !== "failed" && !isKnown;
    },
  },
  {
    rule: "disputed_in_its_month",
    fault: "late_dispute",
    shows: (row) => row["kind"] === "dispute" && row["status"] !== "failed" && differ("charged_month", "month")(row),
  },
];

const DISAGREEMENTS: readonly Disagreement[] = [
  ...PAYMENT.map((one) => ({ ...one, table: "payment" })),
  {
    table: "invoice",
    rule: "settled_alike",
    fault: "unsettled_invoice",
    shows: (row) => row["stripe_status"] === "paid" && ["draft", "open"].includes(row["status"] ?? ""),
  },
  {
    table: "invoice",
    rule: "remitted_once",
    fault: "remitted_twice",
    shows: (row) => BigInt(row["remitted_minor"] ?? "0") > BigInt(row["amount_due_minor"] ?? "0"),
  },
  { table: "sales_order", rule: "as_invoiced", fault: "order_edited", shows: differ("amount_minor", "invoiced_minor") },
];

/** Not a rule but a state of the crosswalk, which begins and ends. */
const CONFLICT = { table: "crosswalk_customer", rule: "status", fault: "link_conflict" } as const;

/** What is open after a run. */
type Open = ReadonlyMap<UnitName, Fault>;

const nameOf = (table: string, rule: string, key: string): UnitName => `${table}|${key}|${rule}`;

const inConflict = (rows: Iterable<readonly [string, MirrorRow]>): [UnitName, Fault][] =>
  [...rows]
    .filter(([, { cells, deleted }]) => !deleted && cells["status"] === "conflict")
    .map(([key]) => [nameOf(CONFLICT.table, CONFLICT.rule, key), CONFLICT.fault]);

/** What should be told of curated tables as they should be. */
export function openExpected(expected: ExpectedCurated): Open {
  const ofRules = DISAGREEMENTS.flatMap(({ table, rule, fault, shows }) =>
    [...(expected.get(table) ?? [])]
      .filter(([, { cells, deleted }]) => !deleted && shows(cells))
      .map(([key]): [UnitName, Fault] => [nameOf(table, rule, key), fault]),
  );
  return new Map([...ofRules, ...inConflict(expected.get(CONFLICT.table) ?? [])]);
}

/** What the product tells of them: keys that break a rule of a table, and links in doubt. */
export async function openFound(product: Pick<Product, "query">, published: PublishedCurated): Promise<Open> {
  const found = await product.query("SELECT curated, rule, business_key FROM ops.curated_finding");
  const ofRules = found.map((row): [UnitName, Fault] => {
    const [table = "", rule = ""] = [row["curated"] ?? undefined, row["rule"] ?? undefined];
    const known = DISAGREEMENTS.find((one) => one.table === table && one.rule === rule);
    return [nameOf(table, rule, row["business_key"] ?? ""), known?.fault ?? "other"];
  });
  const links = published.get(CONFLICT.table) ?? [];
  return new Map([...ofRules, ...inConflict(links.map((row) => [row.id, row]))]);
}

/**
 * Units of what is open after a run. A disagreement is one unit for as long as it lasts; where it should be open and is not, or is
 * and should not be, the run is one more, missed or a false alarm.
 */
export function findingUnits(run: string, expected: Open, found: Open): { readonly expected: Open; readonly found: Open } {
  const lacking = [...expected].filter(([name]) => !found.has(name));
  const surplus = [...found].filter(([name]) => !expected.has(name));
  return {
    expected: new Map([...expected, ...lacking.map(([name, fault]) => [runUnit(run, `${name} is not told`), fault] as const)]),
    found: new Map([
      ...[...found].filter(([name]) => expected.has(name)),
      ...surplus.map(([name, fault]) => [runUnit(run, `${name} is told`), fault] as const),
    ]),
  };
}
