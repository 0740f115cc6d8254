import { expect, test } from "vitest";
import { openCrashHouse } from "../support/crash-data.ts";
import { failAt, type Kind } from "../support/crashing.ts";

test.each<Kind>(["warehouse", "store", "objects"])(
  "a run whose n-th %s call fails, repeated, is the clean run: for every n",
  async (kind) => {
    await using house = await openCrashHouse();
    const clean = await failAt(house, kind, 0);
    expect(clean.repetitions).toBe(0);
    for (let n = 1; ; n += 1) {
      const failed = await failAt(house, kind, n);
      if (!failed.reached) {
        expect(n).toBeGreaterThan(10);
        break;
      }
      expect(failed.projection, `${kind} call ${n}`).toEqual(clean.projection);
    }
  },
);
