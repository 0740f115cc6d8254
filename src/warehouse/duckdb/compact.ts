import { rmSync } from "node:fs";
import { rename, stat, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { Failure, messageOf } from "../../kernel/problem.ts";
import { compactionDiffers, notCompacted } from "../problems.ts";
import type { FileUse } from "../warehouse-file.ts";
import { alone, sync } from "./alone.ts";
import { duckdbDialect } from "./dialect.ts";

interface FileOptions {
  readonly path: string;
  readonly memoryLimit: string;
}

async function answers(connection: DuckDBConnection, sql: string): Promise<Record<string, unknown>[]> {
  return (await connection.runAndReadAll(sql)).getRowObjects();
}

async function withInstance<T>(options: FileOptions, work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const text = duckdbDialect.literal;
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    await connection.run(`SET memory_limit = ${text(options.memoryLimit)}`);
    await connection.run(`SET temp_directory = ${text(`${options.path}.spill`)}`);
    await connection.run("SET preserve_insertion_order = false");
    await connection.run(`ATTACH ${text(options.path)} AS wh (READ_ONLY)`);
    return await work(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
    rmSync(`${options.path}.spill`, { recursive: true, force: true });
  }
}

/** The tables of a database, as SQL names them. */
async function tablesOf(connection: DuckDBConnection, database: string): Promise<string[]> {
  const tables = await answers(
    connection,
    `SELECT schema_name AS s, table_name AS t FROM duckdb_tables() WHERE database_name = '${database}' AND NOT internal ORDER BY ALL`,
  );
  return tables.map(({ s, t }) => [database, String(s), String(t)].map(duckdbDialect.identifier).join("."));
}

/** Rows and a checksum that no order changes, of every table of a database. */
async function contents(connection: DuckDBConnection, database: string): Promise<string> {
  const lines: string[] = [];
  for (const table of await tablesOf(connection, database)) {
    const [row] = await answers(
      connection,
      `SELECT count(*) || ' ' || coalesce(bit_xor(hash(x)), 0) || ' ' || coalesce(sum(hash(x)), 0) AS c FROM ${table} x`,
    );
    lines.push(`${table.slice(duckdbDialect.identifier(database).length)} ${row?.["c"]}`);
  }
  return lines.join("\n");
}

/** What the file takes on the disk. */
export async function fileUse(options: FileOptions): Promise<FileUse> {
  const { path } = options;
  return alone({ path, purpose: "measure" }, async () => {
    // The size is asked before DuckDB opens the file: closing a second handle would drop its lock.
    const { size } = await stat(path);
    return withInstance(options, async (connection) => {
      const [row] = await answers(
        connection,
        "SELECT block_size * free_blocks AS free FROM pragma_database_size() WHERE database_name = 'wh'",
      );
      const { bavail, bsize } = await statfs(dirname(path));
      return { bytes: size, freeBytes: Number(row?.["free"] ?? 0), roomBytes: bavail * bsize };
    });
  });
}

/** Copies an attached warehouse to a new file, and compares both. */
async function copyInto(connection: DuckDBConnection, { path, fresh }: { path: string; fresh: string }): Promise<void> {
  await connection.run(`ATTACH ${duckdbDialect.literal(fresh)} AS fresh (RECOVERY_MODE no_wal_writes)`);
  await connection.run("COPY FROM DATABASE wh TO fresh");
  await connection.run("CHECKPOINT fresh");
  if ((await contents(connection, "wh")) !== (await contents(connection, "fresh"))) {
    throw new Failure("internal", compactionDiffers({ path }));
  }
  await connection.run("DETACH fresh");
}

/**
 * Rewrites the file without its free blocks and replaced rows. CHECKPOINT gives back only what lies at the file's end (DuckDB 1.5.5), so the
 * whole database is copied to a new file beside it, compared table by table, and renamed over the old one: killed anywhere,
 * the old file or the new one is there. Needs room for a second copy; what failed is removed.
 * @returns the size of the new file.
 * @throws Failure `internal` when it cannot be copied, or the copy differs; the old file stays.
 */
export async function compactFile(options: FileOptions): Promise<Pick<FileUse, "bytes">> {
  const { path } = options;
  const fresh = `${path}.compact`;
  const takeAway = () => {
    for (const file of [fresh, `${fresh}.wal`]) rmSync(file, { force: true });
  };
  return alone({ path, purpose: "compact" }, async () => {
    takeAway();
    try {
      await withInstance(options, (connection) => copyInto(connection, { path, fresh }));
    } catch (error) {
      takeAway();
      if (error instanceof Failure) throw error;
      throw new Failure("internal", notCompacted({ path, reason: messageOf(error) }), { cause: error });
    }
    await sync(fresh);
    // The mark that a killed checkpoint left belongs to the old file, which is right without it too.
    rmSync(`${path}.wal`, { force: true });
    await rename(fresh, path);
    await sync(dirname(path));
    return { bytes: (await stat(path)).size };
  });
}
