import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { EVERYTHING } from "../../src/reconcile/extent.ts";
import { proveLanded } from "../../src/reconcile/landed.ts";
import type { Proof } from "../../src/reconcile/proof.ts";
import { broken, deleteOf, ENTRIES, filed, hourOf, scopedDesk } from "../support/scoped-desk.ts";
import { DIALECTS, expectGolden, expectHouseRules, nothingWritten, writeBoth } from "./golden-files.ts";

const HERE = import.meta.dirname;
const written = nothingWritten();
const proofs: Proof[] = [];

/** Rows that stand, wait, were deleted, and one that is live twice: what makes a comparison ask all that it can ask. */
beforeAll(async () => {
  await using desk = await scopedDesk();
  await desk.play(
    hourOf([filed(1, "a", 1), filed(2, "a", 1), broken(3, "a", 1)], { complete: ["a"], deletes: [deleteOf(4, 1)] }),
  );
  await desk.play(hourOf([filed(1, "a", 2)]));
  const feed = desk.pipeline.feeds.get(ENTRIES);
  if (!feed) throw new Error("the feed is not there");
  const session = await desk.open();
  try {
    await session.run({
      name: "test.copy",
      sql: "INSERT INTO staging.app_entries__rows SELECT * FROM staging.app_entries__rows WHERE id = 2",
    });
    await writeBoth(written, session, async (on, dialect) => {
      const tools = { pipeline: desk.pipeline, objects: desk.objects };
      proofs.push(
        await proveLanded({ session: on, dialect, tools, id: "reconcile_1" }, { feed, group: feed.group, extent: EVERYTHING }),
      );
    });
  } finally {
    await session.close();
  }
});

test("both engines are asked alike, and find the row that is live twice", () => {
  for (const { keys, says, notProven } of proofs) {
    expect([notProven, says]).toEqual([null, []]);
    expect(keys).toEqual([{ key: { id: "2" }, why: "copy" }]);
  }
  expect(proofs.length).toBe(2);
});

describe.each(DIALECTS)("%s", (name) => {
  test("every statement of a comparison with landed rows stands in its golden file", () => {
    expectGolden(join(HERE, "reconcile-landed", name), written[name]);
  });
});

test("the Snowflake text keeps the house rules", () => {
  expectHouseRules(written);
});
