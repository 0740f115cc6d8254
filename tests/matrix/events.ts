import { columnsOf, type Mode, oldRows, stamping } from "./kinds.ts";
import { majorVersion } from "./site.ts";
import type { World } from "./world.ts";

/** What happens between the first published run and the next hour; `before` happens before the first run. */
export interface Event {
  readonly before?: (world: World, mode: Mode) => Promise<unknown>;
  readonly since: (world: World, mode: Mode) => Promise<unknown>;
}

/** Statements where the base is, which they call `$base`, and the refresh of what does not show them by itself. */
async function write({ site }: World, sql: string): Promise<void> {
  await site.write(sql.replaceAll("$base", site.base));
  if (site.kind === "matview") await site.at("refresh materialized view shop.bills");
}

const statements = (sql: string): Event => ({ since: (world) => write(world, sql) });

const REPLICA = "set session_replication_role = replica";
const ordinary = `insert into $base (id, bill_id, amount, currency, note) values (9, 'B9', 900, 'USD', 'new');
update $base set amount = 201 where id = 2;
delete from $base where id = 3`;

/** Another table with the columns of the feed's and other rows, old ones, readable as that one is. */
async function otherTable({ site }: World, table: string): Promise<void> {
  await site.write(`create table ${table} (like ${site.base} including all);
${stamping(table)};
${oldRows(table, "generate_series(7, 10)")};
grant select on ${table} to ${site.reader}`);
}

async function copyDatabase({ site }: World): Promise<string> {
  const copy = site.another();
  await site.at(`create database ${copy} template ${site.database}`, "postgres");
  return copy;
}

/** Everything that can happen to a source between two hours, by name. */
export const EVENTS = {
  "an ordinary hour": statements(ordinary),
  "a quiet hour": { since: async () => undefined },
  "a key used twice, for another bill": statements(
    "insert into $base (id, bill_id, amount, currency, note) values (1, 'B91', 91, 'USD', 'twin')",
  ),
  "a key used twice, for the same bill": statements(
    "insert into $base (id, bill_id, amount, currency, note) values (1, 'B1', 91, 'USD', 'twin')",
  ),
  "a bill that gets another key": statements(`delete from $base where id = 4;
insert into $base (id, bill_id, amount, currency, note) values (40, 'B4', 400, 'USD', 'moved')`),
  "ALTER COLUMN … USING": statements("alter table $base alter column note type text using upper(note)"),
  "a column dropped and added": statements(
    "alter table $base drop column note;\nalter table $base add column note text default 'from now on'",
  ),
  "an enum label renamed": statements("alter type public.mood rename value 'fine' to 'good'"),
  "TRUNCATE and reload": statements(`truncate $base;\n${oldRows("$base", "generate_series(5, 9)")}`),
  "TRUNCATE and nothing": statements("truncate $base"),
  "VACUUM FULL": statements("vacuum full $base"),
  "dropped and made again": {
    since: async (world, mode) => {
      const { base, reader } = world.site;
      await write(
        world,
        `drop table $base;\ncreate table $base (${columnsOf(mode)}, primary key (id));\n${stamping(base)};\n${oldRows("$base", "generate_series(7, 10)")};\ngrant select on $base to ${reader}`,
      );
    },
  },
  "pointed elsewhere": {
    since: async (world) => {
      await otherTable(world, "shop.other");
      world.declare({ table: "shop.other" });
    },
  },
  "swapped by rename": {
    since: async (world) => {
      await otherTable(world, "shop.next");
      await world.site.write(
        `alter table ${world.site.base} rename to gone;\nalter table shop.next rename to ${world.site.base.slice(5)}`,
      );
    },
  },
  "schema swapped": {
    since: async (world) => {
      const { site } = world;
      await site.write(`create schema next;\ngrant usage on schema next to ${site.reader}`);
      await otherTable(world, `next.${site.base.slice(5)}`);
      await site.write("alter schema shop rename to gone;\nalter schema next rename to shop");
    },
  },
  "restored as another database": {
    since: async (world) => {
      const copy = await copyDatabase(world);
      await world.site.at(`${REPLICA};\nupdate shop.bills set note = 'lost and found' where id = 5`, copy);
      world.declare({ url: world.site.url(copy) });
    },
  },
  "restored under its name": {
    since: async (world) => {
      const { site } = world;
      const copy = await copyDatabase(world);
      await site.at(`${REPLICA};\nupdate shop.bills set note = 'lost and found' where id = 5`, copy);
      await site.at(`drop database ${site.database};\nalter database ${copy} rename to ${site.database}`, "postgres");
    },
  },
  "the trigger off for a while": statements(
    "alter table $base disable trigger stamp;\nupdate $base set amount = 555 where id = 5;\nalter table $base enable trigger stamp",
  ),
  "a replica's update": statements(`${REPLICA};\nupdate $base set amount = 555 where id = 5`),
  "a replica's insert": statements(`${REPLICA};
insert into $base (id, bill_id, amount, currency, note, chg, updated_at) values (55, 'B55', 1, 'USD', 'late', '3', now() - interval '1 hour')`),
  "a stamp of a clock that is late": statements(
    `${REPLICA};\nupdate $base set amount = 555, updated_at = now() - interval '1 hour' where id = 5`,
  ),
  "a stamp of a clock that is early": statements(
    `${REPLICA};\nupdate $base set amount = 555, chg = pg_current_xact_id(), updated_at = now() + interval '1 hour' where id = 5`,
  ),
  "sessions of another zone": {
    since: async (world) => {
      await world.site.at(`alter database ${world.site.database} set timezone to 'America/Los_Angeles'`);
      await write(world, ordinary);
    },
  },
  "a transaction prepared, left open": statements(
    `begin;\ninsert into $base (id, bill_id, amount, currency) values (56, 'B56', 1, 'USD');\nprepare transaction 'left';\n${ordinary}`,
  ),
  "a transaction prepared before, committed since": {
    before: (world) =>
      write(
        world,
        "begin;\ninsert into $base (id, bill_id, amount, currency) values (57, 'B57', 1, 'USD');\nprepare transaction 'kept'",
      ),
    since: (world) => write(world, "commit prepared 'kept'"),
  },
  "a transaction open before, committed since": {
    before: async (world) => {
      const session = await world.site.session();
      await session.query(`begin; insert into ${world.site.base} (id, bill_id, amount, currency) values (58, 'B58', 1, 'USD')`);
    },
    since: async (world) => {
      await (await world.site.session()).query("commit");
      await write(world, "select");
    },
  },
  "rights taken away": { since: ({ site }) => site.at(`revoke select on shop.bills from ${site.reader}`) },
  "row security on": statements("alter table $base enable row level security"),
  "one connection allowed": {
    since: async (world) => {
      await world.site.at(`alter role ${world.site.reader} connection limit 1`);
      await write(world, ordinary);
    },
  },
  "settings of the database": {
    since: async (world) => {
      const { site } = world;
      const settings = [
        ...["DateStyle to 'SQL, DMY'", "row_security to on", "default_transaction_isolation to 'read uncommitted'"],
        ...["statement_timeout to '1s'", "extra_float_digits to 0", "bytea_output to 'escape'", "search_path to 'nowhere'"],
        ...["standard_conforming_strings to off", "transform_null_equals to on", "default_transaction_deferrable to on"],
        ...["default_transaction_read_only to on", "lock_timeout to '1s'", "client_encoding to 'LATIN1'"],
        "quote_all_identifiers to on",
        ...((await majorVersion()) >= 17 ? ["transaction_timeout to '1s'"] : []),
      ];
      await write(world, ordinary);
      for (const setting of settings) await site.at(`alter database ${site.database} set ${setting}`, "postgres");
    },
  },
  "a partition attached": statements("alter table shop.bills attach partition shop.later for values from (200) to (300)"),
  "a partition detached": statements("alter table shop.bills detach partition shop.high"),
  "a partition emptied": statements("truncate shop.high"),
  "an heir more": statements("alter table shop.later inherit shop.bills"),
  "an heir less": statements("alter table shop.heir no inherit shop.bills"),
  "an heir with a key of its parent": statements(
    "insert into shop.heir (id, bill_id, amount, currency) values (1, 'B91', 91, 'USD')",
  ),
  "the view says something else": {
    since: ({ site }) =>
      site.at(
        "create or replace view shop.bills as select * from shop.base where id > 2 union all select 60, 'B60', 1, 'USD', 'x', 'fine', '3', null",
      ),
  },
  "refreshed late": {
    before: ({ site }) => site.write("insert into shop.base (id, bill_id, amount, currency) values (59, 'B59', 1, 'USD')"),
    since: ({ site }) => site.at("refresh materialized view shop.bills"),
  },
  "row security behind a view of the invoker": {
    since: ({ site }) =>
      site.at("alter view shop.bills set (security_invoker = true);\nalter table shop.base enable row level security"),
  },
  "another table behind a foreign one": {
    since: async (world) => {
      await world.site.write(
        `create table shop.next (like shop.base including all);\n${oldRows("shop.next", "generate_series(7, 10)")}`,
      );
      await world.site.at("alter foreign table shop.bills options (set table_name 'next')");
    },
  },
  "a label renamed in a composite type": {
    before: (world) =>
      write(
        world,
        `create type public.inner as (mood public.mood, n int);
alter table $base alter column state drop default, alter column state type text;
alter table $base alter column note type public.inner using row('fine', id)::public.inner`,
      ),
    since: (world) => write(world, "alter type public.mood rename value 'fine' to 'good'"),
  },
  "a virtual column with another expression": {
    before: (world) =>
      write(
        world,
        "alter table $base drop column note;\nalter table $base add column note text generated always as (upper(bill_id)) virtual",
      ),
    since: (world) => write(world, "alter table $base alter column note set expression as (bill_id || '!')"),
  },
  "the trigger for replicas only": statements("alter table $base enable replica trigger stamp"),
  "no sight of other sessions": {
    since: async (world) => {
      await write(world, ordinary);
      await world.site.at(`revoke pg_read_all_stats from ${world.site.reader}`);
    },
  },
  "a session that hides what it does": {
    since: async (world) => {
      const session = await world.site.session();
      await session.query("set track_activities = off");
      await session.query(`begin; insert into ${world.site.base} (id, bill_id, amount, currency) values (58, 'B58', 1, 'USD')`);
    },
  },
  "the database renamed": {
    since: async (world) => {
      const { site } = world;
      await write(world, ordinary);
      const name = site.another();
      await site.at(`alter database ${site.database} rename to ${name}`, "postgres");
      world.declare({ url: site.url(name) });
    },
  },
  "moved to another schema": {
    since: async (world) => {
      const { site } = world;
      await write(world, ordinary);
      await site.at(
        `create schema moved;\ngrant usage on schema moved to ${site.reader};\nalter table shop.bills set schema moved`,
      );
      world.declare({ table: "moved.bills" });
    },
  },
  "a partition exchanged": statements(`alter table shop.bills detach partition shop.high;
drop table shop.high;
create table shop.high (like shop.bills including defaults, primary key (id));
${oldRows("shop.high", "generate_series(102, 104)")};
alter table shop.bills attach partition shop.high for values from (100) to (200)`),
  "a foreign heir": {
    since: async (world) => {
      const { site } = world;
      const far = new URL(site.url(site.database, "superuser"));
      await site.at(`create extension postgres_fdw;
create server far foreign data wrapper postgres_fdw options (host '127.0.0.1', port '${far.port}', dbname '${site.database}');
create user mapping for public server far options (user '${far.username}', password '${far.password}');
create foreign table shop.far () inherits (shop.bills) server far options (schema_name 'shop', table_name 'later')`);
    },
  },
} as const satisfies Readonly<Record<string, Event>>;

export type EventName = keyof typeof EVENTS;
