import { createHash } from "node:crypto";
import { type CutRecord, PAYLOAD_BYTES } from "../../landed-text.ts";

/** A record that is longer than any may be: it passes by, and only its beginning stays. */
export interface LongRecord {
  /** Where it begins, in bytes of the file. */
  readonly offset: number;
  add(bytes: Uint8Array): void;
  /** What is kept of it, once all of it was added. */
  cut(): CutRecord;
}

/** A long record that begins at an offset. */
export function longRecord(offset: number): LongRecord {
  const hash = createHash("sha256");
  const head: Uint8Array[] = [];
  let [bytes, kept] = [0, 0];
  return {
    offset,
    add: (part) => {
      hash.update(part);
      if (kept <= PAYLOAD_BYTES) {
        const beginning = part.subarray(0, PAYLOAD_BYTES);
        head.push(beginning);
        kept += beginning.length;
      }
      bytes += part.length;
    },
    cut: () => ({ head: Buffer.concat(head), bytes, sha256: hash.digest("hex") }),
  };
}
