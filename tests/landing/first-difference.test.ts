import fc from "fast-check";
import { expect, test } from "vitest";
import { firstDifference } from "../../src/landing/first-difference.ts";

async function* stream(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  const at = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  for (let i = 1; i < at.length; i += 1) yield bytes.subarray(at[i - 1], at[i]);
}

const bytesOf = fc.uint8Array({ maxLength: 20, max: 3 });
const cutsOf = fc.array(fc.nat(), { maxLength: 4 });

test("whatever the chunks, the first byte that differs is found, the end of the shorter one included", async () => {
  await fc.assert(
    fc.asyncProperty(bytesOf, bytesOf, fc.tuple(cutsOf, cutsOf), async (left, right, [some, others]) => {
      const length = Math.max(left.length, right.length);
      const expected = Array.from({ length }, (_, i) => i).find((i) => left[i] !== right[i]) ?? null;
      expect(await firstDifference(stream(left, some), stream(right, others))).toBe(expected);
      expect(await firstDifference(stream(left, some), stream(left, others))).toBeNull();
    }),
  );
});

test("both streams are closed when they differ, and when one of them fails", async () => {
  const closed: string[] = [];
  async function* open(name: string, byte: number): AsyncGenerator<Uint8Array> {
    try {
      yield Buffer.of(byte);
      yield Buffer.of(byte);
    } finally {
      closed.push(name);
    }
  }
  async function* failing(): AsyncGenerator<Uint8Array> {
    yield Buffer.of(1);
    throw new Error("broke off");
  }
  expect(await firstDifference(open("a", 1), open("b", 2))).toBe(0);
  await expect(firstDifference(failing(), open("c", 1))).rejects.toThrow("broke off");
  expect(closed).toEqual(["a", "b", "c"]);
});
