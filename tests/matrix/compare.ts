import { DuckDBInstance } from "@duckdb/node-api";
import pg from "pg";

/** A row as text: key, business key, amount, currency, and two texts. */
type Row = readonly (string | null)[];

const COLUMNS = ["id", "bill_id", "amount", "currency", "note", "state"];

/** What is published and what waits, as the warehouse's tables hold it. */
interface Warehouse {
  readonly live: readonly Row[];
  readonly waiting: readonly Row[];
}

async function sourceRows({ url, relation }: { url: string; relation: string }): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const texts = COLUMNS.map((name) => `${name}::text`).join(", ");
    const { rows } = await client.query<(string | null)[]>({ text: `select ${texts} from ${relation}`, rowMode: "array" });
    return rows;
  } finally {
    await client.end();
  }
}

async function warehouseRows(path: string): Promise<Warehouse> {
  const instance = await DuckDBInstance.create(path, { access_mode: "READ_ONLY" });
  const connection = await instance.connect();
  const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRows() as (string | null)[][];
  try {
    const live = COLUMNS.map((name) => `CAST(${name} AS VARCHAR)`).join(", ");
    const waiting = COLUMNS.map((name) => `json_extract_string(q.payload, '$.${name}')`).join(", ");
    return {
      live: await rows(`SELECT ${live} FROM staging.shop_bills__rows WHERE _deleted_at IS NULL`),
      waiting: await rows(
        `SELECT ${waiting} FROM ops.quarantine_row q WHERE q.row_id NOT IN (SELECT e.row_id FROM ops.quarantine_event e)`,
      ),
    };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** How source and warehouse differ, in rows written down for people. */
export interface Differences {
  /** Rows of the source that are neither published nor waiting. */
  readonly missing: readonly string[];
  /** Rows that are published or wait and that the source does not have. */
  readonly surplus: readonly string[];
  /** The same of keys alone. */
  readonly missingKeys: readonly string[];
  readonly surplusKeys: readonly string[];
}

function without(these: Iterable<string>, those: ReadonlySet<string>): string[] {
  return [...new Set(these)].filter((one) => !those.has(one)).sort();
}

/**
 * Compares the relation behind a feed with its staging and waiting rows, by SQL and code of its own. A published row that has a
 * waiting one of its key is known to be stale, and no difference.
 */
export async function differences(of: { url: string; relation: string; warehouse: string }): Promise<Differences> {
  const source = await sourceRows(of);
  const { live, waiting } = await warehouseRows(of.warehouse);
  const text = (row: Row) => row.join("|");
  const key = ([id]: Row) => id ?? "";
  const stale = new Set(waiting.map(key));
  const there = new Set(source.map(text));
  const current = live.filter((row) => !stale.has(key(row)) || there.has(text(row)));
  const known = [...current, ...waiting];
  return {
    missing: without(source.map(text), new Set(known.map(text))),
    surplus: without(known.map(text), there),
    missingKeys: without(source.map(key), new Set([...live, ...waiting].map(key))),
    surplusKeys: without([...live, ...waiting].map(key), new Set(source.map(key))),
  };
}
