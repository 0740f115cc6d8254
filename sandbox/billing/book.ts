import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import type { Act, Deed, Member } from "../cast/facts.ts";
import type { Row } from "../feed.ts";
import type { Book, OpenBook } from "../world/book.ts";
import { type HourPlan, isLongOpen } from "../world/schedule.ts";
import { BILLING_FEEDS } from "./feeds.ts";
import { beginLong, type LongTransaction } from "./long-transaction.ts";
import {
  immutableChanged,
  negativeAmount,
  nullCustomerId,
  overpaid,
  scaleError,
  typeError,
  unknownStatus,
} from "./planting/bad-rows.ts";
import { clockBack, clockForward, hardDelete } from "./planting/clocks.ts";
import type { Planter } from "./planting/corrections.ts";
import {
  childOfQuarantined,
  duplicateAcrossHours,
  duplicateContender,
  duplicateCopy,
  orphanForever,
  orphanHeals,
} from "./planting/families.ts";
import { type BillingState, newState } from "./state.ts";
import { FEEDS, keyOf } from "./tables.ts";
import { changedRow, FEED_OF, rowOf } from "./words.ts";

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
  await client.query(readFileSync(join(import.meta.dirname, "billing.sql"), "utf8"));
  // An ANALYZE holds a transaction id, so a run beside it would read rows again; the truth could not foresee that.
  for (const feed of FEEDS) await client.query(`alter table ${feed} set (autovacuum_enabled = off)`);
}

function written(state: BillingState, { does, kind, facts }: Deed): Row[] {
  return facts.map((fact) => {
    const member: Member = { kind, fact };
    return does === "begin" ? rowOf(member) : changedRow(member, state.rowOf(member) ?? {});
  });
}

async function write(state: BillingState, act: Act): Promise<void> {
  await state.inTransaction(async (tx) => {
    for (const deed of act) {
      const rows = written(state, deed);
      await (deed.does === "begin" ? tx.insert(FEED_OF[deed.kind], rows) : tx.update(FEED_OF[deed.kind], rows));
    }
  });
}

/** Plants this hour's share of the faults; each kind has its turn. */
async function plant(state: BillingState): Promise<void> {
  const hour = state.company.hour();
  await state.inTransaction(async (tx) => {
    for (let i = 0; i < PLANTS_PER_HOUR; i += 1) {
      const planter = PLANTERS[(hour * PLANTS_PER_HOUR + i) % PLANTERS.length];
      if (planter && !(planter === duplicateCopy && isLongOpen(hour))) await planter(state, tx);
    }
    await hardDelete(state, tx);
  });
}

/** What is undone in the next hour. */
interface Upheaval {
  deleted: Row[];
  retyped: boolean;
}

async function deleteMany(state: BillingState): Promise<Row[]> {
  const rows = state.truth.rows("billing.payments").map((row) => row.cells);
  const deleted = rows.filter(() => state.company.random.chance(0.4));
  await state.inTransaction((tx) => tx.remove("billing.payments", deleted.map(keyOf)));
  return deleted;
}

async function goWrong(state: BillingState, plan: HourPlan, upheaval: Upheaval): Promise<void> {
  await plant(state);
  if (plan.massDelete) upheaval.deleted = await deleteMany(state);
  if (!plan.retyped) return;
  await state.client.query("alter table billing.invoices alter column tax_minor type text");
  upheaval.retyped = true;
}

async function undo(state: BillingState, upheaval: Upheaval): Promise<void> {
  if (upheaval.retyped)
    await state.client.query("alter table billing.invoices alter column tax_minor type numeric using tax_minor::numeric");
  if (upheaval.deleted.length > 0) await state.inTransaction((tx) => tx.insert("billing.payments", upheaval.deleted));
  upheaval.retyped = false;
  upheaval.deleted = [];
}

async function correctAndTidy(state: BillingState, plan: HourPlan): Promise<void> {
  await state.inTransaction(async (tx) => {
    for (const task of state.due()) await task(state, tx);
  });
  if (!plan.tidy) return;
  await state.inTransaction(async (tx) => {
    for (const feed of FEEDS) await tx.tidy(feed);
  });
}

/** One after another on a connection of their own, since each stays open while the hours go on. */
function longTransactions(state: BillingState, client: pg.ClientBase): (plan: HourPlan) => Promise<void> {
  let long: LongTransaction | null = null;
  return async ({ longTransaction }) => {
    const hour = state.company.hour();
    if (long?.until === hour) {
      await long.end();
      long = null;
    }
    if (longTransaction !== null && long === null) long = await beginLong(state, client, hour + longTransaction);
  };
}

function kept(state: BillingState, clients: { client: pg.Client; slow: pg.Client }): OpenBook {
  const { client, slow } = clients;
  const turnLong = longTransactions(state, slow);
  const upheaval: Upheaval = { deleted: [], retyped: false };
  return {
    write: (act) => write(state, act),
    beginHour: async (plan) => {
      await turnLong(plan);
      await undo(state, upheaval);
      if (!plan.empty) await correctAndTidy(state, plan);
      return state.told();
    },
    endHour: async (plan) => {
      if (!plan.empty) await goWrong(state, plan, upheaval);
      return state.told();
    },
    retyped: () => (upheaval.retyped ? [RETYPED] : []),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([client, slow].map((c) => c.end().catch(() => undefined)));
    },
  };
}

/** The PostgreSQL billing system, in an empty database. */
export function billingBook({ url }: { readonly url: string }): Book {
  return {
    feeds: BILLING_FEEDS,
    open: async (company, truth) => {
      const client = await connect(url);
      const slow = await connect(url);
      await createTables(client);
      return kept(newState({ company, client, truth }), { client, slow });
    },
  };
}
