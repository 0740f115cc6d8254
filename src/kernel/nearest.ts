import { distance } from "fastest-levenshtein";

/** The allowed spelling closest to what was written, if it is close enough to be what was meant. */
export function nearest(written: string, allowed: readonly string[]): string | undefined {
  const limit = Math.max(2, Math.ceil(written.length / 3));
  let best: { name: string; d: number } | undefined;
  for (const name of allowed) {
    const d = distance(written.toLowerCase(), name.toLowerCase());
    if (d <= limit && (best === undefined || d < best.d)) best = { name, d };
  }
  return best?.name;
}
