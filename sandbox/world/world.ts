import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { BILLING_FEEDS } from "../billing/feeds.ts";
import { HOUR_MS } from "../billing/instants.ts";
import { liveOneHour, populate } from "../billing/life.ts";
import { beginLong, type LongTransaction } from "../billing/long-transaction.ts";
import {
  immutableChanged,
  negativeAmount,
  nullCustomerId,
  overpaid,
  type Planter,
  scaleError,
  typeError,
  unknownStatus,
} from "../billing/planting/bad-rows.ts";
import { clockBack, clockForward, hardDelete } from "../billing/planting/clocks.ts";
import {
  childOfQuarantined,
  duplicateAcrossHours,
  duplicateContender,
  duplicateCopy,
  orphanForever,
  orphanHeals,
} from "../billing/planting/families.ts";
import { newState, type WorldState } from "../billing/state.ts";
import { FEEDS, keyOf } from "../billing/tables.ts";
import { beginTransaction } from "../billing/transaction.ts";
import type { Fault } from "../faults.ts";
import type { FeedId, Row } from "../feed.ts";
import { seededRandom } from "../random.ts";
import { isLongOpen, planOf } from "./schedule.ts";
import { emptyTruth, type TrueRow } from "./truth.ts";

/** What the source shows a reader at one moment, and what was planted in it. */
export interface Sight {
  readonly rows: ReadonlyMap<FeedId, readonly TrueRow[]>;
  /** Retyped columns, `feed.column`. */
  readonly retyped: readonly string[];
  readonly tags: ReadonlyMap<string, Fault>;
}

/** A living billing database. */
export interface World extends AsyncDisposable {
  /** Plays the next hour (0 is the first) and returns its number. */
  playHour(): Promise<number>;
  /** What a reader would see now. */
  sight(): Sight;
  /** The hour's window, half open. */
  windowOf(hour: number): { start: string; end: string };
}

export interface WorldOptions {
  /** The billing database, empty. */
  readonly url: string;
  readonly seed: number;
  readonly scale: number;
}

/** A Monday. The calendar lies in the past of the real clock, since windows must not end in its future. */
const START = Date.UTC(2026, 9, 5);
const PLANTS_PER_HOUR = 5;
const RETYPED = "billing.invoices.tax_minor";

const PLANTERS: readonly Planter[] = [
  nullCustomerId,
  duplicateContender,
  orphanHeals,
  negativeAmount,
  clockForward,
  duplicateCopy,
  overpaid,
  orphanForever,
  unknownStatus,
  clockBack,
  duplicateAcrossHours,
  childOfQuarantined,
  scaleError,
  immutableChanged,
  typeError,
];

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  await client.query("set timezone = 'UTC'; set datestyle = 'ISO, YMD'; set billing.keep_updated_at = 'on'");
  return client;
}

async function createTables(client: pg.Client): Promise<void> {
  await client.query(readFileSync(join(import.meta.dirname, "../billing/billing.sql"), "utf8"));
  // An ANALYZE holds a transaction id, so a run beside it would read rows again; the books could not foresee that.
  for (const feed of FEEDS) await client.query(`alter table ${feed} set (autovacuum_enabled = off)`);
}

/** Plants this hour's share of the faults; each kind has its turn. */
async function plant(state: WorldState): Promise<void> {
  await state.inTransaction(async (tx) => {
    for (let i = 0; i < PLANTS_PER_HOUR; i += 1) {
      const planter = PLANTERS[(state.hour() * PLANTS_PER_HOUR + i) % PLANTERS.length];
      if (planter && !(planter === duplicateCopy && isLongOpen(state.hour()))) await planter(state, tx);
    }
    await hardDelete(state, tx);
  });
}

/** What is undone in the next hour. */
interface Upheaval {
  deleted: Row[];
  retyped: boolean;
}

async function deleteMany(state: WorldState): Promise<Row[]> {
  const rows = state.truth.rows("billing.payments").map((row) => row.cells);
  const deleted = rows.filter(() => state.random.chance(0.4));
  await state.inTransaction((tx) => tx.remove("billing.payments", deleted.map(keyOf)));
  return deleted;
}

async function undo(state: WorldState, client: pg.Client, upheaval: Upheaval): Promise<void> {
  if (upheaval.retyped)
    await client.query("alter table billing.invoices alter column tax_minor type numeric using tax_minor::numeric");
  if (upheaval.deleted.length > 0) {
    const restored = upheaval.deleted;
    const tx = await beginTransaction(client, state.truth);
    await tx.insert("billing.payments", restored);
    await tx.commit();
  }
  upheaval.retyped = false;
  upheaval.deleted = [];
}

async function happen(state: WorldState, client: pg.Client, upheaval: Upheaval): Promise<void> {
  const plan = planOf(state.hour());
  await undo(state, client, upheaval);
  if (plan.empty) return;
  await state.inTransaction(async (tx) => {
    for (const deed of state.due()) await deed(state, tx);
  });
  if (plan.tidy) {
    await state.inTransaction(async (tx) => {
      for (const feed of FEEDS) await tx.tidy(feed);
    });
  }
  await liveOneHour(state);
  await plant(state);
  if (plan.massDelete) upheaval.deleted = await deleteMany(state);
  if (plan.retyped) {
    await client.query("alter table billing.invoices alter column tax_minor type text");
    upheaval.retyped = true;
  }
}

/** Creates the tables in an empty database and the company as it is before the first hour. */
export async function createWorld({ url, seed, scale }: WorldOptions): Promise<World> {
  const client = await connect(url);
  const slow = await connect(url);
  await createTables(client);
  const truth = emptyTruth(BILLING_FEEDS);
  const state = newState({ client, random: seededRandom(seed), truth, start: START, scale });
  const upheaval: Upheaval = { deleted: [], retyped: false };
  let long: LongTransaction | null = null;
  let hour = -1;
  await populate(state);
  const turnLong = async () => {
    if (long?.until === hour) {
      await long.end();
      long = null;
    }
    const hours = planOf(hour).longTransaction;
    if (hours !== null && long === null) long = await beginLong(state, slow, hour + hours);
  };
  return {
    playHour: async () => {
      if (hour >= 0) state.advance();
      hour += 1;
      await turnLong();
      await happen(state, client, upheaval);
      return hour;
    },
    sight: () => ({
      rows: new Map(FEEDS.map((feed) => [feed, truth.rows(feed)])),
      retyped: upheaval.retyped ? [RETYPED] : [],
      tags: truth.tags(),
    }),
    windowOf: (at) => ({ start: iso(START + at * HOUR_MS), end: iso(START + (at + 1) * HOUR_MS) }),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([client, slow].map((c) => c.end().catch(() => undefined)));
    },
  };
}

function iso(ms: number): string {
  return new Date(ms).toISOString().replace(".000Z", "Z");
}
