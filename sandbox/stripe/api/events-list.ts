import { createHash } from "node:crypto";
import type { Store, Stored } from "../store.ts";
import { expectKnownInList, rangeOf } from "./filters.ts";
import { listOf, type Params } from "./form.ts";
import { invalid } from "./refusal.ts";

/** How the list of events differs from the order in which they were written. */
export interface EventOrder {
  /** Share of events that stand in the list twice, in [0, 1]. */
  duplicates: number;
  /** Events of one second stand in an order that says nothing. */
  shuffled: boolean;
}

/** Seconds for which an event can be read. */
const LIFE = 30 * 86_400;

/** Whether an event can still be read. */
export function isAlive(event: Stored, now: number): boolean {
  return event.created >= now - LIFE;
}

/** A number in [0, 1) that belongs to an event, so that every reading of the list is of the same order. */
function lot(id: string, salt: string): number {
  return createHash("sha256").update(`${salt}:${id}`).digest().readUInt32BE(0) / 2 ** 32;
}

function typesOf(params: Params): readonly string[] {
  const types = listOf(params["types"]).map(String);
  if (types.length > 20) throw invalid("The `types` parameter takes at most 20 values.", { param: "types" });
  const type = params["type"];
  if (type === undefined) return types;
  if (types.length > 0) throw invalid("You may only specify one of these parameters: type, types.", { param: "type" });
  return [String(type)];
}

/** Whether an event's type is one of the asked ones; `invoice.*` is every one that begins so. */
function isOf(type: string, asked: readonly string[]): boolean {
  return asked.some((one) => (one.endsWith("*") ? type.startsWith(one.slice(0, -1)) : one === type));
}

/** One second's events. A copy follows its original, so that paging with either as the cursor loses nothing. */
function secondOf(events: Stored[], order: EventOrder, seed: number): Stored[] {
  const list = order.shuffled ? events.sort((a, b) => lot(a.id, `${seed}`) - lot(b.id, `${seed}`)) : events;
  if (order.duplicates === 0) return list;
  return list.flatMap((event) => (lot(event.id, `again ${seed}`) < order.duplicates ? [event, event] : [event]));
}

/** What the list of events is read with. */
export interface EventReading {
  readonly now: number;
  readonly order: EventOrder;
  readonly seed: number;
}

/** The events that a list asks for, newest second first. */
export function eventsAsked(store: Store, params: Params, reading: EventReading): Stored[] {
  expectKnownInList(params, ["created", "type", "types", "delivery_success"]);
  if (params["delivery_success"] === "false") return [];
  const types = typesOf(params);
  const range = rangeOf(params["created"], "created");
  const seconds = new Map<number, Stored[]>();
  const { from, to } = range;
  for (const event of store.between("event", Math.max(from, reading.now - LIFE), to)) {
    if (event.visibleFrom > reading.now) continue;
    if (types.length > 0 && !isOf(String(event.object["type"]), types)) continue;
    const second = seconds.get(event.created);
    if (second) second.push(event);
    else seconds.set(event.created, [event]);
  }
  return [...seconds.values()].reverse().flatMap((second) => secondOf(second.reverse(), reading.order, reading.seed));
}
