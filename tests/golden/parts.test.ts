import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { Pipeline } from "../../src/config/pipeline.ts";
import { partOverTime, partsNow, stateLine } from "../../src/ledger/part-states.ts";
import { countPart, partLine, refusedRecords } from "../../src/quarantine/part-rows.ts";
import type { Dialect } from "../../src/warehouse/dialect.ts";
import type { Session } from "../../src/warehouse/warehouse.ts";
import { ENTRIES, SCOPED_HOURS, scoped, scopedDesk } from "../support/scoped-desk.ts";
import { DIALECTS, expectGolden, expectHouseRules, nothingWritten, writeBoth } from "./golden-files.ts";

/** The statements of whoever looks at the parts of a feed; the DuckDB ones are executed. */
const written = nothingWritten();

async function look(session: Session, dialect: Dialect, pipeline: Pipeline): Promise<void> {
  const feed = scoped(pipeline).feeds.get(ENTRIES) ?? expect.fail();
  const of = { group: feed.group, feeds: [feed.id, "app.former"], key: "a" };
  expect((await session.rows(partsNow(dialect, [feed]))).map(stateLine)).toEqual([]);
  expect((await session.rows(partOverTime(dialect, of))).map(stateLine)).toEqual([]);
  const lines = (await session.rows(countPart(dialect, feed, "a"))).map(partLine);
  expect(lines.map(({ kind, rows }) => `${rows} ${kind}`).sort()).toEqual(["1 live", "1 quarantined", "2 tombstoned"]);
  const refused = { part: "a", onlyMalformed: true, limit: 10 };
  expect(await session.rows(refusedRecords(dialect, feed, refused))).toEqual([]);
}

beforeAll(async () => {
  await using desk = await scopedDesk();
  for (const hour of SCOPED_HOURS) await desk.play(hour);
  const session = await desk.open();
  try {
    await writeBoth(written, session, (on, dialect) => look(on, dialect, desk.pipeline));
  } finally {
    await session.close();
  }
});

test.each(DIALECTS)("%s: every statement about parts of a feed stands in its golden file", (name) => {
  expectGolden(join(import.meta.dirname, "parts", name), written[name]);
});

test("the Snowflake text keeps the house rules", () => expectHouseRules(written));
