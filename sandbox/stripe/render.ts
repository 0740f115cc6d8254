import { inOrder, type Json, type JsonObject, numberIn, objectIn } from "./json.ts";
import type { Kind } from "./kinds.ts";
import { TO_OLDER } from "./older.ts";
import type { Store, Stored } from "./store.ts";
import { isOlder } from "./versions.ts";

/** How an object is looked at. */
export interface View {
  readonly version: string;
  /** The clock, in whole seconds since 1970. */
  readonly now: number;
}

/** Gives objects as they are answered. */
export type Render = (stored: Stored, view: View) => JsonObject;

/** How many parts stand in an object itself; the others are asked for. */
const EMBEDDED = 10;

/** Kinds with a nested list: the field, and the address of the whole of it. */
const NESTED: Readonly<Partial<Record<Kind, { field: string; kind: Kind; url: (id: string) => string }>>> = {
  subscription: { field: "items", kind: "subscription_item", url: (id) => `/v1/subscription_items?subscription=${id}` },
  invoice: { field: "lines", kind: "line_item", url: (id) => `/v1/invoices/${id}/lines` },
  credit_note: { field: "lines", kind: "credit_note_line_item", url: (id) => `/v1/credit_notes/${id}/lines` },
};

/** The renderer of a store. Stubs of deleted objects are not its matter. */
export function rendererOf(store: Store): Render {
  const periods = (subscription: string): JsonObject => {
    const item = store.parts(subscription, "subscription_item")[0]?.object ?? {};
    return {
      current_period_end: item["current_period_end"] ?? null,
      current_period_start: item["current_period_start"] ?? null,
    };
  };

  const nested = (stored: Stored, view: View): JsonObject => {
    const list = NESTED[stored.kind];
    if (!list) return {};
    const parts = store.parts(stored.id, list.kind);
    return {
      [list.field]: {
        object: "list",
        data: parts.slice(0, EMBEDDED).map((part) => render(part, view)),
        has_more: parts.length > EMBEDDED,
        url: list.url(stored.id),
      },
    };
  };

  const moved = (stored: Stored, view: View): JsonObject => {
    if (stored.kind === "balance_transaction")
      return { status: numberIn(stored.object, "available_on") <= view.now ? "available" : "pending" };
    if (stored.kind !== "dispute") return {};
    const ids = Object.keys(objectIn(stored.aside, "movements"));
    const found = ids.flatMap((id): Json[] => {
      const movement = store.find(id);
      return movement ? [render(movement, view)] : [];
    });
    return { balance_transactions: found };
  };

  const render: Render = (stored, view) => {
    if (stored.kind === "event") return stored.object;
    const whole = { ...stored.object, ...moved(stored, view), ...nested(stored, view) };
    const older = isOlder(view.version) ? TO_OLDER[stored.kind] : undefined;
    return inOrder(older ? older(whole, stored.aside, { periods }) : whole);
  };
  return render;
}
