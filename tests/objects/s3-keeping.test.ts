import {
  DeleteObjectCommand,
  GetObjectCommand,
  GetObjectLockConfigurationCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  PutObjectCommand,
  PutObjectLegalHoldCommand,
} from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { freshBucket, lacks, SKIPPED, servers, type TestBucket } from "../support/s3.ts";

const DAY_MS = 86_400_000;
const PREFIX = "some/prefix/";

async function* once(text: string | Uint8Array): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

async function versionsOf(bucket: TestBucket, key: string) {
  const found = await bucket.admin.send(new ListObjectVersionsCommand({ Bucket: bucket.name, Prefix: `${PREFIX}${key}` }));
  return { versions: found.Versions ?? [], markers: found.DeleteMarkers ?? [] };
}

async function headOf(bucket: TestBucket, key: string) {
  return bucket.admin.send(new HeadObjectCommand({ Bucket: bucket.name, Key: `${PREFIX}${key}` }));
}

test.skipIf(servers.length > 0)(`versions and locks on S3 (${SKIPPED})`, (context) => context.skip());

describe.each(servers)("what $name keeps", (server) => {
  test("in a versioned bucket a replaced object shows another digest, and its first version is still there", async () => {
    using bucket = await freshBucket(server, { versions: true });
    const store = bucket.store();
    const written = await store.put("part.csv", once("1,100\n"));
    await bucket.admin.send(new PutObjectCommand({ Bucket: bucket.name, Key: `${PREFIX}part.csv`, Body: "1,999\n" }));
    expect(await store.digest("part.csv")).toMatchObject({ bytes: written.bytes });
    expect((await store.digest("part.csv"))?.sha256).not.toBe(written.sha256);
    await expect(store.local("part.csv", written)).rejects.toMatchObject({ problems: [{ code: "objects.changed" }] });
    const { versions } = await versionsOf(bucket, "part.csv");
    const first = versions.find((v) => !v.IsLatest);
    const at = { Bucket: bucket.name, Key: `${PREFIX}part.csv`, VersionId: first?.VersionId };
    expect(await (await bucket.admin.send(new GetObjectCommand(at))).Body?.transformToString()).toBe("1,100\n");
  });

  test("removed from a versioned bucket, an object is gone for us and kept behind a marker; its key is free again", async () => {
    using bucket = await freshBucket(server, { versions: true });
    const store = bucket.store();
    await store.putIfAbsent("m.json", "one");
    await store.remove("m.json");
    expect(await store.getText("m.json")).toBeNull();
    expect(await store.digest("m.json")).toBeNull();
    expect(await store.list("")).toEqual([]);
    await store.remove("m.json");
    const { versions, markers } = await versionsOf(bucket, "m.json");
    expect([versions.length, markers.length]).toEqual([1, 1]);
    if (!lacks(server, "free behind a marker")) {
      expect(await store.putIfAbsent("m.json", "two")).toBe(true);
      expect(await store.getText("m.json")).toBe("two");
    }
    expect(await store.describe()).toMatch(/, versioned, no object lock$/);
  });

  test.each(["governance", "compliance"] as const)(
    "%s: what is landed is locked, large and small; nothing else is",
    async (mode) => {
      using bucket = await freshBucket(server, { lock: true });
      const now = new Date();
      const retention = { mode, days: 2, below: ["landing/", "evidence/"] };
      const store = bucket.store({ retention, now: () => now });
      await store.putIfAbsent("landing/m.json", "text");
      await store.put("landing/part.csv", once(Buffer.alloc(11 << 20, 7)));
      await store.putByDigest(() => "evidence/page", once("as it was received"));
      await store.putIfAbsent("doctor/probe", "text");
      const locked = ["landing/m.json", "evidence/page", ...(lacks(server, "locks of parts") ? [] : ["landing/part.csv"])];
      for (const key of locked) {
        const head = await headOf(bucket, key);
        expect(head.ObjectLockMode).toBe(mode.toUpperCase());
        expect(Math.abs((head.ObjectLockRetainUntilDate?.getTime() ?? 0) - now.getTime() - 2 * DAY_MS)).toBeLessThan(1000);
        await expect(store.remove(key)).rejects.toMatchObject({
          kind: "usage",
          problems: [{ code: "objects.locked", says: expect.stringContaining(key) }],
        });
        expect(await store.digest(key)).not.toBeNull();
        const at = { Bucket: bucket.name, Key: `${PREFIX}${key}`, VersionId: head.VersionId };
        await expect(bucket.admin.send(new DeleteObjectCommand(at))).rejects.toMatchObject({
          $metadata: { httpStatusCode: 403 },
        });
      }
      await store.remove("doctor/probe");
      expect(await store.list("")).toEqual(["evidence/page", "landing/m.json", "landing/part.csv"]);
      expect(await store.describe()).toMatch(new RegExp(`, versioned, object lock for 2 days \\(${mode}\\)$`));
      const later = bucket.store({ retention, now: () => new Date(now.getTime() + 3 * DAY_MS) });
      await expect(later.putIfAbsent("landing/m.json", "other")).resolves.toBe(false);
    },
  );

  test("an object under a legal hold is not removed", async () => {
    using bucket = await freshBucket(server, { lock: true });
    const store = bucket.store();
    await store.putIfAbsent("landing/m.json", "text");
    const at = { Bucket: bucket.name, Key: `${PREFIX}landing/m.json` };
    await bucket.admin.send(new PutObjectLegalHoldCommand({ ...at, LegalHold: { Status: "ON" } }));
    await expect(store.remove("landing/m.json")).rejects.toThrow(/legal hold/);
    expect(await store.getText("landing/m.json")).toBe("text");
  });

  test("retention in a bucket without object lock is exit 2, by doctor's look and by the first write", async () => {
    using bucket = await freshBucket(server);
    await expect(bucket.admin.send(new GetObjectLockConfigurationCommand({ Bucket: bucket.name }))).rejects.toThrow();
    const store = bucket.store({ retention: { mode: "governance", days: 1, below: ["landing/"] } });
    await expect(store.describe()).rejects.toMatchObject({ kind: "usage", problems: [{ code: "objects.s3_lock" }] });
    await expect(store.putIfAbsent("landing/m.json", "x")).rejects.toMatchObject({ kind: "usage" });
  });

  test("encryption is asked for with each object, large and small; one that was taken without is exit 2", async () => {
    using bucket = await freshBucket(server);
    const store = bucket.store({ encryption: "AES256" });
    const large = Buffer.alloc(11 << 20, 7);
    if (lacks(server, "encryption")) {
      const refused = { kind: "usage", problems: [{ code: "objects.not_encrypted" }] };
      await expect(store.put("large", once(large))).rejects.toMatchObject(refused);
      await expect(store.putIfAbsent("small", "x")).rejects.toMatchObject(refused);
      return;
    }
    await store.putIfAbsent("small", "x");
    await store.put("large", once(large));
    const kms = bucket.store({ encryption: { kms: "alias/some-key" } });
    await kms.put("kms", once(large));
    expect((await headOf(bucket, "small")).ServerSideEncryption).toBe("AES256");
    expect((await headOf(bucket, "large")).ServerSideEncryption).toBe("AES256");
    expect(await headOf(bucket, "kms")).toMatchObject({ ServerSideEncryption: "aws:kms", SSEKMSKeyId: "alias/some-key" });
  });
});
