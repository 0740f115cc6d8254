import fc from "fast-check";
import type pg from "pg";
import { expect, test } from "vitest";
import type { Feed, Source } from "../../src/config/pipeline.ts";
import { Failure } from "../../src/kernel/problem.ts";
import { postgresReader } from "../../src/sources/postgres/postgres-reader.ts";
import type { Cursor } from "../../src/sources/source.ts";
import { CURRENCIES, extracted, feedOf, only, sourceOf, unusedPorts } from "../sources/extracting.ts";
import { cases } from "../support/cases.ts";
import { freshDatabase, type TestDatabase } from "../support/postgres.ts";

const CASES = cases(150);
const ROWS = ["1,fine", "2,fine", "3,fine"];

/** A role, what it may, and the relation that it is to read. */
interface Case {
  readonly kind: "table" | "view" | "matview" | "foreign";
  readonly mode: "xid" | "updated_at" | "whole";
  readonly trusted: boolean;
  readonly usage: boolean;
  readonly select: "table" | "all columns" | "some columns" | "nothing";
  readonly stats: boolean;
  readonly bypass: boolean;
  readonly policy: boolean;
  readonly limit: 1 | -1;
  /** Of a foreign table: whom the other server takes the role for. */
  readonly mapping: "owner" | "stranger" | "wrong password" | "nobody";
  /** Of a view or a materialized view: whether its owner may read what is behind it. */
  readonly owner: "superuser" | "may" | "may not";
  /** Of a view: it is read with the rights of whoever reads it. Servers before 15 have none. */
  readonly invoker: boolean;
}

const mostly = fc.boolean().chain((sure) => (sure ? fc.constant(true) : fc.boolean()));

const CASE: fc.Arbitrary<Case> = fc.record({
  kind: fc.constantFrom("table", "view", "matview", "foreign"),
  mode: fc.constantFrom("xid", "updated_at", "whole"),
  trusted: fc.boolean(),
  usage: mostly,
  select: fc.constantFrom("table", "table", "all columns", "some columns", "nothing"),
  stats: mostly,
  bypass: fc.boolean(),
  policy: fc.boolean(),
  limit: fc.constantFrom(1, -1),
  mapping: fc.constantFrom("owner", "owner", "stranger", "wrong password", "nobody"),
  owner: fc.constantFrom("superuser", "may", "may not"),
  invoker: fc.boolean(),
});

interface Databases {
  readonly near: TestDatabase;
  readonly admin: pg.Client;
  readonly version: number;
}

const COLUMNS = "id int primary key, state text, chg xid8 default pg_current_xact_id(), updated_at timestamptz default now()";

/** A base with three rows at the other server, which is another database of this one. */
async function openDatabases(near: TestDatabase, far: TestDatabase): Promise<Databases> {
  await (await far.client()).query(
    `create table public.base (${COLUMNS}); insert into public.base select g, 'fine' from generate_series(1, 3) g`,
  );
  const admin = await near.client();
  const { port } = near.cluster;
  await admin.query(`create extension postgres_fdw;
create server far foreign data wrapper postgres_fdw options (host '127.0.0.1', port '${port}', dbname '${far.name}');
create role stranger_${near.name} login password 'test'`);
  const { rows } = await admin.query<{ n: number }>("select current_setting('server_version_num')::int as n");
  return { near, admin, version: rows[0]?.n ?? 0 };
}

let made = 0;

function relationSql({ kind, owner, invoker }: Case, schema: string, version: number): string {
  const own =
    owner === "superuser"
      ? ""
      : `alter ${kind === "view" ? "view" : "materialized view"} ${schema}.bills owner to owner_${schema};`;
  switch (kind) {
    case "table":
      return "";
    case "view":
      return `create view ${schema}.bills ${invoker && version >= 150_000 ? "with (security_invoker = true)" : ""} as select * from ${schema}.base;${own}`;
    case "matview":
      return `create materialized view ${schema}.bills as select * from ${schema}.base;${own}`;
    case "foreign":
      return `create foreign table ${schema}.bills (id int, state text, chg xid8, updated_at timestamptz)
        server far options (schema_name 'public', table_name 'base');`;
  }
}

function selectSql({ select }: Case, relation: string, role: string): string {
  if (select === "table") return `grant select on ${relation} to ${role};`;
  if (select === "all columns") return `grant select (id, state, chg, updated_at) on ${relation} to ${role};`;
  return select === "some columns" ? `grant select (id, chg, updated_at) on ${relation} to ${role};` : "";
}

function mappingSql({ kind, mapping }: Case, role: string, near: TestDatabase): string {
  if (kind !== "foreign" || mapping === "nobody") return "";
  const user = mapping === "stranger" ? `stranger_${near.name}` : "postgres";
  const password = { owner: near.cluster.password, stranger: "test", "wrong password": "wrong" }[mapping];
  return `create user mapping for ${role} server far options (user '${user}', password '${password}');`;
}

/** Makes a case's relation in a schema of its own, and its role. */
async function furnish({ near, admin, version }: Databases, of: Case): Promise<{ schema: string; role: string }> {
  made += 1;
  const [schema, role] = [`s${made}`, `r${made}`];
  const base = of.kind === "table" ? "bills" : "base";
  await admin.query(`create role ${role} login password 'test' connection limit ${of.limit} ${of.bypass ? "bypassrls" : ""};
create schema ${schema};
create role owner_${schema};
grant usage, create on schema ${schema} to owner_${schema};
create table ${schema}.${base} (${COLUMNS});
insert into ${schema}.${base} select g, 'fine' from generate_series(1, 3) g;
${of.owner === "may" ? `grant select on ${schema}.${base} to owner_${schema};` : ""}
${relationSql(of, schema, version)}
${of.stats ? `grant pg_read_all_stats to ${role};` : ""}
${of.usage ? `grant usage on schema ${schema} to ${role};` : ""}
${selectSql(of, `${schema}.bills`, role)}
${mappingSql(of, role, near)}
${of.invoker ? `grant select on ${schema}.${base} to ${role};` : ""}
${of.policy ? `alter table ${schema}.${base} enable row level security; create policy p on ${schema}.${base} using (id > 1);` : ""}`);
  return { schema, role };
}

function feedFor({ mode, trusted }: Case, schema: string): Feed {
  const why = trusted ? { trusted: "the desk stamps by hand" } : {};
  const cursor =
    mode === "whole"
      ? ({ mode } as const)
      : mode === "xid"
        ? ({ mode, column: "chg", ...why } as const)
        : ({ mode, column: "updated_at", ...why } as const);
  return feedOf({ table: "bills", schema, columns: ["id", "state"], cursor });
}

/** The codes of what is wrong, or what was answered. */
async function codesOr<T>(work: () => Promise<T>): Promise<T | readonly string[]> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Failure) return error.problems.map(({ code }) => code);
    throw error;
  }
}

async function tried(source: Source, feed: Feed, cursor: Cursor | null): Promise<"fit"> {
  const request = { feed, cursor, published: cursor, mayReadWhole: true, keys: true, loading: null };
  const reader = postgresReader();
  const { signal } = new AbortController();
  await reader.try?.({ ...unusedPorts(), source, feeds: [request], currencies: CURRENCIES, signal });
  return "fit";
}

interface Read {
  readonly rows: readonly string[];
  readonly cursor: Cursor | null;
}

async function read(source: Source, feed: Feed, cursor: Cursor | null): Promise<Read> {
  const extract = only(await extracted([{ feed, cursor, keys: true }], { source }));
  const rows = extract.lines.map((line) =>
    line
      .replace(/^("\(\d+,\d+\)")?,/, "")
      .split(",")
      .slice(0, 2)
      .join(),
  );
  return { rows: rows.sort(), cursor: extract.cursor };
}

test("what doctor calls fit a run reads with all its rows; what it calls unfit a run refuses for the same reason", async () => {
  await using near = await freshDatabase();
  await using far = await freshDatabase();
  const house = await openDatabases(near, far);
  const answers = new Set<string>();
  await fc.assert(
    fc.asyncProperty(CASE, async (of) => {
      const { schema, role } = await furnish(house, of);
      const source = sourceOf(near.cluster.url(near.name, { name: role, password: "test" }));
      const feed = feedFor(of, schema);
      const doctor = await codesOr(() => tried(source, feed, null));
      answers.add(String(doctor));
      const first = await codesOr(() => read(source, feed, null));
      expect(first).toEqual(doctor === "fit" ? { rows: ROWS, cursor: expect.anything() } : doctor);
      if (doctor !== "fit") return;
      const { cursor } = first as Read;
      expect(await codesOr(() => tried(source, feed, cursor))).toBe("fit");
      expect(await codesOr(() => read(source, feed, cursor))).toHaveProperty("rows");
    }),
    { numRuns: CASES },
  );
  const common = ["fit", "source.cap", "source.cursor_relation", "source.right"];
  expect([...answers]).toEqual(expect.arrayContaining(common));
  // A foreign table's server that refuses the role, or cannot be found.
  expect([...common, "source.interrupted", "source.unsupported", "source.query"]).toEqual(expect.arrayContaining([...answers]));
});
