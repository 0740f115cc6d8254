import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Desk, openDesk, type Played } from "../support/desk.ts";
import { account } from "../support/desk-rows.ts";
import { created, days, net, netted } from "../support/netted-desk.ts";
import { classesIn, ENTRIES, vanishedIn } from "../support/scoped-desk.ts";

let desk: Desk;

beforeEach(async () => {
  desk = openDesk("claims");
  await desk.play({ rows: { "app.accounts": [account(1, "A")] }, adjust: netted });
});

afterEach(async () => {
  await desk[Symbol.asyncDispose]();
});

const live = async () =>
  (await desk.query("select id || '=' || amount as row from staging.app_entries order by id")).map(({ row }) => row);

const waiting = async () =>
  (await desk.query("select source_key from ops.open_quarantine order by 1")).map((row) => row["source_key"]);

const missesIn = ({ judgement }: Played) => {
  const [{ feed: _, ...found } = { feed: "" }] = judgement.missedByNets.filter(({ feed }) => feed === ENTRIES);
  return found;
};

describe("a net of some days", () => {
  test("brings what is new and changed, and what it does not have of them is gone; other days stay", async () => {
    await desk.play({ rows: { [ENTRIES]: [created(1, 3), created(2, 3), created(3, 5), created(4, 2)] } });
    const played = await desk.play(net([created(1, 3, { amount: 7 }), created(6, 4)], { complete: days(3, 5) }));
    expect(classesIn(played)).toEqual(["updated", "inserted"]);
    expect(vanishedIn(played)).toBe(1n);
    expect(missesIn(played)).toEqual({ inserted: 1n, updated: 1n, vanished: 1n, examples: ["1", "2", "6"] });
    expect(await live()).toEqual(["1=7", "3=100", "4=100", "6=100"]);
  });

  test("the first instant of a range is in it and its end is not; no beginning is the first there ever was", async () => {
    const at = (id: number, memo: string) => ({ ...created(id, 1), memo });
    const rows = [at(1, "2026-10-03 00:00:00+00"), at(2, "2026-10-04 00:00:00+00"), at(3, "2026-10-02 23:59:59+00")];
    await desk.play({ rows: { [ENTRIES]: rows } });
    expect(vanishedIn(await desk.play(net([], { complete: days(3, 4) })))).toBe(1n);
    expect(await live()).toEqual(["2=100", "3=100"]);
    expect(vanishedIn(await desk.play(net([], { complete: days(null, 4) })))).toBe(1n);
    expect(await live()).toEqual(["2=100"]);
  });

  test("without a complete range absence says nothing", async () => {
    await desk.play({ rows: { [ENTRIES]: [created(1, 3), created(2, 3)] } });
    const played = await desk.play(net([created(1, 3)], {}));
    expect(vanishedIn(played)).toBe(0n);
    expect(missesIn(played)).toEqual({ inserted: 0n, updated: 0n, vanished: 0n, examples: [] });
  });

  test("what changed since the published horizon is left to the hourly runs, changed, new or gone", async () => {
    await desk.play({ rows: { [ENTRIES]: [created(1, 3), created(2, 3), created(3, 3)] } });
    const rows = [created(1, 3, { amount: 7 }), created(3, 3, { amount: 8 }), created(4, 3)];
    const played = await desk.play(net(rows, { complete: days(3, 5), underway: [1, 2, 4] }));
    expect(classesIn(played)).toEqual(["superseded", "updated", "superseded"]);
    expect(missesIn(played)).toEqual({ inserted: 0n, updated: 1n, vanished: 0n, examples: ["3"] });
    expect(await live()).toEqual(["1=100", "2=100", "3=8"]);
  });
});

describe("a key that an hourly run published while the net was read", () => {
  test("stays as it was published, gone or there", async () => {
    await desk.play({ rows: { [ENTRIES]: [created(1, 3), created(2, 3), created(3, 3)] } });
    const seq = 2n;
    await desk.play({
      rows: { [ENTRIES]: [created(1, 3, { amount: 9 }), created(4, 3)] },
      deletes: { [ENTRIES]: [{ id: 2, _stamp: null }] },
    });
    const played = await desk.play(net([created(1, 3), created(2, 3, { amount: 5 })], { complete: days(3, 4), seq }));
    expect(classesIn(played)).toEqual(["superseded", "superseded"]);
    expect(vanishedIn(played)).toBe(1n);
    expect(missesIn(played)).toEqual({ inserted: 0n, updated: 0n, vanished: 1n, examples: ["3"] });
    expect(await live()).toEqual(["1=9", "4=100"]);
  });

  test("waits on, where it waits since then", async () => {
    await desk.play({ rows: { [ENTRIES]: [created(1, 3), created(2, 3)] } });
    const seq = 2n;
    await desk.play({ rows: { [ENTRIES]: [created(1, 3, { amount: -1 }), created(2, 3, { amount: -2 })] } });
    const played = await desk.play(net([created(1, 3, { amount: 5 })], { complete: days(3, 4), seq }));
    expect(classesIn(played)).toEqual(["superseded"]);
    expect(vanishedIn(played)).toBe(0n);
    expect(await waiting()).toEqual(["1", "2"]);
    expect(await live()).toEqual(["1=100", "2=100"]);
  });
});

describe("a key that is gone by the publication before the net", () => {
  test("comes back where the net has it", async () => {
    await desk.play({ rows: { [ENTRIES]: [created(1, 3), created(2, 3)] } });
    await desk.play({ rows: { [ENTRIES]: [] }, deletes: { [ENTRIES]: [{ id: 1, _stamp: null }] } });
    const played = await desk.play(net([created(1, 3), created(2, 3)], { complete: days(3, 4), seq: 3n }));
    expect(classesIn(played)).toEqual(["updated", "unchanged"]);
    expect(missesIn(played)).toEqual({ inserted: 0n, updated: 1n, vanished: 0n, examples: ["1"] });
    expect(await live()).toEqual(["1=100", "2=100"]);
  });
});

describe("what waits in a range", () => {
  test("enters when the net finds it mended", async () => {
    await desk.play({ rows: { [ENTRIES]: [created(1, 3, { amount: -1 })] } });
    const played = await desk.play(net([created(1, 3)], { complete: days(3, 4) }));
    expect(classesIn(played)).toEqual(["inserted"]);
    expect(await waiting()).toEqual([]);
  });

  test("leaves with the published row of its key, when the net has neither", async () => {
    await desk.play({ rows: { [ENTRIES]: [created(1, 3), created(2, 3)] } });
    await desk.play({ rows: { [ENTRIES]: [created(1, 3, { amount: -1 })] } });
    expect(vanishedIn(await desk.play(net([created(2, 3)], { complete: days(3, 4) })))).toBe(1n);
    expect(await waiting()).toEqual([]);
    expect(await live()).toEqual(["2=100"]);
  });

  test("without a published row it waits on: it has no typed values that would stand in a range", async () => {
    await desk.play({ rows: { [ENTRIES]: [created(1, 3, { amount: -1 }), created(2, 3)] } });
    await desk.play(net([created(2, 3)], { complete: days(3, 4) }));
    expect(await waiting()).toEqual(["1"]);
  });

  test("held rows have them: one whose parent never came leaves with its day", async () => {
    await desk.play({ rows: { [ENTRIES]: [created(1, 3, { account_id: "Z" }), created(2, 3)] } });
    expect(await waiting()).toEqual(["1"]);
    await desk.play(net([created(2, 3)], { complete: days(3, 4) }));
    expect(await waiting()).toEqual([]);
  });
});
