import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { readCursors } from "../../src/ledger/head.ts";
import { daysAlone } from "../../src/proofs/beside-part.ts";
import type { Extent } from "../../src/reconcile/extent.ts";
import { compareLanded } from "../../src/reconcile/landed.ts";
import { planNight } from "../../src/reconcile/plan-night.ts";
import type { Proof } from "../../src/reconcile/proof.ts";
import { proveSource } from "../../src/reconcile/source.ts";
import { readContents, removeContents } from "../../src/reconcile/source-contents.ts";
import { subjectName } from "../../src/reconcile/subjects.ts";
import { proveSums } from "../../src/reconcile/sums.ts";
import { proveTable } from "../../src/reconcile/tables.ts";
import type { Dialect } from "../../src/warehouse/dialect.ts";
import type { Session } from "../../src/warehouse/warehouse.ts";
import { openComparedHouse, provingTools } from "../support/compared-house.ts";
import { deleteOf, ENTRIES, filed, hourOf, scopedDesk } from "../support/scoped-desk.ts";
import { DIALECTS, expectGolden, expectHouseRules, nothingWritten, writeBoth } from "./golden-files.ts";

const HERE = import.meta.dirname;
const written = nothingWritten();
const ofSource: Proof[] = [];
const others: Pick<Proof, "keys" | "says">[] = [];
const planned: string[][] = [];

const YEAR = { by: "stretches", of: [{ from: "2025-01-01", to: "2026-01-01" }] } as const;
const SINCE_NONE: Extent = { by: "touched", since: { publication: 0n, cursor: null } };

/** A day that changed without a stamp is one of another part at the source; of a row that is there twice the newer one is in another part, which names it. */
const SOURCE = `
insert into app.items (id, item_id, amount, currency, day) select n, 'i' || n, n, 'USD', make_date(2024 + n % 3, 5, 1) from generate_series(1, 9) n`;
const AFTER = `
update app.items set day = '2026-05-01' where id = 1;
insert into app.items select * from app.items where id = 4;
update app.items set day = '2024-05-01', v = 2 where ctid = (select max(ctid) from app.items where id = 4)`;

async function partsOfSource(): Promise<void> {
  await using house = await openComparedHouse();
  await house.source.query(SOURCE);
  expect((await house.run()).report?.outcome).toBe("published");
  await house.source.query(AFTER);
  const tools = provingTools(house);
  const { pipeline } = tools;
  const [items, model] = [pipeline.feeds.get("app.items"), pipeline.models.get("item")];
  if (!(items && model)) throw new Error("the feed or its table is not there");
  const feed = { ...items, postingDate: "day" };
  const session = await house.engine.warehouse.open({ purpose: "test" });
  const reading = {
    id: "reconcile_1",
    nth: 1,
    signal: new AbortController().signal,
    onRead: () => undefined,
    onStatement: () => undefined,
  };
  try {
    const { cursors } = await readCursors(session, house.engine.warehouse.dialect, { group: "desk", feeds: [feed] });
    const beside = await readContents(
      tools,
      { feed, head: 1n, cursor: cursors.get(feed.id) ?? null },
      { ...reading, extent: YEAR },
    );
    if (beside.by !== "content") throw new Error("the source was not read");
    const plan = {
      ...{ pipeline: { ...pipeline, feeds: new Map(pipeline.feeds).set(feed.id, feed) }, only: null, budget: null },
      ...{ legs: new Set(["R1", "R2"] as const), tiers: new Set(["T2", "T4"] as const) },
      ...{ hasContents: () => true, began: new Date("2026-11-02T03:00:00Z") },
    };
    await writeBoth(written, session, async (on: Session, dialect: Dialect) => {
      const tasks = await planNight(on, dialect, plan);
      planned.push(tasks.map(({ subject }) => subjectName(subject)));
      const { postingDate: _, ...undated } = model;
      const models = new Map(pipeline.models).set(model.table, undated);
      const undatedTasks = await planNight(on, dialect, { ...plan, pipeline: { ...plan.pipeline, models } });
      expect(undatedTasks.map(({ subject }) => subjectName(subject))).toEqual(planned.at(-1));
      ofSource.push(await proveSource({ session: on, dialect, tools, id: reading.id }, beside.content));
      expect(await daysAlone(on, dialect, { feed, name: "day" })).toEqual([]);
      const counted = { totals: [[]], asOf: "2026-11-02T03:00:00Z" };
      const summed = await proveSums(on, dialect, { feed, column: "day", of: YEAR.of, counted });
      expect(summed.suspects).toEqual(YEAR.of);
      others.push(await proveTable(on, dialect, { model, pipeline, extent: SINCE_NONE }));
      others.push(await proveTable(on, dialect, { model, pipeline, extent: YEAR }));
    });
    await removeContents(tools, feed, reading);
  } finally {
    await session.close();
  }
}

async function partsOfLanding(): Promise<void> {
  await using desk = await scopedDesk();
  await desk.play(hourOf([filed(1, "a", 1), filed(2, "a", 1)], { complete: ["a"] }));
  await desk.play(hourOf([filed(1, "a", 2)], { deletes: [deleteOf(4, 1)] }));
  const feed = desk.pipeline.feeds.get(ENTRIES);
  if (!feed) throw new Error("the feed is not there");
  const extent: Extent = { by: "stretches", of: [{ from: "000000000002", to: null }] };
  const session = await desk.open();
  try {
    await writeBoth(written, session, async (on, dialect) => {
      const tools = { pipeline: desk.pipeline, objects: desk.objects };
      others.push(await compareLanded({ session: on, dialect, tools, id: "reconcile_1" }, { feed, group: feed.group, extent }));
    });
  } finally {
    await session.close();
  }
}

beforeAll(async () => {
  await partsOfSource();
  await partsOfLanding();
});

test("both engines are asked alike, and find the row whose day is another one at the source", () => {
  expect(planned).toEqual(DIALECTS.map(() => ["app.items", "app.notes", "item"]));
  expect(ofSource.map(({ keys, says }) => [keys, says])).toEqual(
    DIALECTS.map(() => [[{ key: { id: "1" }, why: "differs" }], []]),
  );
  for (const { keys, says } of others) expect([keys, says]).toEqual([[], []]);
});

describe.each(DIALECTS)("%s", (name) => {
  test("every statement of a comparison of a part stands in its golden file", () => {
    expectGolden(join(HERE, "reconcile-parts", name), written[name]);
  });
});

test("the Snowflake text keeps the house rules", () => {
  // The model's own SELECT stands in it as it is written.
  written.snowflake.delete("reconcile.differing.item");
  expectHouseRules(written);
});
