import { createHash } from "node:crypto";
import { createServer } from "node:net";
import { CreateMultipartUploadCommand, ListMultipartUploadsCommand } from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { OWNER } from "../../src/objects/s3/bucket.ts";
import { s3ObjectStore } from "../../src/objects/s3/s3-object-store.ts";
import { loadPackages } from "../../src/s3/bucket.ts";
import { failed } from "../support/failed.ts";
import { freshBucket, lacks, SKIPPED, SMALL_PARTS, servers, type TestBucket } from "../support/s3.ts";
import { type Fault, openProxy, type Seen } from "../support/s3-proxy.ts";
import { NO_KEYS, SOME_KEYS, withEnv } from "../support/with-env.ts";

const MEGABYTE = 1 << 20;
/** Three parts. */
const BIG = Buffer.concat([Buffer.alloc(5 * MEGABYTE, 1), Buffer.alloc(5 * MEGABYTE, 2), Buffer.alloc(MEGABYTE, 3)]);

async function* inChunks(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 64 * 1024) yield bytes.subarray(at, at + 64 * 1024);
}

const digestOf = (bytes: Buffer) => ({ bytes: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") });
const part = ({ method, query }: Seen, number: number) => method === "PUT" && query.get("partNumber") === String(number);
const completes = ({ method, query }: Seen) => method === "POST" && query.has("uploadId");

/** Something that goes wrong the first so many times. */
function times(most: number, what: (seen: Seen) => Fault | null): (seen: Seen) => Fault | null {
  let left = most;
  return (seen) => {
    const fault = left > 0 ? what(seen) : null;
    if (fault) left -= 1;
    return fault;
  };
}

async function unfinished(bucket: TestBucket): Promise<number> {
  const found = await bucket.admin.send(new ListMultipartUploadsCommand({ Bucket: bucket.name }));
  return found.Uploads?.length ?? 0;
}

/** A store in a bucket that nobody made. */
const storeInNoBucket = (endpoint: string) =>
  s3ObjectStore({
    path: "s3://there-is-none/p",
    endpoint,
    pathStyle: true,
    compression: null,
    temporary: "/nonexistent",
    now: () => new Date(),
  });

describe.each(servers)("a bad way to $name", (server) => {
  test("a cut part is sent again, and the object is whole", async () => {
    using bucket = await freshBucket(server);
    await using proxy = await openProxy(
      server.endpoint,
      times(1, (seen) => (part(seen, 2) ? { cut: "request" } : null)),
    );
    const written = await bucket.store({ through: proxy.endpoint }).put("big.csv", inChunks(BIG));
    expect(written).toEqual(digestOf(BIG));
    expect(await bucket.store().digest("big.csv")).toEqual(written);
    expect(proxy.seen.filter((seen) => part(seen, 2))).toHaveLength(2);
  });

  test("no part is larger than asked for, and no more are under way than asked for", async () => {
    using bucket = await freshBucket(server);
    await using proxy = await openProxy(server.endpoint, () => null);
    const bytes = Buffer.alloc(31 * MEGABYTE, 9);
    await bucket.store({ through: proxy.endpoint }).put("big.csv", inChunks(bytes));
    const parts = proxy.seen.filter(({ query }) => query.has("partNumber"));
    expect(parts).toHaveLength(7);
    expect(Math.max(...proxy.seen.map((seen) => seen.bytes))).toBe(SMALL_PARTS.partBytes);
    expect(proxy.mostAtOnce()).toBeLessThanOrEqual(SMALL_PARTS.parallelParts);
  });

  test("a part that is always cut fails the upload: exit 40, and nothing is left", async () => {
    using bucket = await freshBucket(server);
    await using proxy = await openProxy(server.endpoint, (seen) => (part(seen, 2) ? { cut: "request" } : null));
    const failure = await failed(bucket.store({ through: proxy.endpoint }).put("big.csv", inChunks(BIG)));
    expect(failure).toMatchObject({ kind: "retryable", problems: [{ code: "objects.s3_unreachable" }] });
    expect(await bucket.store().list("")).toEqual([]);
    expect(await unfinished(bucket)).toBe(0);
  });

  test("an upload that its process never finished is no object", async () => {
    using bucket = await freshBucket(server);
    await bucket.admin.send(new CreateMultipartUploadCommand({ Bucket: bucket.name, Key: "some/prefix/big.csv" }));
    const store = bucket.store();
    expect(await store.list("")).toEqual([]);
    expect(await store.digest("big.csv")).toBeNull();
    expect(await store.put("big.csv", inChunks(BIG))).toEqual(digestOf(BIG));
  });

  test.each([
    ["a small object", BIG.subarray(0, 10), (seen: Seen) => seen.method === "PUT"],
    ["the last step of a large one", BIG, completes],
  ])("the answer to writing is lost, %s: the write is known to be ours", async (_, bytes, isLast) => {
    using bucket = await freshBucket(server);
    const lose = times(1, (seen) => (isLast(seen) ? { cut: "answer" } : null));
    await using proxy = await openProxy(server.endpoint, lose);
    expect(await bucket.store({ through: proxy.endpoint }).put("k.csv", inChunks(bytes))).toEqual(digestOf(bytes));
    expect(await bucket.store().digest("k.csv")).toEqual(digestOf(bytes));
  });

  test("the answer to a manifest is lost: its writer has won, a second one with the same text has not", async () => {
    using bucket = await freshBucket(server);
    const lose = times(1, ({ method }) => (method === "PUT" ? { cut: "answer" } : null));
    await using proxy = await openProxy(server.endpoint, lose);
    expect(await bucket.store({ through: proxy.endpoint }).putIfAbsent("m.json", "text")).toBe(true);
    expect(proxy.seen.filter(({ method }) => method === "PUT")).toHaveLength(2);
    expect(await bucket.store().putIfAbsent("m.json", "text")).toBe(false);
  });

  test("a conflict with another request under way is tried again; one that stays is exit 40", async () => {
    using bucket = await freshBucket(server);
    const conflict = ({ method }: Seen): Fault | null =>
      method === "PUT" ? { answer: 409, code: "ConditionalRequestConflict" } : null;
    await using passing = await openProxy(server.endpoint, times(2, conflict));
    expect(await bucket.store({ through: passing.endpoint }).putIfAbsent("m.json", "text")).toBe(true);
    await using staying = await openProxy(server.endpoint, conflict);
    const store = bucket.store({ through: staying.endpoint });
    expect(await failed(store.putIfAbsent("n.json", "text"))).toMatchObject({ kind: "retryable" });
    expect(await failed(store.put("n.csv", inChunks(BIG.subarray(0, 9))))).toMatchObject({ kind: "retryable" });
  });

  test("a write that was refused for one of the same bytes, still under way, is that one", async () => {
    using bucket = await freshBucket(server);
    const [store, bytes] = [bucket.store(), BIG.subarray(0, 9)];
    let other: Promise<unknown> = Promise.resolve();
    await using proxy = await openProxy(server.endpoint, ({ method }) => {
      if (method !== "PUT") return null;
      other = new Promise((resolve) => setTimeout(resolve, 20)).then(() => store.put("twin", inChunks(bytes)));
      return { answer: 409, code: "ConditionalRequestConflict" };
    });
    const mine = await bucket.store({ through: proxy.endpoint }).put("twin", inChunks(bytes));
    expect(mine).toEqual(await other);
  });

  test("a busy service is asked again; one that stays busy is exit 40", async () => {
    using bucket = await freshBucket(server);
    const busy = (): Fault => ({ answer: 503, code: "SlowDown" });
    await using passing = await openProxy(server.endpoint, times(2, busy));
    expect(await bucket.store({ through: passing.endpoint }).putIfAbsent("m.json", "text")).toBe(true);
    await using staying = await openProxy(server.endpoint, busy);
    const failure = await failed(bucket.store({ through: staying.endpoint }).getText("m.json"));
    expect(failure).toMatchObject({ kind: "retryable", problems: [{ code: "objects.s3_busy" }] });
    expect(failure.message).toContain("SlowDown, 503");
    expect(staying.seen).toHaveLength(SMALL_PARTS.attempts);
  });

  test.each<[string, Fault]>([
    ["breaks off", { cutBodyAt: 6 * MEGABYTE }],
    ["has another bit than its checksum", { flip: "answer" }],
  ])("an answer that %s is read again from its beginning", async (_, fault) => {
    using bucket = await freshBucket(server);
    await bucket.store().put("big.csv", inChunks(BIG));
    const reads = ({ method }: Seen) => method === "GET";
    await using once = await openProxy(
      server.endpoint,
      times(1, (seen) => (reads(seen) ? fault : null)),
    );
    expect(await bucket.store({ through: once.endpoint }).digest("big.csv")).toEqual(digestOf(BIG));
    expect(once.seen.filter(reads)).toHaveLength(2);
    await using copying = await openProxy(
      server.endpoint,
      times(1, (seen) => (reads(seen) ? fault : null)),
    );
    const copy = await bucket.store({ through: copying.endpoint }).local("big.csv", digestOf(BIG));
    await copy.release();
    await using always = await openProxy(server.endpoint, (seen) => (reads(seen) ? fault : null));
    const failure = await failed(bucket.store({ through: always.endpoint }).digest("big.csv"));
    expect(failure.kind).toBe("flip" in fault ? "incomplete" : "retryable");
  });

  test("a body that stands still is given up", async () => {
    using bucket = await freshBucket(server);
    await bucket.store().put("big.csv", inChunks(BIG));
    await using proxy = await openProxy(
      server.endpoint,
      times(1, ({ method }) => (method === "GET" ? { stallBodyAt: MEGABYTE } : null)),
    );
    const store = bucket.store({ through: proxy.endpoint, limits: { ...SMALL_PARTS, deadlineMs: 500 } });
    expect(await store.digest("big.csv")).toEqual(digestOf(BIG));
  });

  test.skipIf(lacks(server, "checksums"))("bytes that changed on their way in are refused: exit 20", async () => {
    using bucket = await freshBucket(server);
    await using proxy = await openProxy(server.endpoint, ({ method, bytes }) =>
      method === "PUT" && bytes > 0 ? { flip: "request" } : null,
    );
    const store = bucket.store({ through: proxy.endpoint });
    for (const bytes of [BIG.subarray(0, 9), BIG]) {
      expect(await failed(store.put("k.csv", inChunks(bytes)))).toMatchObject({
        kind: "incomplete",
        problems: [{ code: "objects.checksum" }],
      });
    }
    expect(await bucket.store().list("")).toEqual([]);
  });

  test.skipIf(lacks(server, "signatures"))("a wrong secret is exit 2, and stands in no message", async () => {
    using bucket = await freshBucket(server);
    const before = process.env["AWS_SECRET_ACCESS_KEY"];
    process.env["AWS_SECRET_ACCESS_KEY"] = "hunter2hunter2";
    try {
      const store = bucket.store();
      const asks = [
        () => store.getText("a"),
        () => store.putIfAbsent("a", "x"),
        () => store.list(""),
        () => store.remove("a"),
        () => store.describe(),
      ];
      for (const ask of asks) {
        const failure = await failed(ask());
        expect(failure.kind).toBe("usage");
        expect(failure.message).toMatch(/AWS_SECRET_ACCESS_KEY|no right/);
        expect(failure.message).not.toContain("hunter2");
        expect(failure.cause).toBeUndefined();
      }
    } finally {
      process.env["AWS_SECRET_ACCESS_KEY"] = before;
    }
  });

  test("what the service says only to some is not needed to tell what the store is", async () => {
    using bucket = await freshBucket(server, { lock: true });
    const retention = { mode: "governance" as const, days: 1, below: ["landing/"] };
    for (const fault of [
      { answer: 403, code: "AccessDenied" },
      { answer: 501, code: "NotImplemented" },
    ]) {
      const asksSettings = ({ query }: Seen) => query.has("versioning") || query.has("object-lock");
      await using proxy = await openProxy(server.endpoint, (seen) => (asksSettings(seen) ? fault : null));
      const store = bucket.store({ through: proxy.endpoint, retention });
      expect(await store.describe()).toMatch(/, versions unknown, object lock for 1 days \(governance\)$/);
    }
  });

  test("a right that is missing is exit 2 and named; a service without conditional writes too", async () => {
    using bucket = await freshBucket(server);
    await using denying = await openProxy(server.endpoint, () => ({ answer: 403, code: "AccessDenied" }));
    const denied = await failed(bucket.store({ through: denying.endpoint }).putIfAbsent("m.json", "x"));
    expect(denied).toMatchObject({ kind: "usage", problems: [{ code: "objects.s3_denied" }] });
    expect(denied.message).toContain("refuses to write an object in the bucket");
    await using old = await openProxy(server.endpoint, () => ({ answer: 501, code: "NotImplemented" }));
    expect(await failed(bucket.store({ through: old.endpoint }).put("k", inChunks(BIG)))).toMatchObject({
      kind: "usage",
      problems: [{ code: "objects.s3_unsupported" }],
    });
  });

  test.each([
    { answer: 301, code: "PermanentRedirect", kind: "usage", problem: "objects.s3_region" },
    { answer: 403, code: "RequestTimeTooSkewed", kind: "usage", problem: "objects.s3_clock" },
    { answer: 403, code: "ExpiredToken", kind: "usage", problem: "objects.s3_credentials" },
    { answer: 400, code: "KMS.NotFoundException", kind: "usage", problem: "objects.s3_refused" },
    { answer: 404, code: "NoSuchUpload", kind: "retryable", problem: "objects.s3_busy" },
    { answer: 429, code: "TooManyRequests", kind: "retryable", problem: "objects.s3_busy" },
    { answer: 500, code: "InternalError", kind: "retryable", problem: "objects.s3_busy" },
    { answer: 400, code: "BadDigest", kind: "incomplete", problem: "objects.checksum" },
  ])("an answer $answer $code is $kind", async ({ answer, code, kind, problem }) => {
    using bucket = await freshBucket(server);
    await using proxy = await openProxy(server.endpoint, () => ({ answer, code }));
    const store = bucket.store({ through: proxy.endpoint, limits: { ...SMALL_PARTS, attempts: 1 } });
    expect(await failed(store.list(""))).toMatchObject({ kind, problems: [{ code: problem }] });
  });

  test("no such bucket is exit 2, for each operation", async () => {
    const store = storeInNoBucket(server.endpoint);
    const asks = [
      () => store.getText("a"),
      () => store.putIfAbsent("a", "x"),
      () => store.list(""),
      () => store.digest("a"),
      () => store.describe(),
      () => store.put("a", inChunks(BIG)),
    ];
    for (const ask of asks) {
      expect(await failed(ask())).toMatchObject({ kind: "usage", problems: [{ code: "objects.s3_bucket" }] });
    }
  });
});

describe.each(servers)("bytes whose way breaks while they are sent to $name", (server) => {
  const cutsWrites = ({ method }: Seen): Fault | null => (method === "PUT" ? { cut: "request" } : null);

  test("what the service says of the bucket is the reason", async () => {
    await using proxy = await openProxy(server.endpoint, cutsWrites);
    const failure = await failed(storeInNoBucket(proxy.endpoint).put("a", inChunks(BIG)));
    expect(failure).toMatchObject({ kind: "usage", problems: [{ code: "objects.s3_bucket" }] });
  });

  test.each<[string, Fault | null]>([
    ["has nothing against the bucket", null],
    ["lists nothing for these credentials", { answer: 403, code: "AccessDenied" }],
    ["is busy", { answer: 503, code: "SlowDown" }],
  ])("a service that %s leaves the broken way as the reason", async (_, fault) => {
    using bucket = await freshBucket(server);
    await using proxy = await openProxy(server.endpoint, (seen) => (seen.method === "GET" ? fault : cutsWrites(seen)));
    const failure = await failed(bucket.store({ through: proxy.endpoint }).put("a", inChunks(BIG.subarray(0, MEGABYTE))));
    expect(failure).toMatchObject({ kind: "retryable", problems: [{ code: "objects.s3_unreachable" }] });
  });
});

test.skipIf(servers.length > 0)(`a bad way to S3 (${SKIPPED})`, (context) => context.skip());

/** A store that needs no server. */
function storeAt(endpoint: string | undefined, more: object = {}) {
  return s3ObjectStore({
    path: "s3://some-bucket/p",
    ...(endpoint === undefined ? {} : { endpoint }),
    pathStyle: true,
    compression: null,
    temporary: "/nonexistent",
    now: () => new Date(),
    limits: { ...SMALL_PARTS, attempts: 2 },
    ...more,
  });
}

test("an endpoint where nobody listens is exit 40 and named by its host alone", async () => {
  const free = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => free.once("listening", resolve));
  const { port } = free.address() as { port: number };
  await new Promise((resolve) => free.close(resolve));
  await withEnv(SOME_KEYS, async () => {
    const store = storeAt(`http://127.0.0.1:${port}`);
    for (const ask of [() => store.getText("a"), () => store.put("a", inChunks(BIG))]) {
      const failure = await failed(ask());
      expect(failure).toMatchObject({ kind: "retryable", problems: [{ code: "objects.s3_unreachable" }] });
      expect(failure.problems[0]?.says).toContain(`127.0.0.1:${port} did not answer`);
    }
  });
});

test("without credentials, or without a region, it is exit 2 and says what to set", async () => {
  await withEnv(NO_KEYS, async () => {
    const failure = await failed(storeAt("http://127.0.0.1:9").getText("a"));
    expect(failure).toMatchObject({ kind: "usage", problems: [{ code: "objects.s3_no_credentials" }] });
    expect(failure.message).toContain("AWS_ACCESS_KEY_ID");
  });
  await withEnv({ ...NO_KEYS, ...SOME_KEYS }, async () => {
    expect(await failed(storeAt(undefined).getText("a"))).toMatchObject({
      kind: "usage",
      problems: [{ code: "objects.s3_region_missing" }],
    });
  });
});

test("without the driver it is exit 2 with the command to type", async () => {
  const missing = new Error("Cannot find package '@aws-sdk/client-s3' imported from bucket.ts");
  const failure = await failed(loadPackages(OWNER, () => Promise.reject(missing)));
  expect(failure).toMatchObject({ kind: "usage", problems: [{ code: "objects.s3_packages" }] });
  const { peerDependencies } = (await import("../../package.json", { with: { type: "json" } })).default;
  for (const name of ["@aws-sdk/client-s3", "@aws-sdk/lib-storage"] as const) {
    expect(failure.message).toContain(`${name}@${peerDependencies[name]}`);
  }
  await expect(loadPackages(OWNER, () => Promise.reject(new Error("another fault")))).rejects.toThrow("another fault");
});

test("a place that is none, and a key too long with its prefix, are refused before anything is sent", async () => {
  expect(() => storeAt("http://127.0.0.1:9", { path: "bucket/p" })).toThrow(/is no place in S3/);
  const long = Array.from({ length: 5 }, () => "x".repeat(203)).join("/");
  const store = storeAt("http://127.0.0.1:9", { path: `s3://b/${"p".repeat(10)}` });
  expect(() => store.url(long)).toThrow(/not an object key/);
  expect(await failed(store.putIfAbsent(long, "x"))).toMatchObject({ kind: "internal" });
});
