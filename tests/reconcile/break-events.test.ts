import { expect, test } from "vitest";
import { seededRandom } from "../../sandbox/random.ts";
import type { BreakRow } from "../../src/proofs/break-rows.ts";
import { type BreakClass, breakClass } from "../../src/reconcile/break-class.ts";
import { breakEvents, covers, isEqualSince, markOf, type OpenBreak } from "../../src/reconcile/break-events.ts";
import { EVERYTHING, type Extent } from "../../src/reconcile/extent.ts";
import { HISTORY_COMPARES } from "../../src/reconcile/history.ts";
import { breaksIn, type KeptEvent } from "../../src/reconcile/kept-breaks.ts";
import { type MadeProof, NAMED_BREAKS, type Proof, type ProofResult } from "../../src/reconcile/proof.ts";
import { rollForward } from "../../src/reconcile/roll-forward.ts";
import type { KeptProof } from "../../src/reconcile/standing.ts";
import { STOCK_COMPARES } from "../../src/reconcile/stock.ts";

const row = (keyText: string, more: Partial<BreakRow> = {}): BreakRow => ({
  ...{ key: { id: keyText }, keyText, why: "differs", columns: ["label"], source: null, live: null, print: "" },
  ...{ sourceMoney: { currency: "EUR", minor: 1n }, liveMoney: { currency: "EUR", minor: 1n } },
  ...more,
});

const touched = (publication: bigint): Extent => ({ by: "touched", since: { publication, cursor: null } });
const stretches = (...of: readonly [string | null, string | null][]): Extent => {
  return { by: "stretches", of: of.map(([from, to]) => ({ from, to })) };
};

function proofOf(breaks: readonly BreakRow[], extent: Extent = EVERYTHING, more: Partial<Proof> = {}): MadeProof {
  return {
    ...{ leg: "R1", of: "app.items", compares: "rows", rows: 9n, differing: BigInt(breaks.length), keys: [], breaks, says: [] },
    ...{ notProven: null, seconds: 0, chosen: { tier: "T4", extent }, keptAs: "reconcile_1/app.items/1/1" },
    ...more,
  };
}

const openOf = (one: BreakRow, extent: Extent = EVERYTHING, is: BreakClass = "attribute"): OpenBreak => {
  return {
    id: `brk_${one.keyText}`,
    keyText: one.keyText,
    class: is,
    mark: markOf(is, one, []),
    extent,
    at: "2026-01-01T02:00:00Z",
  };
};

const told = (proof: MadeProof, open: readonly OpenBreak[]) =>
  breakEvents(proof, { open, later: [] }).map(({ event, row: { keyText }, class: is }) => `${event} ${keyText} ${is}`);

const EUR = { currency: "EUR", minor: 1n };

test.each<[BreakClass, Partial<BreakRow>]>([
  ["waiting_differs", { why: "waits_otherwise" }],
  ["missing_in_warehouse", { why: "missing", liveMoney: null }],
  ["missing_at_source", { why: "gone", sourceMoney: null }],
  ["missing_at_source", { why: "unlanded", sourceMoney: null }],
  ["amount", { liveMoney: { currency: "EUR", minor: 2n } }],
  ["amount", { liveMoney: { currency: "USD", minor: 2n } }],
  ["currency", { liveMoney: { currency: "USD", minor: 1n } }],
  ["attribute", { sourceMoney: EUR, liveMoney: EUR }],
  ["duplicate", { why: "copy", sourceMoney: null }],
])("%s is the class of a row by what its sides have", (is, of) => {
  expect(breakClass({ leg: "R1", compares: "rows" }, row("1", of))).toBe(is);
});

test("what has no source has its class by what is compared", () => {
  expect(breakClass({ leg: "R2", compares: "rows" }, row("1"))).toBe("model");
  expect(breakClass({ leg: "R4", compares: HISTORY_COMPARES }, row("1"))).toBe("history");
  expect(breakClass({ leg: "R4", compares: STOCK_COMPARES }, row("1"))).toBe("unexplained");
  expect(breakClass({ leg: "R4", compares: "money" }, row("1"))).toBe("tampered");
});

test("a comparison finds, changes and clears, and tells nothing of what is as it was", () => {
  const open = ["1", "2", "3"].map((key) => openOf(row(key)));
  const now = [row("1"), row("2", { columns: ["label", "rate"] }), row("4", { why: "missing" })];
  expect(told(proofOf(now), open)).toEqual(["changed 2 attribute", "found 4 missing_in_warehouse", "cleared 3 attribute"]);
});

test("only what a comparison looked at is cleared", () => {
  const open = [
    openOf(row("all")),
    openOf(row("touched"), touched(4n)),
    openOf(row("before"), touched(2n)),
    openOf(row("stretch"), stretches(["2026-01-01", "2026-02-01"])),
    openOf(row("wider"), stretches(["2026-01-01", "2026-04-01"])),
  ];
  expect(told(proofOf([], touched(3n)), open)).toEqual(["cleared touched attribute"]);
  expect(told(proofOf([], stretches([null, "2026-02-01"], ["2026-02-01", "2026-03-01"])), open)).toEqual([
    "cleared stretch attribute",
  ]);
  expect(told(proofOf([]), open)).toHaveLength(5);
  expect(covers(touched(3n), stretches(["2026-01-01", null]))).toBe(false);
  expect(covers(stretches([null, "2026-02-01"], ["2026-02-01", null]), EVERYTHING)).toBe(false);
});

test("a break is cleared where all that it was found in has been equal since, in however many parts", () => {
  const one = openOf(row("1"), stretches(["2026-01-01", "2026-04-01"]));
  const looked = (result: ProofResult, at: string, ...of: readonly [string | null, string | null][]): KeptProof => {
    return { result, extent: stretches(...of), base: null, provedAt: `2026-01-0${at}T02:00:00.000Z` };
  };
  const later = [
    looked("equal", "1", ["2026-03-01", "2026-05-01"]),
    looked("different", "2", ["2026-01-01", "2026-02-01"]),
    looked("equal", "3", ["2026-02-01", "2026-03-01"]),
    looked("equal", "4", [null, "2026-02-01"]),
  ];
  expect(isEqualSince(one, later)).toBe(false);
  const all = [...later, looked("equal", "5", ["2026-03-01", null])];
  expect(isEqualSince(one, all)).toBe(true);
  expect(isEqualSince(openOf(row("1")), all)).toBe(true);
  expect(isEqualSince(openOf(row("1"), touched(3n)), all.slice(0, -1))).toBe(false);
  const now = proofOf([], stretches(["2026-03-01", null]));
  expect(breakEvents(now, { open: [one], later: all }).map(({ event }) => event)).toEqual(["cleared"]);
  expect(breakEvents(proofOf([row("1")], stretches(["2026-03-01", null])), { open: [one], later: all })).toEqual([]);
});

test("one that was not made, or that does not name everything, clears nothing", () => {
  const open = [openOf(row("1"))];
  expect(told(proofOf([], EVERYTHING, { notProven: "away" }), open)).toEqual([]);
  const many = Array.from({ length: NAMED_BREAKS }, (_, i) => row(`k${i}`));
  expect(told(proofOf(many), open)).toContain("cleared 1 attribute");
  expect(told(proofOf(many, EVERYTHING, { differing: BigInt(NAMED_BREAKS + 1) }), open)).toHaveLength(NAMED_BREAKS);
  // Copies of few keys are many rows.
  const copies = [row("2", { why: "copy" })];
  expect(told(proofOf(copies, EVERYTHING, { differing: BigInt(NAMED_BREAKS + 1) }), open)).toEqual(["found 2 duplicate"]);
  const { breaks: _, ...without } = proofOf([], EVERYTHING, { keys: [{ key: { id: "7" }, why: null }], differing: 2n });
  expect(told(without, open)).toEqual([`found ["7"] unexplained`]);
});

test("of a key with several reasons the first class is told, and what has no key is one break, another one with each other sum", () => {
  const both = [row("1", { why: "copy" }), row("1", { liveMoney: { currency: "EUR", minor: 2n } })];
  expect(told(proofOf(both), [])).toEqual(["found 1 amount"]);
  const says = (text: string) => proofOf([], EVERYTHING, { says: [text] });
  const [first] = breakEvents(says("EUR: 1 row more"), { open: [], later: [] });
  expect(first).toMatchObject({ event: "found", class: "unexplained", detail: expect.stringContaining("1 row more") });
  const nothing = { ...row(""), why: null, columns: [], sourceMoney: null, liveMoney: null };
  const open = [{ ...openOf(row("")), mark: markOf("unexplained", nothing, ["EUR: 1 row more"]) }];
  expect(told(says("EUR: 1 row more"), open)).toEqual([]);
  expect(told(says("EUR: 2 rows more"), open)).toEqual(["changed  unexplained"]);
  expect(told(proofOf([]), open)).toEqual(["cleared  attribute"]);
});

test("a value that is not shown, and one that is cut off, make another break", () => {
  const open = [openOf(row("1", { print: "00ff" }))];
  expect(told(proofOf([row("1", { print: "00ff" })]), open)).toEqual([]);
  expect(told(proofOf([row("1", { print: "ff00" })]), open)).toEqual(["changed 1 attribute"]);
});

test("whatever happens to breaks, each class closes with what it opened, found, got from others and cleared", () => {
  const random = seededRandom(20);
  const classes = ["amount", "attribute", "duplicate"] as const;
  const events: KeptEvent[] = [];
  const of = ({ id, event, is, at }: Pick<KeptEvent, "id" | "event" | "at"> & { is: BreakClass }): KeptEvent => ({
    ...{ id, event, leg: "R1", of: "f", compares: "rows", keyText: id, class: is, key: {}, why: null, columns: [] },
    ...{
      source: null,
      live: null,
      print: "",
      scope: null,
      sourceMoney: null,
      liveMoney: null,
      says: [],
      extent: null,
      reason: null,
      until: null,
      to: null,
    },
    ...{ proofId: "p", number: 1n, actor: "a", at },
  });
  for (let n = 0; n < 400; n += 1) {
    const at = new Date(Date.UTC(2026, 0, 1, n)).toISOString();
    const open = breaksIn(events).filter(({ isOpen }) => isOpen);
    const one = open[Math.floor(random.next() * open.length)];
    const is = classes[Math.floor(random.next() * classes.length)] ?? "amount";
    const what = random.next();
    if (!one || what < 0.5) events.push(of({ id: `b${n}`, event: "found", is, at }));
    else if (what < 0.75) events.push(of({ id: one.id, event: "changed", is, at }));
    else events.push(of({ id: one.id, event: "cleared", is: one.class, at }));
  }
  for (const hour of [0, 50, 200, 399, 500]) {
    const since = new Date(Date.UTC(2026, 0, 1, hour)).toISOString();
    const rolls = rollForward(events, since);
    for (const { opening, found, reclassified, cleared, closing } of rolls) {
      expect(opening + found + reclassified - cleared).toBe(closing);
    }
    const open = breaksIn(events).filter(({ isOpen }) => isOpen);
    expect(rolls.reduce((sum, { closing }) => sum + closing, 0)).toBe(open.length);
    expect(rolls.reduce((sum, { reclassified }) => sum + reclassified, 0)).toBe(0);
  }
});
