import { expect, test } from "vitest";
import type { Projection } from "../../src/projector/project.ts";
import { projectAll } from "../../src/projector/project-all.ts";
import { listRuns } from "../../src/store/operations/list-runs.ts";
import { migrateStore, openStore, type Store } from "../../src/store/store.ts";
import { startOrdered } from "../support/child.ts";
import { openClaimsHouse } from "../support/claims-house.ts";
import { openCopy, openCrashSite, programArgs, repeatProgram } from "../support/crashing.ts";
import type { House } from "../support/engine.ts";
import { FIRST, houseBefore, SECOND } from "../support/hours.ts";
import { freshDatabase } from "../support/postgres.ts";
import { storedRun } from "../support/store-content.ts";

async function tell(house: House, store: Store, by?: string): Promise<readonly Projection[]> {
  const { pipeline, engine } = house;
  const told = await projectAll(engine.warehouse, { store, pipeline, now: new Date(), ...(by === undefined ? {} : { by }) });
  if ("untold" in told) throw new Error(told.untold.says);
  return told.groups;
}

/** A control store that was lost and made anew. */
async function withNewStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  await using anew = await freshDatabase();
  await migrateStore(anew.url);
  const store = await openStore(anew.url);
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

const INSTANT = /"as_of":"[^"]*"/g;

/** What is stored of a run, without the instants at which its source was read. */
const withoutInstants = (stored: unknown) => JSON.parse(JSON.stringify(stored).replaceAll(INSTANT, '"as_of":"an instant"'));

/** Two published hours, with waiting rows of every kind, and a run in between that a gate blocked. */
async function lifeOf(house: House): Promise<{ published: string[]; blocked: string }> {
  const second = await house.run({ window: SECOND.window });
  await house.source.query("alter table app.entries drop column memo");
  const third = await house.run();
  const blocked = (await listRuns(house.store, { limit: 1 }))[0]?.runId ?? "";
  expect([second.report?.outcome, third.report?.outcome]).toEqual(["published", "blocked"]);
  const runs = await listRuns(house.store, { limit: 10 });
  return { published: runs.filter((r) => r.outcome === "published").map((r) => r.runId), blocked };
}

test("a lost control store is told again what the ledger has: equal to what the publishing processes had written", async () => {
  await using house = await houseBefore(SECOND);
  const { published, blocked } = await lifeOf(house);
  expect(published).toHaveLength(2);
  await withNewStore(async (store) => {
    expect(await tell(house, store)).toEqual([
      { group: house.pipeline.groups.keys().next().value, told: 2, rebuilt: 2, undone: 0 },
    ]);
    for (const runId of published) {
      const before = await storedRun(house.store, runId);
      expect(before?.samples.length, "a run with samples").toBeGreaterThan(0);
      expect(before?.verdicts.length).toBeGreaterThan(10);
      expect(await storedRun(store, runId)).toEqual(before);
    }
    expect(await storedRun(store, blocked), "what only the store knew").toBeNull();
    expect(await tell(house, store), "told again").toMatchObject([{ told: 0, rebuilt: 0, undone: 0 }]);
  });
});

test("the next run tells a lost store what was published before it, and says what is gone", async () => {
  await using house = await houseBefore(SECOND);
  const [first] = await listRuns(house.store, { limit: 1 });
  const before = await storedRun(house.store, first?.runId ?? "");
  await withNewStore(async (store) => {
    const next = await house.run({ window: SECOND.window }, { store });
    expect(next.report?.outcome).toBe("published");
    expect(await storedRun(store, first?.runId ?? "")).toEqual(before);
    expect(house.events).toContainEqual(expect.objectContaining({ event: "journal-mended", rebuilt: 1, undone: 0 }));
  });
});

test("killed behind COMMIT and repeated, the store says of the publication what it says after a clean run", async () => {
  await using site = await openCrashSite(SECOND);
  const { house } = site;
  const [clean] = await listRuns(house.store, { limit: 1 });
  const expected = await storedRun(house.store, clean?.runId ?? "");
  expect(expected?.line.outcome).toBe("published");
  using place = await openCopy(site);
  const env = { ...place.env, LEDGERLOOP_ACTOR: "tester" };
  await house.store.ask("update ledgerloop.lease set expires_at = clock_timestamp()");
  const moment = { kind: "warehouse", what: "transaction", at: 2, when: "after" } as const;
  const killed = await startOrdered({ args: programArgs(site), moment, signal: "SIGKILL" }, env).end;
  expect(killed.code, killed.err).toBeNull();
  const [dead] = await listRuns(house.store, { limit: 1 });
  expect(dead).toMatchObject({ status: "running", outcome: null });
  await repeatProgram(site, place);
  const [again] = await listRuns(house.store, { limit: 1 });
  expect(again).toMatchObject({ outcome: "already_published", publicationId: "desk-2" });
  expect(withoutInstants(await storedRun(house.store, dead?.runId ?? ""))).toEqual(withoutInstants(expected));
});

test("a ledger that was set back leaves the journal whole: what is not published any more is marked, what is published is not", async () => {
  await using house = await openClaimsHouse();
  await house.run();
  const first = await listRuns(house.store, { limit: 1 });
  using before = await openCopy({ house });
  await house.source.query(
    "insert into app.entries (id, entry_id, account_id, amount, currency) values (3, 'e3', 'A', 1, 'USD')",
  );
  await house.run();
  const [second] = await listRuns(house.store, { limit: 1 });
  const told = await projectAll(before.engine.warehouse, {
    store: house.store,
    pipeline: house.pipeline,
    now: new Date(),
    by: "somebody",
  });
  expect(told).toMatchObject({ groups: [{ told: 1, rebuilt: 0, undone: 1 }] });
  const runs = await listRuns(house.store, { limit: 10 });
  expect(runs.map(({ runId, outcome, undoneBy }) => ({ runId, outcome, undoneBy }))).toEqual([
    { runId: second?.runId, outcome: "published", undoneBy: "somebody" },
    { runId: first[0]?.runId, outcome: "published", undoneBy: null },
  ]);
  // The newer ledger comes back.
  expect(await tell(house, house.store)).toMatchObject([{ told: 1, rebuilt: 0, undone: 0 }]);
  expect((await listRuns(house.store, { limit: 1 }))[0]).toMatchObject({ runId: second?.runId, undoneBy: null });
});

test("a run that ended in doubt and had published is told as published", async () => {
  await using house = await openClaimsHouse();
  await house.run();
  const [run] = await listRuns(house.store, { limit: 1 });
  await house.store.ask("update ledgerloop.run set outcome = 'retryable', exit_code = 40, publication_id = null");
  await house.store.ask("delete from ledgerloop.projected");
  await tell(house, house.store);
  expect((await listRuns(house.store, { limit: 1 }))[0]).toMatchObject({
    ...{ runId: run?.runId, outcome: "published", exitCode: 40, publicationId: "desk-1" },
  });
});

test("a warehouse that is in use, or not there yet, is no failure; nothing is told", async () => {
  await using house = await houseBefore(FIRST);
  const { engine, store, pipeline } = house;
  const now = new Date();
  expect(await projectAll(engine.warehouse, { store, pipeline, now })).toEqual({ groups: [] });
  await house.run({ window: FIRST.window });
  const session = await engine.warehouse.open({ purpose: "test" });
  try {
    using place = await openCopy({ house });
    expect(await projectAll(place.engine.warehouse, { store, pipeline, now })).toMatchObject({ groups: [{ told: 0 }] });
  } finally {
    await session.close();
  }
});

/** A store that fails where a publication's run is told, so many times. */
function failing(store: Store, times: number): Store {
  let left = times;
  return {
    ...store,
    inTransaction: (work) =>
      store.inTransaction((ask) =>
        work((sql, values) => {
          if (!sql.includes("insert into ledgerloop.run as r") || left === 0) return ask(sql, values);
          left -= 1;
          throw new Error("the store is tired");
        }),
      ),
  };
}

test("a store that cannot be told behind COMMIT fails no run; it is said, and the next run tells", async () => {
  await using house = await openClaimsHouse();
  const { report } = await house.run({}, { store: failing(house.store, 1) });
  expect(report).toMatchObject({ outcome: "published", exit_code: 0, publication_id: "desk-1" });
  expect(house.events).toContainEqual(expect.objectContaining({ event: "journal-behind", says: "the store is tired" }));
  expect((await storedRun(house.store, report?.run_id ?? ""))?.line).toMatchObject({
    outcome: "published",
    publicationId: "desk-1",
  });
  expect((await house.run()).report?.outcome).toBe("published");
  expect((await storedRun(house.store, report?.run_id ?? ""))?.verdicts.length).toBeGreaterThan(10);
});

test("a currency that is no name, thousands of characters long, is told shortened, and stops no later run", async () => {
  await using house = await openClaimsHouse();
  const long = Array.from({ length: 4_000 }, (_, i) => String.fromCharCode(33 + ((i * 7919) % 90))).join("");
  await house.source.query("insert into app.entries (id, entry_id, account_id, amount, currency) values (3, 'e3', 'A', -1, $1)", [
    long,
  ]);
  const { report } = await house.run();
  expect(report?.outcome).toBe("published");
  const found = await storedRun(house.store, report?.run_id ?? "");
  const currencies = found?.verdicts.flatMap(({ currency }) => currency ?? []) ?? [];
  expect(Math.max(...currencies.map((text) => text.length))).toBeLessThan(250);
  expect(currencies.some((text) => text.startsWith(long.slice(0, 100)))).toBe(true);
  expect((await house.run()).report?.outcome).toBe("published");
  expect(house.events.filter(({ event }) => event === "journal-behind")).toEqual([]);
});

test("a run that was told while it ran and whose publication is gone has not published", async () => {
  await using house = await openClaimsHouse();
  await house.run();
  using before = await openCopy({ house });
  await house.source.query(
    "insert into app.entries (id, entry_id, account_id, amount, currency) values (3, 'e3', 'A', 1, 'USD')",
  );
  const { report } = await house.run();
  await house.store.ask(
    "update ledgerloop.run set status = 'running', outcome = null, exit_code = null, finished_at = null where run_id = $1",
    [report?.run_id],
  );
  const { pipeline, store } = house;
  await projectAll(before.engine.warehouse, { store, pipeline, now: new Date() });
  expect((await listRuns(store, { limit: 1 }))[0]).toMatchObject({ outcome: null, publicationId: null, undoneBy: null });
});

test("runs whose publications are gone are marked also where the store was told of nothing yet", async () => {
  await using house = await openClaimsHouse();
  await house.run();
  using before = await openCopy({ house });
  await house.source.query(
    "insert into app.entries (id, entry_id, account_id, amount, currency) values (3, 'e3', 'A', 1, 'USD')",
  );
  await house.run();
  await house.store.ask("delete from ledgerloop.projected");
  const told = await projectAll(before.engine.warehouse, { store: house.store, pipeline: house.pipeline, now: new Date() });
  expect(told).toMatchObject({ groups: [{ told: 1, rebuilt: 0, undone: 1 }] });
});
