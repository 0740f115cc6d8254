import { expect, test } from "vitest";
import { coverageLines, inParts, lookOf } from "../../src/cli/coverage.ts";
import { coverageSvg } from "../../src/cli/coverage-svg.ts";
import type { LastProof } from "../../src/reconcile/kept-proofs.ts";
import type { Piece } from "../../src/reconcile/standing.ts";

const when = { now: new Date("2026-11-29T04:00:00Z"), nights: 28 };
const at = (day: string, result: "equal" | "different" = "equal") => ({ result, provedAt: `${day}T03:00:00Z` });

const PIECES: readonly Piece[] = [
  { from: null, to: "2024-01-01", last: at("2026-10-20") },
  { from: "2024-01-01", to: "2025-01-01", last: at("2026-11-05") },
  { from: "2025-01-01", to: "2026-01-01", last: at("2026-11-25", "different") },
  { from: "2026-01-01", to: "2026-06-01", last: at("2026-11-24") },
  { from: "2026-06-01", to: "2026-11-01", last: null },
  { from: "2026-11-01", to: null, last: at("2026-11-29") },
];

const proof = (of: string, pieces: readonly Piece[]): LastProof => ({
  ...{ group: "company", leg: "R1", of, compares: "rows, with the source" },
  standing: { pieces, base: null, result: "different" },
  last: null,
});
const PROOFS = [proof("billing.invoices", PIECES), proof("a<b>&c", [{ from: null, to: null, last: null }])];

test("each stretch is drawn by how long ago it was compared, and what differed as that", () => {
  expect(PIECES.map((piece) => lookOf(piece, when))).toEqual(["older", "round", "different", "week", "never", "day"]);
});

test("what was compared in parts has a line with a mark for each", () => {
  const lines = coverageLines(PROOFS, when);
  expect(lines.length).toBe(2);
  expect(lines[0]).toContain("█ within a day  ▓ within 7 days  ▒ within 28 days  ░ longer ago  · never  ✗ DIFFERENT");
  expect(lines[1]).toBe("  R1  billing.invoices  ░▒✗▓·█");
  expect(inParts(PROOFS).length).toBe(1);
  expect(coverageLines(PROOFS.slice(1), when)).toEqual([]);
});

test("the picture has a box for each stretch, and names that are no markup", () => {
  const svg = coverageSvg(PROOFS, when);
  const boxes = [...svg.matchAll(/<rect class="(\w+)"[^>]*>\s*<title>([^<]*)<\/title>/g)].map(
    ([, look, title]) => `${look}: ${title}`,
  );
  expect(boxes).toEqual([
    "older: first to 2024-01-01: equal, 2026-10-20T03:00:00Z",
    "round: 2024-01-01 to 2025-01-01: equal, 2026-11-05T03:00:00Z",
    "different: 2025-01-01 to 2026-01-01: different, 2026-11-25T03:00:00Z",
    "week: 2026-01-01 to 2026-06-01: equal, 2026-11-24T03:00:00Z",
    "never: 2026-06-01 to 2026-11-01: never compared",
    "day: 2026-11-01 to last: equal, 2026-11-29T03:00:00Z",
    "never: first to last: never compared",
  ]);
  expect(svg).toContain("R1 a&lt;b&gt;&amp;c");
  expect(svg).not.toMatch(/<script|NaN|undefined/);
});
