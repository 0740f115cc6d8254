import { accepted, decimal, given, like, long, required, since } from "../expectation/hand-rules.ts";
import type { Feed, HandRule, Row } from "../feed.ts";
import { BYTES, PLACE } from "../world/sent-file.ts";

/** The one feed of the partners, named as the pipeline's. */
export const REMITTANCES = "partners.remittances";

const DAY = /^\d{4}-\d{2}-\d{2}$/;

const isUnread = (row: Row) => given(row, BYTES) !== null;

/** Hundredths of up to a hundred million are an amount. */
const isOutside = (amount: bigint | null) => amount !== null && (amount <= 0n || amount > 10_000_000_000n);

const RULES: readonly HandRule[] = [
  ...required("remittance_id", "invoice_id", "customer_id", "amount", "currency", "paid_on"),
  like("remittance_id", /^rem_[0-9a-z]{6,60}$/),
  ["amount.type", (row) => given(row, "amount") !== null && decimal(row["amount"]) === null],
  ["amount.range", (row) => isOutside(decimal(row["amount"]))],
  accepted("currency", ["USD", "EUR", "GBP", "CHF", "SEK"]),
  ["paid_on.type", (row) => given(row, "paid_on") !== null && !DAY.test(given(row, "paid_on") ?? "")],
  since("paid_on", "2010-01-01"),
  long("note", 0, 2000),
];

/** What names a record: its remittance, or its place where nobody can tell of which it is. */
export function remittanceKey(row: Row): string {
  return row["remittance_id"] ?? row[PLACE] ?? "";
}

/** What partners collected, as their files say it. */
export const PARTNER_FEEDS: readonly Feed[] = [
  {
    id: REMITTANCES,
    columns: ["remittance_id", "invoice_id", "customer_id", "amount", "currency", "paid_on", "note"],
    keyOf: remittanceKey,
    isFiles: true,
    leftOutBelow: { share: 0.75, rows: 100 },
    clock: null,
    rules: {
      // Of a record that cannot be taken apart nothing else is known.
      rows: [["record", isUnread], ...RULES.map(([id, isBroken]): HandRule => [id, (row) => !isUnread(row) && isBroken(row)])],
      immutable: ["paid_on"],
      businessKey: "remittance_id",
      unique: ["remittance_id"],
      references: [
        { column: "invoice_id", parent: "billing.invoices" },
        { column: "customer_id", parent: "billing.customers" },
      ],
      money: { amount: "amount", currency: "currency", unit: "major" },
      version: null,
      faults: [
        [/^record$/, "malformed_record"],
        [/\.type$/, "excel_damage"],
        [/^currency\./, "wrong_currency"],
        [/^customer_id\.foreign_key$/, "unknown_customer"],
      ],
    },
    inSourceWords: (_, text) => text,
  },
];
