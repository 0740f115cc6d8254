import { Failure } from "../kernel/problem.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import { breakRows } from "../proofs/break-rows.ts";
import { keysOf, type Named } from "../proofs/terms.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { type DifferingKey, NAMED_BREAKS, NAMED_KEYS, notMade, type Proof, timed } from "./proof.ts";
import type { ProvingTools } from "./tools.ts";

/** An open warehouse and what is compared in it. */
export interface Proving {
  readonly session: Session;
  readonly dialect: Dialect;
  readonly tools: Pick<ProvingTools, "pipeline"> & { readonly objects: ObjectStore };
  /** Of the whole comparison. */
  readonly id: string;
}

/** What came of a comparison with a source. */
export type Found = Pick<Proof, "rows" | "differing" | "keys" | "breaks" | "says" | "base"> & Required<Pick<Proof, "equation">>;

/** The keys of a compared feed of which nothing says why they differ. `readAgain` makes their rows readable, if there are any; false where it cannot. */
export async function breaksOf(
  session: Session,
  dialect: Dialect,
  { readAgain, ...of }: Named & { readAgain: () => Promise<boolean> },
): Promise<Pick<Proof, "differing" | "keys" | "breaks">> {
  const { all, keys } = await keysOf(session, dialect, { ...of, term: "break", limit: NAMED_KEYS });
  return {
    differing: all,
    keys: keys.map(({ key, why }): DifferingKey => ({ key, why })),
    breaks: all === 0n ? [] : await breakRows(session, dialect, { ...of, limit: NAMED_BREAKS, hasRows: await readAgain() }),
  };
}

/** Makes a comparison with a source, or says why it could not be made. */
export async function foundOrNot(about: Pick<Proof, "leg" | "of" | "compares">, work: () => Promise<Found>): Promise<Proof> {
  try {
    return { ...about, notProven: null, ...(await timed(work)) };
  } catch (error) {
    return { ...notMade(about, reasonOf(error)), later: error instanceof Failure && error.kind === "retryable" };
  }
}

/** Why a comparison could not be made; what is no failure of a comparison is thrown. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Failure) || (error.kind !== "incomplete" && error.kind !== "retryable")) throw error;
  return error.problems[0]?.says ?? "";
}
