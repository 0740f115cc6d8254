import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { Pipeline } from "../../src/config/pipeline.ts";
import { publishedFeeds } from "../../src/ledger/published-feeds.ts";
import { NOTHING_RECORDED, readRecorded } from "../../src/ledger/recorded.ts";
import { waitingByRule } from "../../src/quarantine/may-enter.ts";
import { lookAtPublished } from "../../src/schema/in-force.ts";
import { countUnfilled, parseUnfilled } from "../../src/schema/unfilled-columns.ts";
import type { Dialect } from "../../src/warehouse/dialect.ts";
import { ask } from "../../src/warehouse/questions.ts";
import type { Session } from "../../src/warehouse/warehouse.ts";
import { openDesk } from "../support/desk.ts";
import { account, entry } from "../support/desk-rows.ts";
import { withSelect } from "../support/in-force.ts";
import { DIALECTS, expectGolden, expectHouseRules, nothingWritten, writeBoth } from "./golden-files.ts";

/** The statements that compare the configuration in force with what is published; the DuckDB ones are executed. */
const written = nothingWritten();

async function look(session: Session, dialect: Dialect, pipeline: Pipeline): Promise<void> {
  const group = pipeline.groups.get("desk") ?? expect.fail();
  const rest = { pipeline, group, head: 2n, asked: [], returning: [], added: [], newDerived: [], suspects: null };
  // A warehouse in which no run has declared a SELECT, as an older version leaves it.
  const addedColumns = [
    { relation: "staging.app_entries__rows", column: "memo", after: 1n },
    { relation: "curated.entry", column: "memo", after: 1n },
  ];
  const found = await lookAtPublished(session, dialect, { ...rest, recorded: { ...NOTHING_RECORDED, addedColumns } });
  expect(found.recompute).toEqual([{ table: "entry", why: "its rows were made by another SELECT" }]);
  const facts = { pipeline, group, addedColumns };
  const unfilled = countUnfilled(dialect, facts) ?? expect.fail();
  const counted = await ask(session, { dialect, name: "plan.unfilled" }, [unfilled]);
  expect(parseUnfilled(facts, counted("unfilled"))).toMatchObject([{ feed: "app.entries", rows: 1n }]);
  expect((await readRecorded(session, dialect, "desk")).eras.get("entry")).toHaveLength(1);
  expect(await publishedFeeds(session, dialect, null)).toMatchObject([
    { feed: "app.accounts", rows: 1n },
    { feed: "app.entries", group: "desk", rows: 2n, waiting: 1n },
  ]);
  const answer = await ask(session, { dialect, name: "plan.may-enter" }, [waitingByRule(dialect, "desk")]);
  expect(answer("waiting-by-rule")).toHaveLength(1);
}

beforeAll(async () => {
  await using desk = openDesk("claims");
  await desk.play({
    rows: { "app.accounts": [account(1, "A")], "app.entries": [entry(1, "e1"), entry(3, "e3", { amount: -1 })] },
  });
  await desk.play({ rows: { "app.entries": [entry(2, "e2")] } });
  const changed = withSelect(desk.pipeline, "entry", (select) => select.replace("memo", "upper(memo) as memo"));
  const session = await desk.open();
  try {
    await writeBoth(written, session, (on, dialect) => look(on, dialect, changed));
  } finally {
    await session.close();
  }
});

test.each(DIALECTS)("%s: every statement of the comparison stands in its golden file", (name) => {
  expectGolden(join(import.meta.dirname, "in-force", name), written[name]);
});

test("the Snowflake text keeps the house rules, the SELECTs of models apart", () => expectHouseRules(written));
