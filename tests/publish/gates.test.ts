import { describe, expect, test } from "vitest";
import { findDrift } from "../../src/publish/drift.ts";
import { quietHourGates, shareGates } from "../../src/publish/gates.ts";
import { openDesk } from "../support/desk.ts";

const LIMITS = { validShare: 0.999, heldShare: 0.01, sample: 10_000, quarantinedMinor: {}, vanishedShare: 0.05, missingKeys: 0 };
const sample = (good: bigint, bad: bigint, newlyHeld = 0n) => ({ feed: "f", good, bad, newlyHeld });
const verdicts = (batch: ReturnType<typeof sample>, recent = sample(0n, 0n)) =>
  shareGates([batch], [recent], () => LIMITS).map((g) => g.verdict);

describe("valid and held share", () => {
  test.each([
    // bad > (1 - limit) × max(good + bad, sample)
    ["a large batch at the limit", sample(99_900n, 100n), sample(0n, 0n), "pass"],
    ["a large batch just above it", sample(99_899n, 101n), sample(0n, 0n), "fail"],
    ["a small batch has the sample as its measure", sample(90n, 10n), sample(0n, 0n), "pass"],
    ["a small batch above the sample's allowance", sample(90n, 11n), sample(0n, 0n), "fail"],
    ["a small batch is judged with the day's publications", sample(90n, 5n), sample(1_000n, 6n), "fail"],
    ["a large batch is judged alone", sample(9_995n, 5n), sample(1_000n, 500n), "pass"],
  ] as const)("%s", (...[, batch, recent, verdict]) => expect(verdicts(batch, recent)[0]).toBe(verdict));

  test.each([
    ["one in a hundred is held", sample(9_900n, 0n, 100n), "pass"],
    ["a day without customers", sample(0n, 0n, 5_000n), "fail"],
  ] as const)("%s", (_name, batch, verdict) => expect(verdicts(batch)[1]).toBe(verdict));
});

describe("a quiet hour", () => {
  const end = new Date("2026-11-02T10:00:00Z");
  const weekBefore = { feed: "f", windowEnd: new Date("2026-10-26T10:00:00Z"), rows: 7n };
  test("warns if that hour of the week was never empty", () => {
    expect(quietHourGates(["f"], end, [weekBefore])).toMatchObject([{ name: "quiet_hour", feed: "f", verdict: "warn" }]);
  });
  test.each([
    ["it was empty before", [weekBefore, { ...weekBefore, windowEnd: new Date("2026-10-19T10:00:00Z"), rows: 0n }]],
    ["it was never seen", [{ ...weekBefore, windowEnd: new Date("2026-11-02T09:00:00Z") }]],
    ["only another feed was seen", [{ ...weekBefore, feed: "g" }]],
  ])("is silent if %s", (_name, earlier) => expect(quietHourGates(["f"], end, earlier)).toEqual([]));
});

test("a table that the source does not show is one removal, not one for each column", async () => {
  await using desk = openDesk("claims");
  const feed = desk.pipeline.feeds.get("app.accounts");
  expect(feed && findDrift(feed, [], null)).toEqual([
    { kind: "removed", column: "*", says: "the source shows nothing called app.accounts to this login" },
  ]);
});
