import fc from "fast-check";
import { expect, test } from "vitest";
import { idSet } from "../../../src/sources/salesforce/pages/id-set.ts";

const ALPHABET = [..."0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"];
const text = (length: number) => fc.string({ unit: fc.constantFrom(...ALPHABET), minLength: length, maxLength: length });

test("tells ids apart as texts are, whatever they are", () => {
  // Few first characters and few last ones, so that many are alike but for one.
  const id = fc.tuple(fc.constantFrom("0015j00", "zzzzzzz", "003"), text(8)).map((parts) => parts.join(""));
  const near = fc.tuple(fc.constantFrom("0015j00000000", "zzzzzzzzzzzzz"), text(2)).map((parts) => parts.join(""));
  fc.assert(
    fc.property(fc.array(fc.oneof(id, near, fc.string()), { maxLength: 200 }), (ids) => {
      const [found, expected] = [idSet(), new Set<string>()];
      for (const one of ids) {
        const isNew = !expected.has(one);
        expected.add(one);
        expect(found.add(one)).toBe(isNew);
      }
    }),
  );
});

test("grows, and knows 18 characters by their first 15", () => {
  const ids = idSet();
  const nth = (n: number) => `0015j00000${String(n).padStart(5, "0")}`;
  for (let n = 0; n < 20_000; n += 1) expect(ids.add(nth(n))).toBe(true);
  for (let n = 0; n < 20_000; n += 1) expect(ids.add(`${nth(n)}AAA`)).toBe(false);
});
