import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readCursors } from "../../src/ledger/head.ts";
import { inFlightAmong, keysOf } from "../../src/proofs/terms.ts";
import { EVERYTHING } from "../../src/reconcile/extent.ts";
import type { Proof } from "../../src/reconcile/proof.ts";
import { proveSource } from "../../src/reconcile/source.ts";
import { readContents, removeContents } from "../../src/reconcile/source-contents.ts";
import type { Dialect } from "../../src/warehouse/dialect.ts";
import type { Session } from "../../src/warehouse/warehouse.ts";
import { openComparedHouse, provingTools } from "../support/compared-house.ts";
import { DIALECTS, expectGolden, expectHouseRules, nothingWritten, writeBoth } from "./golden-files.ts";

const HERE = import.meta.dirname;
const written = nothingWritten();
const proofs: Proof[] = [];

/** Rows of one key, keys that wait, an older row that a hand changed, a row that is there twice on both sides, another row of a key: what makes a comparison ask all that it can ask. */
const SOURCE = `
insert into app.items (id, item_id, amount, currency) select n, 'i' || n, n, 'USD' from generate_series(1, 5) n;
insert into app.items (id, item_id, amount, currency) values (6, 'i6', 1.505, 'USD'), (null, null, 1, 'USD');`;
const LATER = "update app.items set amount = 5.005, v = v + 1, chg = pg_current_xact_id() where id = 5";
const AFTER = `
update app.items set label = 'unstamped' where id = 1;
insert into app.items select * from app.items where id = 2;
insert into app.items (id, item_id, amount, currency, chg) values (4, 'i4', 40, 'USD', '3');`;

beforeAll(async () => {
  await using house = await openComparedHouse();
  await house.source.query(SOURCE);
  expect((await house.run()).report?.outcome).toBe("published");
  await house.source.query(LATER);
  expect((await house.run()).report?.outcome).toBe("published");
  await house.source.query(AFTER);
  const tools = provingTools(house);
  const feed = house.pipeline.feeds.get("app.items");
  if (!feed) throw new Error("the feed is not there");
  const session = await house.engine.warehouse.open({ purpose: "test" });
  try {
    await session.run({
      name: "test.copy",
      sql: "INSERT INTO staging.app_items__rows SELECT * FROM staging.app_items__rows WHERE id = 3",
    });
    await session.run({ name: "test.by-hand", sql: "UPDATE staging.app_items__rows SET label = 'by hand' WHERE id = 5" });
    const { cursors } = await readCursors(session, house.engine.warehouse.dialect, { group: "desk", feeds: [feed] });
    const cursor = cursors.get(feed.id);
    if (!cursor) throw new Error("the feed was not published");
    const reading = {
      id: "reconcile_1",
      nth: 1,
      extent: EVERYTHING,
      signal: new AbortController().signal,
      onRead: () => undefined,
      onStatement: () => undefined,
    };
    const beside = await readContents(tools, { feed, head: 2n, cursor }, reading);
    if (beside.by !== "content") throw new Error("the source was not read");
    const work = async (on: Session, dialect: Dialect) => {
      proofs.push(await proveSource({ session: on, dialect, tools, id: reading.id }, beside.content));
      await keysOf(on, dialect, { feed, namedIn: "both", term: "waiting", limit: 20 });
      expect(await inFlightAmong(on, dialect, { feed, namedIn: "both", keys: ["1", "2"] })).toEqual(new Set());
    };
    await writeBoth(written, session, work);
    await removeContents(tools, feed, reading);
  } finally {
    await session.close();
  }
});

test("both engines are asked alike, and find the row that changed, the one that is live twice, another row of a key, and an older one that a hand changed", () => {
  for (const { keys, says, notProven } of proofs) {
    expect([notProven, says]).toEqual([null, []]);
    expect(keys).toEqual([
      { key: { id: "1" }, why: "differs" },
      { key: { id: "3" }, why: "copy" },
      { key: { id: "4" }, why: "further" },
      { key: { id: "5" }, why: "altered" },
    ]);
  }
  expect(proofs.length).toBe(2);
});

describe.each(DIALECTS)("%s", (name) => {
  test("every statement of a comparison with a source stands in its golden file", () => {
    expectGolden(join(HERE, "reconcile-source", name), written[name]);
  });
});

test("the Snowflake text keeps the house rules", () => {
  expectHouseRules(written);
});
