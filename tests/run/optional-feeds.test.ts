import { describe, expect, test } from "vitest";
import type { Pipeline } from "../../src/config/pipeline.ts";
import { UnknownOutcome } from "../../src/warehouse/warehouse.ts";
import { account, entry } from "../sources/conformance-subject.ts";
import type { Ended, SourcelessHouse } from "../support/engine.ts";
import { aroundWarehouse, atMoment } from "../support/fuse.ts";
import { openTwoFolders } from "../support/two-folders.ts";

const told = ({ report }: Ended, feed: string) =>
  (report?.gates ?? []).filter((g) => g.feed === feed && g.verdict !== "pass").map((g) => `${g.name} ${g.verdict}`);

/** The group's limits, stricter. */
function strict(house: SourcelessHouse, gates: Partial<Pipeline["groups"] extends ReadonlyMap<string, infer G> ? G : never>) {
  const { pipeline } = house.engine;
  const groups = new Map([...pipeline.groups].map(([name, group]) => [name, { ...group, ...gates }]));
  const changed = { ...pipeline, groups };
  return { pipeline: changed, reread: () => changed };
}

const strictLimits = (house: SourcelessHouse, limits: Partial<{ validShare: number; heldShare: number; sample: number }>) => {
  const [group] = house.engine.pipeline.groups.values();
  if (!group) throw new Error("no group");
  return strict(house, { gates: { ...group.gates, sample: 1, ...limits } });
};

describe("an optional feed that fails a gate of its own", () => {
  test("is left out and the rest is judged again: its batch stays as evidence, it comes back when it is good", async () => {
    await using folders = await openTwoFolders({ entries: ", required: false" });
    const { house, accounts, entries } = folders;
    const limits = strictLimits(house, { validShare: 1 });
    accounts.put([account(1)]);
    entries.put([entry(1), entry(2, { amount: -1 })]);
    const ended = await house.run({}, limits);
    expect(ended.failure?.message).toBeUndefined();
    expect(ended.report?.outcome).toBe("published");
    expect(told(ended, "late.entries")).toEqual(["left_out warn", "stale warn"]);
    const [why] = ended.report?.gates.filter((g) => g.name === "left_out") ?? [];
    expect(why?.observed).toContain("valid_share/late.entries");
    expect(await house.query("select account_id from curated.account")).toEqual([{ account_id: "A1" }]);
    expect(await house.query("select count(*) as n from curated.entry")).toEqual([{ n: "0" }]);
    expect(await house.query("select count(*) as n from ops.quarantine_row")).toEqual([{ n: "0" }]);
    expect(await house.query("select feed from ops.batch")).toEqual([{ feed: "app.accounts" }]);
    expect((await house.engine.objects.list("landing/late/entries/")).some((key) => key.endsWith("manifest.json"))).toBe(true);
    expect(await house.query("select feed, cursor_kind is null as still from ops.feed_horizon order by feed")).toEqual([
      { feed: "app.accounts", still: "false" },
      { feed: "late.entries", still: "true" },
    ]);
    entries.put([entry(2)]);
    expect(told(await house.run({}, limits), "late.entries")).toEqual([]);
    expect(await house.query("select entry_id from curated.entry order by 1")).toEqual([{ entry_id: "e1" }, { entry_id: "e2" }]);
  });

  test("is left out where published rows are absent that cannot go", async () => {
    await using folders = await openTwoFolders({ entries: ", required: false, absence: incomplete" });
    const { house, accounts, entries } = folders;
    accounts.put([account(1)]);
    entries.put([entry(1), entry(2)]);
    expect((await house.run()).report?.outcome).toBe("published");
    entries.rewrite((rows) => rows.filter((row) => row.id !== 2));
    accounts.put([account(2)]);
    const ended = await house.run();
    expect(ended.failure?.message).toBeUndefined();
    expect(ended.report?.outcome).toBe("published");
    expect(told(ended, "late.entries")).toEqual(["left_out warn", "stale warn"]);
    expect(ended.report?.gates.find((g) => g.name === "left_out")?.observed).toContain("rows_absent/late.entries: 1 rows");
    expect(await house.query("select count(*) as n from curated.account")).toEqual([{ n: "2" }]);
    expect(await house.query("select count(*) as n from staging.late_entries")).toEqual([{ n: "2" }]);
    const stale = (end: Ended) => end.report?.gates.find((g) => g.name === "stale")?.observed;
    expect(stale(ended)).toMatch(/^left out; last published as \w+-1, as of [-\d]+T[:\d]+Z, 0 h \d+ min ago$/);
    const window = { start: new Date("2026-10-05T00:00:00Z"), end: new Date("2026-10-05T01:00:00Z") };
    expect(stale(await house.run({ window }))).toMatch(/T[:\d]+Z, 0 h 0 min before the end of the window$/);
    entries.put([entry(2)]);
    expect(told(await house.run(), "late.entries")).toEqual([]);
  });

  test("a required feed that fails by itself stops the run, whatever becomes of optional ones", async () => {
    await using folders = await openTwoFolders({ accounts: ", required: false" });
    const { house, accounts, entries } = folders;
    accounts.put([account(1, { name: null })]);
    entries.put([entry(1, { amount: -1 })]);
    const ended = await house.run({}, strictLimits(house, { validShare: 1 }));
    expect(ended.report?.exit_code).toBe(10);
    expect(told(ended, "late.entries")).toContain("valid_share fail");
    expect(told(ended, "app.accounts")).toEqual(["left_out warn", "stale warn"]);
    expect(await house.query("select count(*) as n from ops.publication")).toEqual([{ n: "0" }]);
  });
});

describe("rows that are held because their parent is not there", () => {
  test("count in a gate that warns where the parent's feed was left out, not in held_share", async () => {
    await using folders = await openTwoFolders({ accounts: ", required: false" });
    const { house, accounts, entries } = folders;
    const limits = strictLimits(house, { validShare: 1, heldShare: 0 });
    accounts.put([account(1, { name: null })]);
    entries.put([entry(1), entry(2)]);
    const ended = await house.run({}, limits);
    expect(ended.failure?.message).toBeUndefined();
    expect(ended.report?.outcome).toBe("published");
    expect(told(ended, "app.accounts")).toEqual(["left_out warn", "stale warn"]);
    expect(told(ended, "late.entries")).toEqual(expect.arrayContaining(["held_for_absent warn"]));
    expect(await house.query("select kind, count(*) as n from ops.open_quarantine group by kind")).toEqual([
      { kind: "held", n: "2" },
    ]);
    accounts.put([account(1)]);
    expect((await house.run({}, limits)).report?.outcome).toBe("published");
    expect(await house.query("select count(*) as n from curated.entry")).toEqual([{ n: "2" }]);
  });

  test("do not count an hour later either, when a small batch is judged with the day's publications", async () => {
    await using folders = await openTwoFolders({ accounts: ", required: false" });
    const { house, accounts, entries } = folders;
    const limits = strictLimits(house, { validShare: 1, heldShare: 0, sample: 10_000 });
    accounts.put([account(1, { name: null })]);
    entries.put([entry(1), entry(2)]);
    expect((await house.run({}, limits)).report?.outcome).toBe("published");
    entries.put([entry(3)]);
    const next = await house.run({}, limits);
    expect(told(next, "late.entries")).toEqual(expect.arrayContaining(["held_for_absent warn"]));
    expect(next.report?.outcome).toBe("published");
    accounts.put([account(1)]);
    entries.put([entry(4, { account_id: "nobody" })]);
    expect((await house.run({}, limits)).report?.exit_code).toBe(10);
  });

  test("count in held_share where the parent's feed was read and has it not", async () => {
    await using folders = await openTwoFolders();
    const { house, accounts, entries } = folders;
    accounts.put([account(2)]);
    entries.put([entry(1), entry(2)]);
    const ended = await house.run({}, strictLimits(house, { heldShare: 0 }));
    expect(ended.report?.exit_code).toBe(10);
    expect(told(ended, "late.entries")).toContain("held_share fail");
  });
});

test("a limit of a feed's own stands in place of its group's, for this feed alone", async () => {
  await using folders = await openTwoFolders({ entries: ", gates: { valid_share: 0, sample: 1 }" });
  const { house, accounts, entries } = folders;
  const limits = strictLimits(house, { validShare: 1 });
  accounts.put([account(1)]);
  entries.put([entry(1), entry(2, { amount: -1 })]);
  const ended = await house.run({}, limits);
  expect(ended.report?.outcome).toBe("published");
  const limit = (feed: string) => ended.report?.gates.find((g) => g.name === "valid_share" && g.feed === feed)?.limit;
  expect(limit("late.entries")).not.toBe(limit("app.accounts"));
  accounts.put([account(2, { name: null })]);
  expect((await house.run({}, limits)).report?.exit_code).toBe(10);
});

test("where all feeds were left out and the answer to COMMIT is lost, the run finds its publication", async () => {
  await using folders = await openTwoFolders({ accounts: ", required: false", entries: ", required: false" });
  const { house, accounts, entries } = folders;
  accounts.put([account(1, { name: null })]);
  entries.put([entry(1, { amount: -1 })]);
  const losing = atMoment({ kind: "warehouse", what: "transaction", at: 2, when: "after" }, () => {
    throw new UnknownOutcome(new Error("the answer was lost"));
  });
  const warehouse = aroundWarehouse(house.engine.warehouse, losing);
  const ended = await house.run({}, { ...strictLimits(house, { validShare: 1 }), warehouse });
  expect(ended.failure?.message).toBeUndefined();
  expect(ended.report).toMatchObject({ outcome: "published", publication_id: "desk-1" });
  expect(await house.query("select count(*) as n from ops.publication")).toEqual([{ n: "1" }]);
});
