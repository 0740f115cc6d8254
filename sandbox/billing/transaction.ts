import type pg from "pg";
import type { Row } from "../feed.ts";
import type { Effect, Truth } from "../world/truth.ts";
import { type BillingFeed, COLUMNS, columnNames, keyOf } from "./tables.ts";

/** A transaction on the billing database whose effects enter the truth when it commits. */
export interface BillingTransaction {
  insert(feed: BillingFeed, rows: readonly Row[]): Promise<void>;
  /** Sets all columns of the rows with these source keys. */
  update(feed: BillingFeed, rows: readonly Row[]): Promise<void>;
  remove(feed: BillingFeed, ids: readonly string[]): Promise<void>;
  /** Removes all but one of the physical copies of each row. */
  tidy(feed: BillingFeed): Promise<void>;
  commit(): Promise<void>;
}

/*
 * The reader's horizon of `payments` is an instant of the real clock, so their updated_at is the real now() of the writing
 * transaction unless a clock is skewed on purpose; the truth learns it from RETURNING.
 */
function written(feed: BillingFeed, name: string): string {
  return feed === "billing.payments" && name === "updated_at" ? "coalesce(v.updated_at, now())" : `v.${name}`;
}

function values(feed: BillingFeed): string {
  const arrays = COLUMNS[feed].map(([, type], i) => `$${i + 1}::${type}[]`);
  return `unnest(${arrays.join(", ")}) as v(${columnNames(feed).join(", ")})`;
}

function insertSql(feed: BillingFeed): string {
  const names = columnNames(feed);
  const list = names.map((name) => written(feed, name)).join(", ");
  return `insert into ${feed} (${names.join(", ")}) select ${list} from ${values(feed)} returning id::text, updated_at::text`;
}

function updateSql(feed: BillingFeed): string {
  const set = columnNames(feed)
    .filter((name) => name !== "id")
    .map((name) => `${name} = ${written(feed, name)}`);
  return `update ${feed} t set ${set.join(", ")} from ${values(feed)} where t.id = v.id returning t.id::text, t.updated_at::text`;
}

async function write(
  client: pg.ClientBase,
  sql: string,
  { feed, rows }: { feed: BillingFeed; rows: readonly Row[] },
): Promise<Row[]> {
  const parameters = columnNames(feed).map((name) => rows.map((row) => row[name] ?? null));
  const result = await client.query<{ id: string; updated_at: string }>(sql, parameters);
  const stamped = new Map(result.rows.map((row) => [row.id, row.updated_at]));
  return rows.map((cells) => ({ ...cells, updated_at: stamped.get(keyOf(cells)) ?? null }));
}

/** Begins a transaction on a connection that nobody else uses meanwhile. */
export async function beginTransaction(client: pg.ClientBase, truth: Truth): Promise<BillingTransaction> {
  const effects: Effect[] = [];
  await client.query("begin");
  const change =
    (does: "insert" | "update", sql: (feed: BillingFeed) => string) => async (feed: BillingFeed, rows: readonly Row[]) => {
      if (rows.length > 0) effects.push({ does, feed, rows: await write(client, sql(feed), { feed, rows }) });
    };
  return {
    insert: change("insert", insertSql),
    update: change("update", updateSql),
    remove: async (feed, ids) => {
      await client.query(`delete from ${feed} where id = any($1::bigint[])`, [ids]);
      effects.push({ does: "remove", feed, ids });
    },
    tidy: async (feed) => {
      await client.query(`delete from ${feed} a using ${feed} b where a.id = b.id and a.ctid > b.ctid`);
      effects.push({ does: "tidy", feed });
    },
    commit: async () => {
      await client.query("commit");
      truth.apply(effects);
    },
  };
}
