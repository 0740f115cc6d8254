import { beforeAll, beforeEach, expect, test } from "vitest";
import type { ReconcilePace } from "../../src/config/pipeline.ts";
import { EVERYTHING, type Extent, type Tier } from "../../src/reconcile/extent.ts";
import { lastProofs } from "../../src/reconcile/kept-proofs.ts";
import { resultOf } from "../../src/reconcile/proof.ts";
import { readComparison, recheck } from "../../src/reconcile/recheck.ts";
import { reconcile } from "../../src/reconcile/reconcile.ts";
import { oldestLook } from "../../src/reconcile/standing.ts";
import { SUMS_COMPARES } from "../../src/reconcile/sums.ts";
import { proveTable } from "../../src/reconcile/tables.ts";
import type { ProvingTools } from "../../src/reconcile/tools.ts";
import { changeByHand } from "../support/by-hand.ts";
import { openComparedHouse, provingTools } from "../support/compared-house.ts";
import type { House } from "../support/engine.ts";

let house: House;
let nights = 0;

/** Rows 1 to 10 of 2024, 11 to 20 of 2025, 21 to 30 of 2026, and one without a day. */
const ROWS = `insert into app.items (id, item_id, label, amount, currency, day, at)
select n, 'i' || n, 'l' || n, n, 'USD', make_date(2024 + (n - 1) / 10, 1 + (n - 1) % 10, 5), timestamptz '2040-01-01 00:00Z' - n * interval '200 days' from generate_series(1, 30) n;
insert into app.items (id, item_id, label, amount, currency) values (31, 'i31', 'l31', 31, 'USD')`;

beforeAll(async () => {
  house = await openComparedHouse();
  await house.source.query(ROWS);
  await published();
  return () => house[Symbol.asyncDispose]();
});

async function published(): Promise<void> {
  expect((await house.run()).report?.outcome).toBe("published");
}

/** Tools of a night, in which twelve rows are a segment and four nights a round; of each night at its own hour. */
function toolsOfNight(
  pace: ReconcilePace = { schedule: null, segmentRows: 12, nights: 4 },
  { dated = "day", postedAt = "day" }: { dated?: string | false; postedAt?: string } = {},
): ProvingTools {
  const tools = provingTools(house);
  const items = tools.pipeline.feeds.get("app.items");
  if (!items) throw new Error("the feed is not there");
  const feeds = new Map([...tools.pipeline.feeds, [items.id, { ...items, postingDate: postedAt }]]);
  const models = new Map(
    [...tools.pipeline.models].map(([table, { postingDate: _, ...model }]) => [
      table,
      { ...model, ...(dated !== false && { postingDate: dated }) },
    ]),
  );
  nights += 1;
  const now = new Date(Date.UTC(2030, 0, nights, 3));
  return {
    ...tools,
    pipeline: { ...tools.pipeline, feeds, models, reconcile: { ...tools.pipeline.reconcile, ...pace } },
    clock: { now: () => now },
  };
}

/** What a night tells, one line for each comparison of the feed and the table: leg, how much, how it ended, and keys. */
async function night(
  pace?: ReconcilePace,
  tiers: readonly Tier[] = ["T2", "T4"],
  { at, ...columns }: { at?: Date; dated?: string | false; postedAt?: string } = {},
): Promise<string[]> {
  const options = { only: null, legs: new Set(["R1", "R2"] as const), tiers: new Set(tiers), budget: null };
  const telling = {
    keep: { reason: null },
    signal: new AbortController().signal,
    tell: () => undefined,
    onRead: () => undefined,
  };
  const tools = toolsOfNight(pace, columns);
  return reconcile(
    at ? { ...tools, clock: { now: () => at } } : tools,
    { ...options, ...telling },
    async (_session, _dialect, { groups }) =>
      groups
        .flatMap(({ proofs }) => proofs)
        .filter(({ of }) => of !== "app.notes")
        .map((proof) => {
          const { extent } = proof.chosen;
          const years =
            extent.by === "stretches" ? extent.of.map(({ from }) => from?.slice(0, 4) ?? "first").join(" ") : extent.by;
          const keys = proof.keys.map(({ key }) => ` ${Object.values(key).join("|")}`).join("");
          const what = proof.compares === SUMS_COMPARES ? "sums" : proof.leg;
          return `${what} ${years}: ${proof.rows} ${resultOf(proof)}${keys}`;
        }),
  );
}

async function standing() {
  const tools = toolsOfNight();
  nights -= 1;
  const session = await tools.warehouse.open({ purpose: "test" });
  try {
    const { pipeline } = tools;
    const all = await lastProofs(session, tools.warehouse.dialect, { pipeline, hasContents: new Set(["app"]) });
    return all.find(({ leg, of }) => leg === "R1" && of === "app.items");
  } finally {
    await session.close();
  }
}

const byHand = (...statements: readonly string[]) => changeByHand(house.folder, statements);

const TABLE = "staging.app_items__rows";

beforeEach(() => byHand("delete from ops.proof", "delete from ops.break_event"));

/** What became of breaks of the feed, in order. */
const told = async () =>
  (
    await house.query(
      "select event || ' ' || class || ' ' || break_key as line from ops.break_event where subject = 'app.items' order by happened_at, break_key",
    )
  ).map(({ line }) => line);

/** Of the table the lines of a night. */
const ofTable = (lines: readonly string[]) => lines.filter((line) => line.startsWith("R2"));

test("a round of nights compares every segment once, and each night what changed since the last", async () => {
  expect(await night()).toEqual(["R1 first: 11 equal", "R2 first: 11 equal"]);
  expect((await standing())?.standing.result).toBe("not_proven");
  await house.source.query("update app.items set label = 'new', v = 2, chg = pg_current_xact_id() where id in (3, 25)");
  await published();
  expect(await night()).toEqual(["R1 touched: 2 equal", "R1 2025: 10 equal", "R2 touched: 2 equal", "R2 2025: 10 equal"]);
  expect(await night()).toEqual(["R1 touched: 0 equal", "R1 2026: 10 equal", "R2 touched: 0 equal", "R2 2026: 10 equal"]);
  const stood = await standing();
  expect([stood?.standing.result, stood && oldestLook(stood.standing)]).toEqual(["equal", "2030-01-01T03:00:00Z"]);
  expect(await night()).toEqual(["R1 touched: 0 equal", "R1 first: 11 equal", "R2 touched: 0 equal", "R2 first: 11 equal"]);
});

test("a hand that changes an old row is named by the night in whose turn it is, and again each night until it is put right", async () => {
  await byHand(`update ${TABLE} set label = 'by hand' where id = 28`);
  const named: boolean[] = [];
  for (let n = 0; n < 5; n += 1)
    named.push((await night()).some((line) => line.startsWith("R1") && line.endsWith("different 28")));
  expect(named).toEqual([false, false, true, true, true]);
  expect((await standing())?.standing.result).toBe("different");
  expect(await told()).toEqual(["found attribute 28"]);
  await byHand(`update ${TABLE} set label = 'l28' where id = 28`);
  await night();
  expect((await standing())?.standing.result).toBe("equal");
  expect(await told()).toEqual(["found attribute 28", "cleared attribute 28"]);
});

test("what was published since the last night is compared by content, whoever changed it behind that", async () => {
  await night();
  await house.source.query("update app.items set label = 'newer', v = 3, chg = pg_current_xact_id() where id = 5");
  await published();
  await byHand(`update ${TABLE} set label = 'by hand' where id = 5`);
  const touched = async () => (await night()).find((line) => line.startsWith("R1 touched"));
  expect(await touched()).toBe("R1 touched: 1 different 5");
  // It moved no base: the next night looks at it again.
  expect(await touched()).toBe("R1 touched: 1 different 5");
  await byHand(`update ${TABLE} set label = 'newer' where id = 5`);
  expect(await touched()).toBe("R1 touched: 1 equal");
  expect(await touched()).toBe("R1 touched: 0 equal");
});

test("a difference that everything at once found is cleared by parts that are everything together", async () => {
  await byHand(`update ${TABLE} set label = 'by hand' where id = 28`);
  await night({ schedule: null, segmentRows: 250_000, nights: 28 });
  await byHand(`update ${TABLE} set label = 'l28' where id = 28`);
  // What differed as a whole is due as a whole: each segment by itself, none of which looks at everything.
  expect((await night()).filter((line) => line.startsWith("R1"))).toHaveLength(4);
  expect(await told()).toEqual(["found attribute 28", "cleared attribute 28"]);
});

test("a row whose date is another one here than at the source differs, and is not missing in one segment and gone in another", async () => {
  await byHand(`update ${TABLE} set day = '2026-03-05' where id = 12`);
  expect(await night()).toContain("R1 first: 11 equal");
  expect(await night()).toContain("R1 2025: 10 different 12");
  const third = await night();
  expect(third.filter((line) => line.startsWith("R1 20"))).toEqual(["R1 2025: 10 different 12", "R1 2026: 11 different 12"]);
  await byHand(`update ${TABLE} set day = '2025-02-05' where id = 12`);
  const fourth = await night();
  expect(fourth.slice(1, 4)).toEqual(["R1 2025: 10 equal", "R1 2026: 10 equal", "R1 first: 11 equal"]);
  expect((await standing())?.standing.result).toBe("equal");
});

test("rows and money of ninety days are counted on both sides, and compared by content where they are not the same", async () => {
  const sums = async () => (await night(undefined, ["T3"])).filter((line) => !line.startsWith("R2"));
  expect(await sums()).toEqual(["sums 2026: 10 equal"]);
  await house.source.query("update app.items set amount = amount + 0.01 where id = 30");
  expect(await sums()).toEqual(["R1 2026: 10 different 30"]);
  expect(await night(undefined, ["T2"])).not.toContain("different 30");
  await house.source.query("update app.items set amount = amount - 0.01 where id = 30; delete from app.items where id = 29");
  expect(await sums()).toEqual(["R1 2026: 9 equal"]);
  await house.source.query(
    "insert into app.items (id, item_id, label, amount, currency, day, v) values (29, 'i29', 'l29', 29, 'USD', '2026-09-05', 1)",
  );
});

test("an hour compares rows and money of the last two days, day by day", async () => {
  const at = new Date("2026-10-06T12:00:00Z");
  const hour = () => night(undefined, ["T1"], { at });
  const told = await hour();
  expect(told).toEqual(["sums 2026 2026 2026: 1 equal"]);
  await house.source.query("update app.items set currency = 'JPY' where id = 30");
  expect(await hour()).toEqual(["R1 2026: 1 different 30"]);
  await house.source.query("update app.items set currency = 'USD' where id = 30");
  expect(await hour()).toEqual(told);
});

test("an hour of a feed whose posting date is an instant compares its hours, and by content the one that differs alone", async () => {
  const hour = () => night(undefined, ["T1"], { at: new Date("2026-11-10T12:30:00Z"), postedAt: "at" });
  const told = await hour();
  expect(told).toEqual([`sums ${Array.from({ length: 49 }, () => "2026").join(" ")}: 24 equal`]);
  await house.source.query("update app.items set currency = 'JPY' where id = 24");
  expect(await hour()).toEqual(["R1 2026: 1 different 24"]);
  const [kept] = await house.query("select extent from ops.proof where result = 'different'");
  expect(JSON.parse(kept?.["extent"] ?? "{}")).toMatchObject({
    of: [{ from: "2026-11-10T00:00:00Z", to: "2026-11-10T01:00:00Z" }],
  });
  await house.source.query("update app.items set currency = 'USD' where id = 24");
  expect(await hour()).toEqual(told);
});

test("of a curated table with a posting date a hand is named by the segment of either side's row, and the last ninety days are compared each night", async () => {
  const at = new Date("2026-08-20T03:00:00Z");
  const compared = async () => ofTable(await night(undefined, ["T2", "T3", "T4"], { at }));
  expect(await compared()).toEqual(["R2 2026: 10 equal", "R2 first: 11 equal"]);
  await byHand(
    "update curated.item__rows set day = '2024-03-03' where item_id = 'i15'",
    "update curated.item__rows set label = 'x' where item_id = 'i21'",
    "update curated.item__rows set deleted_at = now() where item_id = 'i30'",
    "insert into curated.item__rows select * from curated.item__rows where item_id = 'i2'",
    "insert into curated.item__rows by name (select * replace ('i99' as item_id, null as day) from curated.item__rows where item_id = 'i3')",
  );
  expect(await compared()).toEqual(["R2 2026: 9 different i21 i30", "R2 touched: 0 equal", "R2 2025: 9 different i15"]);
  expect(await compared()).toEqual([
    "R2 2026: 9 different i21 i30",
    "R2 touched: 0 equal",
    "R2 2025: 9 different i15",
    "R2 first: 14 different i15 i2 i99",
  ]);
  const [day] = await house.query(
    "select detail->>'$.columns[0]' as differs, detail->>'$.source.day' as made, detail->>'$.live.day' as live from ops.break_event where break_key like '%i15'",
  );
  expect(day).toEqual({ differs: "day", made: "2025-05-05", live: "2024-03-03" });
  await byHand(
    "update curated.item__rows set day = '2025-05-05' where item_id = 'i15'",
    "update curated.item__rows set label = 'L21' where item_id = 'i21'",
    "update curated.item__rows set deleted_at = null where item_id = 'i30'",
    "delete from curated.item__rows where item_id = 'i99' or (item_id = 'i2' and rowid = (select max(rowid) from curated.item__rows where item_id = 'i2'))",
  );
  expect(await compared()).toEqual(["R2 2026: 10 equal", "R2 touched: 0 equal", "R2 first: 11 equal", "R2 2025: 10 equal"]);
});

test("of a curated table without a posting date the keys that publications since the last night reach are computed again, and all in a round", async () => {
  const pace = { schedule: null, segmentRows: 12, nights: 30 };
  const compared = async () => ofTable(await night(pace, ["T2", "T4"], { dated: false }));
  expect(await compared()).toEqual(["R2 all: 31 equal"]);
  await house.source.query("update app.items set label = 'newest', v = 9, chg = pg_current_xact_id() where id in (7, 8)");
  await published();
  await byHand("delete from curated.item__rows where item_id = 'i7'");
  await byHand("update curated.item__rows set label = 'x' where item_id in ('i8', 'i9')");
  expect(await compared()).toEqual(["R2 touched: 2 different i7 i8"]);
  nights += 30;
  expect(await compared()).toEqual(["R2 all: 30 different i7 i8 i9"]);
});

test("a posting date that is another column from some day on, or none, closes no break, and a kept part is compared again as a whole", async () => {
  const lines = async (column: string | false) => ofTable(await night(undefined, ["T4"], { dated: column }));
  await byHand("delete from ops.break_event");
  await byHand("update curated.item__rows set label = 'x' where item_id = 'i4'");
  expect(await lines("day")).toEqual([expect.stringMatching(/^R2 first: .* different .*i4/)]);
  const events = async () =>
    (await house.query("select event from ops.break_event where break_key like '%i4' order by happened_at")).map(
      ({ event }) => event,
    );
  const kept = (await house.query("select proof_id from ops.proof where leg = 'R2' and subject = 'item'"))[0]?.["proof_id"] ?? "";
  expect(await lines("at")).toEqual([expect.stringMatching(/^R2 first: /)]);
  expect(await events()).toEqual(["found"]);
  const tools = toolsOfNight(undefined, { dated: false });
  const session = await tools.warehouse.open({ purpose: "test" });
  const comparison = await readComparison(session, tools.warehouse.dialect, kept);
  await session.close();
  const telling = { signal: new AbortController().signal, tell: () => undefined, onRead: () => undefined };
  const again = await recheck(tools, comparison, telling);
  expect([resultOf(again.now), again.now.chosen.extent]).toEqual(["different", { by: "all" }]);
  expect(await events()).toEqual(["found"]);
  await byHand("update curated.item__rows set label = 'L4' where item_id = 'i4'");
  await lines(false);
  expect(await events()).toEqual(["found", "cleared"]);
});

test("a key that the model gives twice and that stands twice, once in either part, is named by both", async () => {
  const [session, tools] = [await house.engine.warehouse.open({ purpose: "test" }), toolsOfNight()];
  const model = tools.pipeline.models.get("item") ?? expect.fail();
  const prove = async (extent: Extent) =>
    (await proveTable(session, house.engine.warehouse.dialect, { model, pipeline: tools.pipeline, extent })).keys.map(
      ({ key }) => key["item_id"],
    );
  try {
    for (const rows of ["staging.app_items__rows", "curated.item__rows"]) {
      const twice = `insert into ${rows} by name (select * replace (date '2026-09-09' as day) from ${rows} where item_id = 'i5')`;
      await session.run({ name: "test.twice", sql: twice });
    }
    expect(await prove(EVERYTHING)).toContain("i5");
    expect(await prove({ by: "stretches", of: [{ from: null, to: "2025-01-01" }] })).toContain("i5");
    expect(await prove({ by: "stretches", of: [{ from: "2025-01-01", to: null }] })).toContain("i5");
  } finally {
    await session.close();
  }
});
