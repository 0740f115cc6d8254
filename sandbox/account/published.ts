import type { FeedId, Row } from "../feed.ts";
import type { Product } from "../product.ts";
import type { ExpectedRow } from "./expectation.ts";
import { asInWarehouse, OBJECT_FEEDS, type ObjectFeed } from "./objects.ts";
import { PAYMENT_COLUMNS, type Sums } from "./payments.ts";

/** An object that the product has set aside. */
export interface FoundWait {
  readonly feed: FeedId;
  readonly id: string;
  readonly kind: string;
  readonly rules: readonly string[];
}

/** What stands of the account in the warehouse. Lists may have a key twice, which nothing published should. */
export interface Published {
  readonly rows: ReadonlyMap<FeedId, readonly (ExpectedRow & { readonly id: string })[]>;
  readonly waiting: readonly FoundWait[];
  /** Every row that was ever set aside. */
  readonly everWaited: readonly FoundWait[];
  readonly payments: readonly Row[];
  /** Sums that the warehouse has made, by currency. */
  readonly sums: ReadonlyMap<string, Sums>;
}

type Text = Readonly<Record<string, string | null>>;

const text = (name: string) => `CAST(${name} AS VARCHAR) AS "${name}"`;

const stagingOf = ({ id, columns }: ObjectFeed) =>
  `SELECT ${columns.map(([name]) => text(name)).join(", ")}, CAST(_deleted_at AS VARCHAR) AS _deleted FROM staging.${id.replace(".", "_")}__rows`;

const waitsIn = (relation: string) => `SELECT feed, source_key, kind, reasons FROM ops.${relation} WHERE run_group = 'stripe'`;

const PAYMENTS = `SELECT ${PAYMENT_COLUMNS.map(text).join(", ")} FROM curated.card_payment WHERE deleted_at IS NULL`;

/** Not every engine gives a sum of integers as an integer. */
const summed = (column: string, name: string) => `CAST(CAST(sum(${column}) AS DECIMAL(38, 0)) AS VARCHAR) AS ${name}`;

const SUMS = `SELECT currency, ${summed("amount_minor", "amount")}, ${summed("refunded_minor", "refunded")} FROM curated.card_payment WHERE deleted_at IS NULL GROUP BY currency`;

function rowOf({ columns }: ObjectFeed, found: Text): ExpectedRow & { id: string } {
  const cells = Object.fromEntries(columns.map(([name, , form]) => [name, asInWarehouse(form, found[name] ?? null)]));
  return { id: cells["id"] ?? "", cells, deleted: (found["_deleted"] ?? null) !== null };
}

function waitOf(found: Text): FoundWait {
  const rules = (JSON.parse(found["reasons"] ?? "[]") as string[]).toSorted();
  return { feed: found["feed"] ?? "", id: found["source_key"] ?? "", kind: found["kind"] ?? "", rules };
}

function paymentOf(found: Text): Row {
  const form = (name: string) => (name === "disputed" ? "flag" : name === "created_at" ? "instant" : "text");
  return Object.fromEntries(PAYMENT_COLUMNS.map((name) => [name, asInWarehouse(form(name), found[name] ?? null)]));
}

/** Reads what the product has published of the account. */
export async function readPublished(product: Pick<Product, "queries">): Promise<Published> {
  const asked = [waitsIn("open_quarantine"), waitsIn("quarantine_row"), PAYMENTS, SUMS, ...OBJECT_FEEDS.map(stagingOf)];
  const [open = [], ever = [], payments = [], sums = [], ...staging] = await product.queries(asked);
  const sum = (found: Text) => ({ amount: BigInt(found["amount"] ?? "0"), refunded: BigInt(found["refunded"] ?? "0") });
  return {
    rows: new Map(OBJECT_FEEDS.map((feed, i) => [feed.id, (staging[i] ?? []).map((found) => rowOf(feed, found))])),
    waiting: open.map(waitOf),
    everWaited: ever.map(waitOf),
    payments: payments.map(paymentOf),
    sums: new Map(sums.map((found) => [found["currency"] ?? "", sum(found)])),
  };
}
