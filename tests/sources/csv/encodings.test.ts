import { describe, expect, test } from "vitest";
import type { Encoding } from "../../../src/sources/csv/scan/layout.ts";
import { derive, specOf, strings } from "./deriving.ts";
import { encoded } from "./mutations.ts";
import { textOf } from "./oracle-values.ts";

const AB = strings("a", "b");
const WAYS = [[], [1], [3], [5, 1]];

/** One record for each byte that is neither a line end nor NUL nor a mark of the layout. */
const BYTES = Array.from({ length: 256 }, (_, byte) => byte).filter((byte) => ![0, 10, 13, 34, 44].includes(byte));
const oneEach = Buffer.concat([
  Buffer.from("a,b\n"),
  ...BYTES.map((byte) => Buffer.concat([Buffer.from([byte]), Buffer.from(`,${byte}\n`)])),
]);

describe("an encoding of one byte", () => {
  test.each(["latin-1", "windows-1252"] as const)(
    "%s has the character of each byte, whole and byte by byte",
    async (encoding) => {
      for (const pieces of WAYS) {
        const { rows, facts } = await derive(oneEach, specOf({ encoding }, AB), pieces);
        const texts = BYTES.map((byte) => textOf(String.fromCharCode(byte), encoding));
        expect(rows.map(({ cells }) => cells[0])).toEqual(texts);
        expect(rows.flatMap(({ fault }, i) => (fault === "encoding" ? [BYTES[i]] : []))).toEqual(
          encoding === "latin-1" ? [] : [0x81, 0x8d, 0x8f, 0x90, 0x9d],
        );
        expect(facts.stopped).toBeNull();
      }
    },
  );
});

const TEXT = 'a,b\r\n1,"ü ""🧾"""\r\n2,€\r\n';
const ROWS = [
  ["1", 'ü "🧾"'],
  ["2", "€"],
];

function marked(text: string, encoding: "utf-8" | "utf-16le" | "utf-16be"): Buffer {
  return encoded(`\ufeff${text}`, encoding);
}

describe("a byte order mark", () => {
  test.each<[Encoding, "utf-8" | "utf-16le" | "utf-16be"]>([
    ["utf-8", "utf-8"],
    ["utf-16le", "utf-16le"],
    ["utf-16be", "utf-16be"],
    ["utf-16", "utf-16le"],
    ["utf-16", "utf-16be"],
  ])("of the declared %s is no text, wherever it is cut, and counts for offsets: %s", async (encoding, written) => {
    const bytes = marked(TEXT, written);
    for (const pieces of WAYS) {
      const { rows, facts } = await derive(bytes, specOf({ encoding }, AB), pieces);
      expect(rows.map(({ cells }) => cells)).toEqual(ROWS);
      expect(facts).toMatchObject({ stopped: null, bytes: bytes.length });
      for (const { offset, length } of rows)
        expect(encoded(TEXT, written).includes(bytes.subarray(offset, offset + length))).toBe(true);
      expect(rows[0]?.offset).toBe(marked("a,b\r\n", written).length);
    }
  });

  test.each<[Encoding, Buffer]>([
    ["utf-8", marked(TEXT, "utf-16le")],
    ["utf-8", marked(TEXT, "utf-16be")],
    ["utf-16le", marked(TEXT, "utf-16be")],
    ["utf-16", marked(TEXT, "utf-8")],
    ["latin-1", marked(TEXT, "utf-8")],
    ["utf-16", encoded(TEXT, "utf-16le")],
  ])("that is not that of the declared %s stops the file; so does utf-16 without one", async (encoding, bytes) => {
    for (const pieces of WAYS)
      expect((await derive(bytes, specOf({ encoding }, AB), pieces)).facts.stopped?.reason).toBe("encoding");
  });

  test.each(["utf-16le", "utf-16be"] as const)("need not be there where %s is declared", async (encoding) => {
    const { rows } = await derive(encoded(TEXT, encoding), specOf({ encoding }, AB), [1]);
    expect(rows.map(({ cells }) => cells)).toEqual(ROWS);
  });

  test("inside a file is text", async () => {
    const { rows } = await derive("a,b\n\ufeff1,\ufeff\n", specOf({}, AB));
    expect(rows[0]?.cells).toEqual(["\ufeff1", "\ufeff"]);
  });
});

describe("bytes that are no text of the encoding", () => {
  test.each([
    ["a byte alone", "utf-8", [0xff]],
    ["a character that is cut off", "utf-8", [0xf0, 0x9f]],
    ["half of a pair in three bytes", "utf-8", [0xed, 0xa0, 0x80]],
    ["an overlong slash", "utf-8", [0xc0, 0xaf]],
    ["half of a pair", "utf-16le", [0x3e, 0xd8]],
    ["the other half", "utf-16be", [0xdc, 0x3e]],
  ] as const)("are a fault of their record, and its neighbours go on: %s in %s", async (_, encoding, bad) => {
    const [before, after] = ["a,b\n1,x\n2,", "\n3,z\n"].map((text) => encoded(text, encoding));
    const bytes = Buffer.concat([before ?? Buffer.of(), Buffer.from(bad), after ?? Buffer.of()]);
    for (const pieces of WAYS) {
      const { rows } = await derive(bytes, specOf({ encoding }, AB), pieces);
      expect(rows.map(({ fault, cells }) => fault ?? cells[1])).toEqual(["x", "encoding", "z"]);
      expect(rows[1]?.payload).toEqual(Buffer.concat([encoded("2,", encoding), Buffer.from(bad)]));
    }
  });

  test("stop the file where UTF-16 ends in the middle of a unit", async () => {
    const bytes = encoded(TEXT, "utf-16le").subarray(0, -1);
    expect((await derive(bytes, specOf({ encoding: "utf-16le" }, AB), [1])).facts.stopped?.reason).toBe("encoding");
  });
});
