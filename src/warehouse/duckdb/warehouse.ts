import { existsSync, rmSync } from "node:fs";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { eachAtOnce } from "../../kernel/at-once.ts";
import { Failure, messageOf } from "../../kernel/problem.ts";
import type { Statement } from "../dialect.ts";
import {
  foreignWal,
  memoryUsedUp,
  statementFailed,
  warehouseBusy,
  warehouseMissing,
  warehouseOpenTwice,
  warehouseUnreadable,
} from "../problems.ts";
import { refuseInTransaction } from "../statement-class.ts";
import { type Answer, type RawBatch, type RawFile, type Session, UnknownOutcome, type Warehouse } from "../warehouse.ts";
import { duckdbDialect } from "./dialect.ts";
import { lockWarehouseFile } from "./file-lock.ts";
import { landedShape } from "./landed-shape.ts";
import { rawView } from "./raw-view.ts";
import { hasForeignLog } from "./write-ahead-log.ts";

const SCHEMAS = ["raw", "staging", "curated", "history", "ops"] as const;

/** Objects that are copied to this machine at once. */
const COPIED_AT_ONCE = 16;

/** Path → purpose of the session this process has open. */
const open = new Map<string, string>();

export interface DuckdbOptions {
  readonly path: string;
  /** Resident memory is this plus 0.4–0.8 GB (DuckDB 1.5.5). */
  readonly memoryLimit: string;
}

/** DuckDB spills what it can; a text that is being read it cannot. */
const OUT_OF_MEMORY = /^Out of Memory Error/;

function failed(statement: Statement, error: unknown): Failure {
  // DuckDB repeats values and the whole statement after the first line, and a text that is no JSON in it.
  const reason = (messageOf(error).split("\n")[0] ?? "").replace(/ Input: ".*/, "");
  if (OUT_OF_MEMORY.test(reason))
    return new Failure("incomplete", memoryUsedUp({ statement: statement.name, reason }), { cause: error });
  return new Failure("internal", statementFailed({ statement: statement.name, reason }), { cause: error });
}

function asText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

async function answer(connection: DuckDBConnection, statement: Statement): Promise<Answer> {
  try {
    const reader = await connection.runAndReadAll(statement.sql);
    const types = reader.columnTypes();
    return {
      columns: reader.columnNames().map((name, i) => ({ name, type: String(types[i]) })),
      rows: reader
        .getRowObjectsJson()
        .map((row) => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, asText(value)]))),
    };
  } catch (error) {
    throw failed(statement, error);
  }
}

async function execute(connection: DuckDBConnection, statement: Statement): Promise<bigint> {
  try {
    const result = await connection.run(statement.sql);
    return BigInt(result.rowsChanged);
  } catch (error) {
    throw failed(statement, error);
  }
}

/** What a session works on. */
export interface Attached {
  /** SQL of what is attached: a file, or memory. */
  readonly database: string;
  readonly memoryLimit: string;
  /** Folder for what does not fit into memory. */
  readonly spill: string;
  readonly readOnly: boolean;
}

/** Trying this compression on every text takes a fourth of a write's time and makes the file a sixth smaller (docs/adr/0049). */
const SPARED_COMPRESSIONS = "dictionary";

/**
 * Rows of one row group. Threads compress what they write by whole groups; the rest is compressed at CHECKPOINT, by one thread.
 * Half of DuckDB's usual size leaves half of that (docs/adr/0050).
 */
const ROW_GROUP_SIZE = 61_440;

async function configure(connection: DuckDBConnection, options: Attached): Promise<void> {
  const text = duckdbDialect.literal;
  const settings = [
    "SET timezone = 'UTC'",
    "SET preserve_insertion_order = false",
    `SET memory_limit = ${text(options.memoryLimit)}`,
    `SET temp_directory = ${text(options.spill)}`,
    `SET disabled_compression_methods = ${text(SPARED_COMPRESSIONS)}`,
    `ATTACH ${options.database}`,
    "USE wh",
    ...(options.readOnly ? [] : SCHEMAS.map((schema) => `CREATE SCHEMA IF NOT EXISTS ${schema}`)),
  ];
  for (const sql of settings) await connection.run(sql);
}

/**
 * COMMIT with `no_wal_writes` changes memory only; the CHECKPOINT is the moment of publication. With DuckDB's own log a
 * SIGKILL inside COMMIT left a transaction half applied in 8 of 12 tries (1.5.5); with this, in none of 74.
 */
async function transaction<T>(connection: DuckDBConnection, work: () => Promise<T>): Promise<T> {
  await connection.run("BEGIN TRANSACTION");
  let result: T;
  try {
    result = await work();
  } catch (error) {
    await connection.run("ROLLBACK");
    throw error;
  }
  try {
    await connection.run("COMMIT");
    await connection.run("CHECKPOINT wh");
  } catch (error) {
    throw new UnknownOutcome(error);
  }
  return result;
}

/** A session on an open connection; `release` gives back what it stands on. */
export function duckdbSession(connection: DuckDBConnection, release: () => void): Session {
  let isOpen = true;
  let inTransaction = false;
  let statements = 0;
  const counted = (statement: Statement): Statement => {
    if (inTransaction) refuseInTransaction(statement);
    statements += 1;
    return statement;
  };
  const borrowed: ReturnType<RawFile["local"]>[] = [];
  return {
    run: async (statement) => execute(connection, counted(statement)),
    rows: async (statement) => (await answer(connection, counted(statement))).rows,
    answer: async (statement) => answer(connection, counted(statement)),
    transaction: (work) =>
      transaction(connection, async () => {
        inTransaction = true;
        try {
          return await work();
        } finally {
          inTransaction = false;
        }
      }),
    replace: (ddl) =>
      transaction(connection, async () => {
        for (const statement of ddl) await execute(connection, counted(statement));
      }),
    loadRaw: async (batch: RawBatch) => {
      const paths = await eachAtOnce(batch.files, COPIED_AT_ONCE, async (file) => {
        const local = file.local();
        borrowed.push(local);
        return (await local).path;
      });
      const shape = await landedShape(batch, paths);
      await execute(connection, { name: `raw.${batch.feed}`, sql: rawView(batch, paths, shape) });
    },
    releaseRaw: async (relation) => {
      const sql = `DROP VIEW IF EXISTS ${duckdbDialect.table("raw", relation)}`;
      await execute(connection, { name: `raw.release.${relation}`, sql });
    },
    usage: () => ({ statements, bytes: null }),
    close: async () => {
      // Closed twice it would give away a lock that is somebody else's by then.
      if (!isOpen) return;
      isOpen = false;
      release();
      for (const file of await Promise.allSettled(borrowed)) if (file.status === "fulfilled") await file.value.release();
    },
  };
}

function checkFile(path: string, readOnly: boolean): void {
  if (readOnly && !existsSync(path)) throw new Failure("usage", warehouseMissing({ path }));
  if (hasForeignLog(path)) throw new Failure("internal", foreignWal({ path }));
}

/** An open connection, and what closes it. */
export interface Connected {
  readonly connection: DuckDBConnection;
  close(): void;
}

/** Opens an instance of its own on a database. */
export async function connectTo(attached: Attached): Promise<Connected> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const close = () => {
    connection.closeSync();
    instance.closeSync();
  };
  try {
    await configure(connection, attached);
    return { connection, close };
  } catch (error) {
    close();
    throw error;
  }
}

async function connect(options: DuckdbOptions & { readOnly: boolean }): Promise<Connected> {
  const mode = options.readOnly ? "READ_ONLY" : `RECOVERY_MODE no_wal_writes, ROW_GROUP_SIZE ${ROW_GROUP_SIZE}`;
  const database = `${duckdbDialect.literal(options.path)} AS wh (${mode})`;
  try {
    return await connectTo({ ...options, database, spill: `${options.path}.spill` });
  } catch (error) {
    if (/(?:could not set|conflicting) lock/i.test(messageOf(error))) {
      throw new Failure(
        "retryable",
        warehouseBusy({ path: options.path, holder: "a program other than ledgerloop", waitedMs: 0 }),
        {
          cause: error,
        },
      );
    }
    const reason = messageOf(error).split("\n")[0] ?? "";
    throw new Failure("incomplete", warehouseUnreadable({ path: options.path, reason }), { cause: error });
  }
}

/** A DuckDB file as warehouse: one session at a time over all processes, each opener behind the same guard. */
export function duckdbWarehouse(options: DuckdbOptions): Warehouse {
  return {
    dialect: duckdbDialect,
    open: async ({ purpose, readOnly = false, waitMs = 60_000 }) => {
      const busyWith = open.get(options.path);
      if (busyWith !== undefined) throw new Failure("internal", warehouseOpenTwice({ path: options.path, purpose: busyWith }));
      open.set(options.path, purpose);
      let unlock: (() => void) | undefined;
      try {
        unlock = await lockWarehouseFile({ path: options.path, purpose, waitMs });
        checkFile(options.path, readOnly);
        rmSync(`${options.path}.spill`, { recursive: true, force: true });
        const { connection, close } = await connect({ ...options, readOnly });
        const release = unlock;
        return duckdbSession(connection, () => {
          try {
            close();
            rmSync(`${options.path}.spill`, { recursive: true, force: true });
          } finally {
            release();
            open.delete(options.path);
          }
        });
      } catch (error) {
        unlock?.();
        open.delete(options.path);
        throw error;
      }
    },
  };
}
