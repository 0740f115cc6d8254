import { expect, test } from "vitest";
import { conservationOf } from "../../sandbox/conservation.ts";
import type { Fault } from "../../sandbox/faults.ts";
import { seededRandom } from "../../sandbox/random.ts";
import { type DemoRun, isPerfect, renderScoreboard, score } from "../../sandbox/scoreboard.ts";
import { addUnits, countedUnits } from "../../sandbox/units.ts";
import { gateReport, NO_RULES, type RunReport } from "../../src/projector/run-report.ts";
import { gate } from "../../src/publish/gate.ts";

const units = (...entries: [string, Fault][]) => new Map(entries);

function lineOf(fault: Fault, expected: Map<string, Fault>, recorded: Map<string, Fault>) {
  return score(expected, recorded).find((line) => line.fault === fault);
}

test("caught, missed and false alarms", () => {
  const expected = units(["a", "overpaid"], ["b", "overpaid"], ["c", "orphan_heals"]);
  const recorded = units(["a", "overpaid"], ["c", "orphan_forever"], ["d", "other"]);
  expect(lineOf("overpaid", expected, recorded)).toEqual({
    fault: "overpaid",
    planted: 2,
    caught: 1,
    missed: 1,
    false_alarms: 0,
  });
  expect(lineOf("orphan_heals", expected, recorded)).toMatchObject({ planted: 1, caught: 1 });
  expect(lineOf("orphan_forever", expected, recorded)).toMatchObject({ planted: 0, false_alarms: 0 });
  expect(lineOf("other", expected, recorded)).toMatchObject({ false_alarms: 1 });
});

test("a right row with a wrong rule is one missed and one false alarm", () => {
  const lines = score(units(["row|status.accepted", "unknown_status"]), units(["row|not_overpaid", "overpaid"]));
  expect(lines.find((l) => l.fault === "unknown_status")).toMatchObject({ planted: 1, missed: 1 });
  expect(lines.find((l) => l.fault === "overpaid")).toMatchObject({ planted: 0, false_alarms: 1 });
});

test("classes that are only counted differ by exactly their difference", () => {
  const of = (count: number) =>
    units(...countedUnits("r", "f|duplicate", count).map((n): [string, Fault] => [n, "duplicate_copy"]));
  expect(lineOf("duplicate_copy", of(3), of(1))).toMatchObject({ caught: 1, missed: 2, false_alarms: 0 });
  expect(lineOf("duplicate_copy", of(1), of(3))).toMatchObject({ caught: 1, missed: 0, false_alarms: 2 });
});

test("what is recorded twice but expected once is a false alarm", () => {
  const recorded = new Map<string, Fault>();
  addUnits(recorded, [
    ["row|held:x", "orphan_heals"],
    ["row|held:x", "orphan_heals"],
  ]);
  expect(lineOf("orphan_heals", units(["row|held:x", "orphan_heals"]), recorded)).toMatchObject({
    caught: 1,
    missed: 0,
    false_alarms: 1,
  });
});

const run: DemoRun = {
  hour: 0,
  group: "billing",
  window: "a/b",
  kind: "increment",
  exit_code: 0,
  expected_exit_code: 0,
  outcome: "published",
  run_id: "r",
  publication_id: "p",
  note: null,
};

test("one flaw anywhere makes the result not ok", () => {
  const good = {
    scoreboard: score(units(["a", "overpaid"]), units(["a", "overpaid"])),
    conservation: { rows_off: 0, minor_off: 0 },
    curated: { duplicates: 0, orphans: 0, differs_from_truth: 0 },
    proofs: { nights: 1, made: 37, not_equal: 0 },
    runs: [run],
  };
  expect(isPerfect(good)).toBe(true);
  expect(isPerfect({ ...good, scoreboard: score(units(["a", "overpaid"]), units()) })).toBe(false);
  expect(isPerfect({ ...good, scoreboard: score(units(), units(["a", "other"])) })).toBe(false);
  expect(isPerfect({ ...good, conservation: { rows_off: 1, minor_off: 0 } })).toBe(false);
  expect(isPerfect({ ...good, conservation: { rows_off: 0, minor_off: "9007199254740993" } })).toBe(false);
  for (const flaw of ["duplicates", "orphans", "differs_from_truth"]) {
    expect(isPerfect({ ...good, curated: { ...good.curated, [flaw]: 1 } })).toBe(false);
  }
  expect(isPerfect({ ...good, proofs: { nights: 1, made: 37, not_equal: 1 } })).toBe(false);
  expect(isPerfect({ ...good, proofs: { nights: 1, made: 0, not_equal: 0 } })).toBe(false);
  expect(isPerfect({ ...good, runs: [{ ...run, exit_code: 10 }] })).toBe(false);
  const waiting = { rows: 3, money: ["EUR", "JPY", "KWD"].map((currency) => ({ currency, minor: "-12345" })) };
  const text = renderScoreboard({ ok: false, ...good, waiting });
  expect(text).toMatch(/^waiting +3 rows, -123[.]45 EUR, -12345 JPY, -12[.]345 KWD, until/m);
  for (const line of text.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  expect(text).toMatch(
    /^rows of billing\n {2}overpaid +more paid than due +1 +1 +0 +0\ntotal of 1 kinds +1 +1 +0 +0\nnot planted in these hours: null/m,
  );
  expect(text).toContain("NOT OK");
});

function report(numbers: {
  extracted: number;
  inserted: number;
  opening?: number;
  newlyHeld?: number;
  closing?: number;
}): RunReport {
  const zero = {
    unreadable: 0,
    quarantined: 0,
    duplicate: 0,
    superseded: 0,
    unchanged: 0,
    updated: 0,
    vanished: 0,
    newly_quarantined: 0,
  };
  const { extracted, inserted, opening = 0, newlyHeld = 0, closing = 0 } = numbers;
  const released = { inserted: 0, updated: 0, unchanged: 0, quarantined: 0, superseded: 0 };
  const pool = { opening, released, superseded: 0, vanished: 0, expired: 0, closing };
  const one = { ...zero, extracted, inserted, held: newlyHeld, newly_held: newlyHeld, pool };
  return {
    run_id: "r",
    group: "billing",
    window: null,
    publication_id: "p",
    outcome: "published",
    exit_code: 0,
    message: null,
    feeds: [{ feed: "billing.invoices", ...one, money: [{ currency: "EUR", ...one }] }],
    gates: [],
    rules: NO_RULES,
    as_of: null,
    stages: [],
    warehouse: { statements: 0, bytes: null },
  };
}

test("identities are recomputed from the reports, and one run's pool opens with what the last one left", () => {
  const good = [
    report({ extracted: 5, inserted: 4, newlyHeld: 1, closing: 1 }),
    report({ extracted: 2, inserted: 2, opening: 1, closing: 1 }),
  ];
  expect(conservationOf(good)).toEqual({ rows_off: 0, minor_off: 0 });
  expect(conservationOf([report({ extracted: 5, inserted: 3 })])).toEqual({ rows_off: 2, minor_off: 2 });
  expect(conservationOf([report({ extracted: 5, inserted: 4, newlyHeld: 1, closing: 0 })])).toEqual({
    rows_off: 1,
    minor_off: 1,
  });
  expect(conservationOf([good[0] as RunReport, report({ extracted: 2, inserted: 2 })])).toEqual({ rows_off: 1, minor_off: 1 });
  const failed = gateReport(gate("identity_stock", {}, { holds: false, observed: "", limit: "" }));
  expect(conservationOf([{ ...report({ extracted: 1, inserted: 1 }), gates: [failed] }]).rows_off).toBe(1);
});

test("a seed gives the same stream each time", () => {
  const stream = (seed: number) => {
    const random = seededRandom(seed);
    return Array.from({ length: 50 }, () => random.int(0, 1_000_000));
  };
  expect(stream(1)).toEqual(stream(1));
  expect(stream(1)).not.toEqual(stream(2));
  expect(new Set(stream(3)).size).toBeGreaterThan(45);
});
