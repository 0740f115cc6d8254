import { type Base, type Extent, overlap, type Stretch, without } from "./extent.ts";
import type { ProofResult } from "./proof.ts";

/** A comparison that was kept. */
export interface KeptProof {
  readonly result: ProofResult;
  readonly extent: Extent;
  /** Null where an earlier version kept none. */
  readonly base: Base | null;
  /** ISO 8601 in UTC. */
  readonly provedAt: string;
}

/** How a stretch was compared last. */
export interface LastLook {
  readonly result: Exclude<ProofResult, "not_proven">;
  readonly provedAt: string;
}

/** A stretch, and how it was compared last; null for never. */
export interface Piece extends Stretch {
  readonly last: LastLook | null;
}

/** What all comparisons of something come to. */
export interface Standing {
  /** In order, and together everything. */
  readonly pieces: readonly Piece[];
  /** What has changed since is yet to be compared; null where nothing was ever compared, or nobody knows up to where. */
  readonly base: Base | null;
  /** Of what changed before the base nothing differed; a difference is looked at again until it is gone. */
  readonly result: ProofResult;
}

const NOTHING: Standing = { pieces: [{ from: null, to: null, last: null }], base: null, result: "not_proven" };

function stretchesOf(extent: Extent): readonly Stretch[] {
  if (extent.by === "all") return [{ from: null, to: null }];
  return extent.by === "stretches" ? extent.of : [];
}

const inOrder = (a: Stretch, b: Stretch) => ((a.from ?? "") < (b.from ?? "") ? -1 : 1);

/** Pieces with some stretches looked at anew. */
function looked(pieces: readonly Piece[], of: readonly Stretch[], last: LastLook): Piece[] {
  return of
    .reduce<Piece[]>(
      (rest, stretch) => {
        const kept = rest.flatMap((piece) => without(piece, stretch).map((part) => ({ ...part, last: piece.last })));
        return [...kept, { ...stretch, last }];
      },
      [...pieces],
    )
    .toSorted(inOrder);
}

/** Whether what differed among touched rows is looked at again: by the next comparison of them, or by one of everything. */
const settlesTouched = ({ by }: Extent) => by !== "stretches";

function add(standing: Standing & { readonly differs: boolean }, proof: KeptProof): Standing & { readonly differs: boolean } {
  const { result, extent, base, provedAt } = proof;
  if (result === "not_proven") return { ...standing, result };
  const pieces = looked(standing.pieces, stretchesOf(extent), { result, provedAt });
  const differs = settlesTouched(extent) ? extent.by === "touched" && result === "different" : standing.differs;
  const moves = extent.by === "all" || (extent.by === "touched" && result === "equal") || standing.base === null;
  return { pieces, base: moves ? base : standing.base, differs, result };
}

/**
 * What the comparisons of one thing come to. One that found a difference among touched rows moves no base, so that the next one looks at the
 * same rows again; one that could not be made changes nothing but that it is told.
 * @param proofs in the order in which they were made.
 */
export function standingOf(proofs: readonly KeptProof[]): Standing {
  const { differs, ...found } = proofs.reduce(add, { ...NOTHING, differs: false });
  const looks = found.pieces.map(({ last }) => last?.result ?? "never");
  if (differs || looks.includes("different")) return { ...found, result: "different" };
  return { ...found, result: looks.includes("never") ? "not_proven" : found.result };
}

/** The earliest instant at which something of a stretch was compared last, and whether it differed then; null for something that never was. */
export function lastLookAt(pieces: readonly Piece[], stretch: Stretch): LastLook | null {
  const own = pieces.filter((piece) => overlap(piece, stretch) !== null).map(({ last }) => last);
  if (own.length === 0 || own.includes(null)) return null;
  const looks = own.flatMap((last) => last ?? []);
  const provedAt = looks.map((last) => last.provedAt).toSorted()[0] ?? "";
  return { provedAt, result: looks.some(({ result }) => result === "different") ? "different" : "equal" };
}

/** The instant of the oldest comparison that something rests on; null where something was never compared. */
export function oldestLook({ pieces }: Standing): string | null {
  return lastLookAt(pieces, { from: null, to: null })?.provedAt ?? null;
}
