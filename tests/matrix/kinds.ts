/** What stands behind a feed at its source. */
export type Kind = "table" | "keyless" | "partitioned" | "inherited" | "view" | "matview" | "foreign";

/** How changed rows are found; `local` is `updated_at` in a column without zone, in a database of New York. */
export type Mode = "xid" | "updated_at" | "local" | "whole";

/** Kinds whose rows lie in another relation than the one that is read. */
const DERIVED: readonly Kind[] = ["view", "matview", "foreign"];

/** The relation that programs write to. */
export function baseOf(kind: Kind): string {
  return DERIVED.includes(kind) ? "shop.base" : "shop.bills";
}

/** The columns of a table of bills, as they are written down in CREATE TABLE. */
export function columnsOf(mode: Mode): string {
  const at = mode === "local" ? "timestamp" : "timestamptz";
  return `id bigint not null, bill_id text not null, amount bigint not null, currency text not null, note text,
    state public.mood default 'fine', chg xid8, updated_at ${at}`;
}

/** A trigger that stamps whatever is written to a table. */
export function stamping(table: string): string {
  return `create trigger stamp before insert or update on ${table} for each row execute function public.stamp()`;
}

/** Rows that were written long ago: no trigger fires for them, and their stamps lie far behind every cursor. */
export function oldRows(table: string, rows: string): string {
  return `set session_replication_role = replica;
insert into ${table} (id, bill_id, amount, currency, note, state, chg, updated_at)
  select g, 'B' || g, g * 100, 'USD', 'note ' || g, 'fine', '3', now() - interval '1 day' from ${rows} g;
reset session_replication_role`;
}

/** What every source has: a schema, the type of a column and the function that stamps. */
export const COMMON = `create schema shop;
create type public.mood as enum ('fine', 'poor');
create function public.stamp() returns trigger language plpgsql as
  $$ begin new.chg := pg_current_xact_id(); new.updated_at := now(); return new; end $$`;

function partitioned(mode: Mode): string {
  return `create table shop.bills (${columnsOf(mode)}, primary key (id)) partition by range (id);
create table shop.low partition of shop.bills for values from (0) to (100);
create table shop.high partition of shop.bills for values from (100) to (200);
${stamping("shop.bills")};
create table shop.later (${columnsOf(mode)}, primary key (id));
${oldRows("shop.bills", "generate_series(1, 6)")};
${oldRows("shop.bills", "generate_series(101, 102)")};
${oldRows("shop.later", "generate_series(201, 202)")}`;
}

function inherited(mode: Mode): string {
  return `create table shop.bills (${columnsOf(mode)}, primary key (id));
create table shop.heir (primary key (id)) inherits (shop.bills);
create table shop.later (like shop.bills including all);
${["shop.bills", "shop.heir", "shop.later"].map(stamping).join(";\n")};
${oldRows("shop.bills", "generate_series(1, 6)")};
${oldRows("shop.heir", "generate_series(101, 102)")};
${oldRows("shop.later", "generate_series(201, 202)")}`;
}

/** The tables that are written to, with eight old rows in them. */
export function tablesOf(kind: Kind, mode: Mode): string {
  if (kind === "partitioned") return partitioned(mode);
  if (kind === "inherited") return inherited(mode);
  const key = kind === "keyless" ? "" : ", primary key (id)";
  return `create table ${baseOf(kind)} (${columnsOf(mode)}${key});
${stamping(baseOf(kind))};
${oldRows(baseOf(kind), "generate_series(1, 8)")}`;
}

/** A foreign table over the base of a database of the same server. */
function foreign(mode: Mode, { port, password, far }: { port: number; password: string; far: string }): string {
  return `create extension postgres_fdw;
create server far foreign data wrapper postgres_fdw options (host '127.0.0.1', port '${port}', dbname '${far}');
create user mapping for public server far options (user 'postgres', password '${password}');
create foreign table shop.bills (${columnsOf(mode)}) server far options (schema_name 'shop', table_name 'base')`;
}

/** What is read in place of the base; nothing for kinds that are read themselves. */
export function frontOf(kind: Kind, mode: Mode, at: { port: number; password: string; far: string }): string {
  if (kind === "view") return "create view shop.bills as select * from shop.base";
  if (kind === "matview") return "create materialized view shop.bills as select * from shop.base";
  return kind === "foreign" ? foreign(mode, at) : "";
}
