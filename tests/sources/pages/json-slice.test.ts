import fc from "fast-check";
import { expect, test } from "vitest";
import { jsonSlice } from "../../../src/sources/pages/json-slice.ts";
import { cases } from "../../support/cases.ts";

/** All values of a value, each with the names that lead to it. */
function* within(value: unknown, names: readonly string[] = []): Generator<readonly [names: readonly string[], value: unknown]> {
  yield [names, value];
  if (value === null || typeof value !== "object") return;
  for (const [name, inner] of Object.entries(value)) yield* within(inner, [...names, name]);
}

test("a slice of any JSON is the text of the value that is meant", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0, 1, "\t"), (value, indent) => {
      const json = ` ${JSON.stringify(value, null, indent)}\n`;
      for (const [names, inner] of within(JSON.parse(json))) {
        const slice = jsonSlice(json, names) ?? expect.fail(names.join("/"));
        expect(json).toContain(slice);
        expect(JSON.parse(slice)).toEqual(inner);
        expect(slice).toBe(slice.trim());
      }
    }),
    { numRuns: cases(100) },
  );
});

test("digits stay, of a name that stands twice the last one counts, and where nothing is there is no slice", () => {
  expect(jsonSlice('{"a": 1.50, "b": [1e2 , -0]}', ["a"])).toBe("1.50");
  expect(jsonSlice('{"a": 1.50, "b": [1e2 , -0]}', ["b", "0"])).toBe("1e2");
  expect(jsonSlice('{"a": {"c": 1}, "a" :{"c":2}}', ["a", "c"])).toBe("2");
  expect(jsonSlice('{"a\\"b": ["}", "\\\\"]}', ['a"b', "1"])).toBe('"\\\\"');
  for (const names of [["x"], ["a", "x"], ["b", "2"]]) expect(jsonSlice('{"a": 1, "b": [1, 2]}', names)).toBeNull();
});

test("a text with millions of escapes is a slice too", () => {
  const json = JSON.stringify({ data: [{ text: '\\"'.repeat(4_000_000) }, 1] });
  expect(jsonSlice(json, ["data", "0", "text"])?.length).toBe(16_000_002);
  expect(jsonSlice(json, ["data", "1"])).toBe("1");
});
