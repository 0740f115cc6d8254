import { type JsonAmount, jsonAmount } from "../kernel/json.ts";
import type { KeyMoney, Term, TermKey } from "../proofs/terms.ts";
import type { FeedTerms } from "../reconcile/feed-terms.ts";
import { type ProofDocument, proofDocument } from "./proof.ts";

interface MoneyDocument {
  readonly currency: string;
  readonly minor: JsonAmount;
}

/** `reconcile terms --json`. */
export interface TermsDocument {
  readonly proof: ProofDocument;
  readonly terms: readonly {
    readonly term: Term;
    readonly keys: JsonAmount;
    readonly listed: readonly {
      readonly key: TermKey["key"];
      readonly why: TermKey["why"];
      readonly source: MoneyDocument | null;
      readonly live: MoneyDocument | null;
    }[];
  }[];
}

const money = (of: KeyMoney | null) => of && { currency: of.currency, minor: jsonAmount(of.minor) };

/** The keys of a feed's terms. */
export function termsDocument({ proof, listed }: FeedTerms): TermsDocument {
  return {
    proof: proofDocument(proof),
    terms: listed.map(({ term, all, keys }) => ({
      term,
      keys: jsonAmount(all),
      listed: keys.map(({ key, why, source, live }) => ({ key, why, source: money(source), live: money(live) })),
    })),
  };
}
