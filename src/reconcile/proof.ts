import { type BreakRow, parseKey } from "../proofs/break-rows.ts";
import type { HistoryDigest } from "../proofs/history.ts";
import type { SideTotal } from "../proofs/sides.ts";
import { moneyOf, type NamedIn, type TermLine } from "../proofs/terms.ts";
import type { TieLine } from "../proofs/ties.ts";
import type { TextRow } from "../warehouse/warehouse.ts";
import { type Base, type Chosen, extentText, type Stretch } from "./extent.ts";
import type { NotedStatements } from "./noted.ts";

/**
 * What a proof compares: feeds with their sources (R1), curated tables with what their models give (R2), systems with one another (R3), the
 * warehouse with its own records (R4).
 */
export const LEGS = ["R1", "R2", "R3", "R4"] as const;

export type Leg = (typeof LEGS)[number];

/** A key that differs; personal values are masked. */
export interface DifferingKey {
  readonly key: Readonly<Record<string, string | null>>;
  /** In which way, where there are several. */
  readonly why: string | null;
}

/** What came of one comparison. */
export interface Proof {
  readonly leg: Leg;
  /** Id of a feed, or the name of a curated table or of a tie. */
  readonly of: string;
  /** What was compared with what, in words. */
  readonly compares: string;
  /** Rows that were looked at. */
  readonly rows: bigint;
  readonly differing: bigint;
  /** The first of the keys that differ. */
  readonly keys: readonly DifferingKey[];
  /** All of them, up to `NAMED_BREAKS`, with what either side has; where a comparison tells no more than the keys, none. */
  readonly breaks?: readonly BreakRow[];
  /** What differs and has no key. */
  readonly says: readonly string[];
  /** Why nothing can be said; null where it was compared. */
  readonly notProven: string | null;
  /** It may be said later: what it asked did not answer. */
  readonly later?: boolean;
  readonly seconds: number;
  /** Up to where it saw what is published, where that is not where its group stood when it was made. */
  readonly base?: Base;
  /** Of a comparison of rows and money alone: where these are not the same, so that nothing is said until the content is compared. */
  readonly suspects?: readonly Stretch[];
  /** Of replaced rows: those that nobody has compared before, which are kept with the comparison. */
  readonly digests?: readonly HistoryDigest[];
  /** Of a tie: what its sides come to, month by month. */
  readonly tie?: readonly TieLine[];
  /** Of a comparison with a source: what became of every row of either side, and the instant of the source's snapshot; null where nothing of it was ever read. */
  readonly equation?: {
    readonly terms: readonly TermLine[];
    readonly asOf: string | null;
    readonly namedIn: NamedIn;
    readonly sides: Sides;
  };
}

/** What was held beside one another; null for a source that computes no content. */
export interface Sides {
  readonly source: readonly SideTotal[] | null;
  readonly published: readonly SideTotal[];
}

/** A comparison, and how much of its feed or table it looked at. */
export interface MadeProof extends Proof {
  readonly chosen: Chosen;
  /** What was asked to make it and those that were made with it. */
  readonly statements?: NotedStatements;
  /** By which form of a row's content, and of which contract: `LLH2|billing.invoices.v1`; absent for ties. */
  readonly spec?: string;
  /** Its id in `ops.proof`, where it is kept. */
  readonly keptAs?: string;
}

/** What was compared in which extent, each once: as it was made last. */
export function asMadeLast<T>(made: readonly T[], proofOf: (one: T) => MadeProof): T[] {
  const what = ({ leg, of, compares, chosen }: MadeProof) => JSON.stringify([leg, of, compares, extentText(chosen.extent)]);
  return [...new Map(made.map((one) => [what(proofOf(one)), one])).values()];
}

/** Keys that a proof names. */
export const NAMED_KEYS = 20;

/** Keys of a comparison that are kept as breaks, one by one. */
export const NAMED_BREAKS = 1_000;

/** Reads rows of keys as `maskedKeys` gives them, each with the number of all in `differing`. */
export function differingOf(rows: readonly TextRow[], names: readonly string[]): Pick<Proof, "differing" | "keys"> {
  return {
    differing: BigInt(rows[0]?.["differing"] ?? "0"),
    keys: rows.map((row) => ({ key: Object.fromEntries(names.map((name, i) => [name, row[`key_${i}`] ?? null])), why: null })),
  };
}

/** The same of rows that have, beside each key, its text, its money on either side and a print, as far as there are: all of them as breaks. */
export function brokenOf(rows: readonly TextRow[], names: readonly string[]): Pick<Proof, "differing" | "keys" | "breaks"> {
  return {
    ...differingOf(rows.slice(0, NAMED_KEYS), names),
    breaks: rows.map((row) => ({
      ...{ why: null, columns: [], source: null, live: null, print: row["print"] ?? "" },
      ...{ ...parseKey(row, names), sourceMoney: moneyOf(row, "source"), liveMoney: moneyOf(row, "live") },
    })),
  };
}

/** Whether both sides are equal. */
export function isEqual({ differing, says, notProven }: Proof): boolean {
  return notProven === null && differing === 0n && says.length === 0;
}

/** How a comparison ended. */
export type ProofResult = "equal" | "different" | "not_proven";

/** How a comparison ended. */
export function resultOf(proof: Proof): ProofResult {
  if (proof.notProven !== null) return "not_proven";
  return isEqual(proof) ? "equal" : "different";
}

/** A proof that was not made, and why. */
export function notMade(proof: Pick<Proof, "leg" | "of" | "compares">, why: string): Proof {
  return { ...proof, rows: 0n, differing: 0n, keys: [], says: [], notProven: why, seconds: 0 };
}

/** Seconds that something took, in thousandths. */
export async function timed<T extends object>(work: () => Promise<T>): Promise<T & { readonly seconds: number }> {
  const began = performance.now();
  const found = await work();
  return { ...found, seconds: Math.round(performance.now() - began) / 1000 };
}
