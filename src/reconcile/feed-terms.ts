import { Failure } from "../kernel/problem.ts";
import { keysOf, type Term, type TermKey } from "../proofs/terms.ts";
import { notComparable } from "./problems.ts";
import type { MadeProof } from "./proof.ts";
import { type ReconcileOptions, reconcile } from "./reconcile.ts";
import type { ProvingTools } from "./tools.ts";

/** How many keys a term has, and the first of them. */
export interface ListedTerm {
  readonly term: Term;
  readonly all: bigint;
  readonly keys: readonly TermKey[];
}

/** A feed compared with its source, and the keys of some terms. */
export interface FeedTerms {
  readonly proof: MadeProof;
  readonly listed: readonly ListedTerm[];
}

export interface TermsOptions extends Pick<ReconcileOptions, "signal" | "tell" | "onRead"> {
  readonly feed: string;
  readonly terms: readonly Term[];
  /** Keys of each term. */
  readonly limit: number;
}

/**
 * Compares one feed with its source and lists keys of terms; what could not be compared has none.
 * @throws Failure as `reconcile`, `incomplete` where nothing of the feed is published.
 */
export async function feedTerms(tools: ProvingTools, options: TermsOptions): Promise<FeedTerms> {
  const { feed: id, terms, limit, ...telling } = options;
  const feed = tools.pipeline.feeds.get(id);
  return reconcile(
    tools,
    { ...telling, only: id, legs: new Set(["R1"]), tiers: new Set(["all"]), keep: null, budget: null },
    async (session, dialect, { groups }) => {
      const proof = groups.flatMap(({ proofs }) => proofs).find(({ of, leg }) => of === id && leg === "R1");
      if (!feed || !proof) throw new Failure("incomplete", notComparable(id));
      const listed: ListedTerm[] = [];
      if (!proof.equation) return { proof, listed };
      const { namedIn } = proof.equation;
      for (const term of terms) listed.push({ term, ...(await keysOf(session, dialect, { feed, namedIn, term, limit })) });
      return { proof, listed };
    },
  );
}
