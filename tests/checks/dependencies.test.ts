import { describe, expect, test } from "vitest";
import {
  type Dependency,
  dependency,
  dependentDesk,
  observedOf,
  playEntries,
  withDependencies,
} from "../support/dependencies.ts";
import { type Desk, openDesk, type Row } from "../support/desk.ts";
import { account, entry, withFeed } from "../support/desk-rows.ts";
import { classesIn, ENTRIES } from "../support/scoped-desk.ts";

/** Entry `id` that says `memo` of a currency. */
const says = (id: number, currency: string, memo: string | null): Row => entry(id, `e${id}`, { currency, memo });

const published = async (desk: Desk) =>
  (await desk.query("select id || ' ' || coalesce(memo, '-') as k from staging.app_entries order by id")).map((r) => r["k"]);

const waiting = async (desk: Desk) =>
  (await desk.query("select source_key || ' ' || kind || ' ' || reasons as k from ops.open_quarantine order by 1")).map(
    (r) => r["k"],
  );

const REASON = 'quarantined ["memo_by_currency"]';

/** Plays one hour on a desk of its own. */
async function classesOf(rows: readonly Row[], rule: Partial<Dependency> = {}) {
  await using desk = await dependentDesk(dependency(rule));
  const played = await playEntries(desk, rows);
  return { classes: classesIn(played), observed: observedOf(played), waiting: await waiting(desk) };
}

describe("within the batch", () => {
  test("all rows of a group that differ break the rule; other groups do not", async () => {
    const rows = [says(1, "USD", "a"), says(2, "USD", "b"), says(3, "USD", "a"), says(4, "EUR", "x"), says(5, "EUR", "x")];
    expect(await classesOf(rows)).toEqual({
      classes: ["quarantined", "quarantined", "quarantined", "inserted", "inserted"],
      observed: "fail 1 groups, 3 rows",
      waiting: [`1 ${REASON}`, `2 ${REASON}`, `3 ${REASON}`],
    });
  });

  test("without a conflict nothing is told", async () => {
    const { classes, observed } = await classesOf([says(1, "USD", "a"), says(2, "USD", "a"), says(3, "EUR", "b")]);
    expect({ classes, observed }).toEqual({ classes: ["inserted", "inserted", "inserted"], observed: "pass 0 groups, 0 rows" });
  });

  test("NULL in what is determined differs from every value, and from no other NULL", async () => {
    const rows = [says(1, "USD", null), says(2, "USD", ""), says(3, "EUR", null), says(4, "EUR", null)];
    expect((await classesOf(rows)).classes).toEqual(["quarantined", "quarantined", "inserted", "inserted"]);
  });

  test("NULL in a determinant determines nothing", async () => {
    const rule = { determinants: ["memo"], determines: ["currency"] };
    const rows = [says(1, "USD", null), says(2, "EUR", null), says(3, "USD", "m"), says(4, "EUR", "m")];
    expect((await classesOf(rows, rule)).classes).toEqual(["inserted", "inserted", "quarantined", "quarantined"]);
  });

  test("several columns determine several: NULL in one of them determines nothing, a difference in one of them is one", async () => {
    const rule = { determinants: ["currency", "memo"], determines: ["amount", "account_id"] };
    const rows = [
      { ...says(1, "USD", "m"), amount: 1 },
      { ...says(2, "USD", "m"), amount: 2 },
      { ...says(3, "USD", "n"), amount: 1 },
      { ...says(4, "EUR", "m"), amount: 1 },
      { ...says(5, "EUR", "m"), amount: 1 },
      { ...says(6, "USD", null), amount: 1 },
      { ...says(7, "USD", null), amount: 2 },
    ];
    const bad = ["quarantined", "quarantined"];
    expect((await classesOf(rows, rule)).classes).toEqual([...bad, "inserted", "inserted", "inserted", "inserted", "inserted"]);
  });

  test("identical copies are one row of the group, and are quarantined together", async () => {
    const rows = [says(1, "USD", "a"), says(1, "USD", "a"), says(2, "EUR", "b"), says(2, "EUR", "b"), says(3, "EUR", "c")];
    expect((await classesOf(rows)).classes).toEqual(["inserted", "duplicate", "quarantined", "quarantined", "quarantined"]);
  });
});

describe("majority", () => {
  const majority = { majority: true };

  test("only rows outside the strict majority break the rule", async () => {
    const rows = [says(1, "USD", "a"), says(2, "USD", "b"), says(3, "USD", "a")];
    expect(await classesOf(rows, majority)).toEqual({
      classes: ["inserted", "quarantined", "inserted"],
      observed: "fail 1 groups, 1 rows",
      waiting: [`2 ${REASON}`],
    });
  });

  test("half is no majority, nor is the largest of three", async () => {
    const rows = [says(1, "USD", "a"), says(2, "USD", "b"), ...["a", "a", "b", "c"].map((memo, i) => says(3 + i, "EUR", memo))];
    expect((await classesOf(rows, majority)).classes).toEqual(Array(6).fill("quarantined"));
  });

  test("copies count once", async () => {
    const rows = [says(1, "USD", "a"), says(1, "USD", "a"), says(2, "USD", "b")];
    expect((await classesOf(rows, majority)).classes).toEqual(["quarantined", "quarantined", "quarantined"]);
  });

  test("NULL may be what the majority says", async () => {
    const rows = [says(1, "USD", null), says(2, "USD", null), says(3, "USD", "a")];
    expect((await classesOf(rows, majority)).classes).toEqual(["inserted", "inserted", "quarantined"]);
  });

  test("published rows and those of the batch are counted together", async () => {
    await using desk = await dependentDesk(dependency(majority));
    await playEntries(desk, [says(1, "USD", "a"), says(2, "USD", "a")]);
    expect(classesIn(await playEntries(desk, [says(3, "USD", "b"), says(4, "USD", "a")]))).toEqual(["quarantined", "inserted"]);
    const turned = await playEntries(desk, [says(5, "USD", "c"), says(6, "USD", "c"), says(7, "USD", "c"), says(8, "USD", "c")]);
    expect(classesIn(turned)).toEqual(["inserted", "inserted", "inserted", "inserted"]);
  });
});

describe("against published rows", () => {
  test("a row that differs from a published one is quarantined, and the published one stays", async () => {
    await using desk = await dependentDesk(dependency());
    await playEntries(desk, [says(1, "USD", "a"), says(2, "EUR", "x")]);
    const played = await playEntries(desk, [says(3, "USD", "b"), says(4, "USD", "a"), says(5, "EUR", "x"), says(6, "GBP", "y")]);
    expect(classesIn(played)).toEqual(["quarantined", "quarantined", "inserted", "inserted"]);
    expect(observedOf(played)).toBe("fail 1 groups, 2 rows");
    expect(await published(desk)).toEqual(["1 a", "2 x", "5 x", "6 y"]);
  });

  test("an update of the only row, and of all rows of a group, is no conflict", async () => {
    await using desk = await dependentDesk(dependency());
    await playEntries(desk, [says(1, "USD", "a"), says(2, "EUR", "x"), says(3, "EUR", "x")]);
    const updated = await playEntries(desk, [says(1, "USD", "b"), says(2, "EUR", "y"), says(3, "EUR", "y")]);
    expect(classesIn(updated)).toEqual(["updated", "updated", "updated"]);
    expect(observedOf(updated)).toBe("pass 0 groups, 0 rows");
  });

  test("an update of some rows of a group is one; when the others come too, all enter", async () => {
    await using desk = await dependentDesk(dependency());
    await playEntries(desk, [says(1, "USD", "a"), says(2, "USD", "a")]);
    expect(classesIn(await playEntries(desk, [says(1, "USD", "b")]))).toEqual(["quarantined"]);
    expect(classesIn(await playEntries(desk, [says(1, "USD", "b"), says(2, "USD", "b")]))).toEqual(["updated", "updated"]);
    expect(await waiting(desk)).toEqual([]);
  });

  test("a published row that the batch takes to another group says nothing in its old one any more", async () => {
    await using desk = await dependentDesk(dependency());
    await playEntries(desk, [says(1, "USD", "a"), says(2, "EUR", "x")]);
    const moved = await playEntries(desk, [says(1, "GBP", "z"), says(3, "USD", "b")]);
    expect(classesIn(moved)).toEqual(["updated", "inserted"]);
  });

  test("a published row whose new content is bad for another reason stays, and so counts", async () => {
    await using desk = await dependentDesk(dependency());
    await playEntries(desk, [says(1, "USD", "a")]);
    const played = await playEntries(desk, [{ ...says(1, "USD", "b"), amount: -1 }, says(2, "USD", "b"), says(3, "USD", "a")]);
    expect(classesIn(played)).toEqual(["quarantined", "quarantined", "quarantined"]);
    expect(await waiting(desk)).toEqual([`1 quarantined ["amount.range"]`, `2 ${REASON}`, `3 ${REASON}`]);
  });

  test("tombstones, and rows that leave with the batch, are compared with nothing", async () => {
    await using desk = await dependentDesk(dependency());
    await playEntries(desk, [says(1, "USD", "a")]);
    expect(classesIn(await playEntries(desk, [says(2, "USD", "b")], { whole: [ENTRIES] }))).toEqual(["inserted"]);
    await playEntries(desk, [], { keys: { [ENTRIES]: [] } });
    expect(classesIn(await playEntries(desk, [says(3, "USD", "c")]))).toEqual(["inserted"]);
  });

  test("rows equal to their published ones stay, and are counted apart", async () => {
    await using desk = openDesk("claims");
    await desk.play({ rows: { "app.accounts": [account(1, "A")] } });
    await playEntries(desk, [says(1, "USD", "a"), says(2, "USD", "b")]);
    const adjust = withDependencies(dependency());
    const again = await playEntries(desk, [says(1, "USD", "a"), says(2, "USD", "b")], { adjust });
    expect(classesIn(again)).toEqual(["unchanged", "unchanged"]);
    expect(observedOf(again)).toBe("warn 0 groups, 0 rows, published_breaking 2");
    const third = await playEntries(desk, [says(1, "USD", "a"), says(3, "USD", "a")]);
    expect(classesIn(third)).toEqual(["unchanged", "quarantined"]);
    expect(observedOf(third)).toBe("fail 1 groups, 1 rows, published_breaking 1");
  });
});

describe("severities", () => {
  test("warn: the rows are published, and told", async () => {
    await using desk = await dependentDesk(dependency({ severity: "warn" }));
    const played = await playEntries(desk, [says(1, "USD", "a"), says(2, "USD", "b")]);
    expect(classesIn(played)).toEqual(["inserted", "inserted"]);
    expect(observedOf(played)).toBe("warn 1 groups, 2 rows");
    const [verdict] = await desk.query(
      "select verdict, observed from ops.verdict where scope = 'rule' and name = 'memo_by_currency' order by number desc limit 1",
    );
    expect(verdict).toEqual({ verdict: "warn", observed: "1 groups, 2 rows" });
  });

  test("block: nothing of the group is published", async () => {
    await using desk = await dependentDesk(dependency({ severity: "block" }));
    const { outcome } = await desk.play({ rows: { [ENTRIES]: [says(1, "USD", "a"), says(2, "USD", "b"), says(3, "EUR", "c")] } });
    expect(outcome.outcome).toBe("blocked");
    expect(outcome.gates.filter((g) => g.name === "rule" && g.verdict === "fail").map((g) => g.observed)).toEqual([
      "1 groups, 2 rows",
    ]);
    expect(await published(desk)).toEqual([]);
  });
});

describe("beside other rules", () => {
  test("a row that breaks two dependencies has both reasons", async () => {
    const other = dependency({ id: "currency_by_account", determinants: ["account_id"], determines: ["currency"] });
    await using desk = await dependentDesk(dependency(), other);
    const played = await playEntries(desk, [says(1, "USD", "a"), says(2, "USD", "b"), says(3, "EUR", "c")]);
    expect(classesIn(played)).toEqual(["quarantined", "quarantined", "quarantined"]);
    const both = '["memo_by_currency","currency_by_account"]';
    expect(await waiting(desk)).toEqual([
      `1 quarantined ${both}`,
      `2 quarantined ${both}`,
      `3 quarantined ["currency_by_account"]`,
    ]);
    expect(observedOf(played, "currency_by_account")).toBe("fail 1 groups, 3 rows");
  });

  test("a row that is bad by itself is compared with nothing: others are not bad for it", async () => {
    const { classes, waiting } = await classesOf([
      { ...says(1, "USD", "b"), amount: -1 },
      says(2, "USD", "a"),
      says(3, "USD", "a"),
    ]);
    expect(classes).toEqual(["quarantined", "inserted", "inserted"]);
    expect(waiting).toEqual(['1 quarantined ["amount.range"]']);
  });

  test("a row that breaks a dependency claims no key", async () => {
    const rows = [
      entry(1, "k", { currency: "USD", memo: "a" }),
      says(2, "USD", "b"),
      entry(3, "k", { currency: "EUR", memo: "x" }),
    ];
    const { classes, waiting } = await classesOf(rows);
    expect(classes).toEqual(["quarantined", "quarantined", "inserted"]);
    expect(waiting).toEqual([`1 ${REASON}`, `2 ${REASON}`]);
  });

  test("one that loses its key is compared all the same", async () => {
    const rows = [
      entry(1, "k", { currency: "USD", memo: "a" }),
      entry(2, "k", { currency: "USD", memo: "a" }),
      says(3, "USD", "b"),
    ];
    expect((await classesOf(rows)).classes).toEqual(["quarantined", "quarantined", "quarantined"]);
  });

  test("a held row is compared, in its hour and while it waits", async () => {
    await using desk = await dependentDesk(dependency());
    const orphan = { ...says(1, "USD", "a"), account_id: "Z" };
    expect(classesIn(await playEntries(desk, [orphan]))).toEqual(["held"]);
    expect(classesIn(await playEntries(desk, [says(2, "USD", "a")]))).toEqual(["inserted"]);
    expect(classesIn(await playEntries(desk, [says(3, "USD", "b")]))).toEqual(["quarantined"]);
    const reasons = '["memo_by_currency","account_id.foreign_key"]';
    expect(await waiting(desk)).toEqual([`1 quarantined ${reasons}`, `3 ${REASON}`]);
  });

  test("a held row is released by its parent where nothing says otherwise", async () => {
    await using desk = await dependentDesk(dependency());
    await playEntries(desk, [{ ...says(1, "USD", "a"), account_id: "Z" }]);
    await playEntries(desk, [says(2, "USD", "a")], { rows: { "app.accounts": [account(2, "Z")] } });
    expect(await published(desk)).toEqual(["1 a", "2 a"]);
  });
});

describe("rows that wait, versions, parts", () => {
  test("a quarantined row that is seen again is judged again", async () => {
    await using desk = await dependentDesk(dependency());
    await playEntries(desk, [says(1, "USD", "a"), says(2, "USD", "b")]);
    const again = await playEntries(desk, [says(1, "USD", "a"), says(2, "USD", "b")]);
    expect(classesIn(again)).toEqual(["quarantined", "quarantined"]);
    expect(await waiting(desk)).toHaveLength(2);
    expect(classesIn(await playEntries(desk, [says(1, "USD", "a")]))).toEqual(["inserted"]);
    expect(await waiting(desk)).toEqual([`2 ${REASON}`]);
  });

  test("an older version in the batch is compared with nothing", async () => {
    const versioned = (p: Desk["pipeline"]) => withFeed(p, ENTRIES, (feed) => ({ ...feed, version: "amount" }));
    await using desk = await dependentDesk(dependency());
    const rows = [
      { ...says(1, "USD", "old"), amount: 1 },
      { ...says(1, "USD", "new"), amount: 2 },
      { ...says(2, "USD", "new"), amount: 1 },
    ];
    expect(classesIn(await playEntries(desk, rows, { adjust: versioned }))).toEqual(["superseded", "inserted", "inserted"]);
  });

  test("a part that is read again is compared by what it says now", async () => {
    const parts = (p: Desk["pipeline"]) => withFeed(p, ENTRIES, (feed) => ({ ...feed, scoped: true }));
    const inPart = (id: number, memo: string, part: string): Row => ({ ...says(id, "USD", memo), _scope: part });
    await using desk = openDesk("claims");
    await desk.play({ rows: { "app.accounts": [account(1, "A")] }, adjust: (p) => parts(withDependencies(dependency())(p)) });
    await playEntries(desk, [inPart(1, "a", "f"), inPart(2, "a", "f")], { scopes: { [ENTRIES]: ["f"] } });
    const again = await playEntries(desk, [inPart(1, "b", "f")], { scopes: { [ENTRIES]: ["f"] } });
    expect(classesIn(again)).toEqual(["updated"]);
    expect(classesIn(await playEntries(desk, [inPart(3, "c", "g")], { scopes: { [ENTRIES]: ["g"] } }))).toEqual(["quarantined"]);
  });

  test("where later parts win, the row of the last part that has a key is compared", async () => {
    const parts = (p: Desk["pipeline"]) =>
      withFeed(p, ENTRIES, (feed) => ({ ...feed, scoped: true, lands: ["_scope", "_order"] }));
    const inPart = (id: number, memo: string, part: string): Row => ({
      ...says(id, "USD", memo),
      _scope: part.charAt(0),
      _order: part,
    });
    await using desk = openDesk("claims");
    await desk.play({ rows: { "app.accounts": [account(1, "A")] }, adjust: (p) => parts(withDependencies(dependency())(p)) });
    await playEntries(desk, [inPart(1, "old", "b1")], { scopes: { [ENTRIES]: ["b"] } });
    const rows = [inPart(1, "early", "a1"), inPart(2, "new", "c1"), inPart(1, "new", "c1")];
    expect(classesIn(await playEntries(desk, rows, { scopes: { [ENTRIES]: ["a", "c"] } }))).toEqual([
      "superseded",
      "inserted",
      "updated",
    ]);
  });
});
