import type { Store } from "../store.ts";

/** A rate that whoever shares the control store keeps together. Who comes with other limits than the last one is served by their own. */
export interface StoredRate {
  /** Holds no secret: `stripe/acct_1/all`. */
  readonly name: string;
  readonly perSecond: number;
  /** Slots that can be saved up; at least 1. */
  readonly burst: number;
}

/** A slot that is nobody else's. */
export interface Slot {
  /** The instant that it begins, by the store's clock, in PostgreSQL's text. */
  readonly at: string;
  /** Milliseconds up to it; 0 where it may be used now. */
  readonly waitMs: number;
}

/*
 * One row, one statement: the row's lock is what lets processes take turns, and the clock is read once, when the row is ours. $2 and $3
 * are the interval between two slots and what may be saved up beside one, in microseconds; $4 the milliseconds that are worth waiting,
 * null for any.
 */
const EVERY = "$2::float8 * interval '1 microsecond'";
const SAVED = "$3::float8 * interval '1 microsecond'";
const NOW = "(select at from clock)";
const ARRIVAL = `greatest(r.next_at, r.held_until + ${SAVED}, ${NOW})`;

const CLAIM = `
with clock as materialized (select clock_timestamp() as at)
insert into ledgerloop.rate as r (name, next_at) values ($1, clock_timestamp() + ${EVERY})
on conflict (name) do update
   set next_at = ${ARRIVAL} + ${EVERY}
 where $4::float8 is null or ${ARRIVAL} - ${SAVED} <= ${NOW} + $4::float8 * interval '1 millisecond'
returning greatest(next_at - ${EVERY} - ${SAVED}, least(${NOW}, next_at - ${EVERY}))::text as at,
          greatest(0, extract(epoch from next_at - ${EVERY} - ${SAVED} - clock_timestamp()) * 1000)::float8 as "waitMs"`;

/** Whole microseconds, so that the database rounds nothing: never more slots than the rate. */
function intervals({ perSecond, burst }: Omit<StoredRate, "name">): readonly [every: number, saved: number] {
  const every = Math.ceil(1_000_000 / perSecond);
  return [every, Math.floor(burst - 1) * every];
}

/**
 * Takes the next slot of a rate for good: one that is not used is lost, which slows down and never exceeds.
 * @returns null, and takes none, where it would begin only after so many milliseconds.
 */
export async function claimSlot(store: Store, rate: StoredRate, patienceMs: number | null): Promise<Slot | null> {
  const [slot] = await store.ask<{ at: string; waitMs: number }>(CLAIM, [rate.name, ...intervals(rate), patienceMs]);
  return slot ?? null;
}

/** Whether a rate was held beyond a slot after it had been given out. */
export async function isHeldBeyond(store: Store, name: string, at: Slot["at"]): Promise<boolean> {
  const rows = await store.ask("select from ledgerloop.rate where name = $1 and held_until > $2::timestamptz", [name, at]);
  return rows.length > 0;
}

const HOLD = `
insert into ledgerloop.rate as r (name, next_at, held_until)
values ($1, clock_timestamp(), clock_timestamp() + $2::float8 * interval '1 millisecond')
on conflict (name) do update set held_until = greatest(r.held_until, excluded.held_until)`;

/** Lets no slot begin for so many milliseconds, and leaves nothing saved up behind them. */
export async function holdRate(store: Store, name: string, milliseconds: number): Promise<void> {
  await store.ask(HOLD, [name, milliseconds]);
}
