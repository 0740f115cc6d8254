import { expect, test } from "vitest";
import { LONGEST_TIMEOUT, systemTimer } from "../../src/kernel/clock.ts";

test("a pause beyond Node's longest timeout does not end at once, and can be ended", async () => {
  const given = new AbortController();
  setTimeout(() => given.abort(new Error("enough")), 30);
  await expect(systemTimer.pause(LONGEST_TIMEOUT + 1, given.signal)).rejects.toThrow("enough");
});
