import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import type pg from "pg";
import { Failure } from "../kernel/problem.ts";
import { sqlState } from "../postgres/sqlstates.ts";
import type { Ask } from "./ask.ts";
import { migrationChanged, migrationFailed, schemaNewer, schemaOlder } from "./problems.ts";

/** One numbered step of the schema; never edited once released. */
export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  readonly checksum: string;
}

/** Any number that other programs in the database do not lock. */
const ADVISORY_LOCK = "7310584012";

const FOLDER = new URL("./migrations/", import.meta.url);
const FILE = /^(\d{4})_[a-z0-9_]+\.sql$/;

async function readMigration(file: string): Promise<Migration[]> {
  const number = FILE.exec(file)?.[1];
  if (number === undefined) return [];
  const sql = (await readFile(new URL(file, FOLDER), "utf8")).replaceAll("\r\n", "\n");
  const checksum = createHash("sha256").update(sql).digest("hex");
  return [{ number: Number(number), name: file.slice(0, -".sql".length), sql, checksum }];
}

/** The migrations this version brings, in order; they lie as SQL files beside this module. */
export async function knownMigrations(): Promise<Migration[]> {
  const files = (await readdir(FOLDER)).sort();
  return (await Promise.all(files.map(readMigration))).flat();
}

type Applied = ReadonlyMap<number, { readonly name: string; readonly checksum: string }>;

async function appliedMigrations(client: pg.ClientBase): Promise<Applied> {
  const there = await client.query<{ there: boolean }>("select to_regclass('ledgerloop.migration') is not null as there");
  if (!there.rows[0]?.there) return new Map();
  const { rows } = await client.query<{ number: number; name: string; checksum: string }>(
    "select number, name, checksum from ledgerloop.migration order by number",
  );
  return new Map(rows.map((r) => [r.number, r]));
}

function newest(numbers: Iterable<number>): number {
  return Math.max(0, ...numbers);
}

function checkApplied(known: readonly Migration[], applied: Applied): void {
  const latest = newest(known.map((m) => m.number));
  const found = newest(applied.keys());
  if (found > latest) throw new Failure("usage", schemaNewer(found, latest));
  for (const migration of known) {
    const before = applied.get(migration.number);
    if (before && before.checksum !== migration.checksum) throw new Failure("usage", migrationChanged(migration.name));
  }
}

const RECORD = "insert into ledgerloop.migration (number, name, checksum) values ($1, $2, $3)";

async function apply(client: pg.ClientBase, migration: Migration): Promise<void> {
  await client.query("begin");
  try {
    await client.query(migration.sql);
    await client.query(RECORD, [migration.number, migration.name, migration.checksum]);
    await client.query("commit");
  } catch (error) {
    await client.query("rollback");
    const code = sqlState(error);
    throw code === null ? error : new Failure("internal", migrationFailed(migration.name, code));
  }
}

const LEDGER = `
create schema if not exists ledgerloop;
create table if not exists ledgerloop.migration (
  number     integer primary key,
  name       text not null,
  checksum   text not null,
  applied_at timestamptz not null default now()
)`;

/**
 * Brings the schema up to the known migrations, each in a transaction of its own; two callers take turns.
 * @returns the names of those applied now.
 * @throws Failure `usage` when the store is newer than this version or an applied migration has changed.
 */
export async function applyMigrations(client: pg.ClientBase, known: readonly Migration[]): Promise<string[]> {
  await client.query(`select pg_advisory_lock(${ADVISORY_LOCK})`);
  try {
    await client.query(LEDGER);
    const applied = await appliedMigrations(client);
    checkApplied(known, applied);
    const missing = known.filter((m) => !applied.has(m.number));
    for (const migration of missing) await apply(client, migration);
    return missing.map((m) => m.name);
  } finally {
    await client.query(`select pg_advisory_unlock(${ADVISORY_LOCK})`);
  }
}

/** Replaces the schema by one that has the given migrations and no data, inside the caller's transaction. */
export async function recreateSchema(ask: Ask, migrations: readonly Migration[]): Promise<void> {
  await ask("drop schema if exists ledgerloop cascade");
  await ask(LEDGER);
  await addMigrations(ask, migrations);
}

/** Applies further migrations inside the caller's transaction. */
export async function addMigrations(ask: Ask, migrations: readonly Migration[]): Promise<void> {
  for (const { sql, number, name, checksum } of migrations) {
    await ask(sql);
    await ask(RECORD, [number, name, checksum]);
  }
}

/**
 * Refuses a store whose schema is not exactly the one this version works with.
 * @throws Failure `usage`, whose next step is `ledgerloop up` for an older one.
 */
export async function checkSchema(client: pg.ClientBase, known: readonly Migration[]): Promise<void> {
  const applied = await appliedMigrations(client);
  checkApplied(known, applied);
  const needed = newest(known.map((m) => m.number));
  const found = newest(applied.keys());
  if (found < needed) throw new Failure("usage", schemaOlder(found, needed));
}
