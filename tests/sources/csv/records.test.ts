import { describe, expect, test } from "vitest";
import type { LayoutSchema } from "../../../src/sources/csv/layout-schema.ts";
import { type Derived, derive, specOf, strings } from "./deriving.ts";

type Written = Parameters<typeof LayoutSchema.parse>[0] & object;

const AB = strings("a", "b");
const TRAILER = { footer: "END,(?<count>\\d+)" };

/** A file with the columns a and b, whose longest record may be given. */
function ab(text: string | Uint8Array, written: Written = {}, how: { longest?: number; pieces?: readonly number[] } = {}) {
  const spec = specOf(written, AB);
  const layout = { ...spec.layout, fileBadShare: 1, maxRecordBytes: how.longest ?? spec.layout.maxRecordBytes };
  return derive(text, { ...spec, layout }, how.pieces);
}

/** Each record as its cells, or its fault and its bytes. */
const told = ({ rows }: Derived) =>
  rows.map(({ fault, payload, cells }) => (fault === null ? cells.join("|") : `${fault}: ${payload?.toString("latin1")}`));

test("a file of many records is another file where most of those that can be read lack a column, however few they are", async () => {
  const amount = { name: "b", type: { kind: "decimal", precision: 18, scale: 2 } } as const;
  const text = `a,b\n${"x\n".repeat(7)}${"1,none\n".repeat(17)}`;
  const { facts } = await derive(text, specOf({}, [...strings("a"), amount]));
  expect(facts.stopped).toEqual({ reason: "bad_share", says: '17 of its 17 records have no "b" that could be converted' });
});

describe("a record", () => {
  test("has its number, its offset and its length without its line end", async () => {
    const { rows, facts } = await ab("a,b\r\n1,x\r\n\r\n2\r\n3,z");
    expect(rows.map(({ number, offset, length }) => `${number}@${offset}+${length}`)).toEqual(["1@5+3", "2@12+1", "3@15+3"]);
    expect(facts).toMatchObject({ records: 3, malformed: { width: 1 }, blankLines: 1, stopped: null });
  });

  test.each([
    ["too_long", '"\0\xff'],
    ["quote", '"\0\xff'],
    ["nul", "\0\xff"],
    ["encoding", "\xff"],
    ["header", "a,b"],
    ["width", "1,2,3"],
  ])("has the fault %s before those that follow", async (fault, record) => {
    const text = `a,b\n${fault === "too_long" ? record.padEnd(40, "x") : record}\n1,x\n`;
    const { rows } = await ab(Buffer.from(text, "latin1"), {}, { longest: 39 });
    expect(rows.map((row) => row.fault)).toEqual([fault, null]);
  });

  test("may be as long as it may be, wherever the bytes are cut", async () => {
    const text = `a,b\r\n1,${"x".repeat(29)}\r\n2,${"x".repeat(30)}\r\n3,y\r\n`;
    for (let first = 1; first < text.length; first += 1) {
      const derived = await ab(text, {}, { longest: 31, pieces: [first, 1] });
      expect(derived.rows.map(({ fault }) => fault)).toEqual([null, "too_long", null]);
    }
  });

  test("that has no end is kept to its beginning, and the next one is a record again", async () => {
    const { rows } = await ab(`a,b\n1,${"x".repeat(5000)}\n2,y\n`, {}, { longest: 100, pieces: [64] });
    expect(rows.map(({ fault, length }) => [fault, length])).toEqual([
      ["too_long", 5002],
      [null, 3],
    ]);
  });
});

describe("quotes", () => {
  test("that are wrong take no more than their line, where a line end ends a record", async () => {
    expect(told(await ab('a,b\n1,"x\n2,y\n3,"z"z\n4,w\n'))).toEqual(['quote: 1,"x', "2|y", 'quote: 3,"z"z', "4|w"]);
  });

  test("that are wrong take their first line, where line ends are text", async () => {
    const written = { multiline: true };
    expect(told(await ab('a,b\n1,"x\ny"\n2,"x\n3,y\n4,z\n', written))).toEqual(["1|x\ny", 'quote: 2,"x', "3|y", "4|z"]);
    expect(told(await ab('a,b\n1,"x\n2,"y"z\n3,w\n', written))).toEqual(['quote: 1,"x', 'quote: 2,"y"z', "3|w"]);
  });

  test("that are clean keep a record of the wrong width whole", async () => {
    expect(told(await ab('a,b\n1,"x\ny",3\n2,z\n', { multiline: true }))).toEqual(['width: 1,"x\ny",3', "2|z"]);
  });

  test("that are lost on both sides of a line end merge two records into a good one, which only a trailer tells", async () => {
    const [text, columns] = ['n,c,d,a\n6,e,g,60\n7,"f,70\n8,g","h",80\n', strings("n", "c", "d", "a")];
    expect(told(await derive(text, specOf({ multiline: true }, columns)))).toEqual(["6|e|g|60", "7|f,70\n8,g|h|80"]);
    const counted = await derive(`${text}END,3`, specOf({ multiline: true, ...TRAILER }, columns));
    expect(counted.facts.stopped?.reason).toBe("trailer");
  });

  test("may be written with a mark before them, in the header too", async () => {
    const spec = specOf({ escape: "\\", columns: [{ header: 'a\\"', column: "a" }, { column: "b" }] }, AB);
    expect(told(await derive('"a\\\\\\"",b\n"1\\\\","\\"x\\y"\n', spec))).toEqual(['1\\|"x\\y']);
  });
});

describe("with a footer", () => {
  test("a record behind one that is too long is not lost", async () => {
    const text = `a,b\n1,x\n2,${"y".repeat(200)}\n3,z\n4,w\nEND,4\n`;
    for (const pieces of [[], [1], [50]]) {
      const derived = await ab(text, TRAILER, { longest: 60, pieces });
      expect(derived.rows.map(({ cells, fault }) => fault ?? cells[0])).toEqual(["1", "too_long", "3", "4"]);
      expect(derived.facts.stopped).toBeNull();
    }
  });

  test("one that is longer than a record may be is none", async () => {
    for (const pieces of [[], [1]]) {
      const { facts } = await ab("a,b\n1,x\nEND,000000000001\n", TRAILER, { longest: 12, pieces });
      expect(facts.stopped?.reason).toBe("trailer");
    }
  });

  test("a blank line stands before the record behind it, not before the one that waits", async () => {
    const one = await ab("a,b\n1,x\n2\n\n3\n4,y\nEND,4\n", TRAILER);
    expect(one.facts.stopped).toBeNull();
    const two = await ab("a,b\n1,x\n\n2\n3\n4,y\nEND,4\n", TRAILER);
    expect(two.facts.stopped?.reason).toBe("two_tables");
  });
});

describe("what stands before the records", () => {
  const stopOf = async (text: string | Uint8Array, written: Written, pieces: readonly number[] = []) =>
    (await ab(text, written, { longest: 12, pieces })).facts.stopped?.reason;

  test("is bounded as a record is, however it comes", async () => {
    for (const pieces of [[], [1], [5]]) {
      expect(await stopOf("# exactly 12\r\na,b\r\n1,x\r\n", { skip_lines: 1 }, pieces)).toBeUndefined();
      expect(await stopOf("# more than 12\na,b\n1,x\n", { skip_lines: 1 }, pieces)).toBe("preamble");
      expect(await stopOf("a,b,0123456789\n1,x\n", {}, pieces)).toBe("header");
    }
  });

  test("is text", async () => {
    const windows = { encoding: "windows-1252", skip_lines: 1, preamble: "# .*" } as const;
    expect(await stopOf(Buffer.from("# \x80\na,b\n", "latin1"), windows)).toBeUndefined();
    expect(await stopOf(Buffer.from("# \x81\na,b\n", "latin1"), windows)).toBe("preamble");
  });
});
