import { expect, test } from "vitest";
import { eachAtOnce } from "../../src/kernel/at-once.ts";

const NUMBERS = Array.from({ length: 20 }, (_, i) => i);
const later = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test("so many at once and no more; what comes of them stands in their order", async () => {
  let [under, most] = [0, 0];
  const squares = await eachAtOnce(NUMBERS, 4, async (n) => {
    under += 1;
    most = Math.max(most, under);
    await later(n % 3);
    under -= 1;
    return n * n;
  });
  expect(squares).toEqual(NUMBERS.map((n) => n * n));
  expect(most).toBe(4);
  expect(await eachAtOnce([], 4, async (n) => n)).toEqual([]);
});

test("after an error nothing more is begun, and what was begun has ended", async () => {
  const ended: number[] = [];
  const work = async (n: number) => {
    await later(n === 2 ? 1 : 10);
    if (n === 2) throw new Error("the third");
    ended.push(n);
  };
  await expect(eachAtOnce(NUMBERS, 4, work)).rejects.toThrow("the third");
  expect(ended.sort()).toEqual([0, 1, 3]);
});
