import type { JsonObject } from "../json.ts";
import { type PriceFields, priceShape, subscriptionItemShape, subscriptionShape } from "../shapes/subscription.ts";
import type { Stored } from "../store.ts";
import type { When, Writing } from "../writing.ts";
import { type Written, written } from "./customers.ts";

/** An item to be subscribed to. */
export interface ItemFields {
  readonly quantity?: number;
  /** Minor units of one piece, with at most 12 decimals. */
  readonly unitAmountDecimal?: string;
  readonly price?: string;
  readonly product?: string;
}

/** A subscription to be written. */
export interface NewSubscription {
  readonly customer: string;
  readonly currency: string;
  readonly items: readonly ItemFields[];
  readonly interval?: PriceFields["interval"];
  /** `active` where nothing else is said. */
  readonly status?: string;
  readonly collection?: "charge_automatically" | "send_invoice";
  readonly trialEnd?: Date;
  readonly metadata?: JsonObject;
}

/** Subscriptions, with `customer.subscription.created`, `.updated`, `.deleted`. */
export interface SubscriptionBook {
  create(fields: NewSubscription, when?: When): Written;
  /** Changes fields by their names in the API. */
  update(id: string, fields: JsonObject, when?: When): Written;
  /** The items go on by one interval. */
  renew(id: string, when?: When): Written;
  /** Ends it: its status is `canceled`, and it stays where it is. */
  cancel(id: string, when?: When): Written;
}

/** Seconds of an interval; months and years as the calendar has them. */
function nextPeriod(start: number, interval: PriceFields["interval"]): number {
  const at = new Date(start * 1000);
  if (interval === "day") return start + 86_400;
  if (interval === "week") return start + 7 * 86_400;
  const months = interval === "year" ? 12 : 1;
  const day = at.getUTCDate();
  const then = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + months + 1, 0));
  at.setUTCDate(1);
  at.setUTCMonth(at.getUTCMonth() + months);
  at.setUTCDate(Math.min(day, then.getUTCDate()));
  return at.getTime() / 1000;
}

function addItem(
  writing: Writing,
  subscription: Stored,
  more: { item: ItemFields; interval: PriceFields["interval"]; when: When },
) {
  const occasion = writing.occasion(more.when);
  const { ids, settings } = writing;
  const price = priceShape({
    id: more.item.price ?? ids.named("price_1", 23),
    product: more.item.product ?? ids.named("prod_", 14),
    currency: String(subscription.object["currency"]),
    unitAmountDecimal: more.item.unitAmountDecimal ?? "1000",
    interval: more.interval,
    created: occasion.at,
    livemode: settings.livemode,
  });
  const period = { start: occasion.at, end: nextPeriod(occasion.at, more.interval) };
  const shape = subscriptionItemShape(subscription.id, price, { quantity: more.item.quantity ?? 1, ...period });
  writing.add("subscription_item", shape, { occasion, parent: subscription.id, aside: { interval: more.interval } });
}

/** The subscriptions of an account. */
export function subscriptionBook(writing: Writing): SubscriptionBook {
  const change = (id: string, fields: JsonObject, more: { when: When; event: string }) => {
    const stored = writing.the("subscription", id);
    writing.change(stored, fields, { occasion: writing.occasion(more.when), event: more.event });
    return written(writing, id);
  };
  return {
    create: (fields, when = {}) => {
      writing.the("customer", fields.customer);
      const occasion = writing.occasion(when);
      const shape = subscriptionShape({
        customer: fields.customer,
        currency: fields.currency,
        status: fields.status ?? "active",
        start: occasion.at,
        collection: fields.collection ?? "charge_automatically",
        trialEnd: fields.trialEnd ? Math.floor(fields.trialEnd.getTime() / 1000) : null,
        metadata: fields.metadata ?? {},
      });
      const stored = writing.add("subscription", shape, { occasion });
      for (const item of fields.items) addItem(writing, stored, { item, interval: fields.interval ?? "month", when });
      writing.tell("customer.subscription.created", stored, occasion);
      return written(writing, stored.id);
    },
    update: (id, fields, when = {}) => change(id, fields, { when, event: "customer.subscription.updated" }),
    renew: (id, when = {}) => {
      const occasion = writing.occasion(when);
      for (const item of writing.store.parts(id, "subscription_item")) {
        const start = Number(item.object["current_period_end"]);
        const end = nextPeriod(start, item.aside["interval"] as PriceFields["interval"]);
        writing.change(item, { current_period_start: start, current_period_end: end }, { occasion });
      }
      writing.tell("customer.subscription.updated", writing.the("subscription", id), occasion);
      return written(writing, id);
    },
    cancel: (id, when = {}) => {
      const { at } = writing.occasion(when);
      const details = { comment: null, feedback: null, reason: "cancellation_requested" };
      const fields = { status: "canceled", canceled_at: at, ended_at: at, cancellation_details: details };
      const stored = writing.the("subscription", id);
      writing.change(stored, fields, { occasion: writing.occasion(when) });
      writing.tell("customer.subscription.deleted", stored, writing.occasion(when));
      return written(writing, id);
    },
  };
}
