import { decimalText, instantText, type MirroredFeed } from "../beside/mirror.ts";
import type { Cell, FeedId, Row } from "../feed.ts";
import type { Fields, Value } from "../salesforce/values.ts";

/** How a field reads in the warehouse. */
type FieldForm = "text" | "instant" | "decimal";

/** A feed of an object's records: each column by its field. */
export interface RecordFeed extends MirroredFeed {
  readonly object: string;
  readonly fields: readonly (readonly [column: string, field: string, form: FieldForm])[];
}

export const ACCOUNTS: FeedId = "salesforce.accounts";
export const ORDERS: FeedId = "salesforce.orders";

function feedOf(id: FeedId, object: string, own: RecordFeed["fields"]): RecordFeed {
  const fields: RecordFeed["fields"] = [
    ["id", "Id", "text"],
    ...own,
    ["currency", "CurrencyIsoCode", "text"],
    ["created_at", "CreatedDate", "instant"],
    ["system_modstamp", "SystemModstamp", "instant"],
  ];
  return { id, object, fields, columns: fields.map(([column, , form]) => [column, form]) };
}

/** What the pipeline loads of the org. */
export const RECORD_FEEDS: readonly RecordFeed[] = [
  feedOf(ACCOUNTS, "Account", [
    ["customer_ref", "AccountNumber", "text"],
    ["name", "Name", "text"],
    ["type", "Type", "text"],
    ["industry", "Industry", "text"],
  ]),
  feedOf(ORDERS, "Order", [
    ["account_id", "AccountId", "text"],
    ["order_number", "OrderNumber", "text"],
    ["status", "Status", "text"],
    ["effective_date", "EffectiveDate", "text"],
    ["total_amount", "TotalAmount", "decimal"],
    ["order_reference", "OrderReferenceNumber", "text"],
  ]),
];

function cellOf(value: Value | undefined, form: FieldForm): Cell {
  if (value === null || value === undefined) return null;
  if (form === "instant") return instantText(Number(value));
  return form === "decimal" ? decimalText(String(value)) : String(value);
}

/** A record as a row of its feed. */
export function cellsOf({ fields }: RecordFeed, record: Fields): Row {
  return Object.fromEntries(fields.map(([column, field, form]) => [column, cellOf(record[field], form)]));
}

/** Rules that a row breaks. */
export function brokenBy({ id }: RecordFeed, cells: Row): readonly string[] {
  return id === ORDERS && (cells["total_amount"] ?? "").startsWith("-") ? ["not_negative"] : [];
}
