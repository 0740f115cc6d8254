import type { RunReport } from "../projector/run-report.ts";
import type { HealPlan } from "../reconcile/heal.ts";
import type { Break } from "../reconcile/kept-breaks.ts";
import type { Rechecked } from "../reconcile/recheck.ts";
import { type BreakDocument, breakDocument } from "./breaks.ts";
import { type ProofDocument, proofDocument } from "./proof.ts";

/** What was done to heal. */
export interface HealDone {
  readonly runs: readonly RunReport[];
  readonly proofs: readonly Rechecked[];
  /** The breaks as they are behind it. */
  readonly now: readonly Break[];
}

/** `reconcile heal --json`. */
export interface HealDocument {
  /** Nothing was read or published. */
  readonly dry_run: boolean;
  /** Those whose keys are read or computed again, as they are behind it. */
  readonly healed: readonly BreakDocument[];
  readonly not_healed: readonly { readonly break: BreakDocument; readonly why: string }[];
  /** How many keys are read at a source, or computed again, of each feed and table. */
  readonly keys: readonly { readonly of: string; readonly by: "source" | "model"; readonly keys: number }[];
  /** One for each group. */
  readonly runs: readonly RunReport[];
  /** The comparisons that were made again behind them. */
  readonly proofs: readonly ProofDocument[];
}

/** What a comparison healed because the pipeline says so. */
export interface HealedUnaskedDocument {
  readonly breaks: readonly { readonly break_id: string; readonly open: boolean }[];
  readonly runs: readonly Pick<RunReport, "run_id" | "outcome" | "publication_id">[];
}

/** What came of a heal that nobody asked for, in short. */
export function healedUnasked({ runs, now }: Pick<HealDone, "runs" | "now">): HealedUnaskedDocument {
  return {
    breaks: now.map(({ id, isOpen }) => ({ break_id: id, open: isOpen })),
    runs: runs.map(({ run_id, outcome, publication_id }) => ({ run_id, outcome, publication_id })),
  };
}

/** The keys of a heal, feed by feed and table by table. */
export function healedKeys({ requests }: HealPlan): HealDocument["keys"] {
  return requests.flatMap(({ keys, rows }) => [
    ...keys.map((own) => ({ of: own.feed, by: "source" as const, keys: own.keys.length })),
    ...rows.map((own) => ({ of: own.table, by: "model" as const, keys: own.keys.length })),
  ]);
}

/** A heal as JSON: what was done, or without it what would be. */
export function healDocument(plan: HealPlan, done: HealDone | null): HealDocument {
  return {
    dry_run: done === null,
    healed: (done?.now ?? plan.healing).map(breakDocument),
    not_healed: plan.notHealed.map(({ broken, why }) => ({ break: breakDocument(broken), why })),
    keys: healedKeys(plan),
    runs: done?.runs ?? [],
    proofs: (done?.proofs ?? []).map(({ now }) => proofDocument(now)),
  };
}
