import type pg from "pg";
import type { Fault } from "../faults.ts";
import type { Row } from "../feed.ts";
import type { Random } from "../random.ts";
import type { Truth } from "../world/truth.ts";
import { HOUR_MS } from "./instants.ts";
import { type BillingFeed, FEEDS, keyOf } from "./tables.ts";
import { beginTransaction, type WorldTransaction } from "./transaction.ts";

/** Something that is to happen in a later hour, inside that hour's fault transaction. */
export type Deed = (state: WorldState, tx: WorldTransaction) => Promise<void>;

/** What the generator's parts share. */
export interface WorldState {
  readonly random: Random;
  readonly truth: Truth;
  readonly client: pg.ClientBase;
  readonly scale: number;
  /** A simulated instant within the current hour. */
  now(): number;
  hour(): number;
  nextId(feed: BillingFeed): string;
  /** Runs work in one transaction. */
  inTransaction(work: (tx: WorldTransaction) => Promise<void>): Promise<void>;
  /** Rows that life may change and refer to; they are good and committed. */
  join(feed: BillingFeed, rows: readonly Row[]): void;
  leave(feed: BillingFeed, id: string): void;
  /** Draws a healthy row that nothing else changes in this hour; null when none is accepted. */
  take(feed: BillingFeed, accept?: (row: Row) => boolean): Row | null;
  /** Draws a healthy row to refer to. */
  look(feed: BillingFeed): Row;
  later(hours: number, deed: Deed): void;
  due(): Deed[];
  advance(): void;
  plant(feed: BillingFeed, row: Row, fault: Fault): void;
}

const TRIES = 60;

/** Hours that lie behind the company when the story begins. */
export const PRELUDE_HOURS = 8;

interface Herd {
  readonly ids: string[];
  readonly places: Map<string, number>;
}

function remove(herd: Herd, id: string): void {
  const place = herd.places.get(id);
  const last = herd.ids.pop();
  if (place === undefined || last === undefined) return;
  herd.places.delete(id);
  if (last === id) return;
  herd.ids[place] = last;
  herd.places.set(last, place);
}

/** The rows that life goes on with, and a fair draw from them. */
function herds(random: Random, truth: Truth) {
  const all = new Map<BillingFeed, Herd>(FEEDS.map((feed) => [feed, { ids: [], places: new Map() }]));
  const touched = new Set<string>();
  const herdOf = (feed: BillingFeed) => all.get(feed) ?? { ids: [], places: new Map<string, number>() };
  const draw = (feed: BillingFeed): Row | undefined => {
    const { ids } = herdOf(feed);
    return ids.length === 0 ? undefined : truth.find(feed, random.pick(ids))[0]?.cells;
  };
  return {
    touched,
    join: (feed: BillingFeed, rows: readonly Row[]) => {
      const herd = herdOf(feed);
      for (const row of rows) {
        if (herd.places.has(keyOf(row))) continue;
        herd.places.set(keyOf(row), herd.ids.push(keyOf(row)) - 1);
      }
    },
    leave: (feed: BillingFeed, id: string) => {
      const herd = herdOf(feed);
      if (herd.places.has(id)) remove(herd, id);
    },
    take: (feed: BillingFeed, accept: (row: Row) => boolean = () => true): Row | null => {
      for (let i = 0; i < TRIES; i += 1) {
        const row = draw(feed);
        if (!row || touched.has(`${feed}|${keyOf(row)}`) || !accept(row)) continue;
        touched.add(`${feed}|${keyOf(row)}`);
        return row;
      }
      return null;
    },
    look: (feed: BillingFeed): Row => {
      const row = draw(feed);
      if (!row) throw new Error(`${feed} has no healthy row to refer to`);
      return row;
    },
  };
}

/** The shared state at the begin of the prelude, before any row exists. */
export function newState(options: {
  client: pg.ClientBase;
  random: Random;
  truth: Truth;
  start: number;
  scale: number;
}): WorldState {
  const { client, random, truth, start, scale } = options;
  const herd = herds(random, truth);
  const ids = new Map<BillingFeed, number>();
  const agenda = new Map<number, Deed[]>();
  let hour = -PRELUDE_HOURS;
  return {
    random,
    truth,
    client,
    scale,
    now: () => start + hour * HOUR_MS + random.int(0, HOUR_MS / 1000 - 1) * 1000 + (random.chance(0.3) ? random.int(0, 999) : 0),
    hour: () => hour,
    nextId: (feed) => {
      const id = (ids.get(feed) ?? 0) + 1;
      ids.set(feed, id);
      return String(id);
    },
    inTransaction: async (work) => {
      const tx = await beginTransaction(client, truth);
      await work(tx);
      await tx.commit();
    },
    join: herd.join,
    leave: herd.leave,
    take: herd.take,
    look: herd.look,
    later: (hours, deed) => agenda.set(hour + hours, [...(agenda.get(hour + hours) ?? []), deed]),
    due: () => {
      const deeds = [...agenda.keys()].filter((at) => at <= hour).flatMap((at) => agenda.get(at) ?? []);
      for (const at of [...agenda.keys()]) if (at <= hour) agenda.delete(at);
      return deeds;
    },
    advance: () => {
      hour += 1;
      herd.touched.clear();
    },
    plant: (feed, row, fault) => {
      truth.tag(feed, keyOf(row), fault);
      herd.leave(feed, keyOf(row));
    },
  };
}
