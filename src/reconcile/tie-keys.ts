import { Failure } from "../kernel/problem.ts";
import { type KeysAsked, type TiedKey, type TieLine, tiedKeys, tieLines } from "../proofs/ties.ts";
import { EVERYTHING } from "./extent.ts";
import { nothingPublished } from "./problems.ts";
import type { Proof } from "./proof.ts";
import { type ReconcileOptions, reconcile } from "./reconcile.ts";
import { subjectsOf } from "./subjects.ts";
import type { ProvingTools } from "./tools.ts";

/** What is asked of a tie: which keys, and how long the periods of its lines are. */
export type TieAsked = KeysAsked & { readonly by: "month" | "day" };

/** A tie as it stands now. */
export interface TieNow {
  readonly proof: Proof;
  /** None where nothing can be said. */
  readonly lines: readonly TieLine[];
  readonly all: bigint;
  readonly keys: readonly TiedKey[];
}

/**
 * Holds the sides of a tie beside one another; keeps nothing.
 * @throws Failure as `reconcile`.
 */
export async function tieNow(tools: ProvingTools, asked: TieAsked, signal: AbortSignal): Promise<TieNow> {
  const { tie, by } = asked;
  const legs = new Set(["R3"] as const);
  const subject = subjectsOf({ pipeline: tools.pipeline, only: tie.name, legs }).find((one) => "tie" in one);
  if (!subject) throw new Error(`no tie ${tie.name}: the command line should have refused it`);
  const task = { subject, chosen: { tier: "all" as const, extent: EVERYTHING }, legs, bySums: false };
  const options: Omit<ReconcileOptions, "task"> = {
    ...{ only: tie.name, legs, tiers: new Set(["all"] as const), budget: null, keep: null, signal },
    ...{ tell: () => undefined, onRead: () => undefined },
  };
  return reconcile(tools, { ...options, task }, async (session, dialect, { groups }) => {
    const proof = groups[0]?.proofs[0];
    if (!proof) throw new Failure("incomplete", nothingPublished());
    if (proof.notProven !== null) return { proof, lines: [], all: 0n, keys: [] };
    const lines = by === "month" ? (proof.tie ?? []) : await tieLines(session, dialect, { tie, by });
    return { proof, lines, ...(await tiedKeys(session, dialect, asked)) };
  });
}
