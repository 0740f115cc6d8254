/** Weights below this share of the largest one are left out: some 10,000 of them do not reach a digit that a double has. */
const NEGLIGIBLE = 1e-25;

/** What rounding may add to a tail, many times over: one that is the risk itself, as 0.01² is 1e-4, is not more than it. */
const ROUNDING = 1e-9;

/** Weights of a binomial distribution from `from` up, relative to the one at its mode; `from` is the least that counts. */
interface Weights {
  readonly from: number;
  readonly of: readonly number[];
}

/**
 * The ratio of neighbours, P(X = j + 1) / P(X = j) = (n − j) p / ((j + 1) q), from the mode outwards. Starting at the mode with 1 nothing
 * underflows that would count: at n = 10,000 the probability of no hit, q^n, is often less than a double can hold.
 */
function weightsAround(trials: number, chance: number): Weights {
  const odds = chance / (1 - chance);
  const mode = Math.min(trials, Math.floor((trials + 1) * chance));
  const above = [1];
  for (let j = mode, w = 1; j < trials && w > NEGLIGIBLE; j += 1) {
    w *= ((trials - j) / (j + 1)) * odds;
    above.push(w);
  }
  const below: number[] = [];
  for (let j = mode, w = 1; j > 0 && w > NEGLIGIBLE; j -= 1) {
    w *= j / ((trials - j + 1) * odds);
    below.push(w);
  }
  return { from: mode - below.length, of: [...below.reverse(), ...above] };
}

/**
 * The least k with P(X > k) ≤ `risk`, where X counts hits among so many independent trials that each hit with `chance`: more than k are seen
 * so rarely where the chance is what it is said to be. The tail is summed term by term, smallest first, over the sum of all
 * (W. Feller, An Introduction to Probability Theory and Its Applications I, VI.3, for the ratio; C. Loader, Fast and Accurate
 * Computation of Binomial Probabilities, 2000, for the need of it); no approximation by another distribution, which is off where k is small.
 */
export function leastBound({ trials, chance, risk }: { trials: number; chance: number; risk: number }): number {
  if (chance <= 0) return 0;
  if (chance >= 1) return trials;
  const { from, of } = weightsAround(trials, chance);
  const most = risk * (1 + ROUNDING) * [...of].sort((a, b) => a - b).reduce((sum, w) => sum + w, 0);
  let tail = 0;
  for (let i = of.length - 1; i >= 0; i -= 1) {
    tail += of[i] ?? 0;
    if (tail > most) return from + i;
  }
  return 0;
}
