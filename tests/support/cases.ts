/** How many cases a property is tried with: `LEDGERLOOP_CASES=10` makes it ten times as many as usual. */
export function cases(usual: number): number {
  const times = Number(process.env["LEDGERLOOP_CASES"] ?? "1");
  if (!(times > 0)) throw new Error(`LEDGERLOOP_CASES is a number of times, as in 10, not ${times}`);
  return Math.ceil(usual * times);
}
