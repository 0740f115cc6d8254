import type { RolledDay } from "../reconcile/rolled-up.ts";

/** `reconcile proofs --json`: kept comparisons by day and by what they compare. */
export interface RolledUpDocument {
  /** The first day, ISO 8601 in UTC. */
  readonly since: string;
  readonly days: readonly RolledDay[];
}
