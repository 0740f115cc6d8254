import type { Json } from "../../kernel/json.ts";
import type { FeedRequest, StateChange } from "../source.ts";
import { listedFor } from "./coverage.ts";
import type { CreatedRange } from "./read-down.ts";
import { stripeReading } from "./stripe-kind.ts";

/** Seconds. */
const DAY = 86_400;

/** Nights in which all of a feed's history is read again. */
const NIGHTS = 30n;

/** Objects that a night reads of history at least: a page. */
const LEAST = 100n;

/** The adapter's own rows about how far nets have come, seconds since 1970. */
const FIRST_READ = "net/day";
const SECOND_READ = "net/third_day";
const HISTORY = "net/history";

/** How far nets have come, by the adapter's own rows: seconds since 1970, null where they have not begun. */
export function netsSoFar(state: ReadonlyMap<string, Json>): { days: number | null; history: number | null } {
  const [days, history] = [state.get(FIRST_READ), state.get(HISTORY)];
  return { days: typeof days === "number" ? days : null, history: typeof history === "number" ? history : null };
}

/** Days, the ones behind it included, whose objects are read again. */
interface Days extends CreatedRange {
  readonly from: number;
  readonly key: typeof FIRST_READ | typeof SECOND_READ;
}

/** What the nets of a feed are to read now. */
export interface NetPlan {
  /** Closed days, in the order in which they are read; none where they have been. */
  readonly days: readonly Days[];
  /** Where history goes on: what was created before; null where the list does not keep it. */
  readonly history: number | null;
}

/** What nets have read of a plan. */
export interface NetReading extends NetPlan {
  /** Objects of history that one night is to read. */
  readonly share: number;
  /** Ranges that were read to their end; none of them meets another one. */
  readonly done: CreatedRange[];
  /** Changes of the adapter's own rows. */
  readonly state: StateChange[];
  /** What was to be read and was not, for people. */
  readonly left: string[];
  /** Objects of which events told after the published horizon. */
  readonly underway: Set<string>;
}

function daysFrom(state: ReadonlyMap<string, Json>, key: Days["key"], before: number): Days[] {
  const from = state.get(key) ?? before - DAY;
  return typeof from === "number" && from < before ? [{ key, from, before }] : [];
}

/**
 * What nets are to read: each day once when it is over and once two days later, those included that earlier nights left out, and then
 * history, from where the last night came to.
 */
export function planNet({ feed }: FeedRequest, { state, until }: { state: ReadonlyMap<string, Json>; until: number }): NetPlan {
  const midnight = until - (until % DAY);
  const [first, third] = [daysFrom(state, FIRST_READ, midnight), daysFrom(state, SECOND_READ, midnight - 2 * DAY)];
  // Of a day that is due twice once is enough.
  const from = Math.max(first[0]?.from ?? midnight, third[0]?.before ?? 0);
  const days = [...first.flatMap((d) => (from < d.before ? [{ ...d, from }] : [])), ...third];
  const { keeps } = listedFor(stripeReading(feed).object).listed;
  if (!keeps) return { days, history: null };
  const top = Math.min(midnight - 3 * DAY, ...days.map((d) => d.from));
  const left = state.get(HISTORY);
  return { days, history: typeof left === "number" ? Math.min(left, top) : top };
}

/** A reading of a plan that has read nothing, over a feed of so many published objects. */
export function beginNet(plan: NetPlan, rows: bigint): NetReading {
  const night = (rows + NIGHTS - 1n) / NIGHTS;
  return {
    ...plan,
    share: Number(night > LEAST ? night : LEAST),
    done: [],
    state: [],
    left: [],
    underway: new Set(),
  };
}

/** Notes that a due part was read to its end. */
export function dayDone({ state, done }: NetReading, { key, from, before }: Days): void {
  done.push({ from, before });
  state.push({ key, value: before });
}

/** Notes how far history was read: down to an instant, or to its end. */
export function historyDone({ state, done }: NetReading, before: number, next: number | null): void {
  done.push({ from: next, before });
  state.push({ key: HISTORY, value: next });
}

/** Whether a second stands in a range that was read. */
export function isDone({ done }: NetReading, created: number | null): boolean {
  return created !== null && done.some(({ from, before }) => created < before && (from === null || created >= from));
}
