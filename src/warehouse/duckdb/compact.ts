import { rmSync } from "node:fs";
import { rename, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { Failure } from "../../kernel/problem.ts";
import { compactionDiffers } from "../problems.ts";
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

/** Rows and a checksum that no order changes, of every table of a database. */
async function contents(connection: DuckDBConnection, database: string): Promise<string> {
  const tables = await answers(
    connection,
    `SELECT schema_name AS s, table_name AS t FROM duckdb_tables() WHERE database_name = '${database}' AND NOT internal ORDER BY ALL`,
  );
  const lines: string[] = [];
  for (const { s, t } of tables) {
    const name = [database, String(s), String(t)].map(duckdbDialect.identifier).join(".");
    const [row] = await answers(
      connection,
      `SELECT count(*) || ' ' || coalesce(bit_xor(hash(x)), 0) || ' ' || coalesce(sum(hash(x)), 0) AS c FROM ${name} x`,
    );
    lines.push(`${s}.${t} ${row?.["c"]}`);
  }
  return lines.join("\n");
}

/** Size of the file and of its blocks that hold nothing, in bytes. */
export async function fileUse(options: FileOptions): Promise<{ bytes: number; freeBytes: number }> {
  return alone({ path: options.path, purpose: "measure" }, async () => {
    // The size is asked before DuckDB opens the file: closing a second handle would drop its lock.
    const { size } = await stat(options.path);
    return withInstance(options, async (connection) => {
      const [row] = await answers(
        connection,
        "SELECT block_size * free_blocks AS free FROM pragma_database_size() WHERE database_name = 'wh'",
      );
      return { bytes: size, freeBytes: Number(row?.["free"] ?? 0) };
    });
  });
}

/**
 * Rewrites the file without its free blocks. CHECKPOINT gives back only what lies at the file's end (DuckDB 1.5.5), so the
 * whole database is copied to a new file beside it, compared table by table, and renamed over the old one: killed anywhere,
 * the old file or the new one is there. Needs room for a second copy.
 * @returns the size of the new file.
 * @throws Failure `internal` when the copy differs; the old file stays.
 */
export async function compactFile(options: FileOptions): Promise<{ bytes: number; freeBytes: number }> {
  const { path } = options;
  const fresh = `${path}.compact`;
  return alone({ path, purpose: "compact" }, async () => {
    for (const leftover of [fresh, `${fresh}.wal`]) rmSync(leftover, { force: true });
    await withInstance(options, async (connection) => {
      await connection.run(`ATTACH ${duckdbDialect.literal(fresh)} AS fresh (RECOVERY_MODE no_wal_writes)`);
      await connection.run("COPY FROM DATABASE wh TO fresh");
      await connection.run("CHECKPOINT fresh");
      if ((await contents(connection, "wh")) !== (await contents(connection, "fresh"))) {
        throw new Failure("internal", compactionDiffers({ path }));
      }
      await connection.run("DETACH fresh");
    });
    await sync(fresh);
    // The mark that a killed checkpoint left belongs to the old file, which is right without it too.
    rmSync(`${path}.wal`, { force: true });
    await rename(fresh, path);
    await sync(dirname(path));
    return { bytes: (await stat(path)).size, freeBytes: 0 };
  });
}
