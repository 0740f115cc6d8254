import { isUtf8 } from "node:buffer";
import type { Encoding } from "./layout.ts";

/** The bytes of a file, or its UTF-16 code units: what a scanner compares. All of ASCII has one unit, the same in each encoding. */
export type Units = Uint8Array | Uint16Array;

/** A character that is several units, or none, is U+FFFD here: windows-1252 leaves five bytes without a meaning. */
const UNDEFINED = 0xfffd;

/**
 * What windows-1252 has at 0x80 to 0x9F: the Unicode consortium's CP1252.TXT. Node 20's TextDecoder takes these bytes for
 * latin-1 where it is given a whole text at once, so there is no asking it.
 */
const CP1252_80_9F = [
  0x20ac,
  UNDEFINED,
  0x201a,
  0x0192,
  0x201e,
  0x2026,
  0x2020,
  0x2021,
  0x02c6,
  0x2030,
  0x0160,
  0x2039,
  0x0152,
  UNDEFINED,
  0x017d,
  UNDEFINED,
  UNDEFINED,
  0x2018,
  0x2019,
  0x201c,
  0x201d,
  0x2022,
  0x2013,
  0x2014,
  0x02dc,
  0x2122,
  0x0161,
  0x203a,
  0x0153,
  UNDEFINED,
  0x017e,
  0x0178,
];

/** The character of each byte in an encoding of one byte; null for other encodings. */
function characters(encoding: Encoding): readonly number[] | null {
  if (encoding !== "latin-1" && encoding !== "windows-1252") return null;
  return Array.from({ length: 256 }, (_, byte) => {
    const isWindows = encoding === "windows-1252" && byte >= 0x80 && byte < 0xa0;
    return isWindows ? (CP1252_80_9F[byte - 0x80] ?? UNDEFINED) : byte;
  });
}

/** Bytes of one unit. */
export type UnitBytes = 1 | 2;

/** How texts of one encoding are read. */
export interface Codec {
  readonly unitBytes: UnitBytes;
  /** Whether the first byte of a unit is the larger one. */
  readonly isBigEndian: boolean;
  /** UTF-8 of each byte from 0x80 on; null where bytes are UTF-8 already, or no characters. */
  readonly utf8Of: readonly Uint8Array[] | null;
  /** Whether a unit cannot be text wherever it stands. */
  isNone(unit: number): boolean;
  /** Whether units with something beyond ASCII among them are text. */
  isText(units: Units, from: number, to: number): boolean;
  /** The text of units that are text. */
  textOf(units: Units, from: number, to: number): string;
  /** The units of a text; null where the encoding does not have all its characters. */
  unitsOf(text: string): readonly number[] | null;
}

const bytesOf = (units: Units, from: number, to: number) => Buffer.from(units.buffer, units.byteOffset + from, to - from);

const UTF_8: Codec = {
  unitBytes: 1,
  isBigEndian: false,
  utf8Of: null,
  isNone: () => false,
  isText: (units, from, to) => isUtf8(bytesOf(units, from, to)),
  textOf: (units, from, to) => bytesOf(units, from, to).toString("utf8"),
  unitsOf: (text) => [...Buffer.from(text)],
};

function codeUnits(units: Units, from: number, to: number): string {
  return Buffer.from(units.buffer, units.byteOffset + from * 2, (to - from) * 2).toString("utf16le");
}

/** JavaScript has had this since Node 20; a lone half of a pair is no text. */
const isWellFormed = (text: string) => (text as string & { isWellFormed(): boolean }).isWellFormed();

function utf16(isBigEndian: boolean): Codec {
  return {
    unitBytes: 2,
    isBigEndian,
    utf8Of: null,
    isNone: () => false,
    isText: (units, from, to) => isWellFormed(codeUnits(units, from, to)),
    textOf: codeUnits,
    unitsOf: (text) => Array.from({ length: text.length }, (_, i) => text.charCodeAt(i)),
  };
}

/** Where encodings of one byte differ. */
const C1 = /[\u0080-\u009f]/g;

function oneByte(table: readonly number[]): Codec {
  return {
    unitBytes: 1,
    isBigEndian: false,
    utf8Of: table.map((character) => Buffer.from(String.fromCharCode(character))),
    isNone: (unit) => table[unit] === UNDEFINED,
    isText: () => true,
    textOf: (units, from, to) =>
      bytesOf(units, from, to)
        .toString("latin1")
        .replace(C1, (byte) => String.fromCharCode(table[byte.charCodeAt(0)] ?? UNDEFINED)),
    unitsOf: (text) => {
      const units = Array.from(text, (character) => table.indexOf(character.codePointAt(0) ?? UNDEFINED));
      return units.includes(-1) ? null : units;
    },
  };
}

/** How an encoding is read; `utf-16` in the order that the mark at the beginning of the file says. */
export function codecOf(encoding: Encoding, isBigEndian = encoding === "utf-16be"): Codec {
  if (encoding === "utf-8") return UTF_8;
  const table = characters(encoding);
  return table ? oneByte(table) : utf16(isBigEndian);
}

/** How a file begins. */
export interface Beginning {
  /** Bytes of the byte order mark. */
  readonly mark: number;
  readonly isBigEndian: boolean;
}

const MARKS: readonly { readonly of: "utf-8" | "utf-16le" | "utf-16be"; readonly bytes: readonly number[] }[] = [
  { of: "utf-8", bytes: [0xef, 0xbb, 0xbf] },
  { of: "utf-16le", bytes: [0xff, 0xfe] },
  { of: "utf-16be", bytes: [0xfe, 0xff] },
];

/** The mark that bytes begin with, and its length. At least three bytes, or all there are. */
export function markOf(head: Uint8Array): { readonly of: Encoding; readonly length: number } | null {
  const mark = MARKS.find(({ bytes }) => bytes.every((byte, i) => head[i] === byte));
  return mark ? { of: mark.of, length: mark.bytes.length } : null;
}

/**
 * How a file of a declared encoding begins.
 * @returns null where its mark says another encoding, or where `utf-16` has none.
 */
export function beginningOf(head: Uint8Array, declared: Encoding): Beginning | null {
  const mark = markOf(head);
  if (mark === null) return declared === "utf-16" ? null : { mark: 0, isBigEndian: declared === "utf-16be" };
  const fits = mark.of === declared || (declared === "utf-16" && mark.of !== "utf-8");
  return fits ? { mark: mark.length, isBigEndian: mark.of === "utf-16be" } : null;
}
