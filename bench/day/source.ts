import pg from "pg";
import { rowsOf, type Span } from "../data.ts";
import { AMOUNTS, RULES, TABLES } from "../rules.ts";

/** A table of the source: how its ids begin, its rows for each customer, and a number that updates count up and no rule asks for. */
interface DayTable {
  readonly table: string;
  readonly prefix: string;
  readonly times: number;
  readonly counted: string;
}

const DAY: readonly DayTable[] = [
  { table: "customers", prefix: "cus_", times: 1, counted: "balance_minor" },
  { table: "subscriptions", prefix: "sub_", times: 2, counted: "quantity" },
  { table: "invoices", prefix: "in_", times: 10, counted: "tax_minor" },
  { table: "payments", prefix: "py_", times: 7, counted: "fee_minor" },
];

/** Of an hour's rows, one in so many is an update. */
const UPDATED = 10;

/** Which rows an hour updates: of everything there is, or of the two hours before it. */
export const UPDATES = { spread: Number.POSITIVE_INFINITY, recent: 2 } as const;
export type Updates = keyof typeof UPDATES;

/** Customers behind hour `hour` (the first is 0) when the first has `n` and each later one brings nine tenths as many. */
export function customersAfter(n: number, hour: number): number {
  return n + hour * (n - n / UPDATED);
}

/** What should be live in a warehouse, of one table: all rows, and those of the latest hour with the sum of their amounts. */
export interface Live {
  readonly table: string;
  readonly rows: string;
  readonly hour_rows: string;
  readonly hour_sum: string;
}

/** The hours of a day in schema `src`, and what of them can be published. */
export interface DaySource extends AsyncDisposable {
  /** Brings hour `hour` (the second is 1): new rows behind the last ones, and updates spread evenly over those of earlier hours that are reached. */
  bring(hour: number): Promise<void>;
  /** Counts what the hours up to `hour` make live. `since` is when the latest of them began, in UTC. */
  live(hour: number): Promise<{ readonly since: string; readonly tables: readonly Live[] }>;
  /** Bytes of the source's tables and indexes. */
  bytes(): Promise<number>;
}

/** `updated_at`, the last column of each table, is the server's clock for each row: incremental reads go by it. */
function insertSql(table: string, rows: string): string {
  const columns = Object.keys(TABLES[table] ?? {}).slice(0, -1);
  return `insert into src.${table} select ${columns.join(", ")}, clock_timestamp() from (${rows}) r`;
}

/** Newer copies of new invoices, as the first hour has them. */
function copiesSql(after: number): string {
  const columns = Object.keys(TABLES["invoices"] ?? {}).slice(0, -1);
  return `insert into src.invoices select ${columns.join(", ")}, clock_timestamp() from src.invoices
    where id > src.code('in_', ${10 * after}) and substr(id, 4)::bigint % 10000 = 41`;
}

/** Rows of a table that an hour updates when the first has `n` customers; newer copies of them not counted. */
const updatesOf = ({ times }: DayTable, n: number) => (times * n) / UPDATED;

/** Rows of an hour, what the first hour has, and behind which customers updates begin. */
interface HourSpan extends Span {
  readonly hour: number;
  readonly first: number;
  readonly updatedAfter: number;
}

/** Updates a tenth of the first hour's rows among those of customers `updatedAfter` + 1 to `after`, every so many-th; which ones differs by hour. */
function updateSql(of: DayTable, span: HourSpan): string {
  const { table, prefix, times, counted } = of;
  const updates = updatesOf(of, span.first);
  const step = Math.floor((times * (span.after - span.updatedAfter)) / updates);
  const start = times * span.updatedAfter + 1 + ((7 * span.hour) % step);
  return `update src.${table} set ${counted} = ${counted} + 1, updated_at = clock_timestamp()
    where id in (select src.code('${prefix}', ${start} + j * ${step}::bigint) from generate_series(0, ${updates - 1}) j)`;
}

/**
 * Remembers which rows of a span cannot be published: those that break a rule of their own, refer to nothing, or to such a row.
 * Ids of parents that do not exist have `orphan` in them.
 */
function badSql({ table, prefix, times }: DayTable, after: number): string {
  const rules = RULES.filter((r) => r.table === table);
  const own = rules.flatMap((r) => (r.broken === null ? [] : [`(${r.broken})`]));
  const parents = rules.flatMap(({ parent }) =>
    parent
      ? [`${parent.column} like '%orphan%'`, `${parent.column} in (select id from truth.bad where tab = '${parent.table}')`]
      : [],
  );
  return `insert into truth.bad select '${table}', id from src.${table}
    where id > src.code('${prefix}', ${times * after}) and (${[...own, ...parents].join(" or ")}) on conflict do nothing`;
}

const liveSql = (table: string, since: string) => `select count(*)::text as n, coalesce(sum(amount), 0)::text as s from (
  select distinct id, ${AMOUNTS[table]} as amount from src.${table} r
  where updated_at >= '${since}' and not exists (select from truth.bad b where b.tab = '${table}' and b.id = r.id)) d`;

/**
 * A source that is thrown away needs no copies of whole pages in its log: updates that are spread over everything would write several
 * times what they change, between hours, and push what hours read out of the page cache. Nor are its indexes cleaned, which VACUUM reads whole.
 */
const SETTINGS = ["full_page_writes = off", "max_wal_size = '8GB'"];

/** Takes over a source with the first hour of `n` customers. */
export async function daySource(url: string, n: number, updates: Updates): Promise<DaySource> {
  const connect = async () => {
    const client = new pg.Client({ connectionString: url, options: "-c TimeZone=UTC -c work_mem=64MB" });
    await client.connect();
    return client;
  };
  const [client, other] = [await connect(), await connect()];
  for (const setting of SETTINGS) await client.query(`alter system set ${setting}`);
  await client.query("select pg_reload_conf()");
  await client.query("create schema truth");
  await client.query("create table truth.bad (tab text, id text, primary key (tab, id))");
  const one = async (sql: string) => (await client.query(sql)).rows[0] as Record<string, string>;
  const bringTables = async (by: pg.Client, of: readonly DayTable[], span: HourSpan) => {
    const rows = rowsOf(span);
    for (const table of of) {
      await by.query(insertSql(table.table, rows[table.table] ?? ""));
      const { rowCount } = await by.query(updateSql(table, span));
      if ((rowCount ?? 0) < updatesOf(table, n))
        throw new Error(`hour ${span.hour + 1} updated ${rowCount} rows of ${table.table} only`);
    }
  };
  const isInvoices = ({ table }: DayTable) => table === "invoices";
  let since = "-infinity";
  return {
    bring: async (hour) => {
      since = (await one("select clock_timestamp()::text as t"))["t"] ?? "";
      const reached = hour - UPDATES[updates];
      const span: HourSpan = {
        after: customersAfter(n, hour - 1),
        n: customersAfter(n, hour),
        hour,
        first: n,
        updatedAfter: reached > 0 ? customersAfter(n, reached - 1) : 0,
      };
      // Invoices are half of all rows: no table refers to another, so that both halves come at once.
      await Promise.all([
        bringTables(client, DAY.filter(isInvoices), span),
        bringTables(
          other,
          DAY.filter((of) => !isInvoices(of)),
          span,
        ),
      ]);
      await client.query(copiesSql(span.after));
      await client.query("vacuum (analyze, index_cleanup off)");
    },
    live: async (hour) => {
      const tables: Live[] = [];
      for (const of of DAY) {
        await client.query(badSql(of, hour === 0 ? 0 : customersAfter(n, hour - 1)));
        const bad = await one(`select count(*) as n from truth.bad where tab = '${of.table}'`);
        const { n: rows = "", s: sum = "" } = await one(liveSql(of.table, since));
        const all = String(of.times * customersAfter(n, hour) - Number(bad["n"]));
        tables.push({ table: of.table, rows: all, hour_rows: rows, hour_sum: sum });
      }
      return { since, tables };
    },
    bytes: async () => Number((await one("select pg_database_size(current_database()) as b"))["b"]),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([client.end(), other.end()]);
    },
  };
}
