import fc from "fast-check";
import { expect, test } from "vitest";
import { tokenBucket } from "../../src/kernel/token-bucket.ts";
import { fakeTimer } from "../support/fake-timer.ts";

test("what was saved up goes at once, the rest at the rate, in the order of asking", async () => {
  const timer = fakeTimer();
  const bucket = tokenBucket({ timer, perSecond: 10, burst: 3 });
  const served: [number, number][] = [];
  await Promise.all(Array.from({ length: 6 }, (_, i) => bucket.take().then(() => served.push([i, timer.now()]))));
  expect(served).toEqual([0, 0, 0, 100, 200, 300].map((at, i) => [i, at]));
});

test("in no stretch of time more tokens are taken than saved up and come back", async () => {
  const waits = fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(waits, fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 20 }), async (pauses, burst, perSecond) => {
      const timer = fakeTimer();
      const bucket = tokenBucket({ timer, perSecond, burst });
      const taken: number[] = [];
      for (const pause of pauses) {
        await timer.pause(pause);
        expect(await bucket.take()).toBe(true);
        taken.push(timer.now());
      }
      for (const [i, from] of taken.entries()) {
        for (const [j, to] of taken.entries()) {
          if (j >= i) expect(j - i + 1).toBeLessThanOrEqual(burst + ((to - from) * perSecond) / 1000 + 1e-6);
        }
      }
    }),
  );
});

test("a token that comes too late is not waited for, and stays for the next", async () => {
  const timer = fakeTimer();
  const bucket = tokenBucket({ timer, perSecond: 1, burst: 1 });
  await bucket.take();
  expect(await bucket.take({ until: 999 })).toBe(false);
  expect(timer.now()).toBe(0);
  expect(await bucket.take({ until: 1000 })).toBe(true);
  expect(timer.now()).toBe(1000);
});

test("who is abandoned while waiting gives the token back", async () => {
  const timer = fakeTimer();
  const bucket = tokenBucket({ timer, perSecond: 1, burst: 1 });
  await bucket.take();
  const abandoned = new AbortController();
  const waiting = bucket.take({ signal: abandoned.signal });
  abandoned.abort(new Error("cancelled"));
  await expect(waiting).rejects.toThrow("cancelled");
  await expect(bucket.take({ signal: abandoned.signal })).rejects.toThrow("cancelled");
  await bucket.take();
  expect(timer.now()).toBe(1000);
});

test("after a hold tokens come at the rate, also for those who waited before", async () => {
  const timer = fakeTimer();
  const bucket = tokenBucket({ timer, perSecond: 10, burst: 5 });
  for (let i = 0; i < 5; i += 1) await bucket.take();
  const before = bucket.take().then(() => timer.now());
  await bucket.hold(2000);
  const after = bucket.take().then(() => timer.now());
  expect(await before).toBe(2000);
  expect(await after).toBeGreaterThanOrEqual(2100);
});
