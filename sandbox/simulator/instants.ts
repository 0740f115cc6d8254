import { HOUR_MS } from "../cast/hours.ts";
import type { Random } from "../random.ts";

/** Instants of an hour in order, on whole seconds, none of them in its first `quiet` seconds. */
export function instantsOf(random: Random, { from, quiet }: { from: number; quiet: number }, count: number): Date[] {
  const drawn = Array.from({ length: count }, () => random.int(quiet, HOUR_MS / 1000 - 1)).sort((a, b) => a - b);
  return drawn.map((second) => new Date(from + second * 1000));
}
