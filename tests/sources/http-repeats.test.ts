import { describe, expect, test } from "vitest";
import { LONGEST_TIMEOUT, systemTimer } from "../../src/kernel/clock.ts";
import { tokenBucket } from "../../src/kernel/token-bucket.ts";
import type { HttpAnswer } from "../../src/sources/http-request.ts";
import { cut, failureOf, hangUp, httpStub, LIST, never, ok, read, say, shape, stall, type Turn } from "./http-stub.ts";

const stub = httpStub();

describe("a request that can be repeated", () => {
  test.each([
    ["a connection that breaks before the answer", [hangUp]],
    ["a body that is cut", [cut]],
    ["an error of the service", [say(500), say(503), say(502, "<html>")]],
    ["two of them in a row", [cut, say(500)]],
  ] as [string, Turn[]][])("is sent again after %s; the body begins anew", async (_, failing) => {
    stub.turns = [...failing, ok];
    const begun: string[] = [];
    const got = await stub.client().request(LIST, async (answer) => {
      begun.push("");
      return read(answer);
    });
    expect(got).toBe("whole");
    expect(stub.asked).toHaveLength(failing.length + 1);
    expect(stub.timer.pauses).toEqual([250, 500, 1000].slice(0, failing.length));
  });

  test("is sent again after silence, before the answer or in the middle of it", async () => {
    stub.turns = [never, stall, ok];
    expect(await stub.client({ limits: { silenceMs: 40 } }).request(LIST, read)).toBe("whole");
  });

  test.each([
    ["seconds", "7", 7000],
    ["a date, by the service's clock", "Mon, 23 Nov 2026 10:01:00 GMT", 60_000],
    ["a date that has passed", "Mon, 23 Nov 2026 09:00:00 GMT", 0],
    ["nonsense", "soon", 0],
  ])("waits as long as the service asks: %s", async (_, header, milliseconds) => {
    stub.turns = [say(429, "", { "retry-after": header }), ok];
    await stub.client().request(LIST, read);
    expect(stub.timer.pauses).toEqual([milliseconds + 250]);
  });

  test("is not broken off while whoever takes its bytes takes their time", async () => {
    const long = "x".repeat(3_000_000);
    stub.turns = [say(200, long)];
    const slowly = async ({ body }: HttpAnswer) => {
      const found: Uint8Array[] = [];
      for await (const chunk of body) {
        if (found.length === 0) await systemTimer.pause(250);
        found.push(chunk);
      }
      return Buffer.concat(found).length;
    };
    const client = stub.client({ limits: { silenceMs: 100 } });
    expect(await client.request({ ...LIST, maxBytes: long.length }, slowly)).toBe(long.length);
  });

  test("holds the rate for everybody when it is throttled", async () => {
    stub.turns = [say(429, "", { "retry-after": "30" }), ok];
    const buckets = { reads: tokenBucket({ timer: stub.timer, perSecond: 1, burst: 10 }) };
    await stub.client({ buckets }).request({ ...LIST, buckets: ["reads"] }, read);
    expect(stub.timer.now()).toBeGreaterThanOrEqual(30_250);
    expect(await buckets.reads.take({ until: stub.timer.now() })).toBe(false);
  });

  test("is given up when attempts run out, and says what the last one met", async () => {
    const limits = { attempts: 3 };
    stub.turns = [say(503)];
    expect(shape(await failureOf(stub.client({ limits }).request(LIST, read)))).toEqual(["retryable", "source.busy"]);
    expect(stub.asked).toHaveLength(3);
    stub.turns = [say(429)];
    expect(shape(await failureOf(stub.client({ limits }).request(LIST, read)))).toEqual(["retryable", "source.throttled"]);
    stub.turns = [cut];
    expect(shape(await failureOf(stub.client({ limits }).request(LIST, read)))).toEqual(["retryable", "source.unreachable"]);
  });

  test("is given up at once when the service asks to wait beyond the deadline", async () => {
    stub.turns = [say(429, "", { "retry-after": "60" })];
    const failure = await failureOf(stub.client().request({ ...LIST, until: 59_999 }, read));
    expect(shape(failure)).toEqual(["retryable", "source.throttled"]);
    expect(stub.timer.now()).toBe(0);
  });

  test.each([503, 429])(
    "is given up at once when the service asks to wait for an hour (%i), and others are asked",
    async (status) => {
      stub.turns = [say(status, "", { "retry-after": "3600" }), ok];
      const buckets = { reads: tokenBucket({ timer: stub.timer, perSecond: 1, burst: 10 }) };
      const client = stub.client({ buckets });
      const failure = await failureOf(client.request({ ...LIST, buckets: ["reads"] }, read));
      expect(shape(failure)).toEqual(["retryable", "source.asks_to_wait"]);
      expect(String(failure)).toContain("in 60 minutes");
      expect(await client.request({ ...LIST, buckets: ["reads"] }, read)).toBe("whole");
      expect(stub.timer.now()).toBe(0);
    },
  );

  test("is sent again when one attempt takes too long, although bytes keep coming", async () => {
    const dripping: Turn = (response) => {
      response.writeHead(200, { "content-length": "100000" });
      const drip = setInterval(() => response.write("x"), 5);
      response.on("close", () => clearInterval(drip));
    };
    stub.turns = [dripping, ok];
    expect(await stub.client({ limits: { requestMs: 100, silenceMs: 10_000 } }).request(LIST, read)).toBe("whole");
    expect(stub.asked.length).toBeGreaterThan(1);
  });

  test("is sent again after a status that the client takes for passing, and not without", async () => {
    stub.turns = [say(409), ok];
    expect(await stub.client({ alsoPassing: [409] }).request(LIST, read)).toBe("whole");
    stub.turns = [say(409)];
    const given = { alsoPassing: [409], limits: { attempts: 2 } };
    expect(shape(await failureOf(stub.client(given).request(LIST, read)))).toEqual(["retryable", "source.busy"]);
    expect(shape(await failureOf(stub.client().request(LIST, read)))).toEqual(["incomplete", "source.answer"]);
    expect(stub.asked).toHaveLength(5);
  });

  test("is sent again, or not, as the service itself says of the answer", async () => {
    const mayRepeat = (_: number, headers: Headers) => {
      const said = headers.get("x-should-retry");
      return said === null ? null : said === "true";
    };
    stub.turns = [say(400, "", { "x-should-retry": "true" }), say(500), ok];
    expect(await stub.client({ mayRepeat }).request(LIST, read)).toBe("whole");
    expect(stub.asked).toHaveLength(3);
    stub.turns = [say(500, "", { "x-should-retry": "false" }), ok];
    expect(shape(await failureOf(stub.client({ mayRepeat }).request(LIST, read)))).toEqual(["retryable", "source.busy"]);
    expect(stub.asked).toHaveLength(4);
  });

  test.each([
    ["before the answer", never],
    ["in the middle of it", stall],
  ] as [string, Turn][])("ends at its deadline: %s", async (_, turn) => {
    stub.turns = [turn];
    const client = stub.client({ timer: systemTimer });
    const failure = await failureOf(client.request({ ...LIST, until: systemTimer.now() + 50 }, read));
    expect(shape(failure)).toEqual(["retryable", "source.unreachable"]);
  });

  test("has a deadline beyond Node's longest timeout", async () => {
    stub.turns = [(response, request) => void setTimeout(() => ok(response, request), 20)];
    const client = stub.client({ timer: systemTimer });
    expect(await client.request({ ...LIST, until: systemTimer.now() + 2 * LONGEST_TIMEOUT }, read)).toBe("whole");
  });

  test.each([
    ["before the answer", never],
    ["in the middle of it", stall],
    ["while it waits for the next attempt", say(500)],
  ] as [string, Turn][])("ends when it is abandoned: %s", async (_, turn) => {
    const abandoned = new AbortController();
    stub.turns = [
      (response, request) => {
        turn(response, request);
        setImmediate(() => abandoned.abort());
      },
    ];
    const client = stub.client({ timer: systemTimer, limits: { firstWaitMs: 1e8, longestWaitMs: 1e8 } });
    const failure = await failureOf(client.request({ ...LIST, signal: abandoned.signal }, read));
    expect(shape(failure)).toEqual(["retryable", "source.cancelled"]);
    expect(stub.asked).toHaveLength(1);
    expect(shape(await failureOf(client.request({ ...LIST, signal: abandoned.signal }, read)))).toEqual([
      "retryable",
      "source.cancelled",
    ]);
  });
});

describe("a request whose headers never come", () => {
  const headers = () => new Promise<never>(() => undefined);

  test("ends after silence, at its deadline, and when it is abandoned", async () => {
    stub.turns = [ok];
    const silent = stub.client({ headers, limits: { silenceMs: 20, attempts: 2 } });
    expect(shape(await failureOf(silent.request(LIST, read)))).toEqual(["retryable", "source.unreachable"]);
    const client = stub.client({ headers, timer: systemTimer });
    const late = await failureOf(client.request({ ...LIST, until: systemTimer.now() + 20 }, read));
    expect(shape(late)).toEqual(["retryable", "source.unreachable"]);
    const abandoned = new AbortController();
    setTimeout(() => abandoned.abort(), 20);
    const failure = await failureOf(client.request({ ...LIST, signal: abandoned.signal }, read));
    expect(shape(failure)).toEqual(["retryable", "source.cancelled"]);
    expect(stub.asked).toEqual([]);
  });
});
