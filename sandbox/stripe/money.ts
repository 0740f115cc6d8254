/** Decimals of amounts as Stripe counts them: ISK and UGX have two although nothing smaller than one is charged. */
const DECIMALS: Readonly<Record<string, number>> = { jpy: 0, krw: 0, clp: 0, vnd: 0, kwd: 3, bhd: 3, tnd: 3, jod: 3, omr: 3 };

/** Amounts of these currencies are whole hundreds when they are charged. */
const WHOLE_HUNDREDS = new Set(["isk", "ugx"]);

/** Amounts of these are whole hundreds when they are paid out. */
const PAID_OUT_WHOLE = new Set(["isk", "ugx", "huf", "twd"]);

/** What one unit costs in US dollars; invented once, so that a seed gives the same numbers always. */
const IN_DOLLARS: Readonly<Record<string, number>> = {
  usd: 1,
  eur: 1.0825,
  gbp: 1.2714,
  chf: 1.1236,
  sek: 0.0957,
  jpy: 0.006713,
  kwd: 3.2541,
  isk: 0.007234,
  huf: 0.002756,
  ugx: 0.000271,
  twd: 0.031245,
};

/** Currencies that seeded bills are written in. */
export const CURRENCIES: readonly string[] = ["eur", "usd", "gbp", "jpy", "kwd", "isk", "huf"];

/** An amount near `minor` that Stripe would charge: the last digit of three decimals is 0, ISK and UGX are whole. */
export function chargeable(minor: number, currency: string): number {
  const step = WHOLE_HUNDREDS.has(currency) ? 100 : decimalsOf(currency) === 3 ? 10 : 1;
  return Math.max(step, Math.round(minor / step) * step);
}

/** The part of an amount that can be paid out. */
export function payable(minor: number, currency: string): number {
  const step = PAID_OUT_WHOLE.has(currency) ? 100 : decimalsOf(currency) === 3 ? 10 : 1;
  return Math.floor(minor / step) * step;
}

function decimalsOf(currency: string): number {
  return DECIMALS[currency] ?? 2;
}

/** An amount as it arrives in the balance, with the rate between major units; the rate is null where nothing is changed. */
export interface Settled {
  readonly amount: number;
  readonly currency: string;
  readonly rate: number | null;
}

/** Changes an amount in minor units into the currency of the balance. Throws for a currency without a rate. */
export function settle(amount: number, from: string, to: string): Settled {
  if (from === to) return { amount, currency: to, rate: null };
  const [a, b] = [IN_DOLLARS[from], IN_DOLLARS[to]];
  if (a === undefined || b === undefined) throw new Error(`no rate from ${from} to ${to}`);
  const rate = Math.round((a / b) * 1e6) / 1e6;
  const scale = 10 ** (decimalsOf(to) - decimalsOf(from));
  return { amount: Math.round(amount * rate * scale), currency: to, rate };
}

/** What a card payment costs, in the balance's minor units. */
export function feeOf(settled: number): number {
  return settled <= 0 ? 0 : Math.min(settled, Math.round((settled * 29) / 1000) + 30);
}
