import { expect, test } from "vitest";
import { chooseExtents, dueSegments, type ToChoose } from "../../src/reconcile/choose.ts";
import {
  type Base,
  baseText,
  EVERYTHING,
  extentText,
  overlap,
  readBase,
  readExtent,
  without,
} from "../../src/reconcile/extent.ts";
import { segmentsByDate, segmentsByPublication } from "../../src/reconcile/segments.ts";
import { type KeptProof, lastLookAt, oldestLook, standingOf } from "../../src/reconcile/standing.ts";

const day = (at: string, rows: bigint) => ({ at, rows });
const base = (publication: bigint): Base => ({ publication, cursor: null });
const proof = (of: Partial<KeptProof>): KeptProof => ({
  ...{ result: "equal", extent: EVERYTHING, base: base(1n), provedAt: "2026-11-01T00:00:00Z" },
  ...of,
});

test("segments are years, months and days, neighbours with few rows are one, and every row is in exactly one", () => {
  const days = [
    day("2024-03-01", 10n),
    day("2024-12-31", 10n),
    day("2025-01-05", 60n),
    day("2025-02-01", 70n),
    day("2025-02-02", 150n),
    day("2025-07-01", 5n),
    day("", 3n),
    day("infinity", 1n),
  ];
  const found = segmentsByDate(days, 100n);
  expect(found).toEqual([
    { from: null, to: "2025-02-01", rows: 84n },
    { from: "2025-02-01", to: "2025-02-02", rows: 70n },
    { from: "2025-02-02", to: "2025-07-01", rows: 150n },
    { from: "2025-07-01", to: null, rows: 5n },
  ]);
  expect(found.reduce((sum, { rows }) => sum + rows, 0n)).toBe(days.reduce((sum, { rows }) => sum + rows, 0n));
  expect(segmentsByDate(days, 1000n)).toEqual([{ from: null, to: null, rows: 309n }]);
  expect(segmentsByDate([day("infinity", 9n)], 2n)).toEqual([{ from: null, to: null, rows: 9n }]);
});

test("segments of publications keep their bounds as new ones come", () => {
  const of = (...rows: bigint[]) =>
    segmentsByPublication(
      rows.map((n, i) => day(String(i + 1).padStart(12, "0"), n)),
      100n,
    );
  expect(of(60n, 60n, 40n, 10n).map(({ from, to }) => [from, to])).toEqual([
    [null, "000000000002"],
    ["000000000002", "000000000004"],
    ["000000000004", null],
  ]);
  expect(of(60n, 60n, 40n, 10n, 200n, 1n).map(({ from }) => from)).toEqual([
    null,
    "000000000002",
    "000000000004",
    "000000000005",
    "000000000006",
  ]);
});

test("stretches are cut where others overlap them", () => {
  const all = { from: null, to: null };
  const middle = { from: "b", to: "d" };
  expect(without(all, middle)).toEqual([
    { from: null, to: "b" },
    { from: "d", to: null },
  ]);
  expect(without(middle, all)).toEqual([]);
  expect(overlap(middle, { from: "d", to: null })).toBeNull();
  expect(overlap(middle, { from: null, to: "c" })).toEqual({ from: "b", to: "c" });
});

test("what is kept is read as it was", () => {
  const cursor = { kind: "updated_at", position: "2026-11-01", identity: { system: "1" }, horizon: null };
  const extents = [
    EVERYTHING,
    { by: "touched", since: { publication: 12345678901234567890n, cursor } },
    { by: "stretches", of: [{ from: null, to: "2026-01-01" }] },
  ] as const;
  for (const extent of extents) expect(readExtent(extentText(extent))).toEqual(extent);
  expect(readBase(baseText({ publication: 7n, cursor }))).toEqual({ publication: 7n, cursor });
  expect([readBase(null), readExtent(null)]).toEqual([null, EVERYTHING]);
});

test("a difference stays until what differed is compared again, and moves no base", () => {
  const touched = { by: "touched", since: base(1n) } as const;
  const first = proof({});
  const differs = proof({ extent: touched, result: "different", base: base(2n) });
  expect(standingOf([first, differs])).toMatchObject({ result: "different", base: base(1n) });
  const otherSegment = proof({ extent: { by: "stretches", of: [{ from: null, to: "2026-01-01" }] }, base: base(3n) });
  expect(standingOf([first, differs, otherSegment])).toMatchObject({ result: "different", base: base(1n) });
  const again = proof({ extent: touched, base: base(3n) });
  expect(standingOf([first, differs, again])).toMatchObject({ result: "equal", base: base(3n) });
  expect(standingOf([first, proof({ result: "not_proven", base: base(4n) })])).toMatchObject({
    result: "not_proven",
    base: base(1n),
  });
});

test("of a table that was never compared whole the rest is never, and comes before what is the longest ago", () => {
  const segments = segmentsByDate([day("2025-01-01", 90n), day("2026-01-01", 90n), day("2026-02-01", 90n)], 100n);
  const [old, middle, young] = segments;
  if (!(old && middle && young)) expect.fail("three segments");
  const kept = [
    proof({ extent: { by: "stretches", of: [old] }, provedAt: "2026-11-02T00:00:00Z" }),
    proof({ extent: { by: "stretches", of: [young] }, provedAt: "2026-11-01T00:00:00Z" }),
  ];
  const standing = standingOf(kept);
  expect([standing.result, oldestLook(standing)]).toEqual(["not_proven", null]);
  expect(dueSegments(segments, { standing, nights: 28 })).toEqual([middle]);
  expect(dueSegments(segments, { standing, nights: 2 })).toEqual([middle, young]);
  const red = standingOf([
    ...kept,
    proof({ extent: { by: "stretches", of: [old] }, result: "different", provedAt: "2026-11-03T00:00:00Z" }),
  ]);
  expect(dueSegments(segments, { standing: red, nights: 28 })).toEqual([old, middle]);
  expect(lastLookAt(red.pieces, old)).toEqual({ result: "different", provedAt: "2026-11-03T00:00:00Z" });
});

test("within as many nights every segment is compared, however they are cut meanwhile", () => {
  const nights = 7;
  const days = Array.from({ length: 40 }, (_, i) =>
    day(`2026-${i < 20 ? "01" : "02"}-${String((i % 20) + 1).padStart(2, "0")}`, BigInt(20 + (i % 3))),
  );
  const kept: KeptProof[] = [];
  for (let night = 0; night < nights + 1; night += 1) {
    const segments = segmentsByDate([...days, day(`2026-03-0${night + 1}`, 30n)], 60n);
    const of = dueSegments(segments, { standing: standingOf(kept), nights });
    kept.push(proof({ extent: { by: "stretches", of }, provedAt: `2026-11-0${night + 1}T00:00:00Z` }));
  }
  expect(oldestLook(standingOf(kept))).not.toBeNull();
});

test("what is small is compared whole, anything else in parts, a table without segments once in as many nights", () => {
  const of = (more: Partial<ToChoose>): ToChoose => ({
    standing: standingOf([proof({ base: base(5n) })]),
    segments: [{ from: null, to: null, rows: 10n }],
    tiers: new Set(["T2", "T4"]),
    pace: { schedule: null, segmentRows: 100, nights: 28 },
    hasTouched: true,
    now: new Date("2026-11-02T00:00:00Z"),
    ...more,
  });
  const large = [{ from: null, to: null, rows: 1000n }];
  const whole = [{ tier: "T4", extent: EVERYTHING }];
  const touched = [{ tier: "T2", extent: { by: "touched", since: base(5n) } }];
  expect(chooseExtents(of({}))).toEqual(whole);
  expect(chooseExtents(of({ segments: large }))).toEqual(touched);
  expect(chooseExtents(of({ segments: large, now: new Date("2026-11-28T00:00:00Z") }))).toEqual(whole);
  expect(chooseExtents(of({ segments: large, standing: standingOf([]) }))).toEqual(whole);
  expect(chooseExtents(of({ segments: large, hasTouched: false }))).toEqual([]);
  expect(chooseExtents(of({ segments: large, tiers: new Set(["all"]) }))).toEqual([{ tier: "all", extent: EVERYTHING }]);
  const two = [
    { from: null, to: "2026-01-01", rows: 500n },
    { from: "2026-01-01", to: null, rows: 500n },
  ];
  const stretch = { tier: "T4", extent: { by: "stretches", of: [{ from: null, to: "2026-01-01" }] } };
  expect(chooseExtents(of({ segments: two }))).toEqual([...touched, stretch]);
  expect(chooseExtents(of({ segments: two, tiers: new Set(["T2"]) }))).toEqual(touched);
  expect(chooseExtents(of({ segments: two, tiers: new Set(["T4"]) }))).toEqual([stretch]);
  const bothInOneNight = {
    segments: two,
    tiers: new Set(["T4"] as const),
    pace: { schedule: null, segmentRows: 100, nights: 1 },
  };
  expect(chooseExtents(of(bothInOneNight))).toEqual([
    stretch,
    { tier: "T4", extent: { by: "stretches", of: [{ from: "2026-01-01", to: null }] } },
  ]);
  const together = two.map(({ from, to }) => ({ from, to }));
  expect(chooseExtents(of({ ...bothInOneNight, together: true }))).toEqual([
    { tier: "T4", extent: { by: "stretches", of: together } },
  ]);
  const differed = standingOf([
    proof({ base: base(5n) }),
    proof({ extent: { by: "stretches", of: two }, result: "different", provedAt: "2026-11-02T00:00:00Z" }),
  ]);
  const second = { tier: "T4", extent: { by: "stretches", of: [{ from: "2026-01-01", to: null }] } };
  expect(chooseExtents(of({ segments: two, standing: differed, tiers: new Set(["T4"]) }))).toEqual([stretch, second]);
});
