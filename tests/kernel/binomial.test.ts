import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { leastBound } from "../../src/kernel/binomial.ts";
import { cases } from "../support/cases.ts";

/** The same bound by whole numbers alone: the tail of C(n, j) a^j b^(n − j) over 1000^n, with a + b = 1000. */
function exactBound(trials: number, perMille: number, riskDenominator: bigint): number {
  const [n, a, b] = [BigInt(trials), BigInt(perMille), BigInt(1000 - perMille)];
  const all = 1000n ** n;
  let term = b ** n;
  let below = term;
  for (let j = 0n; j < n; j += 1n) {
    // What is left above j.
    if ((all - below) * riskDenominator <= all) return Number(j);
    term = (term * (n - j) * a) / ((j + 1n) * b);
    below += term;
  }
  return trials;
}

describe("the least bound that chance hardly ever exceeds", () => {
  test.each([
    [1_000, 0.03, 52],
    [10, 0.001, 1],
    [1, 0.001, 1],
    [0, 0.001, 0],
    [100, 0.001, 3],
    // P(X > 1) is the risk to the last digit.
    [2, 0.01, 1],
    [1_000, 0.01, 24],
  ])("of %i trials with chance %d is %i", (trials, chance, bound) =>
    expect(leastBound({ trials, chance, risk: 1e-4 })).toBe(bound),
  );

  test.each([
    [0, 0],
    [1, 500],
  ])("of a chance of %d is certain", (chance, bound) => expect(leastBound({ trials: 500, chance, risk: 1e-4 })).toBe(bound));

  test("does not underflow where the probability of no hit is less than a number can hold", () => {
    expect(0.8 ** 10_000).toBe(0);
    for (const perMille of [1, 10, 100, 200, 500, 900])
      expect(leastBound({ trials: 10_000, chance: perMille / 1000, risk: 1e-4 }), `${perMille} ‰`).toBe(
        exactBound(10_000, perMille, 10_000n),
      );
  });

  test("is the one that whole numbers give", () => {
    const any = [fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 999 })] as const;
    fc.assert(
      fc.property(...any, (trials, perMille) => {
        expect(leastBound({ trials, chance: perMille / 1000, risk: 1e-4 })).toBe(exactBound(trials, perMille, 10_000n));
      }),
      { numRuns: cases(200) },
    );
  });
});
