/** Whole seconds since 1970, rounded down: the only instants that the API knows. */
export function unixSeconds(at: Date): number {
  return Math.floor(at.getTime() / 1000);
}
