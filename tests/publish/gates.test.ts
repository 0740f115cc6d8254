import { describe, expect, test } from "vitest";
import type { GateLimits } from "../../src/config/pipeline.ts";
import { findDrift } from "../../src/publish/drift.ts";
import { quietHourGates, shareGates } from "../../src/publish/gates.ts";
import { openDesk } from "../support/desk.ts";

const LIMITS: GateLimits = {
  validShare: 0.999,
  heldShare: 0.01,
  sample: 10_000,
  quarantinedMinor: {},
  vanishedShare: 0.05,
  missingKeys: 0,
  respelledKeys: "warn",
};
const sample = (good: bigint, bad: bigint, newlyHeld = 0n) => ({ feed: "f", good, bad, newlyHeld });
const parentsOf = (ofBatch: bigint, ofDay = ofBatch) => ({ feed: "f", ofBatch, ofDay });
const gatesOf = (
  batch: ReturnType<typeof sample>,
  {
    recent = sample(0n, 0n),
    parents = parentsOf(0n),
    limits = LIMITS,
  }: Partial<Record<"recent", ReturnType<typeof sample>>> & {
    parents?: ReturnType<typeof parentsOf>;
    limits?: typeof LIMITS;
  } = {},
) => shareGates({ batches: [batch], recent: [recent], parents: [parents] }, () => limits);

describe("valid share", () => {
  test.each([
    // From the sample on: bad > (1 - limit) × rows.
    ["a large batch at the limit", 0.999, [99_900n, 100n], "pass"],
    ["a large batch just above it", 0.999, [99_899n, 101n], "fail"],
    ["the sample itself at the limit", 0.999, [9_990n, 10n], "pass"],
    ["the sample itself above it", 0.999, [9_989n, 11n], "fail"],
    // Below it: what chance hardly ever exceeds.
    ["222 bad rows of 1,000", 0.97, [778n, 222n], "fail"],
    ["52 bad rows of 1,000", 0.97, [948n, 52n], "pass"],
    ["53 bad rows of 1,000", 0.97, [947n, 53n], "fail"],
    ["10 bad rows of 10", 0.999, [0n, 10n], "fail"],
    ["1 bad row of 10", 0.999, [9n, 1n], "pass"],
    ["2 bad rows of 10", 0.999, [8n, 2n], "fail"],
    ["1 bad row of 1", 0.999, [0n, 1n], "pass"],
    // Never looser than at the sample.
    ["10 bad rows just below the sample", 0.999, [9_989n, 10n], "pass"],
    ["11 bad rows just below the sample", 0.999, [9_988n, 11n], "fail"],
    // What asks for nothing, and for everything.
    ["all rows bad where none has to be valid", 0, [0n, 10n], "pass"],
    ["one row bad where all have to be valid", 1, [9n, 1n], "fail"],
    ["no rows", 0.999, [0n, 0n], "pass"],
  ] as const)("%s", (...[, validShare, [good, bad], verdict]) =>
    expect(gatesOf(sample(good, bad), { limits: { ...LIMITS, validShare } })[0]?.verdict).toBe(verdict),
  );

  test("a small batch is judged with the day's publications, a large one alone", () => {
    expect(gatesOf(sample(90n, 1n), { recent: sample(1_000n, 7n) })[0]).toMatchObject({
      verdict: "fail",
      observed: "8 of 1098 rows bad (99.2714 % valid)",
      limit: "at most 7 of 1098 (0.1000 %)",
    });
    expect(gatesOf(sample(9_995n, 5n), { recent: sample(1_000n, 500n) })[0]?.verdict).toBe("pass");
  });
});

describe("held share", () => {
  test.each([
    ["one in a hundred of a large batch", sample(9_900n, 0n, 100n), parentsOf(100n), "pass"],
    ["one more, though they lack one parent", sample(9_899n, 0n, 101n), parentsOf(1n), "fail"],
    ["a day without customers", sample(0n, 0n, 5_000n), parentsOf(700n), "fail"],
    ["a small day without customers", sample(0n, 0n, 12n), parentsOf(12n), "fail"],
    ["all children of one parent", sample(20n, 0n, 300n), parentsOf(1n), "pass"],
    ["24 parents of 1,000 rows", sample(976n, 0n, 30n), parentsOf(24n), "pass"],
    ["25 parents of 1,000 rows", sample(975n, 0n, 30n), parentsOf(25n), "fail"],
    ["nothing", sample(0n, 0n), parentsOf(0n), "pass"],
  ] as const)("%s", (...[, batch, parents, verdict]) => expect(gatesOf(batch, { parents })[1]?.verdict).toBe(verdict));

  test("a small batch counts the parents that the day's held rows still lack, a large one those of its own", () => {
    const parents = parentsOf(1n, 7n);
    expect(gatesOf(sample(90n, 0n, 1n), { recent: sample(8n, 0n, 8n), parents })[1]).toMatchObject({
      verdict: "fail",
      observed: "9 rows newly held, for 7 missing parents",
      limit: "at most 6 of 105, each parent counted once (1.0000 %)",
    });
    expect(gatesOf(sample(20_000n, 0n, 1n), { recent: sample(0n, 0n, 400n), parents })[1]?.verdict).toBe("pass");
  });
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
