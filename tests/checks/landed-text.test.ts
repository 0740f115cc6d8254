import { join } from "node:path";
import { expect, test } from "vitest";
import { openDesk, type Row } from "../support/desk.ts";

const PIPELINE = join(import.meta.dirname, "../fixtures/pipelines/billing");
const AS_USUAL = { created_at: "2026-11-01 00:00:00+00", updated_at: "2026-11-01 00:00:00.1205+00" };

function invoice(id: number, more: Row): Row {
  const keys = { id, invoice_id: `inv_${id}`, customer_id: null, subscription_id: null, status: "open", currency: "USD" };
  const money = { subtotal_minor: 100, tax_minor: 5, amount_due_minor: 105, amount_paid_minor: 0 };
  return { ...keys, ...money, issued_on: "2026-11-01", due_on: "2026-12-01", ...AS_USUAL, ...more };
}

/** What the source may write for a value besides what PostgreSQL writes by default. */
const ROWS: Record<string, Row> = {
  usual: invoice(1, {}),
  "another zone's form": invoice(2, { created_at: "2026-11-01 00:00:00.000+00" }),
  "an empty text is not NULL": invoice(3, { subscription_id: "" }),
  "cannot be read": invoice(4, { issued_on: "yesterday", tax_minor: "1e3" }),
  "lines, quotes and a backslash": invoice(5, { status: 'a "b"\n\\N,c' }),
};

test("a quarantined row keeps its texts as landed, whether its typed values give them back or not", async () => {
  await using desk = openDesk("billing", PIPELINE);
  const rows = Object.values(ROWS);
  const { judgement, outcome } = await desk.play({ rows: { "billing.invoices": rows } });
  expect(outcome.outcome).toBe("published");
  expect(judgement.waiting).toMatchObject([{ feed: "billing.invoices", typed: 3n, bytes: 2n }]);
  const found = await desk.query("select position, file, payload, payload_pii from ops.quarantine_row order by position");
  expect(found.map((row) => row["file"])).toEqual(rows.map(() => expect.stringMatching(/^landing\/b_1_billing\.invoices\.csv$/)));
  const { columns } = desk.pipeline.feeds.get("billing.invoices")?.contract ?? { columns: [] };
  const landed = rows.map((row) =>
    Object.fromEntries(
      columns.map(({ name }) => [name, row[name] === null || row[name] === undefined ? null : String(row[name])]),
    ),
  );
  const kept = found.map((row) => ({ ...JSON.parse(row["payload"] ?? "{}"), ...JSON.parse(row["payload_pii"] ?? "{}") }));
  expect(kept).toEqual(landed);
});
