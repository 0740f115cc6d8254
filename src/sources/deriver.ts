import type { Json } from "../kernel/json.ts";
import type { RecordAsked, RecordPlace } from "./record-place.ts";
import type { Evidence } from "./source.ts";

/** Bytes as they were received, under the name that their sender calls them by; each opening begins at the first byte. */
export interface EvidenceToRead {
  readonly name: string;
  open(): AsyncIterable<Uint8Array>;
}

/** Kept evidence, to be read again. */
export function toRead(evidence: readonly Evidence[], open: (piece: Evidence) => AsyncIterable<Uint8Array>): EvidenceToRead[] {
  return evidence.map((piece) => ({ name: piece.name, open: () => open(piece) }));
}

/** One row file (docs/landed-text.md) in the making. */
export interface DerivedFile {
  /** The name that it lands under, without `/` and without the ending of a packing. */
  readonly name: string;
  readonly bytes: AsyncIterable<Uint8Array>;
  /** Rows among the bytes that were read, without the header. */
  rows(): number;
}

/**
 * Makes all row files of an extract from its evidence. Evidence, parameters and the version decide every byte: no clock, no network,
 * no randomness, nothing of the machine, so that who derives again years later gets the same bytes. Whatever would change a byte
 * for equal evidence and parameters is a new version; a reader goes on offering the old ones.
 */
export interface Deriver {
  readonly name: string;
  readonly version: string;
  /** Row files in a fixed order; each is read to its end before the next is asked for. Evidence comes in the manifest's order. */
  derive(evidence: readonly EvidenceToRead[], parameters: Json): AsyncIterable<DerivedFile>;
  /** The way to the record of a row, without reading more than indexes; null where there is none. Absent where records have no place of their own. */
  place?(evidence: readonly EvidenceToRead[], asked: RecordAsked): Promise<RecordPlace | null>;
  /** The bytes of that record as they were received; null as above. */
  record?(evidence: readonly EvidenceToRead[], asked: RecordAsked): Promise<Uint8Array | null>;
}

/** What a manifest says of how its row files were made: name and version of the deriver, and all that it was given beside the evidence. */
export interface Derivation extends Pick<Deriver, "name" | "version"> {
  /** The adapter's own. */
  readonly parameters: Json;
}
