import { afterAll, expect, test } from "vitest";
import { Failure } from "../../../src/kernel/problem.ts";
import type { Session } from "../../../src/warehouse/warehouse.ts";
import { openEngineSite } from "./site.ts";

/** What an engine does with something that Snowflake documents; `documented` is what its pages say. */
interface Probe {
  readonly about: string;
  readonly documented: string;
  readonly emulator: string;
  readonly ask: (ask: Ask) => Promise<string>;
}

interface Ask {
  run(sql: string): Promise<bigint>;
  one(sql: string): Promise<string | null>;
}

const DUPLICATES = "(SELECT COLUMN1 AS id, COLUMN2 AS v FROM VALUES (1, 'b'), (1, 'c'))";

const PROBES: readonly Probe[] = [
  {
    about: "a MERGE whose source has a key twice",
    documented: "refused",
    emulator: "accepted",
    ask: async ({ run }) => {
      await run("CREATE OR REPLACE TABLE PROBES.T (id NUMBER(19,0), v VARCHAR(10))");
      await run("INSERT INTO PROBES.T (id, v) SELECT 1, 'a'");
      return refusal(
        run(`MERGE INTO PROBES.T t USING ${DUPLICATES} s ON t.id = s.id WHEN MATCHED THEN UPDATE SET v = s.v`),
        "snowflake.duplicate_match",
      );
    },
  },
  {
    about: "a text longer than its column",
    documented: "refused",
    emulator: "accepted",
    ask: async ({ run }) => {
      await run("CREATE OR REPLACE TABLE PROBES.T (v VARCHAR(3))");
      return refusal(run("INSERT INTO PROBES.T (v) SELECT 'four'"));
    },
  },
  {
    about: "a key that is declared and there twice",
    documented: "accepted",
    emulator: "refused",
    ask: async ({ run }) => {
      await run("CREATE OR REPLACE TABLE PROBES.T (id NUMBER(19,0) PRIMARY KEY)");
      return refusal(run("INSERT INTO PROBES.T (id) SELECT 1 UNION ALL SELECT 1"));
    },
  },
  {
    about: "a sum of numbers above 2^53",
    documented: "18014398509481986",
    emulator: "18014398509481986",
    ask: async ({ one }) =>
      String(await one("SELECT SUM(CAST(COLUMN1 AS NUMBER(38,0))) AS x FROM VALUES ('9007199254740993'), ('9007199254740993')")),
  },
  {
    about: "a count over no rows",
    documented: "0",
    emulator: "null",
    ask: async ({ one }) => String(await one("SELECT COUNT_IF(t.a > 1) AS x FROM (SELECT 1 AS a) t WHERE t.a > 1")),
  },
  {
    about: "a quoted name in another case",
    documented: "refused",
    emulator: "accepted",
    ask: ({ one }) => refusal(one('SELECT t."A" AS x FROM (SELECT 1 AS "a") t')),
  },
  {
    about: "one divided by zero",
    documented: "refused",
    emulator: "accepted",
    ask: ({ one }) => refusal(one("SELECT 1 / 0 AS x")),
  },
];

/** Whether a statement is refused; by anything that is no answer of the engine, the probe itself fails. */
async function refusal(asked: Promise<unknown>, code?: string): Promise<string> {
  try {
    await asked;
    return "accepted";
  } catch (error) {
    if (!(error instanceof Failure) || error.kind === "retryable") throw error;
    if (code !== undefined) expect(error.problems[0]?.code).toBe(code);
    return "refused";
  }
}

const site = await openEngineSite();
await site.create("CAPABILITIES");
let session: Session;
const table: { about: string; documented: string; "here it is": string }[] = [];

afterAll(async () => {
  await session.close();
  const different = table.filter((row) => row.documented !== row["here it is"]);
  console.table(different.length ? different : [{ about: "everything asked is as documented" }]);
});

test.each([...PROBES])("$about", async ({ about, documented, emulator, ask }) => {
  session ??= await site.warehouse("CAPABILITIES").open({ purpose: "probe" });
  await session.run({ name: "probe", sql: "CREATE SCHEMA IF NOT EXISTS PROBES" });
  const found = await ask({
    run: (sql) => session.run({ name: "probe", sql }),
    one: async (sql) => (await session.rows({ name: "probe", sql }))[0]?.["x"] ?? null,
  });
  table.push({ about, documented, "here it is": found });
  expect(found).toBe(site.isAccount ? documented : emulator);
});
