import { expect, test } from "vitest";
import { EVERYTHING } from "../../src/reconcile/extent.ts";
import type { Leg, MadeProof, ProofResult } from "../../src/reconcile/proof.ts";
import { type KeptComparison, type Moved, moved, recheckWords } from "../../src/reconcile/recheck.ts";

interface Case {
  readonly was: ProofResult;
  readonly is: ProofResult;
  readonly source?: Moved;
  readonly published?: Moved;
  readonly leg?: Leg;
  readonly differing?: bigint;
}

function words({ was, is, source = "same", published = "same", leg = "R1", differing = 1n }: Case): string {
  const kept: KeptComparison = {
    ...{ id: "p", leg, of: "f", compares: "rows", result: was, number: 1n, rows: 9n, differing: 1n },
    ...{ provedAt: "2026-11-05T02:00:00Z", tier: "T4", extent: null, sides: null },
  };
  const now: MadeProof = {
    ...{ leg, of: "f", compares: "rows", rows: 9n, differing: is === "different" ? differing : 0n, keys: [], says: [] },
    ...{ notProven: is === "not_proven" ? "away" : null, seconds: 0, chosen: { tier: "T4", extent: EVERYTHING } },
  };
  return recheckWords({ kept, now, number: 1n, source, published });
}

test.each<[string, Case]>([
  ["nothing has changed: it ends as it did", { was: "different", is: "different" }],
  ["the source moved on since, and it ends as it did", { was: "different", is: "different", source: "moved" }],
  ["what is published moved on since", { was: "different", is: "equal", published: "moved" }],
  ["the source and what is published moved on since", { was: "equal", is: "different", source: "moved", published: "moved" }],
  ["the rows of both sides are what they were: what waits, or was on its way, is not", { was: "different", is: "equal" }],
  [
    "it ends as it did, with as many rows",
    { was: "different", is: "different", source: "unknown", published: "unknown", leg: "R2" },
  ],
  [
    "it ends as it did, with other rows",
    { was: "different", is: "different", source: "unknown", published: "unknown", leg: "R2", differing: 31n },
  ],
  [
    "nothing was published between them: a hand changed what stands, or put it right",
    { was: "equal", is: "different", source: "unknown", published: "unknown", leg: "R2" },
  ],
  ["what its sides were then was not kept", { was: "equal", is: "different", source: "unknown", published: "unknown" }],
  ["then it could not be made", { was: "not_proven", is: "equal", source: "unknown", published: "unknown" }],
])("a comparison that was made again says: %s", (says, of) => {
  expect(words(of)).toBe(says);
});

test("a side is held beside what an earlier version kept of it", () => {
  const now = '[["EUR","5","100","7","8","1","9"]]';
  expect(moved('[["EUR","5","100","7"]]', now)).toBe("same");
  expect(moved('[["EUR","5","100","6"]]', now)).toBe("moved");
  expect(moved('[["EUR","5","100","7","9","1","9"]]', now)).toBe("moved");
  expect(moved('[["EUR","5","100","7"],["USD","1","1","1"]]', now)).toBe("moved");
  expect([moved("[]", "[]"), moved("[]", now), moved(null, now)]).toEqual(["same", "moved", "unknown"]);
});
