import type { JsonObject } from "../json.ts";
import type { Kind } from "../kinds.ts";
import type { Stored } from "../store.ts";
import type { When } from "../writing.ts";
import type { Asked } from "./asked.ts";
import { missing, Refusal } from "./refusal.ts";
import type { Sent } from "./sent.ts";

/** When a request writes: now, and events name it. */
export function whenOf({ request }: Asked): When {
  return { request };
}

/** The object as it is answered after a write. */
export function answerWith({ account, view }: Asked, id: string): JsonObject {
  const stored = account.store.find(id);
  if (!stored) throw new Error(`there is no object ${id}`);
  return account.render(stored, view);
}

/** What is answered where the card's bank declines: 402. */
export function declined(charge: string): Refusal {
  const message = `Your card was declined (${charge}).`;
  return new Refusal({ status: 402, message, type: "card_error", code: "card_declined" });
}

/** Whether a card is one of those that are always declined: `tok_chargeDeclined`, `pm_card_chargeDeclined`. */
export function isDeclined(card: string | null | undefined): boolean {
  return card?.endsWith("chargeDeclined") ?? false;
}

/** An object that is not deleted, named by the address (404 where it is not there) or by a parameter (400). */
export function theLiving({ account }: Asked, { kind, id, param }: { kind: Kind; id: string; param?: string }): Stored {
  const stored = account.store.find(id);
  if (stored?.kind === kind && !stored.deleted) return stored;
  throw missing(kind, id, param === undefined ? { param: "id" } : { param, status: 400 });
}

/** How an invoice is collected: by charging, where nothing else is sent. */
export function collectionOf(sent: Sent): "charge_automatically" | "send_invoice" {
  return sent.text("collection_method") === "send_invoice" ? "send_invoice" : "charge_automatically";
}
