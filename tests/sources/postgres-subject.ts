import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { postgresReader } from "../../src/sources/postgres/postgres-reader.ts";
import { CLAIMS } from "../support/claims-house.ts";
import { openSourceless } from "../support/engine.ts";
import { loadPipeline } from "../support/load-pipeline.ts";
import { freshDatabase } from "../support/postgres.ts";
import { openWay } from "../support/way.ts";
import { type Abilities, lacks, type Name, type SourceRow, type Subject } from "./conformance-subject.ts";

/** What PostgreSQL can do of what sources can. */
export const POSTGRES_ABILITIES: Abilities = {
  instalments: lacks("one snapshot has no instalments"),
  deletes: lacks("it names no deleted rows"),
  resumes: lacks("a snapshot ends with its session"),
  state: lacks("it keeps none"),
  ...{ columns: true, types: true, totals: true, secrets: true },
};

const SECRET = "pg-word-91f3";

const identifier = pg.escapeIdentifier;

async function putRow(client: pg.Client, feed: Name, row: SourceRow): Promise<void> {
  const names = Object.keys(row);
  const values = names.map((name) => row[name]);
  const set = names.map((name, i) => `${identifier(name)} = $${i + 1}`).join(", ");
  const { rowCount } = await client.query(
    `update app.${feed} set ${set}, chg = pg_current_xact_id() where id = ${row.id}`,
    values,
  );
  if (rowCount === 1) return;
  const list = names.map(identifier).join(", ");
  await client.query(`insert into app.${feed} (${list}) values (${names.map((_, i) => `$${i + 1}`).join(", ")})`, values);
}

/** The fixture `claims` on a real PostgreSQL, reached through a way that can be shut. */
export async function postgresSubject(): Promise<Subject> {
  const db = await freshDatabase();
  const admin = await db.client();
  await admin.query(readFileSync(join(CLAIMS, "source.sql"), "utf8"));
  const role = `reader_${db.name}`;
  await admin.query(`create role ${role} superuser login password '${SECRET}'`);
  const way = await openWay(db.cluster.port);
  const house = await openSourceless({
    env: { APP_URL: `postgres://${role}:${SECRET}@127.0.0.1:${way.port}/${db.name}` },
    load: (env) => loadPipeline({ directory: CLAIMS, env }).pipeline,
    readerOf: async () => postgresReader(),
  });
  return {
    house,
    secrets: [SECRET],
    findsRemoved: { keys: true },
    put: async (feed, rows) => {
      await admin.query("begin");
      for (const row of rows) await putRow(admin, feed, row);
      await admin.query("commit");
    },
    remove: async (feed, ids) => void (await admin.query(`delete from app.${feed} where id = any($1)`, [ids])),
    addColumn: async (feed, column) => void (await admin.query(`alter table app.${feed} add column ${column} integer`)),
    retype: async (feed, column) =>
      void (await admin.query(`alter table app.${feed} alter column ${column} type integer using null`)),
    // Whoever counts is shown no row.
    lie: async (feed) =>
      void (await admin.query(
        `alter table app.${feed} rename to told; create view app.${feed} as select * from app.told where current_query() not ilike '%count(*)%'`,
      )),
    goAway: async () => {
      await way.shut();
      return way.reopen;
    },
    [Symbol.asyncDispose]: async () => {
      await house[Symbol.asyncDispose]();
      await way.shut().catch(() => undefined);
      await admin.query(`drop owned by ${role}; drop role ${role}`).catch(() => undefined);
      await db[Symbol.asyncDispose]();
    },
  };
}
