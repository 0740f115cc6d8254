import fc from "fast-check";
import { expect, test } from "vitest";
import { systemTimer } from "../../src/kernel/clock.ts";
import { GaveUp, type RetryOptions, retry } from "../../src/kernel/retry.ts";
import { fakeTimer } from "../support/fake-timer.ts";

class Passing extends Error {
  readonly askedMs: number | undefined;
  constructor(askedMs?: number) {
    super("busy");
    this.askedMs = askedMs;
  }
}

function optionsOf(given: Partial<RetryOptions> = {}) {
  const timer = fakeTimer();
  const options: RetryOptions = {
    timer,
    random: () => 0.5,
    attempts: 5,
    firstMs: 100,
    longestMs: 500,
    mayRepeat: (error) => error instanceof Passing,
    askedMs: (error) => (error instanceof Passing ? error.askedMs : undefined),
    ...given,
  };
  return { timer, options };
}

/** Fails so often before it succeeds. */
function failing(times: number, error: Error = new Passing()) {
  return async (attempt: number) => {
    if (attempt <= times) throw error;
    return attempt;
  };
}

const thrownBy = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => expect.fail("it succeeded"),
    (error: unknown) => error,
  );

test("waits double up to the longest, and the result is that of the first time that succeeds", async () => {
  const { timer, options } = optionsOf();
  expect(await retry(failing(4), options)).toBe(5);
  expect(timer.pauses).toEqual([50, 100, 200, 250]);
});

test("a wait is anything from nothing to its bound", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 4, maxLength: 4 }), async (draws) => {
      const left = [...draws];
      const { timer, options } = optionsOf({ random: () => left.shift() ?? 0 });
      await retry(failing(4), options);
      expect(timer.pauses).toEqual([100, 200, 400, 500].map((bound, i) => bound * (draws[i] ?? 0)));
    }),
  );
});

test("what may not be repeated is thrown as it is, at once", async () => {
  const { timer, options } = optionsOf();
  const refused = new Error("refused");
  expect(await thrownBy(retry(failing(1, refused), options))).toBe(refused);
  expect(timer.pauses).toEqual([]);
});

test("attempts run out: the last error is the cause", async () => {
  const { timer, options } = optionsOf({ attempts: 3 });
  const last = new Passing();
  const gaveUp = await thrownBy(retry((attempt) => Promise.reject(attempt === 3 ? last : new Passing()), options));
  expect(gaveUp).toBeInstanceOf(GaveUp);
  expect(gaveUp).toMatchObject({ why: "attempts", attempts: 3, cause: last });
  expect(timer.pauses).toHaveLength(2);
});

test("what the other side asks for is waited for, beyond the longest wait, and the draw comes on top", async () => {
  const { timer, options } = optionsOf();
  await retry(failing(1, new Passing(30_000)), options);
  expect(timer.pauses).toEqual([30_050]);
});

test("nobody waits for a time after the deadline", async () => {
  const { timer, options } = optionsOf({ until: 300 });
  expect(await thrownBy(retry(failing(9), options))).toMatchObject({ why: "deadline", attempts: 3 });
  expect(timer.pauses).toEqual([50, 100]);
  const asked = optionsOf({ until: 300 });
  expect(await thrownBy(retry(failing(9, new Passing(301)), asked.options))).toMatchObject({ why: "deadline", attempts: 1 });
  expect(asked.timer.now()).toBe(0);
});

test("what is asked for beyond the bound is not waited for", async () => {
  const { timer, options } = optionsOf({ longestAskedMs: 60_000 });
  expect(await thrownBy(retry(failing(9, new Passing(60_001)), options))).toMatchObject({ why: "asked", attempts: 1 });
  expect(timer.pauses).toEqual([]);
  await retry(failing(1, new Passing(60_000)), options);
  expect(timer.pauses).toEqual([60_050]);
});

test.each(["before it", "while it lasts"])("an abort ends the wait: %s", async (when) => {
  const abandoned = new AbortController();
  const { options } = optionsOf({ signal: abandoned.signal });
  const work = async () => {
    if (when === "before it") abandoned.abort();
    else queueMicrotask(() => queueMicrotask(() => abandoned.abort()));
    throw new Passing();
  };
  const gaveUp = await thrownBy(
    retry(work, { ...options, timer: when === "before it" ? options.timer : systemTimer, firstMs: 1e9, longestMs: 1e9 }),
  );
  expect(gaveUp).toMatchObject({ why: "aborted", attempts: 1 });
});
