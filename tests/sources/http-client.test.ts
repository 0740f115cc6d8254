import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { inspect } from "node:util";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { LONGEST_TIMEOUT, systemTimer } from "../../src/kernel/clock.ts";
import { Failure } from "../../src/kernel/problem.ts";
import { tokenBucket } from "../../src/kernel/token-bucket.ts";
import { type HttpAnswer, type HttpClientOptions, type HttpRequest, httpClient } from "../../src/sources/http-client.ts";
import { requestBudget } from "../../src/sources/request-budget.ts";
import { type FakeTimer, fakeTimer } from "../support/fake-timer.ts";
import { bytesOf } from "../support/raw-file.ts";

type Turn = (response: ServerResponse, request: IncomingMessage) => void;

/** What the server does with the next requests, the last of them for ever. */
let turns: Turn[] = [];
const asked: { method: string; url: string; authorization: string | undefined; body: string }[] = [];
const server = createServer((request, response) => {
  const chunks: Uint8Array[] = [];
  request.on("data", (chunk: Uint8Array) => chunks.push(chunk));
  request.on("end", () => {
    const { method = "", url = "", headers } = request;
    asked.push({ method, url, authorization: headers.authorization, body: Buffer.concat(chunks).toString() });
    const turn = turns.length > 1 ? turns.shift() : turns[0];
    turn?.(response, request);
  });
});
let address = "";
let timer: FakeTimer;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked.length = 0;
  timer = fakeTimer();
});

const NOW = "Mon, 23 Nov 2026 10:00:00 GMT";
const say =
  (status: number, body = "", headers: Record<string, string> = {}): Turn =>
  (response) => {
    response.writeHead(status, { "content-length": String(Buffer.byteLength(body)), date: NOW, ...headers });
    response.end(body);
  };
const ok = say(200, "whole");
/** Says that more comes than does, then breaks the connection off. */
const cut: Turn = (response) => {
  response.writeHead(200, { "content-length": "100" });
  response.write("half", () => response.destroy());
};
const hangUp: Turn = (response) => void response.destroy();
const stall: Turn = (response) => {
  response.writeHead(200, { "content-length": "100" });
  response.write("half");
};
const never: Turn = () => undefined;

function clientOf(given: Partial<HttpClientOptions> = {}) {
  return httpClient({
    source: "stripe",
    address,
    headers: async () => ({ authorization: "Bearer a-secret-of-ours" }),
    buckets: {},
    budget: requestBudget(100),
    timer,
    random: () => 0.5,
    ...given,
  });
}

const LIST: HttpRequest = { name: "list events", path: "events", maxBytes: 1_000_000 };
const read = async (answer: HttpAnswer) => (await bytesOf(answer.body)).toString();

async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const error = await work.then(
    () => expect.fail("it succeeded"),
    (error: unknown) => error,
  );
  if (!(error instanceof Failure)) throw error;
  return error;
}
const shape = ({ kind, problems }: Failure) => [kind, problems[0]?.code];

describe("an answer", () => {
  test("brings its bytes as they were sent, its status and the API's own time", async () => {
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, i) => i % 256));
    turns = [(response) => response.writeHead(200, { date: NOW }).end(bytes)];
    const got = await clientOf().request({ ...LIST, query: { limit: "100", after: "a b&c" } }, async (answer) => {
      expect([answer.status, answer.now]).toEqual([200, new Date("2026-11-23T10:00:00Z")]);
      return bytesOf(answer.body);
    });
    expect(got.equals(bytes)).toBe(true);
    expect(asked).toEqual([
      { method: "GET", url: "/v1/events?limit=100&after=a+b%26c", authorization: "Bearer a-secret-of-ours", body: "" },
    ]);
  });

  test("may say nothing of the time, or nonsense", async () => {
    for (const date of ["", "yesterday", "2026-11-23"]) {
      turns = [say(200, "x", { date })];
      expect(await clientOf().request(LIST, async (answer) => answer.now)).toBeNull();
    }
  });

  test("of another status is one where the request says so", async () => {
    turns = [say(404, "gone")];
    expect(await clientOf().request({ ...LIST, accepts: [404] }, async (answer) => [answer.status, await read(answer)])).toEqual([
      404,
      "gone",
    ]);
  });

  test("need not be read to its end", async () => {
    turns = [stall, ok];
    const client = clientOf();
    expect(await client.request(LIST, async (answer) => answer.status)).toBe(200);
    const first = async (answer: HttpAnswer) => {
      for await (const chunk of answer.body) return Buffer.from(chunk).toString();
      return "";
    };
    turns = [stall];
    expect(await client.request(LIST, first)).toBe("half");
    turns = [ok];
    expect(await client.request(LIST, read)).toBe("whole");
  });
});

describe("a request that can be repeated", () => {
  test.each([
    ["a connection that breaks before the answer", [hangUp]],
    ["a body that is cut", [cut]],
    ["an error of the service", [say(500), say(503), say(502, "<html>")]],
    ["two of them in a row", [cut, say(500)]],
  ] as [string, Turn[]][])("is sent again after %s; the body begins anew", async (_, failing) => {
    turns = [...failing, ok];
    const begun: string[] = [];
    const got = await clientOf().request(LIST, async (answer) => {
      begun.push("");
      return read(answer);
    });
    expect(got).toBe("whole");
    expect(asked).toHaveLength(failing.length + 1);
    expect(timer.pauses).toEqual([250, 500, 1000].slice(0, failing.length));
  });

  test("is sent again after silence, before the answer or in the middle of it", async () => {
    turns = [never, stall, ok];
    expect(await clientOf({ limits: { silenceMs: 40 } }).request(LIST, read)).toBe("whole");
  });

  test.each([
    ["seconds", "7", 7000],
    ["a date, by the service's clock", "Mon, 23 Nov 2026 10:01:00 GMT", 60_000],
    ["a date that has passed", "Mon, 23 Nov 2026 09:00:00 GMT", 0],
    ["nonsense", "soon", 0],
  ])("waits as long as the service asks: %s", async (_, header, milliseconds) => {
    turns = [say(429, "", { "retry-after": header }), ok];
    await clientOf().request(LIST, read);
    expect(timer.pauses).toEqual([milliseconds + 250]);
  });

  test("is not broken off while whoever takes its bytes takes their time", async () => {
    const long = "x".repeat(3_000_000);
    turns = [say(200, long)];
    const slowly = async ({ body }: HttpAnswer) => {
      const found: Uint8Array[] = [];
      for await (const chunk of body) {
        if (found.length === 0) await systemTimer.pause(250);
        found.push(chunk);
      }
      return Buffer.concat(found).length;
    };
    const client = clientOf({ limits: { silenceMs: 100 } });
    expect(await client.request({ ...LIST, maxBytes: long.length }, slowly)).toBe(long.length);
  });

  test("holds the rate for everybody when it is throttled", async () => {
    turns = [say(429, "", { "retry-after": "30" }), ok];
    const buckets = { reads: tokenBucket({ timer, perSecond: 1, burst: 10 }) };
    await clientOf({ buckets }).request({ ...LIST, buckets: ["reads"] }, read);
    expect(timer.now()).toBeGreaterThanOrEqual(30_250);
    expect(await buckets.reads.take({ until: timer.now() })).toBe(false);
  });

  test("is given up when attempts run out, and says what the last one met", async () => {
    const limits = { attempts: 3 };
    turns = [say(503)];
    expect(shape(await failureOf(clientOf({ limits }).request(LIST, read)))).toEqual(["retryable", "source.busy"]);
    expect(asked).toHaveLength(3);
    turns = [say(429)];
    expect(shape(await failureOf(clientOf({ limits }).request(LIST, read)))).toEqual(["retryable", "source.throttled"]);
    turns = [cut];
    expect(shape(await failureOf(clientOf({ limits }).request(LIST, read)))).toEqual(["retryable", "source.unreachable"]);
  });

  test("is given up at once when the service asks to wait beyond the deadline", async () => {
    turns = [say(429, "", { "retry-after": "60" })];
    const failure = await failureOf(clientOf().request({ ...LIST, until: 59_999 }, read));
    expect(shape(failure)).toEqual(["retryable", "source.throttled"]);
    expect(timer.now()).toBe(0);
  });

  test.each([
    ["before the answer", never],
    ["in the middle of it", stall],
  ] as [string, Turn][])("ends at its deadline: %s", async (_, turn) => {
    turns = [turn];
    const client = clientOf({ timer: systemTimer });
    const failure = await failureOf(client.request({ ...LIST, until: systemTimer.now() + 50 }, read));
    expect(shape(failure)).toEqual(["retryable", "source.unreachable"]);
  });

  test("has a deadline beyond Node's longest timeout", async () => {
    turns = [(response, request) => void setTimeout(() => ok(response, request), 20)];
    const client = clientOf({ timer: systemTimer });
    expect(await client.request({ ...LIST, until: systemTimer.now() + 2 * LONGEST_TIMEOUT }, read)).toBe("whole");
  });

  test.each([
    ["before the answer", never],
    ["in the middle of it", stall],
    ["while it waits for the next attempt", say(500)],
  ] as [string, Turn][])("ends when it is abandoned: %s", async (_, turn) => {
    const abandoned = new AbortController();
    turns = [
      (response, request) => {
        turn(response, request);
        setImmediate(() => abandoned.abort());
      },
    ];
    const client = clientOf({ timer: systemTimer, limits: { firstWaitMs: 1e8, longestWaitMs: 1e8 } });
    const failure = await failureOf(client.request({ ...LIST, signal: abandoned.signal }, read));
    expect(shape(failure)).toEqual(["retryable", "source.cancelled"]);
    expect(asked).toHaveLength(1);
    expect(shape(await failureOf(client.request({ ...LIST, signal: abandoned.signal }, read)))).toEqual([
      "retryable",
      "source.cancelled",
    ]);
  });
});

describe("a request whose headers never come", () => {
  const headers = () => new Promise<never>(() => undefined);

  test("ends after silence, at its deadline, and when it is abandoned", async () => {
    turns = [ok];
    const silent = clientOf({ headers, limits: { silenceMs: 20, attempts: 2 } });
    expect(shape(await failureOf(silent.request(LIST, read)))).toEqual(["retryable", "source.unreachable"]);
    const client = clientOf({ headers, timer: systemTimer });
    const late = await failureOf(client.request({ ...LIST, until: systemTimer.now() + 20 }, read));
    expect(shape(late)).toEqual(["retryable", "source.unreachable"]);
    const abandoned = new AbortController();
    setTimeout(() => abandoned.abort(), 20);
    const failure = await failureOf(client.request({ ...LIST, signal: abandoned.signal }, read));
    expect(shape(failure)).toEqual(["retryable", "source.cancelled"]);
    expect(asked).toEqual([]);
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
    turns = [turn, ok];
    expect((await failureOf(clientOf().request(create, read))).kind).toBe("retryable");
    expect(asked.map(({ method, body }) => [method, body])).toEqual([["POST", "{}"]]);
  });

  test("becomes one that can by a key that makes it idempotent", async () => {
    turns = [cut, ok];
    expect(await clientOf().request({ ...create, isIdempotent: true, headers: { "idempotency-key": "k" } }, read)).toBe("whole");
    expect(asked).toHaveLength(2);
  });

  test.each([
    ["login", 401, ["incomplete", "source.login"]],
    ["right", 403, ["incomplete", "source.right"]],
    ["address", 404, ["incomplete", "source.answer"]],
    ["version", 501, ["incomplete", "source.answer"]],
  ] as [string, number, [string, string]][])(
    "nor can one whose %s is wrong, whatever its method",
    async (_, status, expected) => {
      turns = [say(status), ok];
      const failure = await failureOf(clientOf().request(LIST, read));
      expect(shape(failure)).toEqual(expected);
      expect(failure.problems[0]?.next).not.toMatch(/repeat/);
      expect(asked).toHaveLength(1);
    },
  );

  test("what takes the bytes fails by itself: its error is the request's", async () => {
    turns = [ok];
    const full = new Error("no space left");
    await expect(clientOf().request(LIST, async () => Promise.reject(full))).rejects.toBe(full);
    expect(asked).toHaveLength(1);
  });

  test("what takes the bytes wraps the error of a broken body: it is sent again all the same", async () => {
    turns = [cut, ok];
    const wrapped = (answer: HttpAnswer) =>
      read(answer).catch((cause: unknown) => Promise.reject(new Error("put failed", { cause })));
    expect(await clientOf().request(LIST, wrapped)).toBe("whole");
  });

  test("what takes the bytes is content with half a body: it is sent again all the same", async () => {
    turns = [cut, ok];
    expect(await clientOf().request(LIST, (answer) => read(answer).catch(() => "half"))).toBe("whole");
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
    turns = [turn, ok];
    expect(shape(await failureOf(clientOf().request({ ...LIST, maxBytes: 10 }, read)))).toEqual(["incomplete", code]);
    expect(asked).toHaveLength(1);
  });
});

describe("addresses", () => {
  test("a next page of the same origin is followed, one of another gets no request", async () => {
    turns = [ok];
    expect(await clientOf().request({ ...LIST, path: new URL("/v1/events?page=2", address).href }, read)).toBe("whole");
    for (const path of ["http://127.0.0.1:1/v1/events", "//elsewhere.example/x", address.replace("//", "//u:p@")]) {
      expect(shape(await failureOf(clientOf().request({ ...LIST, path }, read)))).toEqual(["incomplete", "source.other_origin"]);
    }
    expect(asked).toHaveLength(1);
  });

  test.each(["not an address", "ftp://127.0.0.1/", "http://user:secret@127.0.0.1/"])("%s is none of an API", async (wrong) => {
    expect(shape(await failureOf(clientOf({ address: wrong }).request(LIST, read)))).toEqual(["usage", "source.url"]);
  });
});

describe("rates and budget", () => {
  test("each attempt takes a token of each bucket that it names", async () => {
    turns = [say(500), ok];
    const buckets = {
      all: tokenBucket({ timer, perSecond: 1, burst: 1 }),
      search: tokenBucket({ timer, perSecond: 0.1, burst: 1 }),
    };
    await clientOf({ buckets }).request({ ...LIST, buckets: ["all", "search"] }, read);
    expect(timer.now()).toBe(10_000);
  });

  test("no token before the deadline: nothing is sent", async () => {
    turns = [ok];
    const buckets = { all: tokenBucket({ timer, perSecond: 0.001, burst: 1 }) };
    const request = { ...LIST, buckets: ["all"], until: 5000 };
    await clientOf({ buckets }).request(request, read);
    expect(shape(await failureOf(clientOf({ buckets }).request(request, read)))).toEqual(["retryable", "source.rate"]);
    expect(shape(await failureOf(clientOf().request(request, read)))).toEqual(["internal", "source.rate_unknown"]);
    expect(asked).toHaveLength(1);
  });

  test("the budget counts what is sent again, and says when it is used up", async () => {
    turns = [say(500), ok];
    const client = clientOf({ budget: requestBudget(3) });
    await client.request(LIST, read);
    expect([client.budget.left(), client.budget.isUsedUp()]).toEqual([1, false]);
    await client.request(LIST, read);
    expect(client.budget.isUsedUp()).toBe(true);
    expect(shape(await failureOf(client.request(LIST, read)))).toEqual(["incomplete", "source.budget"]);
    expect(asked).toHaveLength(3);
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
        turns = [turn];
        const client = clientOf({
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
      const error = await failureOf(clientOf({ address: wrong, limits: { attempts: 1 } }).request(LIST, read));
      expect(everything(error)).not.toContain("hidden-word");
    }
  });
});
