import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Feed } from "../../src/config/pipeline.ts";
import { comparisonsOf } from "../../src/reconcile/comparisons.ts";
import { DETECTIONS, detectionTable, foundWithin } from "../../src/reconcile/detection.ts";
import { EVERYTHING, type Extent } from "../../src/reconcile/extent.ts";
import type { LastProof } from "../../src/reconcile/kept-proofs.ts";
import { standingOf } from "../../src/reconcile/standing.ts";
import type { Subject } from "../../src/reconcile/subjects.ts";
import { SUMS_COMPARES } from "../../src/reconcile/sums.ts";

const PACE = { schedule: null, segmentRows: 100, nights: 28 };

function proof({
  of,
  compares,
  rows,
  extent = EVERYTHING,
}: {
  of: string;
  compares: string;
  rows: bigint;
  extent?: Extent;
}): LastProof {
  const last: LastProof["last"] = {
    ...{ id: "p", result: "equal", number: 1n, extent, rows, differing: 0n },
    ...{ provedAt: "2026-11-05T02:00:00Z", sourceAsOf: null, actor: "a" },
  };
  return { leg: "R1", of, compares, group: "g", standing: standingOf([]), last };
}

test("each comparison that there is sees something, and each kind of defect is seen by one", () => {
  const group = { name: "g" };
  const subjects = [
    { group, feed: { id: "f" } },
    { group, model: { table: "t" } },
    { group, tie: { name: "i" } },
  ];
  const all = [true, false].flatMap((has) =>
    subjects.flatMap((subject) => comparisonsOf(subject as unknown as Subject, (_: Feed) => has).map(({ compares }) => compares)),
  );
  expect(new Set(DETECTIONS.flatMap(({ of }) => of))).toEqual(new Set(all));
  expect(all).not.toContain(SUMS_COMPARES);
});

test("what is small is found in a night, what is compared in parts in a round, and what was never compared is named", () => {
  const compares = "rows, with the source";
  const stretch: Extent = { by: "stretches", of: [{ from: "2026-01-01", to: null }] };
  const small = proof({ of: "small", compares, rows: 100n });
  const large = proof({ of: "large", compares, rows: 101n });
  const cut = proof({ of: "cut", compares, rows: 3n, extent: stretch });
  const never: LastProof = { ...proof({ of: "new", compares, rows: 0n }), last: null };
  const unstamped = (proofs: LastProof[]) => foundWithin(proofs, PACE).find(({ what }) => what.includes("without a stamp"));
  expect(unstamped([small])).toMatchObject({ within: "a night", inRounds: [], never: [] });
  expect(unstamped([large, cut])).toMatchObject({
    within: "28 nights; a night where its segment has other rows or sums by it, of the last 90 days by posting date",
    inRounds: ["large", "cut"],
  });
  const stock = proof({ of: "cut", compares: "live rows and their money, with the ledger", rows: 90n });
  expect(unstamped([cut, stock])).toMatchObject({ within: "a night", inRounds: [] });
  expect(unstamped([small, cut, never])).toMatchObject({
    within: expect.stringMatching(/^a night, or 28 nights; /),
    inRounds: ["cut"],
    never: ["new"],
  });
  expect(foundWithin([small], PACE).map(({ what }) => what)).not.toContain("a file is replaced or removed by its partner");
  expect(foundWithin([small], PACE).find(({ what }) => what.includes("deleted"))).toMatchObject({ within: "a night" });
});

test("the page has the table that the report is made of", () => {
  expect(readFileSync("docs/reconciliation.md", "utf8")).toContain(detectionTable());
});
