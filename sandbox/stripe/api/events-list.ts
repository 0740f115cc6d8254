import { createHash } from "node:crypto";
import type { Stored } from "../store.ts";
import type { Asked, EventOrder } from "./asked.ts";
import { expectKnownInList, rangeOf } from "./filters.ts";
import { listOf, type Params } from "./form.ts";
import { invalid } from "./refusal.ts";
import { aroundPage } from "./scan.ts";

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

/** The events of each second in the order that is asked for. A copy follows its original, so that paging loses nothing. */
function inDisorder(events: readonly Stored[], order: EventOrder, seed: number): Stored[] {
  const place = (event: Stored) => (order.shuffled ? lot(event.id, `${seed}`) : 0);
  const placed = events.map((event) => ({ event, place: place(event) }));
  placed.sort((a, b) => b.event.created - a.event.created || a.place - b.place);
  return placed.flatMap(({ event }) => (lot(event.id, `again ${seed}`) < order.duplicates ? [event, event] : [event]));
}

/** The events that a list asks for, newest second first. */
export function eventsAsked(asked: Asked): Stored[] {
  const { account, params, view } = asked;
  expectKnownInList(params, ["created", "type", "types", "delivery_success"]);
  if (params["delivery_success"] === "false") return [];
  const types = typesOf(params);
  const { from, to } = rangeOf(params["created"], "created");
  const isAsked = ({ object }: Stored) => types.length === 0 || isOf(String(object["type"]), types);
  const stands = (event: Stored) => event.visibleFrom <= view.now && isAsked(event);
  const range = { from: Math.max(from, view.now - LIFE), to };
  const { events: order, seed, store } = account;
  if (!order.shuffled && order.duplicates === 0) return aroundPage(asked, { kind: "event", range, stands });
  return inDisorder(store.between("event", range.from, range.to).filter(stands).reverse(), order, seed);
}
