import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type JsonValue, jsonText, NumberText, parseJson } from "../../../src/sources/pages/json-value.ts";
import { cases } from "../../support/cases.ts";

const textOf = (text: string) => jsonText(parseJson(text));

describe("numbers keep their digits", () => {
  test.each([
    "0",
    "-1",
    "9007199254740991",
    "9007199254740993",
    "-9007199254740993",
    "123456789012345678901234567890",
    "1e400",
    "-1E+2",
    "1.0",
    "0.10",
    "-0",
    "-0.0",
    "0.123456789012",
    "1.5e-7",
  ])("%s", (number) => {
    expect(textOf(number)).toBe(number);
    expect(textOf(`{"a":${number},"b":[${number}, {"c" :\n${number}}]}`)).toBe(`{"a":${number},"b":[${number},{"c":${number}}]}`);
  });

  test("what a double holds is a number, what it does not is a text", () => {
    expect(parseJson('{"a":12,"b":1.5}')).toEqual({ a: 12, b: new NumberText("1.5") });
  });

  test("a text that looks like a number between others changes nothing", () => {
    const text = '{"a":": 1.5","b":",-0","c":"\\":[12345678901234567","d":7}';
    expect(parseJson(text)).toEqual({ a: ": 1.5", b: ",-0", c: '":[12345678901234567', d: 7 });
  });
});

const NUMBER = fc.oneof(
  fc.bigInt().map(String),
  fc.tuple(fc.bigInt(), fc.nat(999_999)).map(([whole, digits]) => `${whole}.${digits}`),
  fc.tuple(fc.integer(), fc.integer({ min: -400, max: 400 })).map(([digits, power]) => `${digits}e${power}`),
  fc.constantFrom("-0", "0", "1E5", "-0.0"),
);
const TEXT = fc.oneof(fc.string({ unit: "binary" }), fc.constantFrom(":1.5", ",-0", "[1e9", '"', "\\", "\u0000", "\ud800"));
const { value: DOCUMENT } = fc.letrec<{ value: string; leaf: string }>((tie) => ({
  leaf: fc.oneof(
    NUMBER,
    TEXT.map((text) => JSON.stringify(text)),
    fc.constantFrom("true", "false", "null"),
  ),
  value: fc.oneof(
    { depthSize: "small" },
    tie("leaf"),
    fc.array(tie("value"), { maxLength: 4 }).map((items) => `[ ${items.join(" ,")}]`),
    fc
      .uniqueArray(fc.tuple(TEXT, tie("value")), { maxLength: 4, selector: ([name]) => name })
      .map((members) => `{${members.map(([name, value]) => `${JSON.stringify(name)}: ${value}`).join(", ")}}`),
  ),
}));

test("whatever is read is written with the digits that came, and reads the same again", () => {
  fc.assert(
    fc.property(DOCUMENT, (text) => {
      const written = textOf(text);
      expect(textOf(written)).toBe(written);
      expect(JSON.parse(written)).toEqual(JSON.parse(text));
      const digits = (json: string) =>
        json
          .replace(/"(?:[^"\\]|\\.)*"/g, '""')
          .match(/-?\d[\d.eE+-]*/g)
          ?.sort() ?? [];
      expect(digits(written)).toEqual(digits(text));
    }),
    { numRuns: cases(300) },
  );
});

test("names are sorted at every level, and of one that stands twice the last value counts", () => {
  expect(textOf('{"b":1,"a":{"d":[{"z":1,"y":2}],"c":null}}')).toBe('{"a":{"c":null,"d":[{"y":2,"z":1}]},"b":1}');
  expect(textOf('{"a":1,"a":2}')).toBe('{"a":2}');
  expect(textOf('{"a":1.5,"a":2.5}')).toBe('{"a":2.5}');
});

test("what is no JSON is refused, on both ways", () => {
  for (const text of ["", "{", '{"a":1.5', "<html>", "nul", '{"a":01}', '{"a":1.}', "[1.5,]"]) {
    expect(() => parseJson(text), text).toThrow(SyntaxError);
  }
});

test("a member that is called like something of JavaScript's is a member", () => {
  const text = '{"__proto__":{"a":1.50},"constructor":2}';
  expect(textOf(text)).toBe(text);
  expect(parseJson(text) as { a?: JsonValue }).not.toHaveProperty("a");
});
