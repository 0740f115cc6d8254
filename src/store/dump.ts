import { Failure } from "../kernel/problem.ts";
import type { Ask } from "./ask.ts";
import { addMigrations, knownMigrations, recreateSchema } from "./migrations.ts";
import { dumpNewer } from "./problems.ts";
import type { Store } from "./store.ts";

/** The rows of a control store by table, each a line of JSON, and the number of its last migration. */
export interface StoreDump {
  readonly schema: number;
  readonly tables: readonly { readonly table: string; readonly lines: readonly string[] }[];
}

/** The migration ledger is made anew by the program that loads a dump. */
const OWN = "migration";

const TABLES = `
select table_name as "table" from information_schema.tables
 where table_schema = 'ledgerloop' and table_type = 'BASE TABLE' and table_name <> '${OWN}' order by table_name`;

const REFERENCES = `
select r.relname as "from", f.relname as "to" from pg_constraint c
  join pg_class r on r.oid = c.conrelid join pg_class f on f.oid = c.confrelid
 where c.contype = 'f' and c.connamespace = 'ledgerloop'::regnamespace and r.oid <> f.oid`;

const COLUMNS = `
select a.attname as name, format_type(a.atttypid, a.atttypmod) as type from pg_attribute a
 where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped order by a.attnum`;

interface Column {
  readonly name: string;
  readonly type: string;
}

/** Rows of one INSERT. */
const CHUNK = 500;

const identifier = (name: string) => `"${name.replaceAll('"', '""')}"`;
const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;
const quoted = (table: string) => `ledgerloop.${identifier(table)}`;

const columnsOf = (ask: Ask, table: string) => ask<Column & Record<string, string>>(COLUMNS, [quoted(table)]);

/** Each value as PostgreSQL's own text: JSON's null, `null` inside a jsonb column, would come back as NULL. */
function asTexts(columns: readonly Column[]): string {
  return columns.map(({ name }) => `${literal(name)}, t.${identifier(name)}::text`).join(", ");
}

async function linesOf(ask: Ask, table: string): Promise<string[]> {
  const columns = await columnsOf(ask, table);
  const rows = await ask<{ line: string }>(
    `select jsonb_build_object(${asTexts(columns)})::text as line from ${quoted(table)} t`,
  );
  return rows.map((row) => row.line);
}

/** Reads every table of a control store as it is at one instant. Its rows are small and few: a few hundred a run. */
export async function dumpStore(store: Store): Promise<StoreDump> {
  return store.inTransaction(async (ask) => {
    await ask("set transaction isolation level repeatable read read only");
    const [newest] = await ask<{ number: number }>(`select max(number) as number from ledgerloop.${OWN}`);
    const tables: StoreDump["tables"][number][] = [];
    for (const { table } of await ask<{ table: string }>(TABLES)) {
      tables.push({ table, lines: await linesOf(ask, table) });
    }
    return { schema: newest?.number ?? 0, tables };
  });
}

/** Tables so that each comes after those it refers to. */
async function inOrder(ask: Ask, tables: StoreDump["tables"]): Promise<StoreDump["tables"]> {
  const references = await ask<{ from: string; to: string }>(REFERENCES);
  const placed: StoreDump["tables"][number][] = [];
  let left = [...tables];
  while (left.length > 0) {
    const names = new Set(left.map((t) => t.table));
    const free = left.filter((t) => !references.some((r) => r.from === t.table && names.has(r.to)));
    if (free.length === 0) throw new Error("the control store's tables refer to each other in a circle");
    placed.push(...free);
    left = left.filter((t) => !free.includes(t));
  }
  return placed;
}

const KEY = `
select a.attname as name from pg_index i join pg_attribute a on a.attrelid = i.indrelid and a.attnum = any (i.indkey)
 where i.indrelid = $1::regclass and i.indisprimary`;

/** Puts a row in the place of one with its key. */
async function replacing(ask: Ask, table: string, columns: readonly Column[]): Promise<string> {
  const key = (await ask<{ name: string }>(KEY, [quoted(table)])).map(({ name }) => identifier(name));
  const others = columns.map(({ name }) => identifier(name)).filter((name) => !key.includes(name));
  return `on conflict (${key.join(", ")}) do update set ${others.map((name) => `${name} = excluded.${name}`).join(", ")}`;
}

async function insertLines(ask: Ask, table: string, lines: readonly string[]): Promise<void> {
  const columns = await columnsOf(ask, table);
  const instead = await replacing(ask, table, columns);
  const names = columns.map(({ name }) => identifier(name)).join(", ");
  const values = columns.map(({ name, type }) => `(r->>${literal(name)})::${type}`).join(", ");
  for (let at = 0; at < lines.length; at += CHUNK) {
    const rows = `[${lines.slice(at, at + CHUNK).join(",")}]`;
    await ask(`insert into ${quoted(table)} (${names}) select ${values} from jsonb_array_elements($1::jsonb) r ${instead}`, [
      rows,
    ]);
  }
}

interface LeaseRow {
  readonly run_group: string;
  readonly run_id: string | null;
  readonly token: string;
  readonly expires_at: Date;
}

/** Nobody holds a lease of another time, and whoever holds one now keeps it; tokens stay above every one that was given out. */
async function carryLeases(ask: Ask, before: readonly LeaseRow[]): Promise<void> {
  await ask("update ledgerloop.lease set run_id = null, expires_at = clock_timestamp()");
  for (const { run_group, run_id, token, expires_at } of before) {
    await ask(
      `insert into ledgerloop.lease (run_group, run_id, token, expires_at) values ($1, $2, $3, $4)
       on conflict (run_group) do update set run_id = excluded.run_id, expires_at = excluded.expires_at, token = greatest(lease.token, excluded.token)`,
      [run_group, run_id, token, expires_at],
    );
  }
}

/** The lines of a dump but for what is of runs that the store knows: what was removed of those since stays removed. */
function ofOtherRuns(lines: readonly string[], known: ReadonlySet<string>): string[] {
  return lines.filter((line) => !known.has((JSON.parse(line) as { run_id?: string }).run_id ?? ""));
}

/** What happened stays what happened, whatever state is put back: who ran what and what it found, and how far the ledger was told. */
const KEPT = ["run", "step", "verdict", "sample", "projected"];
const OF_RUNS = new Set(["run", "step", "verdict", "sample"]);

/**
 * Puts a dump into a control store, in one transaction, and brings an older dump up to this version's schema. The journal is not
 * cut: lines that the dump does not have stay, and those that it has too stay as they are now. All else is the dump's.
 * @throws Failure `usage` when a newer version made the dump; the store stays as it was.
 */
export async function loadStore(store: Store, dump: StoreDump): Promise<void> {
  const known = await knownMigrations();
  const newest = known.at(-1)?.number ?? 0;
  if (dump.schema > newest) throw new Failure("usage", dumpNewer(dump.schema, newest));
  await store.inTransaction(async (ask) => {
    // Nobody journals anything between what is kept and what it is put into.
    await ask(`lock table ${[...KEPT, "lease"].map(quoted).join(", ")} in share row exclusive mode`);
    const leases = await ask<LeaseRow>("select run_group, run_id, token, expires_at from ledgerloop.lease");
    const runs = new Set((await ask<{ run_id: string }>("select run_id from ledgerloop.run")).map((row) => row.run_id));
    const kept: StoreDump["tables"][number][] = [];
    for (const table of KEPT) kept.push({ table, lines: await linesOf(ask, table) });
    await recreateSchema(
      ask,
      known.filter((m) => m.number <= dump.schema),
    );
    for (const { table, lines } of await inOrder(ask, dump.tables)) {
      await insertLines(ask, table, OF_RUNS.has(table) ? ofOtherRuns(lines, runs) : lines);
    }
    await addMigrations(
      ask,
      known.filter((m) => m.number > dump.schema),
    );
    for (const { table, lines } of kept) await insertLines(ask, table, lines);
    await carryLeases(ask, leases);
  });
}

/** Whether a control store has journalled anything. */
export async function isEmptyStore(store: Store): Promise<boolean> {
  return (await store.ask("select from ledgerloop.run limit 1")).length === 0;
}
