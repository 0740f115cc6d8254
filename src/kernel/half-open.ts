/** Values from one to another: the first is of it, the second is not; null for no bound. */
export interface HalfOpen {
  readonly from: string | null;
  readonly to: string | null;
}

/** The SQL conditions by which a value is in a range; none for a range without bounds. `bound` writes a bound. */
export function boundsOf(value: string, { from, to }: HalfOpen, bound: (text: string) => string): string[] {
  return [...(from === null ? [] : [`${value} >= ${bound(from)}`]), ...(to === null ? [] : [`${value} < ${bound(to)}`])];
}
