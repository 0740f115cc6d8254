import { setTimeout as sleep } from "node:timers/promises";
import type pg from "pg";
import { atFirstFile } from "../sources/conformance-subject.ts";
import { deadlineTimer } from "../support/deadline-timer.ts";
import { MARK, type PostgresHouse } from "../support/postgres-house.ts";
import { byHand, entries, failing, nothing, type PostgresFault, type Struck, stated, view } from "./postgres-fault.ts";

/** Something happens behind a row of the read. */
const inTheMiddle = (happens: (of: PostgresHouse) => "cut" | (() => Promise<void>)) => async (of: PostgresHouse) => {
  of.way.behind(MARK, happens(of));
  return { off: nothing };
};

/** A session with an open transaction, and how it ends. */
async function openTransaction(of: PostgresHouse, text: string): Promise<pg.Client> {
  const client = await of.db.client();
  await client.query(`begin; ${text}`);
  return client;
}

/** Sessions until the server has none to give. */
async function takeAll(of: PostgresHouse, role?: { name: string; password: string }): Promise<Struck> {
  const taken: pg.Client[] = [];
  try {
    for (;;) taken.push(await of.db.client(role));
  } catch {
    return { off: () => Promise.all(taken.map((client) => client.end())) };
  }
}

/** What may go wrong at a server, on the way to it, and between two of its sessions. */
export const SERVER_FAULTS: readonly PostgresFault[] = [
  {
    fault: "refused",
    says: "nothing listens at the address",
    on: async ({ way }) => {
      await way.shut();
      return { off: () => way.reopen() };
    },
  },
  {
    fault: "crash",
    says: "the server dies in the middle of the rows, and recovers",
    on: async (of, { cluster }) => {
      of.way.behind(MARK, () => cluster.crash());
      return { off: () => cluster.restart() };
    },
  },
  { fault: "cut", says: "the connection breaks in the middle of the rows", on: inTheMiddle(() => "cut") },
  {
    fault: "silence",
    says: "nothing comes any more, until `deadline_seconds`",
    on: async (of) => {
      const { timer, up } = deadlineTimer();
      of.way.behind(MARK, "silence", up);
      return { engine: { ...of.with({}, 60), timer }, off: nothing };
    },
  },
  {
    fault: "terminated",
    says: "an administrator ends the session in the middle of the rows",
    on: inTheMiddle(
      (of) => () => of.sql(`select pg_terminate_backend(pid, 60000) from pg_stat_activity where usename = '${of.reader}'`),
    ),
  },
  {
    fault: "closed",
    says: "the database takes no connections",
    on: async (of) => {
      const allow = (is: boolean) => of.sql(`alter database ${of.db.name} allow_connections ${is}`, "postgres");
      await allow(false);
      return { off: () => allow(true) };
    },
  },
  {
    fault: "login",
    says: "the password is another one",
    on: stated(
      ({ reader }) => `alter role ${reader} password 'another'`,
      ({ reader }) => `alter role ${reader} password 'word'`,
    ),
  },
  {
    fault: "role_limit",
    says: "the role may have no connection more",
    on: stated(
      ({ reader }) => `alter role ${reader} connection limit 0`,
      ({ reader }) => `alter role ${reader} connection limit -1`,
    ),
  },
  {
    fault: "server_full",
    says: "the server has no connection to give",
    on: (of) => takeAll(of, { name: of.reader, password: "word" }),
  },
  {
    fault: "temp_file_limit",
    says: "a view sorts more than its limit",
    on: view(
      `select id, account_id, length(name) as letters from app.accounts where 0 <
        (select count(*) from (select repeat('x', 500) || n as pad from generate_series(1, 8000) n order by md5(n::text) offset 1) s where pad <> '')`,
      ({ reader }) => `alter role ${reader} set temp_file_limit = '1MB'; alter role ${reader} set work_mem = '64kB'`,
    ),
  },
  {
    fault: "statement_timeout",
    says: "a view takes longer than `statement_timeout_seconds`",
    on: async (of) => ({
      ...(await view("select id, account_id, length(name) + length(pg_sleep(60)::text) as letters from app.accounts")(of)),
      engine: of.with({ statementTimeoutSeconds: 1 }),
    }),
  },
  {
    fault: "locked",
    says: "a table is locked by a migration until the read waits for it",
    on: async (of) => {
      const holder = await openTransaction(of, "lock table app.entries in access exclusive mode");
      const waits = `select from pg_locks where not granted and relation = 'app.entries'::regclass`;
      const released = (async () => {
        while ((await holder.query(waits)).rowCount === 0) await sleep(20);
        await holder.query("rollback");
      })();
      return { off: () => released };
    },
  },
  {
    fault: "long_transaction",
    says: "rows of a transaction that is still open, older than the read",
    on: async (of) => {
      const writer = await openTransaction(
        of,
        `update app.accounts set name = 'late', v = v + 1, chg = pg_current_xact_id() where id = 2; ${entries(of, ["1"])}`,
      );
      return { off: () => writer.query("commit") };
    },
  },
  {
    fault: "written_to",
    says: "rows change while the tables are read",
    comesLater: true,
    on: async (of) => {
      const objects = atFirstFile(of.house.engine.objects, () => of.hour());
      return { engine: { objects }, off: nothing };
    },
  },
  {
    fault: "other_database",
    says: "a copy of the database stands under its name",
    byHand: byHand("source was restored"),
    on: async (of) => {
      const { name } = of.db;
      await of.sql(`select pg_terminate_backend(pid, 60000) from pg_stat_activity where datname = '${name}'`, "postgres");
      await of.sql(`create database ${name}_copy template ${name}`, "postgres");
      await of.sql(`drop database ${name} with (force)`, "postgres");
      await of.sql(`alter database ${name}_copy rename to ${name}`, "postgres");
      return { off: nothing };
    },
  },
  {
    fault: "rewound",
    says: "the server was put back to an earlier state of its disk",
    byHand: byHand("source was restored"),
    on: async (of, { cluster, column }) => {
      const putBack = await cluster.keep();
      await of.hour();
      if (column !== "first load") await of.house.run();
      await putBack();
      // A published version is not taken back by an older one: the source's programs get there again.
      return { off: () => of.hour() };
    },
  },
  {
    fault: "recovery_conflict",
    says: "a read is cancelled as standbys do (40001)",
    on: failing("40001"),
  },
];
