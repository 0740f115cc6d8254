import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { Pipeline } from "../../src/config/pipeline.ts";
import { cursorNumber, moveStaging, moveWaiting, type Renaming, renameLedger } from "../../src/publish/rename.ts";
import { stagingDdl } from "../../src/schema/layout.ts";
import { carriedFingerprints } from "../../src/schema/rename-declarations.ts";
import { contentProblems, publishedNames, stagingColumns } from "../../src/schema/rename-fit.ts";
import type { Dialect } from "../../src/warehouse/dialect.ts";
import type { Session } from "../../src/warehouse/warehouse.ts";
import { renamed } from "../support/in-force.ts";
import { broken, ENTRIES, filed, hourOf, scopedDesk } from "../support/scoped-desk.ts";
import { DIALECTS, expectGolden, expectHouseRules, nothingWritten, writeBoth } from "./golden-files.ts";

/** The statements of a rename of a scoped feed; the DuckDB ones are executed. */
const written = nothingWritten();

const NOW = "app.lines";

async function rename(session: Session, dialect: Dialect, pipeline: Pipeline): Promise<void> {
  const feed = pipeline.feeds.get(NOW) ?? expect.fail();
  const group = pipeline.groups.get("desk") ?? expect.fail();
  const names = { feed, was: ENTRIES };
  const writing = { publicationId: "desk-3", group: "desk", number: 3n, now: dialect.timestamp("2026-11-01T12:00:00Z") };
  const renaming: Renaming = { ...names, group, writing };
  expect((await publishedNames(session, dialect)).get(ENTRIES)).toEqual(["desk"]);
  expect([...((await stagingColumns(session, dialect)).get("app_entries") ?? [])]).toContain("_scope");
  const lost = await contentProblems(session, dialect, { asked: { pipeline, ...names }, lost: ["memo", "_scope"] });
  expect(lost.map(({ says }) => says)).toEqual([
    "the rows of app.entries do not fit app.lines: 1 rows hold values in memo, which app.lines does not have",
    "the rows of app.entries do not fit app.lines: 1 rows belong to parts of the feed, which app.lines does not have",
  ]);
  for (const statement of stagingDdl(dialect, feed)) await session.run(statement);
  await session.transaction(async () => {
    const fingerprints = await carriedFingerprints(session, dialect, { ...names, group: "desk", head: 2n });
    expect(fingerprints).toContain(`"feed:${NOW}"`);
    for (const { put, take } of [moveStaging(dialect, renaming) ?? expect.fail(), moveWaiting(dialect, renaming)]) {
      expect([await session.run(put), await session.run(take)]).toEqual([1n, 1n]);
    }
    const cursor = await cursorNumber(session, dialect, { group: "desk", feed: ENTRIES });
    expect(cursor).toBe(2n);
    for (const statement of renameLedger(dialect, renaming, cursor)) await session.run(statement);
  });
}

beforeAll(async () => {
  await using desk = await scopedDesk();
  await desk.play(hourOf([filed(1, "a", 1), broken(2, "a", 1)]));
  const pipeline = renamed(desk.pipeline, { was: ENTRIES, now: NOW, table: "entry" });
  const session = await desk.open();
  try {
    await writeBoth(written, session, (on, dialect) => rename(on, dialect, pipeline));
  } finally {
    await session.close();
  }
});

test.each(DIALECTS)("%s: every statement of a rename stands in its golden file", (name) => {
  expectGolden(join(import.meta.dirname, "rename", name), written[name]);
});

test("the Snowflake text keeps the house rules", () => expectHouseRules(written));
