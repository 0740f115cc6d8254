import { beforeAll, beforeEach, expect, test } from "vitest";
import type { ReconcilePace } from "../../src/config/pipeline.ts";
import { lastProofs } from "../../src/reconcile/kept-proofs.ts";
import { resultOf } from "../../src/reconcile/proof.ts";
import { reconcile } from "../../src/reconcile/reconcile.ts";
import type { ProvingTools } from "../../src/reconcile/tools.ts";
import { changeByHand } from "../support/by-hand.ts";
import { openComparedHouse, provingTools } from "../support/compared-house.ts";
import type { House } from "../support/engine.ts";

let house: House;
let nights = 0;

const HISTORY = "history.item";

/** Twelve rows; then publications 2 to 5 replace three each, and 6 deletes one and brings one back. */
beforeAll(async () => {
  house = await openComparedHouse();
  await house.source.query(
    "insert into app.items (id, item_id, label, amount, currency) select n, 'i' || n, 'l' || n, n, 'USD' from generate_series(1, 12) n",
  );
  await published();
  for (const first of [1, 4, 7, 10]) await changed(first);
  return () => house[Symbol.asyncDispose]();
});

async function published(): Promise<void> {
  expect((await house.run()).report?.outcome).toBe("published");
}

async function changed(first: number): Promise<void> {
  await house.source.query(
    `update app.items set label = label || '!', v = v + 1, chg = pg_current_xact_id() where id between ${first} and ${first + 2}`,
  );
  await published();
}

const byHand = (...statements: readonly string[]) => changeByHand(house.folder, statements);

const WHOLE: ReconcilePace = { schedule: null, segmentRows: 250_000, nights: 28 };
const PARTS: ReconcilePace = { schedule: null, segmentRows: 4, nights: 4 };

function toolsOfNight(pace: ReconcilePace): ProvingTools {
  const tools = provingTools(house);
  nights += 1;
  const now = new Date(Date.UTC(2030, 0, nights, 3));
  return {
    ...tools,
    pipeline: { ...tools.pipeline, reconcile: { ...tools.pipeline.reconcile, ...pace } },
    clock: { now: () => now },
  };
}

/** What a night tells of replaced rows: how many it looked at, how that ended, keys, and what has none. */
async function night(pace = WHOLE, keep = true): Promise<string[]> {
  const options = { only: "item", legs: new Set(["R4"] as const), tiers: new Set(["T2", "T4"] as const), budget: null };
  const telling = { signal: new AbortController().signal, tell: () => undefined, onRead: () => undefined };
  const kept = { keep: keep ? { reason: null } : null };
  return reconcile(toolsOfNight(pace), { ...options, ...telling, ...kept }, async (_session, _dialect, { groups }) =>
    groups
      .flatMap(({ proofs }) => proofs)
      .map((proof) => {
        const keys = proof.keys.map(({ key }) => ` ${Object.values(key).join("|")}`).join("");
        return `${proof.rows} ${resultOf(proof)}${keys}${proof.says.map((line) => `; ${line}`).join("")}`;
      }),
  );
}

async function stands(): Promise<string | undefined> {
  const { warehouse, pipeline } = provingTools(house);
  const session = await warehouse.open({ purpose: "test" });
  try {
    const all = await lastProofs(session, warehouse.dialect, { pipeline, hasContents: new Set(["app"]) });
    return all.find(({ leg, of }) => leg === "R4" && of === "item")?.standing.result;
  } finally {
    await session.close();
  }
}

beforeEach(() => byHand("delete from ops.proof", "delete from ops.history_digest"));

/** What a hand does to replaced rows, how it is undone, and what the next night tells. */
const HANDS: readonly { what: string; done: string; undone: string; told: string }[] = [
  {
    what: "a value",
    done: `update ${HISTORY} set label = 'L4' where item_id = 'i4'`,
    undone: `update ${HISTORY} set label = 'L4 ' where item_id = 'i4'`,
    told: "12 different; 3 rows that publication 3 replaced have other contents",
  },
  {
    what: "a value that becomes NULL",
    done: `update ${HISTORY} set label = null where item_id = 'i4'`,
    undone: `update ${HISTORY} set label = 'L4 ' where item_id = 'i4'`,
    told: "12 different; 3 rows that publication 3 replaced have other contents",
  },
  {
    what: "a row that is lost",
    done: `create table history.kept as from ${HISTORY} where item_id = 'i7'; delete from ${HISTORY} where item_id = 'i7'`,
    undone: `insert into ${HISTORY} by name from history.kept; drop table history.kept`,
    told: "11 different; 3 rows that publication 4 replaced are 2 now",
  },
  {
    what: "a row that is there twice",
    done: `create table history.kept as from ${HISTORY}; insert into ${HISTORY} from ${HISTORY} where item_id = 'i1'`,
    undone: `delete from ${HISTORY}; insert into ${HISTORY} by name from history.kept; drop table history.kept`,
    told: "13 different; 3 rows that publication 2 replaced are 4 now",
  },
  {
    what: "when it was replaced",
    done: `update ${HISTORY} set _to_publication = 3 where item_id = 'i1'`,
    undone: `update ${HISTORY} set _to_publication = 2 where item_id = 'i1'`,
    told: "12 different i1; 3 rows that publication 2 replaced are 2 now; 3 rows that publication 3 replaced are 4 now",
  },
  {
    what: "a row that no publication replaced",
    done: `insert into ${HISTORY} select * replace ('i2' as item_id, 0 as _publication, 1 as _to_publication) from ${HISTORY} where item_id = 'i1'`,
    undone: `delete from ${HISTORY} where _to_publication = 1`,
    told: "13 different; publication 1 replaced nothing, and there are 1 rows of it now",
  },
  {
    what: "what followed it, in the table itself",
    done: "create table history.kept as from curated.item__rows where item_id = 'i1'; delete from curated.item__rows where item_id = 'i1'",
    undone: "insert into curated.item__rows by name from history.kept; drop table history.kept",
    told: "12 different i1",
  },
];

test.each(HANDS)("$what is told by the next night, and not before somebody looked at it for the first time", async (hand) => {
  await byHand(`update ${HISTORY} set label = 'L4 ' where item_id = 'i4'`);
  expect(await night()).toEqual(["12 equal"]);
  await byHand(...hand.done.split("; "));
  expect(await night()).toEqual([hand.told]);
  expect(await stands()).toBe("different");
  await byHand(...hand.undone.split("; "));
  expect(await night()).toEqual(["12 equal"]);
  expect(await stands()).toBe("equal");
});

test("a column that the table gets later changes no row, and a comparison that keeps nothing keeps no digest", async () => {
  expect(await night(WHOLE, false)).toEqual(["12 equal"]);
  expect(await house.query("select count(*)::varchar as n from ops.history_digest")).toEqual([{ n: "0" }]);
  expect(await night()).toEqual(["12 equal"]);
  expect(
    await house.query("select number::varchar as n, row_count::varchar as r from ops.history_digest order by number"),
  ).toEqual([2, 3, 4, 5].map((n) => ({ n: String(n), r: "3" })));
  await byHand(`alter table ${HISTORY} add column later timestamptz`);
  expect(await night()).toEqual(["12 equal"]);
  await byHand(`update ${HISTORY} set later = timestamptz '2026-11-01 00:00:00+00' where item_id = 'i12'`);
  expect(await night()).toEqual(["12 different; 3 rows that publication 5 replaced have other contents"]);
  await byHand(`alter table ${HISTORY} drop column later`);
  expect(await night()).toEqual(["12 equal"]);
});

test("in parts a night looks at what was replaced since, and at publications in turn: within a round every hand is told", async () => {
  for (let n = 0; n < 5; n += 1) for (const told of await night(PARTS)) expect(told).toMatch(/^\d+ equal$/);
  expect(await stands()).toBe("equal");
  await changed(1);
  expect(await night(PARTS)).toContain("3 equal");
  await byHand(`update ${HISTORY} set label = 'by hand' where item_id = 'i8'`);
  const told: string[] = [];
  for (let n = 0; n < 5; n += 1) told.push(...(await night(PARTS)));
  const different = told.filter((line) => line.includes("different"));
  expect(different.length).toBeGreaterThan(0);
  for (const line of different) expect(line).toMatch(/ different; 3 rows that publication 4 replaced have other contents$/);
});
