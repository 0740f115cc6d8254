import { closeSync, openSync, writeSync } from "node:fs";
import { join } from "node:path";
import { contractColumns, LayoutSchema, layoutOf } from "../../src/sources/csv/layout-schema.ts";
import type { FileSpec, TargetColumn } from "../../src/sources/csv/scan/layout.ts";

/** What a payment provider sends: ids, amounts, days, an instant and texts of people, some of them quoted. */
export const COLUMNS: readonly TargetColumn[] = [
  { name: "payment_id", type: { kind: "string" } },
  { name: "customer_id", type: { kind: "string" } },
  { name: "email", type: { kind: "string" } },
  { name: "description", type: { kind: "string" } },
  { name: "currency", type: { kind: "string" } },
  { name: "amount", type: { kind: "decimal", precision: 18, scale: 2 } },
  { name: "fee", type: { kind: "decimal", precision: 18, scale: 2 } },
  { name: "booked_on", type: { kind: "date" } },
  { name: "created_at", type: { kind: "string" } },
  { name: "method", type: { kind: "string" } },
];

const PLAIN = LayoutSchema.parse({});

/** Plain CSV of those columns. */
export const SPEC: FileSpec = {
  layout: { ...layoutOf("bench", PLAIN, COLUMNS), columns: contractColumns(COLUMNS) },
  columns: COLUMNS,
  packing: null,
  scope: null,
  amount: null,
};

const HEADER = `${COLUMNS.map(({ name }) => name).join(",")}\n`;
const CURRENCIES = ["EUR", "USD", "GBP", "JPY"];
const METHODS = ["card", "sepa_debit", "transfer", "wallet"];

const two = (value: number) => String(value).padStart(2, "0");

function line(i: number): string {
  const cents = (i * 7919) % 1_000_000;
  const day = `2026-${two(1 + (i % 12))}-${two(1 + (i % 28))}`;
  const description = i % 5 === 0 ? `"Subscription ""Team"", seat ${i % 97}, Zürich"` : `Subscription Basic month ${i % 12}`;
  const fee = `0.${two(i % 100)}`;
  const created = `${day}T${two(i % 24)}:${two(i % 60)}:${two((i * 7) % 60)}Z`;
  return `pay_${String(i).padStart(12, "0")},cus_${String(i % 50_021).padStart(8, "0")},person${i % 50_021}@example.com,${description},${CURRENCIES[i % 4]},${Math.floor(cents / 100)}.${two(cents % 100)},${fee},${day},${created},${METHODS[i % 4]}\n`;
}

/** Writes one file of rows `from` to `to`. */
function writeFile(path: string, from: number, to: number): void {
  const file = openSync(path, "w");
  let pending = HEADER;
  for (let i = from; i < to; i += 1) {
    pending += line(i);
    if (pending.length < 1 << 20) continue;
    writeSync(file, pending);
    pending = "";
  }
  writeSync(file, pending);
  closeSync(file);
}

/** Writes so many rows into so many files of a folder. @returns their paths. */
export function writeFiles(folder: string, rows: number, files: number): string[] {
  return Array.from({ length: files }, (_, nth) => {
    const path = join(folder, `payments-${String(nth).padStart(4, "0")}.csv`);
    writeFile(path, Math.floor((nth * rows) / files), Math.floor(((nth + 1) * rows) / files));
    return path;
  });
}
