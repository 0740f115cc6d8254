import type { Fault } from "../faults.ts";
import type { Row } from "../feed.ts";

/** A file as its sender left it, and what its sender knows of it. */
export interface SentFile {
  /** Below the folder that it is sent to; a file that is sent again replaces the one there. */
  readonly path: string;
  /** Where it stands among the others of its feed: a text that is greater for later ones. */
  readonly order: string;
  /** Equal for files whose bytes are equal after unpacking. */
  readonly content: string;
  /** Its records in order; one that no reader can take apart has its bytes in the cell `BYTES` and nothing else. */
  readonly records: readonly Row[];
  /** Why nothing of it may be taken; null for a file that is whole. */
  readonly stops: string | null;
  /** What was done to the file as a whole; null for an ordinary one. */
  readonly fault: Fault | null;
}

/** A file that lies where it was sent, and the number of the commit that put it there. */
export interface LyingFile extends SentFile {
  readonly commit: number;
}

/** The bytes of a record that no reader can take apart, as the product keeps them. */
export const BYTES = "_payload";

/** Names the record of such bytes: its file and its number in it. */
export const PLACE = "_place";

/** The name of a record's place in a file, from 1. */
export function placeIn(path: string, number: number): string {
  return `${path}#${number}`;
}
