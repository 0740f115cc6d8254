import { inspect } from "node:util";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { tokenBucket } from "../../src/kernel/token-bucket.ts";
import type { HttpAnswer, HttpRequest } from "../../src/sources/http-request.ts";
import { requestBudget } from "../../src/sources/request-budget.ts";
import { fakeTimer } from "../support/fake-timer.ts";
import { bytesOf } from "../support/raw-file.ts";
import { cut, failureOf, hangUp, httpStub, LIST, NOW, ok, read, say, shape, stall, type Turn } from "./http-stub.ts";

const stub = httpStub();

describe("an answer", () => {
  test("brings its bytes as they were sent, its status and the API's own time", async () => {
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, i) => i % 256));
    stub.turns = [(response) => response.writeHead(200, { date: NOW }).end(bytes)];
    const got = await stub.client().request({ ...LIST, query: { limit: "100", after: "a b&c" } }, async (answer) => {
      expect([answer.status, answer.now]).toEqual([200, new Date("2026-11-23T10:00:00Z")]);
      return bytesOf(answer.body);
    });
    expect(got.equals(bytes)).toBe(true);
    expect(stub.asked).toEqual([
      { method: "GET", url: "/v1/events?limit=100&after=a+b%26c", authorization: "Bearer a-secret-of-ours", body: "" },
    ]);
  });

  test("is asked for with each value of a list, in place of what the path has under that name", async () => {
    stub.turns = [ok];
    await stub
      .client()
      .request({ ...LIST, path: "events?limit=1&types[]=x", query: { "types[]": ["a", "b c"], limit: "2" } }, read);
    expect(stub.asked.map(({ url }) => decodeURIComponent(url))).toEqual(["/v1/events?types[]=a&types[]=b+c&limit=2"]);
  });

  test("may say nothing of the time, or nonsense", async () => {
    for (const date of ["", "yesterday", "2026-11-23"]) {
      stub.turns = [say(200, "x", { date })];
      expect(await stub.client().request(LIST, async (answer) => answer.now)).toBeNull();
    }
  });

  test("of another status is one where the request says so", async () => {
    stub.turns = [say(404, "gone")];
    expect(
      await stub.client().request({ ...LIST, accepts: [404] }, async (answer) => [answer.status, await read(answer)]),
    ).toEqual([404, "gone"]);
  });

  test("need not be read to its end", async () => {
    stub.turns = [stall, ok];
    const client = stub.client();
    expect(await client.request(LIST, async (answer) => answer.status)).toBe(200);
    const first = async (answer: HttpAnswer) => {
      for await (const chunk of answer.body) return Buffer.from(chunk).toString();
      return "";
    };
    stub.turns = [stall];
    expect(await client.request(LIST, first)).toBe("half");
    stub.turns = [ok];
    expect(await client.request(LIST, read)).toBe("whole");
  });
});

describe("a request that cannot be repeated", () => {
  const create: HttpRequest = { ...LIST, name: "create a job", method: "POST", body: "{}" };

  test.each([
    ["cut", cut],
    ["throttled", say(429)],
    ["an error of the service", say(500)],
    ["no answer", hangUp],
  ] as [string, Turn][])("is sent once: %s", async (_, turn) => {
    stub.turns = [turn, ok];
    expect((await failureOf(stub.client().request(create, read))).kind).toBe("retryable");
    expect(stub.asked.map(({ method, body }) => [method, body])).toEqual([["POST", "{}"]]);
  });

  test("becomes one that can by a key that makes it idempotent", async () => {
    stub.turns = [cut, ok];
    expect(await stub.client().request({ ...create, isIdempotent: true, headers: { "idempotency-key": "k" } }, read)).toBe(
      "whole",
    );
    expect(stub.asked).toHaveLength(2);
  });

  test.each([
    ["login", 401, ["incomplete", "source.login"]],
    ["right", 403, ["incomplete", "source.right"]],
    ["address", 404, ["incomplete", "source.answer"]],
    ["version", 501, ["incomplete", "source.answer"]],
  ] as [string, number, [string, string]][])(
    "nor can one whose %s is wrong, whatever its method",
    async (_, status, expected) => {
      stub.turns = [say(status), ok];
      const failure = await failureOf(stub.client().request(LIST, read));
      expect(shape(failure)).toEqual(expected);
      expect(failure.problems[0]?.next).not.toMatch(/repeat/);
      expect(stub.asked).toHaveLength(1);
    },
  );

  test("what takes the bytes fails by itself: its error is the request's", async () => {
    stub.turns = [ok];
    const full = new Error("no space left");
    await expect(stub.client().request(LIST, async () => Promise.reject(full))).rejects.toBe(full);
    expect(stub.asked).toHaveLength(1);
  });

  test("what takes the bytes wraps the error of a broken body: it is sent again all the same", async () => {
    stub.turns = [cut, ok];
    const wrapped = (answer: HttpAnswer) =>
      read(answer).catch((cause: unknown) => Promise.reject(new Error("put failed", { cause })));
    expect(await stub.client().request(LIST, wrapped)).toBe("whole");
  });

  test("what takes the bytes is content with half a body: it is sent again all the same", async () => {
    stub.turns = [cut, ok];
    expect(await stub.client().request(LIST, (answer) => read(answer).catch(() => "half"))).toBe("whole");
  });
});

describe("an answer is refused", () => {
  const nobodyKnowsItsEnd: Turn = (response) => {
    response.useChunkedEncodingByDefault = false;
    response.shouldKeepAlive = false;
    response.write("half");
    response.end();
  };
  const packed = gzipSync("x".repeat(1000)).subarray(0, 20).toString("latin1");

  test.each([
    ["that is longer than allowed", say(200, "x".repeat(11)), "source.answer_size"],
    ["that is packed, although none was asked for", say(200, packed, { "content-encoding": "gzip" }), "source.answer_packed"],
    ["whose end is that of the connection", nobodyKnowsItsEnd, "source.answer_end"],
    ["that points elsewhere", say(302, "", { location: "http://127.0.0.1:1/" }), "source.answer"],
  ] as [string, Turn, string][])("%s", async (_, turn, code) => {
    stub.turns = [turn, ok];
    expect(shape(await failureOf(stub.client().request({ ...LIST, maxBytes: 10 }, read)))).toEqual(["incomplete", code]);
    expect(stub.asked).toHaveLength(1);
  });
});

describe("addresses", () => {
  test("a next page of the same origin is followed, one of another gets no request", async () => {
    stub.turns = [ok];
    expect(await stub.client().request({ ...LIST, path: new URL("/v1/events?page=2", stub.address).href }, read)).toBe("whole");
    for (const path of ["http://127.0.0.1:1/v1/events", "//elsewhere.example/x", stub.address.replace("//", "//u:p@")]) {
      expect(shape(await failureOf(stub.client().request({ ...LIST, path }, read)))).toEqual([
        "incomplete",
        "source.other_origin",
      ]);
    }
    expect(stub.asked).toHaveLength(1);
  });

  test.each(["not an address", "ftp://127.0.0.1/", "http://user:secret@127.0.0.1/"])("%s is none of an API", async (wrong) => {
    expect(shape(await failureOf(stub.client({ address: wrong }).request(LIST, read)))).toEqual(["usage", "source.url"]);
  });
});

describe("rates and budget", () => {
  test("each attempt takes a token of each bucket that it names", async () => {
    stub.turns = [say(500), ok];
    const buckets = {
      all: tokenBucket({ timer: stub.timer, perSecond: 1, burst: 1 }),
      search: tokenBucket({ timer: stub.timer, perSecond: 0.1, burst: 1 }),
    };
    await stub.client({ buckets }).request({ ...LIST, buckets: ["all", "search"] }, read);
    expect(stub.timer.now()).toBe(10_000);
  });

  test("no token before the deadline: nothing is sent", async () => {
    stub.turns = [ok];
    const buckets = { all: tokenBucket({ timer: stub.timer, perSecond: 0.001, burst: 1 }) };
    const request = { ...LIST, buckets: ["all"], until: 5000 };
    await stub.client({ buckets }).request(request, read);
    expect(shape(await failureOf(stub.client({ buckets }).request(request, read)))).toEqual(["retryable", "source.rate"]);
    expect(shape(await failureOf(stub.client().request(request, read)))).toEqual(["internal", "source.rate_unknown"]);
    expect(stub.asked).toHaveLength(1);
  });

  test("the budget counts what is sent again, and says when it is used up", async () => {
    stub.turns = [say(500), ok];
    const client = stub.client({ budget: requestBudget(3) });
    await client.request(LIST, read);
    expect([client.budget.left(), client.budget.isUsedUp()]).toEqual([1, false]);
    await client.request(LIST, read);
    expect(client.budget.isUsedUp()).toBe(true);
    expect(shape(await failureOf(client.request(LIST, read)))).toEqual(["incomplete", "source.budget"]);
    expect(stub.asked).toHaveLength(3);
  });
});

describe("no failure holds a credential", () => {
  /** Everything that could be printed of an error, by whatever prints it. */
  const everything = (error: unknown) =>
    `${inspect(error, { depth: 20, showHidden: true })}\n${JSON.stringify(error)}\n${error instanceof Error ? error.stack : ""}`;

  const WAYS: Record<string, Turn> = {
    "no answer": hangUp,
    cut,
    "401 that repeats the header": (response, request) =>
      say(401, request.headers.authorization, { "x-got": "1" })(response, request),
    "500 that repeats the address": (response, request) => say(500, request.url)(response, request),
    "a redirection with the query": (response, request) => say(302, "", { location: request.url ?? "/" })(response, request),
    "too large": say(200, "x".repeat(2000)),
  };
  const secret = fc.oneof(
    fc.string({ unit: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz0123456789_-"), minLength: 12, maxLength: 30 }),
    fc.string({ unit: fc.constantFrom(..."ABCDEFé\n\0\u{1f9fe}"), minLength: 12, maxLength: 30 }),
  );

  test.each(Object.entries(WAYS))("%s", async (_, turn) => {
    await fc.assert(
      fc.asyncProperty(secret, async (key) => {
        stub.turns = [turn];
        const client = stub.client({
          timer: fakeTimer(),
          headers: async () => ({ authorization: `Bearer ${key}` }),
          limits: { attempts: 2 },
        });
        const error = await client.request({ ...LIST, query: { key }, maxBytes: 1000, headers: { "x-key": key } }, read).then(
          () => expect.fail("it succeeded"),
          (error: unknown) => error,
        );
        for (const form of [key, JSON.stringify(key).slice(1, -1), encodeURIComponent(key), inspect(key).slice(1, -1)]) {
          expect(everything(error)).not.toContain(form);
        }
      }),
      { numRuns: 15 },
    );
  });

  test("an address with userinfo, a host that is not there, a port that is closed", async () => {
    for (const wrong of [
      "http://user:hidden-word@127.0.0.1/",
      "http://hidden-word.invalid/",
      "http://127.0.0.1:1/hidden-word/",
    ]) {
      const error = await failureOf(stub.client({ address: wrong, limits: { attempts: 1 } }).request(LIST, read));
      expect(everything(error)).not.toContain("hidden-word");
    }
  });
});
