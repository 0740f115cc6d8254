import { cellsOf, type Form, type Mirror, readMirror, type TextRow, textColumn } from "../beside/mirror.ts";
import type { Row } from "../feed.ts";
import type { Product } from "../product.ts";
import { MIRRORED } from "./objects.ts";
import { PAYMENT_COLUMNS, type Sums } from "./payments.ts";

/** What stands of the account in the warehouse. */
export interface Published extends Mirror {
  readonly payments: readonly Row[];
  /** Sums that the warehouse has made, by currency. */
  readonly sums: ReadonlyMap<string, Sums>;
}

const PAYMENTS = `SELECT ${PAYMENT_COLUMNS.map(textColumn).join(", ")} FROM curated.card_payment`;

/** Not every engine gives a sum of integers as an integer. */
const summed = (column: string, name: string) => `CAST(CAST(sum(${column}) AS DECIMAL(38, 0)) AS VARCHAR) AS ${name}`;

const SUMS = `SELECT currency, ${summed("amount_minor", "amount")}, ${summed("refunded_minor", "refunded")} FROM curated.card_payment GROUP BY currency`;

const formOf = (name: string): Form => (name === "disputed" ? "flag" : name === "created_at" ? "instant" : "text");

const PAYMENT_FORMS = PAYMENT_COLUMNS.map((name) => [name, formOf(name)] as const);

/** Reads what the product has published of the account. */
export async function readPublished(product: Pick<Product, "queries">): Promise<Published> {
  const { answers, ...mirror } = await readMirror(product, { group: "stripe", feeds: MIRRORED, more: [PAYMENTS, SUMS] });
  const [payments = [], sums = []] = answers;
  const sum = (found: TextRow) => ({ amount: BigInt(found["amount"] ?? "0"), refunded: BigInt(found["refunded"] ?? "0") });
  return {
    ...mirror,
    payments: payments.map((found) => cellsOf(PAYMENT_FORMS, found)),
    sums: new Map(sums.map((found) => [found["currency"] ?? "", sum(found)])),
  };
}
