import type { ItemFields } from "../books/subscriptions.ts";
import { objectIn } from "../json.ts";
import type { CustomerFields } from "../shapes/customer.ts";
import type { PriceFields } from "../shapes/subscription.ts";
import type { Asked, Route } from "./asked.ts";
import { stub, theObject } from "./reads.ts";
import { invalid } from "./refusal.ts";
import { given, type Sent, sentFields } from "./sent.ts";
import { answerWith, collectionOf, theLiving, whenOf } from "./written.ts";

const CUSTOMER = ["name", "email", "phone", "description", "metadata", "address", "expand", "source", "payment_method"];

function customerFields(sent: Sent, before?: CustomerFields["metadata"]): CustomerFields {
  return given({
    name: sent.text("name"),
    email: sent.text("email"),
    phone: sent.text("phone"),
    description: sent.text("description"),
    country: sent.inner("address", ["city", "country", "line1", "line2", "postal_code", "state"])?.text("country"),
    metadata: sent.metadata(before),
  });
}

const customers: readonly Route[] = [
  {
    method: "POST",
    path: "customers",
    shape: "other",
    answer: (asked) => {
      const fields = customerFields(sentFields(asked.params, CUSTOMER));
      return answerWith(asked, asked.account.books.customers.create(fields, whenOf(asked)).id);
    },
  },
  {
    method: "POST",
    path: "customers/:id",
    shape: "other",
    answer: (asked, id) => {
      const before = objectIn(theLiving(asked, { kind: "customer", id: id }).object, "metadata");
      const fields = customerFields(sentFields(asked.params, CUSTOMER), before);
      return answerWith(asked, asked.account.books.customers.update(id, fields, whenOf(asked)).id);
    },
  },
  {
    method: "DELETE",
    path: "customers/:id",
    shape: "other",
    answer: (asked, id) => {
      theLiving(asked, { kind: "customer", id: id });
      asked.account.books.customers.remove(id, whenOf(asked));
      return stub(theObject(asked, "customer", id));
    },
  },
];

type Interval = PriceFields["interval"];

const INTERVALS: readonly string[] = ["day", "week", "month", "year"] satisfies Interval[];

/** An item that is sent with the data of its price: there is no list of prices to choose from. */
function itemOf(item: Sent): ItemFields & { readonly currency?: string; readonly interval?: Interval } {
  const data = item.inner("price_data", ["currency", "product", "recurring", "unit_amount", "unit_amount_decimal"]);
  const unit = data?.text("unit_amount_decimal") ?? data?.text("unit_amount");
  const interval = data?.inner("recurring", ["interval", "interval_count"])?.text("interval");
  if (interval && !INTERVALS.includes(interval)) throw invalid("Invalid interval", { param: "items[0][price_data][recurring]" });
  return given({
    quantity: item.number("quantity"),
    price: item.text("price") ?? undefined,
    product: data?.text("product") ?? undefined,
    unitAmountDecimal: unit ?? undefined,
    currency: data?.text("currency") ?? undefined,
    interval: (interval ?? undefined) as Interval | undefined,
  });
}

function createSubscription(asked: Asked): string {
  const known = ["customer", "currency", "items", "metadata", "collection_method", "description", "expand"];
  const sent = sentFields(asked.params, known);
  const { books } = asked.account;
  const customer = theLiving(asked, { kind: "customer", id: sent.needed("customer"), param: "customer" }).id;
  const items = sent.list("items", ["price", "price_data", "quantity"]).map(itemOf);
  if (items.length === 0) throw invalid("Missing required param: items.", { code: "parameter_missing", param: "items" });
  const currency = sent.text("currency") ?? items[0]?.currency ?? "eur";
  const more = given({ metadata: sent.metadata(), interval: items[0]?.interval });
  const collection = collectionOf(sent);
  const when = whenOf(asked);
  const { id } = books.subscriptions.create({ customer, currency, items, collection, ...more }, when);
  books.billFirst(id, when);
  return id;
}

const subscriptions: readonly Route[] = [
  {
    method: "POST",
    path: "subscriptions",
    shape: "other",
    answer: (asked) => answerWith(asked, createSubscription(asked)),
  },
  {
    method: "POST",
    path: "subscriptions/:id",
    shape: "other",
    answer: (asked, id) => {
      const { object } = theObject(asked, "subscription", id);
      const sent = sentFields(asked.params, ["metadata", "description", "cancel_at_period_end", "expand"]);
      const fields = given({
        metadata: sent.metadata(objectIn(object, "metadata")),
        description: sent.text("description"),
        cancel_at_period_end: asked.params["cancel_at_period_end"] === undefined ? undefined : sent.flag("cancel_at_period_end"),
      });
      return answerWith(asked, asked.account.books.subscriptions.update(id, fields, whenOf(asked)).id);
    },
  },
  {
    method: "DELETE",
    path: "subscriptions/:id",
    shape: "other",
    answer: (asked, id) => {
      theObject(asked, "subscription", id);
      return answerWith(asked, asked.account.books.subscriptions.cancel(id, whenOf(asked)).id);
    },
  },
];

/** What can be written of customers and subscriptions. */
export const WRITE_CUSTOMERS: readonly Route[] = [...customers, ...subscriptions];
