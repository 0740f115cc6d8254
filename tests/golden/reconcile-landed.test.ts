import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { Pipeline } from "../../src/config/pipeline.ts";
import { EVERYTHING } from "../../src/reconcile/extent.ts";
import { planHeal } from "../../src/reconcile/heal.ts";
import type { Break } from "../../src/reconcile/kept-breaks.ts";
import { proveLanded } from "../../src/reconcile/landed.ts";
import type { Proof } from "../../src/reconcile/proof.ts";
import type { Dialect } from "../../src/warehouse/dialect.ts";
import type { Session } from "../../src/warehouse/warehouse.ts";
import { broken, deleteOf, ENTRIES, filed, hourOf, scopedDesk } from "../support/scoped-desk.ts";
import { DIALECTS, expectGolden, expectHouseRules, nothingWritten, writeBoth } from "./golden-files.ts";

const HERE = import.meta.dirname;
const written = nothingWritten();
const proofs: Proof[] = [];

/** A break of a row that stands in another one; nothing was kept of which. */
const BROKEN = {
  ...{ id: "brk_1", leg: "R1", of: ENTRIES, compares: "", keyText: "1", class: "attribute", key: { id: "1" } },
  ...{ isOpen: true, extent: null, scope: null },
} as unknown as Break;

/** Looks for the row in which a row stands that is to be healed. */
async function lookForParent(session: Session, dialect: Dialect, { feeds, ...pipeline }: Pipeline): Promise<void> {
  const nested = new Map([...feeds].map(([id, feed]) => [id, { ...feed, inside: "accounts" }]));
  const asked = { readByKey: new Set([ENTRIES]), reason: null, ticket: null, breaks: [BROKEN] };
  const { requests } = await planHeal(session, dialect, { ...asked, pipeline: { ...pipeline, feeds: nested } });
  expect(requests.map(({ keys }) => keys)).toEqual([[{ feed: ENTRIES, keys: [["1"]], within: ["a"] }]]);
}

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
      await lookForParent(on, dialect, desk.pipeline);
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
