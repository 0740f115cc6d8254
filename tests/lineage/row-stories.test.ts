import { expect, test } from "vitest";
import { leadBack } from "../../src/lineage/lead-back.ts";
import { standingFindings } from "../../src/lineage/row-facts.ts";
import { rowStories } from "../../src/lineage/row-stories.ts";
import { duckdbDialect } from "../../src/warehouse/duckdb/dialect.ts";
import { type Desk, openDesk } from "../support/desk.ts";
import { account, entry } from "../support/desk-rows.ts";

/** The story of the one row of a feed that leads to a key of `entry`. */
async function story(desk: Desk, key: string) {
  const session = await desk.open();
  try {
    const ask = ({ sql }: { sql: string }) => session.rows({ name: "test", sql });
    const table = desk.pipeline.models.get("entry") ?? expect.fail();
    const asking = { ask, dialect: duckdbDialect, pipeline: desk.pipeline };
    const { rows } = await leadBack(asking, { table, key: [key] });
    const stories = await rowStories({ session, dialect: duckdbDialect, pipeline: desk.pipeline }, rows);
    const back = rows.find(({ of }) => of.feed.id === "app.entries") ?? expect.fail();
    expect(await session.rows(standingFindings(duckdbDialect, table, [key]))).toEqual([]);
    return stories.get(back) ?? expect.fail();
  } finally {
    await session.close();
  }
}

test("the class of a row is told where it is kept, and of none is it made up", async () => {
  await using desk = openDesk("claims");
  const feeds = (...entries: ReturnType<typeof entry>[]) => ({ "app.accounts": [account(1, "A")], "app.entries": entries });
  await desk.play({ rows: feeds(entry(1, "e1"), entry(2, "e2"), entry(3, "e3", { account_id: "Z" })) });
  expect(await story(desk, "e1")).toMatchObject({ class: "inserted", publication: { publication_id: "desk-1" }, waiting: [] });
  await desk.play({ rows: feeds(entry(1, "e1", { amount: 7 })) });
  expect(await story(desk, "e1")).toMatchObject({ class: "updated", publication: { number: "2", updated: "1", inserted: "0" } });
  expect(await story(desk, "e2")).toMatchObject({ class: "inserted", publication: { number: "1" } });
  // The parent of the third has come, and one more row changes in the same publication.
  await desk.play({ rows: { "app.accounts": [account(2, "Z")], "app.entries": [entry(2, "e2", { amount: 9 })] } });
  expect(await story(desk, "e3")).toMatchObject({ class: "inserted", publication: { number: "3" } });
  expect((await story(desk, "e2")).class).toBeNull();
  await desk.play({ rows: feeds(entry(1, "e1", { amount: 7 })), whole: ["app.entries"] });
  expect(await story(desk, "e2")).toMatchObject({ class: "vanished", rules: null });
});

test("rules are those in force over the row as it stands, and a newer version that waits is told", async () => {
  await using desk = openDesk("claims");
  await desk.play({ rows: { "app.accounts": [account(1, "A")], "app.entries": [entry(1, "e1")] } });
  await desk.play({ rows: { "app.accounts": [], "app.entries": [entry(1, "e1", { amount: -1 })] } });
  const found = await story(desk, "e1");
  expect(found.rules?.broken).toEqual([]);
  expect(found.rules?.judged).toBeGreaterThan(3);
  expect(found.verdicts.length).toBeGreaterThan(3);
  expect(found.verdicts.every(({ verdict }) => verdict === "pass")).toBe(true);
  expect(found.waiting).toMatchObject([{ kind: "quarantined", reasons: '["amount.range"]', publication_id: "desk-2" }]);
});
