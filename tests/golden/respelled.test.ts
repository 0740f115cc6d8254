import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { newRulesOverPublished } from "../../src/checks/published-breaking.ts";
import type { Pipeline } from "../../src/config/pipeline.ts";
import { showOpenRows } from "../../src/quarantine/show-row.ts";
import { spellingQuestions } from "../../src/quarantine/spellings.ts";
import type { Dialect } from "../../src/warehouse/dialect.ts";
import type { Session } from "../../src/warehouse/warehouse.ts";
import { type Hour, openDesk } from "../support/desk.ts";
import { account, entry, withRules } from "../support/desk-rows.ts";
import { curatedRespelling, ENTRIES, RESPELLED, respelling, WITHOUT_NFC } from "../support/respelled.ts";
import { DIALECTS, expectGolden, expectHouseRules, keep, nothingWritten, type Written, writeBoth } from "./golden-files.ts";

/** What is written otherwise where a unique rule compares normal forms. */
const OWN = /^(verdict\.app\.entries|plan\.published-doubled|quarantine\.other-spellings|assert.*)$/;
const written = nothingWritten();

const HOURS: readonly Hour[] = [
  {
    adjust: (p) => curatedRespelling(respelling({ forms: WITHOUT_NFC })(p)),
    rows: { "app.accounts": [account(1, "A")], [ENTRIES]: [entry(1, "7")] },
  },
  { rows: { [ENTRIES]: [entry(2, "007")] } },
];

/** The rule as if it were new, and the row that it keeps out. */
async function look(session: Session, dialect: Dialect, pipeline: Pipeline): Promise<void> {
  const changed = withRules(pipeline, ENTRIES, (rules) =>
    rules.map((rule) => (rule.id === RESPELLED ? { ...rule, fingerprint: "another" } : rule)),
  );
  expect(await newRulesOverPublished(session, dialect, changed)).toMatchObject([{ rule: RESPELLED, publishedBreaking: 0n }]);
  const rows = await session.rows(showOpenRows(dialect, { feed: ENTRIES, limit: 10 }));
  const [question, ...more] = spellingQuestions(dialect, pipeline, rows);
  expect(more).toEqual([]);
  expect(await session.rows(question ?? expect.fail())).toMatchObject([{ own: "007", state: "published", other: "7" }]);
}

beforeAll(async () => {
  await using duckdb = openDesk("claims");
  await using snowflake = openDesk("claims");
  const all: Written = nothingWritten();
  const session = await duckdb.open();
  try {
    await writeBoth(all, session, async (on, dialect) => {
      const desk = dialect.name === "duckdb" ? duckdb : snowflake;
      for (const hour of HOURS) await desk.play(hour, { session: on, dialect });
      await look(on, dialect, desk.pipeline);
    });
  } finally {
    await session.close();
  }
  for (const name of DIALECTS) {
    const statements = [...all[name]].map(([statement, sql]) => ({ name: statement, sql: sql.replace(/;\n$/, "") }));
    keep(written, name, { statements, wanted: (statement) => OWN.test(statement) });
  }
});

test.each(DIALECTS)("%s: every statement over normal forms of keys stands in its golden file", (name) => {
  expectGolden(join(import.meta.dirname, "respelled", name), written[name]);
});

test("the Snowflake text keeps the house rules", () => expectHouseRules(written));
