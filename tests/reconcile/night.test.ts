import { beforeAll, expect, test } from "vitest";
import { Failure } from "../../src/kernel/problem.ts";
import { fileObjectStore } from "../../src/objects/file/file-object-store.ts";
import { resultOf } from "../../src/reconcile/proof.ts";
import type { ProvenGroup } from "../../src/reconcile/prove.ts";
import { type Reconciled, reconcile } from "../../src/reconcile/reconcile.ts";
import type { ProvingTools } from "../../src/reconcile/tools.ts";
import { standbyBehind } from "../../src/sources/postgres/problems.ts";
import type { RowFiles } from "../../src/sources/source.ts";
import type { TextRow, Warehouse } from "../../src/warehouse/warehouse.ts";
import { openComparedHouse, provingTools } from "../support/compared-house.ts";
import type { House } from "../support/engine.ts";
import { aroundWarehouse, atMoment } from "../support/fuse.ts";

let house: House;

beforeAll(async () => {
  house = await openComparedHouse();
  await house.source.query(
    "insert into app.items (id, item_id, amount, currency) select n, 'i' || n, n, 'USD' from generate_series(1, 5) n",
  );
  expect((await house.run()).report?.outcome).toBe("published");
  return () => house[Symbol.asyncDispose]();
});

/** Tools whose clock goes a second with every look at it. */
function ticking(): ProvingTools {
  const tools = provingTools(house);
  let seconds = 0;
  const beganAt = Date.UTC(2030, 0, 1) + looks;
  looks += 3_600_000;
  const now = () => {
    seconds += 1;
    return new Date(beganAt + seconds * 1000);
  };
  return { ...tools, clock: { now } };
}

let looks = 0;

function comparing(tools: ProvingTools, budget: number | null): Promise<Reconciled> {
  const options = {
    only: null,
    legs: new Set(["R1", "R2", "R4"] as const),
    keep: { reason: null },
    budget,
    tiers: new Set(["T2", "T4"] as const),
  };
  const telling = { signal: new AbortController().signal, tell: () => undefined, onRead: () => undefined };
  return reconcile(tools, { ...options, ...telling }, async (_session, _dialect, found) => found);
}

const namesIn = (groups: readonly ProvenGroup[]) => [
  ...new Set(groups.flatMap(({ proofs }) => proofs.map(({ leg, of }) => `${leg} ${of}`))),
];

const kept = async () =>
  (
    await house.query(
      "select leg || ' ' || subject as name, count(*)::varchar as n from ops.proof group by leg, subject order by name",
    )
  ).map(({ name, n }) => `${name} ${n}`);

/** What is left of a comparison under `landing/` that has no manifest. */
async function leftovers(): Promise<string[]> {
  const store = house.pipeline.environment.objectStore;
  if (store.kind !== "file") expect.fail("not a folder");
  return (await fileObjectStore(store.path).list("landing/")).filter((key) => key.includes("reconcile_"));
}

test("within a budget what was never compared comes first, then what was the longest ago, and the rest is named", async () => {
  const all = namesIn((await comparing(ticking(), null)).groups);
  expect(all.length).toBeGreaterThan(3);
  const last = all.slice(-2);
  const subjectOf = (name: string | undefined) => (name ?? "").split(" ")[1] ?? "";
  await house.engine.warehouse.open({ purpose: "test" }).then(async (session) => {
    await session.run({ name: "test.forget", sql: `DELETE FROM ops.proof WHERE subject = '${subjectOf(last[0])}'` });
    await session.close();
  });
  const first = await comparing(ticking(), 3);
  const reached = namesIn(first.groups);
  expect(last.map(subjectOf)).toEqual([subjectOf(last[0]), subjectOf(last[0])]);
  const order = [...last, ...all.slice(0, -2)];
  expect(reached).toEqual(order.slice(0, reached.length));
  expect(first.notReached).toEqual([...new Set(order.slice(reached.length).map(subjectOf))]);
  expect(first.notReached.length).toBeGreaterThan(0);
  const next = await comparing(ticking(), 3);
  expect(subjectOf(namesIn(next.groups)[0])).toBe(first.notReached[0]);
});

test("a source that cannot be read now has its turn again at the end of the night, and is not proven where it still cannot", async () => {
  const expected = [
    [1, ["app.notes equal", "app.items equal"]],
    [3, ["app.items not_proven", "app.notes equal"]],
  ] as const;
  for (const [times, told] of expected) {
    const tools = ticking();
    let failures: number = times;
    const readerOf: ProvingTools["readerOf"] = async (source) => {
      const reader = await tools.readerOf(source);
      if (failures === 0) return reader;
      failures -= 1;
      await reader.close();
      throw new Failure("retryable", standbyBehind({ feed: "app.items", replayed: null }));
    };
    const { groups } = await comparing({ ...tools, readerOf }, null);
    const ofSources = groups.flatMap(({ proofs }) => proofs).filter(({ leg }) => leg === "R1");
    expect(ofSources.map((proof) => `${proof.of} ${resultOf(proof)}`)).toEqual(told);
  }
});

test("a source that cannot be read is told also where no time is left to try it again, and one that goes in the middle is tried again", async () => {
  const beganAt = Date.UTC(2029, 0, 1);
  let asked = 0;
  const away: ProvingTools["readerOf"] = async () => {
    asked += 1;
    throw new Failure("retryable", standbyBehind({ feed: "app.items", replayed: null }));
  };
  const late = { now: () => new Date(beganAt + (asked < 2 ? 0 : 3_600_000)) };
  const { groups } = await comparing({ ...provingTools(house), clock: late, readerOf: away }, 600);
  const sources = groups.flatMap(({ proofs }) => proofs).filter(({ leg }) => leg === "R1");
  expect([sources.map(({ of }) => of).toSorted(), asked]).toEqual([["app.items", "app.notes"], 2]);
  for (const proof of sources) expect(resultOf(proof)).toBe("not_proven");

  await house.source.query("update app.items set label = 'unstamped' where id = 1");
  const tools = ticking();
  let breaks = 1;
  const readerOf: ProvingTools["readerOf"] = async (source) => {
    const reader = await tools.readerOf(source);
    const rowsOf: typeof reader.rowsOf = async (request) => {
      breaks -= 1;
      if (breaks >= 0) throw new Failure("retryable", standbyBehind({ feed: "app.items", replayed: null }));
      return (await reader.rowsOf?.(request)) as RowFiles;
    };
    return { ...reader, rowsOf };
  };
  const found = (await comparing({ ...tools, readerOf }, null)).groups.flatMap(({ proofs }) => proofs);
  expect(found.filter(({ leg }) => leg === "R1").map((proof) => `${proof.of} ${resultOf(proof)}`)).toEqual([
    "app.notes equal",
    "app.items different",
  ]);
  await house.source.query("update app.items set label = null where id = 1");
});

test("a night that breaks off at any statement has kept what it had compared, leaves nothing behind, and goes on where it was", async () => {
  const counting = atMoment({ kind: "warehouse", at: 0, when: "before" }, () => undefined);
  const tools = ticking();
  await comparing({ ...tools, warehouse: aroundWarehouse(tools.warehouse, counting) }, null);
  const statements = counting.count();
  expect(statements).toBeGreaterThan(30);
  for (let n = 4; n <= statements; n += 7) {
    const before = await kept();
    const broken = ticking();
    const moment = atMoment({ kind: "warehouse", at: n, when: "before" }, () => {
      throw new Error(`statement ${n}`);
    });
    await expect(comparing({ ...broken, warehouse: aroundWarehouse(broken.warehouse, moment) }, 1_000)).rejects.toThrow(
      `statement ${n}`,
    );
    expect(await leftovers(), `after statement ${n}`).toEqual([]);
    const after = await kept();
    const more = after.filter((line) => !before.includes(line));
    const again = await comparing(ticking(), 1_000);
    const order = namesIn(again.groups);
    // What the broken night had compared is the youngest, and comes last.
    expect(order.slice(order.length - more.length).toSorted()).toEqual(
      more.map((line) => line.split(" ").slice(0, 2).join(" ")).toSorted(),
    );
    expect(
      again.groups.flatMap(({ proofs }) => proofs).every(({ says, differing }) => says.length === 0 && differing === 0n),
    ).toBe(true);
  }
});

/** A warehouse whose group publishes so many times while one of its tables is compared, as another user of it would see. */
function publishing(warehouse: Warehouse, times: number): Warehouse {
  let [asked, left] = [0, times];
  const answered = (rows: TextRow[]) => {
    asked += 1;
    // Every second question for the head is the one behind a comparison.
    if (asked % 2 === 1 || left === 0) return rows;
    left -= 1;
    return rows.map((row) => ({ ...row, head: String(BigInt(row["head"] ?? "0") + 1n) }));
  };
  return {
    ...warehouse,
    open: async (options) => {
      const session = await warehouse.open(options);
      const rows: typeof session.rows = async (statement) => {
        const found = await session.rows(statement);
        return statement.name === "begin.head" ? answered(found) : found;
      };
      return { ...session, rows };
    },
  };
}

test("a table whose group publishes while it is compared is compared again; after three times it is not proven, and others have their turn", async () => {
  const comparingTables = (times: number) => {
    const tools = ticking();
    const options = {
      only: null,
      legs: new Set(["R2"] as const),
      keep: { reason: null },
      budget: null,
      tiers: new Set(["T2", "T4"] as const),
    };
    const telling = { signal: new AbortController().signal, tell: () => undefined, onRead: () => undefined };
    const overtaken = { ...tools, warehouse: publishing(tools.warehouse, times) };
    return reconcile(overtaken, { ...options, ...telling }, async (_session, _dialect, { groups }) => groups);
  };
  const [group] = await comparingTables(2);
  expect(group?.proofs.map(({ notProven, differing }) => [notProven, differing])).toEqual([[null, 0n]]);
  const [again] = await comparingTables(3);
  expect(again?.proofs.map(({ of, notProven }) => [of, notProven])).toEqual([
    [expect.any(String), expect.stringMatching(/published while it was compared/)],
  ]);
  const table = again?.proofs[0]?.of ?? "";
  const [kept] = await house.query(`select result from ops.proof where subject = '${table}' order by proved_at desc limit 1`);
  expect(kept).toEqual({ result: "not_proven" });
});
