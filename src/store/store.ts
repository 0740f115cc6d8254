import pg from "pg";
import { connectServer } from "../postgres/connect.ts";

import { serverAddress } from "../postgres/server-address.ts";
import type { Ask } from "./ask.ts";
import { applyMigrations, checkSchema, knownMigrations } from "./migrations.ts";
import { OWNER } from "./owner.ts";
import { storeFailure } from "./store-failure.ts";

/** An open control store. Operations take it as their first argument. */
export interface Store {
  readonly ask: Ask;
  /** Runs several questions in one transaction. */
  inTransaction<T>(work: (ask: Ask) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

const CONNECTIONS = 4;

const OPTIONS = "-c TimeZone=UTC -c statement_timeout=60s -c lock_timeout=30s -c idle_in_transaction_session_timeout=60s";

/** The settings of a connection that was made, for a pool of more like it: what it took to make one is not tried again for each. */
async function reached(url: string): Promise<pg.ClientConfig> {
  const address = serverAddress(url, OWNER, process.env);
  const how = { owner: OWNER, applicationName: "ledgerloop store", patienceMs: 10_000, options: OPTIONS };
  try {
    const { client, config } = await connectServer(address, how);
    await client.end().catch(ignore);
    return config;
  } catch (error) {
    throw storeFailure(error);
  }
}

async function newPool(url: string): Promise<pg.Pool> {
  const pool = new pg.Pool({ ...(await reached(url)), max: CONNECTIONS, allowExitOnIdle: true });
  pool.on("error", ignore);
  return pool;
}

async function withClient<T>(pool: pg.Pool, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  let broken = false;
  let client: pg.PoolClient | undefined;
  try {
    client = await pool.connect();
    client.on("error", ignore);
    return await work(client);
  } catch (error) {
    broken = true;
    throw storeFailure(error);
  } finally {
    client?.off("error", ignore);
    client?.release(broken);
  }
}

function ignore(): void {
  // The question under way gets the same error; an idle connection that ended is replaced at the next question.
}

function askerOf(client: pg.ClientBase): Ask {
  return async <T extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = []) =>
    (await client.query<T>(sql, [...values])).rows;
}

/**
 * Creates or upgrades the control store's schema.
 * @returns the names of the migrations applied now.
 * @throws Failure `usage` when it is newer than this version, `retryable` when it cannot be reached.
 */
export async function migrateStore(url: string): Promise<string[]> {
  const pool = await newPool(url);
  try {
    const known = await knownMigrations();
    return await withClient(pool, (client) => applyMigrations(client, known));
  } finally {
    await pool.end();
  }
}

/**
 * Opens a control store whose schema is this version's.
 * @throws Failure `usage` when it is not (next: `ledgerloop up`), `retryable` when it cannot be reached.
 */
export async function openStore(url: string): Promise<Store> {
  const pool = await newPool(url);
  try {
    const known = await knownMigrations();
    await withClient(pool, (client) => checkSchema(client, known));
  } catch (error) {
    await pool.end();
    throw error;
  }
  return {
    ask: (sql, values) => withClient(pool, (client) => askerOf(client)(sql, values)),
    inTransaction: (work) =>
      withClient(pool, async (client) => {
        await client.query("begin");
        // On an error the connection is dropped, which rolls back.
        const result = await work(askerOf(client));
        await client.query("commit");
        return result;
      }),
    close: () => pool.end(),
  };
}
