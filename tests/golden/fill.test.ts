import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { fillForms } from "../../src/warehouse/key-form.ts";
import { stagingRows } from "../../src/warehouse/relations.ts";
import { openDesk } from "../support/desk.ts";
import { entry } from "../support/desk-rows.ts";
import { DIALECTS, expectGolden, expectHouseRules, nothingWritten, writeBoth } from "./golden-files.ts";

const ENTRIES = "app.entries";
const written = nothingWritten();

beforeAll(async () => {
  await using desk = openDesk("claims");
  await desk.play({ rows: { [ENTRIES]: [entry(1, "e1")] } });
  const feed = desk.pipeline.feeds.get(ENTRIES);
  if (!feed) expect.fail();
  const session = await desk.open();
  await writeBoth(written, session, async (on, dialect) => {
    await on.run(fillForms(dialect, { feed, rows: stagingRows(dialect, feed) }));
  });
  await session.close();
});

test.each(DIALECTS)("%s: the statement that gives older rows the form of their key stands in its golden file", (name) => {
  expectGolden(join(import.meta.dirname, "fill", name), written[name]);
  expectHouseRules(written);
});
