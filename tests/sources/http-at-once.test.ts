import { describe, expect, test } from "vitest";
import { systemTimer } from "../../src/kernel/clock.ts";
import { Failure, problem } from "../../src/kernel/problem.ts";
import { type TokenBucket, tokenBucket } from "../../src/kernel/token-bucket.ts";
import type { RequestUsage } from "../../src/sources/request-usage.ts";
import { cut, failureOf, httpStub, LIST, never, ok, read, say, shape, stall, type Turn } from "./http-stub.ts";

const stub = httpStub();
const PATIENT = { timeout: 60_000 };

describe("requests at once", () => {
  /** Answers each request when it is told to. */
  function held() {
    const open: (() => void)[] = [];
    const turn: Turn = (response, request) => void open.push(() => ok(response, request));
    return { turn, open, arrived: async (count: number) => expect.poll(() => open.length, PATIENT).toBe(count) };
  }

  test("are no more than the limit; who comes later waits in turn", async () => {
    const { turn, open, arrived } = held();
    stub.turns = [turn];
    const client = stub.client({ limits: { concurrency: 2 }, timer: systemTimer });
    const ask = (i: number) => client.request({ ...LIST, query: { i: String(i) } }, read);
    const all = [ask(0)];
    await arrived(1);
    all.push(ask(1));
    await arrived(2);
    all.push(ask(2), ask(3));
    await systemTimer.pause(50);
    expect(stub.asked).toHaveLength(2);
    for (const [i, asking] of all.entries()) {
      await arrived(Math.min(4, i + 2));
      open[i]?.();
      expect(await asking).toBe("whole");
    }
    expect(stub.asked.map(({ url }) => url.at(-1))).toEqual(["0", "1", "2", "3"]);
  });

  test("that wait for a place are not silent, and their time has not begun", async () => {
    stub.turns = [ok];
    const client = stub.client({ limits: { concurrency: 1, silenceMs: 100, requestMs: 500 }, timer: systemTimer });
    const slowly = client.request(LIST, async (answer) => {
      await systemTimer.pause(250);
      return read(answer);
    });
    const later = Array.from({ length: 3 }, () => client.request(LIST, read));
    expect(await Promise.all([slowly, ...later])).toEqual(["whole", "whole", "whole", "whole"]);
  });

  test("give their place back, however they end", async () => {
    stub.turns = [say(404), cut, ok];
    const client = stub.client({ limits: { concurrency: 1, attempts: 2 } });
    await failureOf(client.request(LIST, read));
    await client.request(LIST, read);
    const full = new Error("no space left");
    await expect(client.request(LIST, async () => Promise.reject(full))).rejects.toBe(full);
    expect(await client.request(LIST, read)).toBe("whole");
  });

  test("that wait for a place end at their deadline, and when they are abandoned", async () => {
    stub.turns = [never];
    const client = stub.client({ limits: { concurrency: 1 }, timer: systemTimer });
    const [stop, abandoned] = [new AbortController(), new AbortController()];
    const first = failureOf(client.request({ ...LIST, signal: stop.signal }, read));
    await expect.poll(() => stub.asked.length, PATIENT).toBe(1);
    const late = client.request({ ...LIST, until: systemTimer.now() + 20 }, read);
    expect(shape(await failureOf(late))).toEqual(["retryable", "source.at_once"]);
    const waiting = failureOf(client.request({ ...LIST, signal: abandoned.signal }, read));
    abandoned.abort();
    expect(shape(await waiting)).toEqual(["retryable", "source.cancelled"]);
    stop.abort();
    expect(shape(await first)).toEqual(["retryable", "source.cancelled"]);
    expect(stub.asked).toHaveLength(1);
  });
});

describe("a run that is told to stop", () => {
  test("ends every request at once: those that wait for a place, a token, an answer, a body, or to ask again", async () => {
    stub.turns = [never, stall, say(500), never];
    const stop = new AbortController();
    const buckets = { slow: tokenBucket({ timer: systemTimer, perSecond: 0.0001, burst: 1 }) };
    await buckets.slow.take();
    const client = stub.client({
      buckets,
      timer: systemTimer,
      limits: { concurrency: 4, firstWaitMs: 1e8, longestWaitMs: 1e8, silenceMs: 1e8, requestMs: 1e8 },
    });
    const ask = (more: object) => failureOf(client.request({ ...LIST, signal: stop.signal, ...more }, read));
    const ended = [ask({})];
    for (const count of [1, 2, 3]) {
      await expect.poll(() => stub.asked.length, PATIENT).toBe(count);
      ended.push(ask({}));
    }
    ended.push(ask({ buckets: ["slow"] }), ask({}), ask({}));
    await expect.poll(() => stub.asked.length, PATIENT).toBeGreaterThan(3);
    stop.abort();
    for (const failure of await Promise.all(ended)) expect(shape(failure)).toEqual(["retryable", "source.cancelled"]);
  });

  test("does not wait for a bucket that does not answer, nor for one that cannot be told of a pause", async () => {
    const hanging: TokenBucket = { take: async () => true, hold: () => new Promise<never>(() => undefined) };
    const stop = new AbortController();
    stub.turns = [say(429, "", { "retry-after": "7" })];
    const client = stub.client({ buckets: { hanging }, timer: systemTimer });
    const asking = failureOf(client.request({ ...LIST, buckets: ["hanging"], signal: stop.signal }, read));
    await expect.poll(() => stub.asked.length, PATIENT).toBe(1);
    stop.abort();
    expect(shape(await asking)).toEqual(["retryable", "source.cancelled"]);
  });
});

describe("what a bucket or the headers fail with", () => {
  const away = new Failure("retryable", problem({ code: "store.busy", says: "the store is away", next: "`ledgerloop run`" }));

  test("a Failure is the request's, and nothing is sent", async () => {
    const failing: TokenBucket = { take: () => Promise.reject(away), hold: async () => undefined };
    const client = stub.client({ buckets: { failing } });
    expect(await failureOf(client.request({ ...LIST, buckets: ["failing"] }, read))).toBe(away);
    expect(await failureOf(stub.client({ headers: () => Promise.reject(away) }).request(LIST, read))).toBe(away);
    expect(stub.asked).toEqual([]);
  });

  test("anything else that makes headers fails with is not told", async () => {
    const telling = [
      () => Promise.reject(new Error("no key in sk_live_hidden")),
      () => {
        throw new TypeError("sk_live_hidden");
      },
    ];
    for (const headers of telling) {
      const failure = await failureOf(stub.client({ headers }).request(LIST, read));
      expect(shape(failure)).toEqual(["incomplete", "source.credentials"]);
      expect(`${failure.stack} ${JSON.stringify(failure)} ${failure.cause}`).not.toContain("sk_live_hidden");
    }
  });
});

describe("usage", () => {
  test("counts requests, those sent again, waits apart, and bytes, of whatever became of them", async () => {
    stub.turns = [cut, say(503, "busy", { "retry-after": "2" }), ok, say(404, "gone")];
    const told: RequestUsage[] = [];
    const buckets = { all: tokenBucket({ timer: stub.timer, perSecond: 0.5, burst: 1 }) };
    const client = stub.client({ buckets, used: (usage) => told.push(usage) });
    expect(await client.request({ ...LIST, buckets: ["all"] }, read)).toBe("whole");
    expect(told).toEqual([
      { requests: 3, retries: 2, rateWaitMs: 3250, retryWaitMs: 250 + 2500, bytes: "half".length + "whole".length },
    ]);
    await failureOf(client.request(LIST, read));
    expect(told[1]).toEqual({ requests: 1, retries: 0, rateWaitMs: 0, retryWaitMs: 0, bytes: 0 });
    const stop = AbortSignal.abort();
    await failureOf(client.request({ ...LIST, signal: stop }, read));
    expect(told[2]?.requests).toBe(0);
  });
});
