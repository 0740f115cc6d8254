import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import type { Pipeline } from "../../src/config/pipeline.ts";
import type { Engine } from "../../src/run/engine.ts";
import { type PostgresSettings, postgresSettings } from "../../src/sources/postgres/postgres-kind.ts";
import { postgresReader } from "../../src/sources/postgres/postgres-reader.ts";
import { CLAIMS } from "./claims-house.ts";
import { connected } from "./connected.ts";
import { openSourceless, type SourcelessHouse } from "./engine.ts";
import { loadPipeline } from "./load-pipeline.ts";
import { freshDatabase, type TestDatabase } from "./postgres.ts";
import { openWay, type Way } from "./way.ts";

/** In a row of each read, so that something can happen behind it. */
export const MARK = "here the read is in the middle";

const DDL = `
create schema app;
create table app.accounts (
  id bigint primary key, account_id text, name text, v bigint not null default 1, chg xid8 not null default pg_current_xact_id());
create table app.entries (
  id bigint, entry_id text, account_id text, amount numeric, currency text, memo text, changed_at timestamptz not null default now());
create view app.labels as select id, account_id, length(name) as letters from app.accounts;
insert into app.accounts (id, account_id, name) select n, 'A' || n, 'account ' || n from generate_series(1, 6) n;
insert into app.entries (id, entry_id, account_id, amount, currency, memo)
  select n, 'e' || n, 'A' || (n % 3 + 1), n * 100, 'USD', case when n = 1 then '${MARK}' end from generate_series(1, 12) n;
`;

/** An hour at the source: rows change and come. */
const HOUR = `
update app.accounts set name = name || ' again', v = v + 1, chg = pg_current_xact_id() where id in (1, 4);
insert into app.accounts (id, account_id, name) select max(id) + 1, 'A' || max(id) + 1, 'new' from app.accounts;
update app.entries set amount = amount + 1, changed_at = now() where id in (1, 2);
insert into app.entries (id, entry_id, account_id, amount, currency) select max(id) + 1, 'e' || max(id) + 1, 'A1', 7, 'JPY' from app.entries where id < 1000;
`;

const SOURCE = `source: app
kind: postgres
owner: desk
connection: { url: "\${APP_URL}" }
feeds:
  accounts:
    table: app.accounts
    contract: app.accounts
    source_key: [id]
    business_key: [account_id]
    version: v
    cursor: { mode: xid, column: chg }
  entries:
    table: app.entries
    contract: app.entries
    source_key: [id]
    unique_source_key: checked nightly
    business_key: [entry_id]
    cursor: { mode: updated_at, column: changed_at }
    money: { amount: amount, currency: currency, unit: minor }
  labels:
    table: app.labels
    contract: app.labels
    source_key: [id]
    business_key: [account_id]
    cursor: { mode: whole }
`;

const LABELS = `apiVersion: v3.1.0
kind: DataContract
id: app.labels
version: 1.0.0
status: active
team: { name: desk }
schema:
  - name: labels
    logicalType: object
    properties:
      - { name: id, logicalType: integer, physicalType: bigint, required: true }
      - { name: account_id, logicalType: string, required: true, primaryKey: true, primaryKeyPosition: 1 }
      - { name: letters, logicalType: integer, physicalType: integer }
`;

/** What is read of each feed. */
const COLUMNS: Readonly<Record<string, readonly string[]>> = {
  accounts: ["id", "account_id", "name", "v"],
  entries: ["id", "entry_id", "account_id", "amount", "currency", "memo"],
  labels: ["id", "account_id", "letters"],
};

/** A table by cursor of transactions, one by instants, a view that is read whole; a way to their server on which things go wrong. */
export interface PostgresHouse extends AsyncDisposable {
  readonly house: SourcelessHouse;
  readonly db: TestDatabase;
  readonly way: Way;
  /** The role that reads, which is no superuser. */
  readonly reader: string;
  /** Statements of a superuser in the source's database, or in another one of its server. */
  sql(text: string, database?: string): Promise<void>;
  /** An hour passes at the source. */
  hour(): Promise<void>;
  /** An id that no row has. */
  freshId(): number;
  /** The engine with other settings of the source, or another deadline. */
  with(more: Partial<PostgresSettings>, deadlineSeconds?: number): Partial<Engine>;
  /** Staging holds the source's rows, each once, and nothing waits. */
  expectSame(): Promise<void>;
}

function pipelineFolder(): string {
  const directory = mkdtempSync(join(tmpdir(), "ledgerloop-pipeline-"));
  cpSync(CLAIMS, directory, { recursive: true });
  writeFileSync(join(directory, "sources/app.yaml"), SOURCE);
  writeFileSync(join(directory, "contracts/app.labels.odcs.yaml"), LABELS);
  const entries = join(directory, "contracts/app.entries.odcs.yaml");
  const stamped = "      - { name: changed_at, logicalType: timestamp, physicalType: timestamptz, required: true }\n";
  writeFileSync(entries, readFileSync(entries, "utf8") + stamped);
  const file = join(directory, "pipeline.yaml");
  const text = readFileSync(file, "utf8").replace("app.entries]", "app.entries, app.labels]");
  writeFileSync(file, text.replace("vanished_share: 1", "vanished_share: 0.5"));
  return directory;
}

function changed(pipeline: Pipeline, more: Partial<PostgresSettings>, deadlineSeconds: number | null): Pipeline {
  const sources = [...pipeline.sources].map(([id, source]) => {
    const settings: PostgresSettings = { ...postgresSettings(source), ...more };
    return [id, { ...source, settings, deadlineSeconds }] as const;
  });
  return { ...pipeline, sources: new Map(sources) };
}

async function expectSame({ house, db }: Pick<PostgresHouse, "house" | "db">): Promise<void> {
  for (const [feed, names] of Object.entries(COLUMNS)) {
    const text = `select ${names.map((name) => `cast(${name} as varchar) as ${name}`).join(", ")}`;
    const { rows } = await connected(db.url, (client) => client.query(`${text} from app.${feed} x order by x.id`));
    expect({ feed, rows: await house.query(`${text} from staging.app_${feed} x order by x.id`) }).toEqual({ feed, rows });
  }
  expect(await house.query("select feed, source_key, reasons from ops.open_quarantine")).toEqual([]);
}

/** Opens a house over a database of this file's server, read through a way. */
export async function openPostgresHouse(): Promise<PostgresHouse> {
  const directory = pipelineFolder();
  const db = await freshDatabase();
  const reader = `reader_${db.name}`;
  let last = 1_000;
  const sql = async (text: string, database = db.name) =>
    void (await connected(db.cluster.url(database), (client) => client.query(text)));
  await sql(`${DDL} create role ${reader} login password 'word' in role pg_read_all_stats;
    grant usage on schema app to ${reader}; grant select on all tables in schema app to ${reader}`);
  const way = await openWay(db.cluster.port);
  const house = await openSourceless({
    env: { APP_URL: `postgres://${reader}:word@127.0.0.1:${way.port}/${db.name}` },
    load: (env) => loadPipeline({ directory, env }).pipeline,
    readerOf: async () => postgresReader(),
  });
  return {
    house,
    db,
    way,
    reader,
    sql,
    hour: () => sql(HOUR),
    freshId: () => {
      last += 1;
      return last;
    },
    with: (more, deadlineSeconds) => {
      const pipeline = changed(house.engine.pipeline, more, deadlineSeconds ?? null);
      return { pipeline, reread: () => pipeline };
    },
    expectSame: () => expectSame({ house, db }),
    [Symbol.asyncDispose]: async () => {
      await house[Symbol.asyncDispose]();
      await way.shut().catch(() => undefined);
      await sql(`drop owned by ${reader}; drop role ${reader}`).catch(() => undefined);
      await db[Symbol.asyncDispose]();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
