import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { ListMultipartUploadsCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { afterAll, describe, expect, test } from "vitest";
import { freshBucket, SKIPPED, servers, type TestBucket } from "../support/s3.ts";
import { objectStoreConformance } from "./conformance.ts";

const buckets: TestBucket[] = [];

afterAll(() => {
  for (const bucket of buckets) bucket[Symbol.dispose]();
});

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

test.skipIf(servers.length > 0)(`objects/s3 without a server (${SKIPPED})`, (context) => {
  context.skip();
});

for (const server of servers) {
  const shared = freshBucket(server).then((bucket) => {
    buckets.push(bucket);
    return bucket;
  });

  objectStoreConformance(`s3 on ${server.name}`, async () => {
    const bucket = await shared;
    const prefix = randomUUID();
    return { store: bucket.store({ prefix }), reopen: () => bucket.store({ prefix }) };
  });

  describe(`s3 on ${server.name}`, () => {
    test("a stream that breaks off in its third part leaves neither an object nor parts", async () => {
      using bucket = await freshBucket(server);
      const store = bucket.store();
      async function* breaking(): AsyncGenerator<Uint8Array> {
        for (let i = 0; i < 12; i += 1) yield Buffer.alloc(1 << 20, i);
        throw new Error("the source broke off");
      }
      await expect(store.put("torn.csv", breaking())).rejects.toThrow("the source broke off");
      expect(await store.list("")).toEqual([]);
      const unfinished = await bucket.admin.send(new ListMultipartUploadsCommand({ Bucket: bucket.name }));
      expect(unfinished.Uploads ?? []).toEqual([]);
    });

    test("what others put beside our keys is not listed; another prefix of the same bucket is another store", async () => {
      using bucket = await freshBucket(server);
      for (const Key of ["a/.hidden", "a/mit leer", "b/ours-not"]) {
        await bucket.admin.send(new PutObjectCommand({ Bucket: bucket.name, Key, Body: "x" }));
      }
      const store = bucket.store({ prefix: "a" });
      await store.putIfAbsent("landing/x", "ours");
      expect(await store.list("")).toEqual(["landing/x"]);
      expect(await bucket.store({ prefix: "" }).list("")).toEqual(["a/landing/x", "b/ours-not"]);
      expect(store.url("landing/x")).toBe(`s3://${bucket.name}/a/landing/x`);
      expect(bucket.store({ prefix: "" }).url("x")).toBe(`s3://${bucket.name}/x`);
    });

    test("a copy has the object's own name, is compared with what was written, and is gone when it is released", async () => {
      using bucket = await freshBucket(server);
      const store = bucket.store();
      const written = await store.put("l/part-000.csv.gz", once(Buffer.from("bytes")));
      const copy = await store.local("l/part-000.csv.gz", written);
      expect(copy.path).toMatch(/\/part-000\.csv\.gz$/);
      await copy.release();
      const other = { bytes: 5, sha256: "0".repeat(64) };
      await expect(store.local("l/part-000.csv.gz", other)).rejects.toMatchObject({
        kind: "incomplete",
        problems: [{ code: "objects.changed" }],
      });
      await expect(store.local("l/none", other)).rejects.toMatchObject({
        kind: "incomplete",
        problems: [{ code: "objects.missing" }],
      });
      expect(readdirSync(bucket.temporary)).toEqual([]);
    });

    test("copies that a dead process left behind are removed after a day; those of a live one stay", async () => {
      using bucket = await freshBucket(server);
      const written = await bucket.store().put("k", once(Buffer.from("x")));
      for (const name of ["object-old", "object-young"]) mkdirSync(join(bucket.temporary, name));
      utimesSync(join(bucket.temporary, "object-old"), 1, 1);
      const copy = await bucket.store().local("k", written);
      await copy.release();
      expect(readdirSync(bucket.temporary)).toEqual(["object-young"]);
    });

    test("an object that was replaced behind our back has another digest, and its copy is refused", async () => {
      using bucket = await freshBucket(server);
      const store = bucket.store();
      const written = await store.put("part.csv", once(Buffer.from("1,100\n")));
      await bucket.admin.send(new PutObjectCommand({ Bucket: bucket.name, Key: "some/prefix/part.csv", Body: "1,999\n" }));
      expect((await store.digest("part.csv"))?.sha256).not.toBe(written.sha256);
      await expect(store.local("part.csv", written)).rejects.toMatchObject({ kind: "incomplete" });
      await expect(store.put("part.csv", once(Buffer.from("1,100\n")))).rejects.toMatchObject({
        problems: [{ code: "objects.exists" }],
      });
    });
  });
}
