import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { fillDerived } from "../../src/warehouse/derived-text.ts";
import { fillForms } from "../../src/warehouse/key-form.ts";
import { stagingRows } from "../../src/warehouse/relations.ts";
import { openDesk } from "../support/desk.ts";
import { entry } from "../support/desk-rows.ts";
import { UNITED_HOURS } from "../support/united-hours.ts";
import { DIALECTS, expectGolden, expectHouseRules, nothingWritten, writeBoth } from "./golden-files.ts";

const ENTRIES = "app.entries";
const written = nothingWritten();

async function fillMissing(): Promise<void> {
  await using desk = openDesk("united");
  for (const hour of UNITED_HOURS) await desk.play(hour);
  const feed = desk.pipeline.feeds.get("app.transfers") ?? expect.fail();
  const [derived = expect.fail()] = feed.contract.derived;
  const session = await desk.open();
  await writeBoth(written, session, async (on, dialect) => {
    await on.run(fillDerived(dialect, { feed, derived, rows: stagingRows(dialect, feed) }));
  });
  await session.close();
}

beforeAll(async () => {
  await fillMissing();
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

test.each(DIALECTS)(
  "%s: the statements that give older rows the form of their key, and what is derived, stand in their golden files",
  (name) => {
    expectGolden(join(import.meta.dirname, "fill", name), written[name]);
    expectHouseRules(written);
  },
);
