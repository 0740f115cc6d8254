import type { UnitBytes, Units } from "./encoding.ts";

/** The part of a file that is being looked at, as units; what is done with is let go, so that it stays small. */
export interface FileWindow {
  /** Units from the window's beginning on; new with each `add`. */
  units(): Units;
  /** Whole units in the window. */
  length(): number;
  /** Bytes of the file before the window. */
  before(): number;
  /** Whether the last unit lacks its second byte. */
  isTorn(): boolean;
  add(chunk: Uint8Array): void;
  /** Lets the first units go. */
  drop(units: number): void;
  /** The bytes of some units, as the file has them. */
  bytesOf(from: number, to: number): Uint8Array;
}

const SMALLEST = 16 * 1024;

/** An empty window. Units of two bytes are turned so that this machine reads them, which is little endian as all that Node runs on. */
export function fileWindow(unitBytes: UnitBytes, isBigEndian: boolean): FileWindow {
  let bytes = Buffer.alloc(SMALLEST);
  let [filled, turned, before] = [0, 0, 0];

  const grow = (to: number) => {
    const grown = Buffer.alloc(Math.max(2 * bytes.length, 2 * to));
    bytes.copy(grown, 0, 0, filled);
    bytes = grown;
  };
  const whole = () => filled - (filled % unitBytes);
  return {
    units: () => (unitBytes === 1 ? bytes : new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1)),
    length: () => whole() / unitBytes,
    before: () => before,
    isTorn: () => filled % unitBytes > 0,
    add: (chunk) => {
      if (filled + chunk.length > bytes.length) grow(filled + chunk.length);
      bytes.set(chunk, filled);
      filled += chunk.length;
      if (!isBigEndian) return;
      bytes.subarray(turned, whole()).swap16();
      turned = whole();
    },
    drop: (units) => {
      const gone = units * unitBytes;
      bytes.copyWithin(0, gone, filled);
      filled -= gone;
      turned -= gone;
      before += gone;
    },
    bytesOf: (from, to) => {
      const own = Buffer.from(bytes.subarray(from * unitBytes, to * unitBytes));
      return isBigEndian ? own.swap16() : own;
    },
  };
}
