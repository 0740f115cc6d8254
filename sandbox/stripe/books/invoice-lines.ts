import { type JsonObject, numberIn, objectIn } from "../json.ts";
import { invoiceTotals, type LineFields, lineShape } from "../shapes/invoice.ts";
import type { Stored } from "../store.ts";
import type { Occasion, Writing } from "../writing.ts";

/** The subscription that an invoice is of; null for one without. */
export function subscriptionOf(invoice: JsonObject): string | null {
  const { subscription } = objectIn(objectIn(invoice, "parent"), "subscription_details");
  return typeof subscription === "string" ? subscription : null;
}

function writeLine(writing: Writing, invoice: Stored, { line, occasion }: { line: LineFields; occasion: Occasion }): void {
  const { ids, settings } = writing;
  const item = line.subscriptionItem === undefined ? undefined : writing.the("subscription_item", line.subscriptionItem);
  const price = objectIn(item?.object ?? {}, "price");
  const shape = lineShape(line, {
    invoice: invoice.id,
    currency: String(invoice.object["currency"]),
    livemode: settings.livemode,
    subscription: subscriptionOf(invoice.object),
    period: { start: numberIn(invoice.object, "period_start"), end: numberIn(invoice.object, "period_end") },
    invoiceItem: ids.named("ii_1", 23),
    price: line.price ?? String(price["id"] ?? ids.named("price_1", 23)),
    product: line.product ?? String(price["product"] ?? ids.named("prod_", 14)),
  });
  const aside = { price: item ? price : null, tax: line.tax ?? 0 };
  writing.add("line_item", shape, { occasion, parent: invoice.id, aside });
}

/** Writes further lines, and what the invoice's amounts are with them. */
export function writeLines(writing: Writing, invoice: Stored, more: { lines: readonly LineFields[]; occasion: Occasion }): void {
  for (const line of more.lines) writeLine(writing, invoice, { line, occasion: more.occasion });
  const all = writing.store.parts(invoice.id, "line_item");
  const amounts = all.map(({ object, aside }) => ({ amount: numberIn(object, "amount"), tax: numberIn(aside, "tax") }));
  writing.change(invoice, invoiceTotals(amounts), more);
}
