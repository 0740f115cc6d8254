import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3";
import type { ObjectInventory } from "../../src/objects/object-store.ts";
import type { S3Options } from "../../src/objects/s3/location.ts";
import { s3ObjectStore } from "../../src/objects/s3/s3-object-store.ts";

/** An S3 server that somebody else wrote, started by `scripts/lanes/s3.sh`. */
export interface S3Server {
  readonly name: string;
  readonly endpoint: string;
}

/** The servers to test against; credentials come with them in the environment. */
export const servers: readonly S3Server[] = JSON.parse(process.env["LEDGERLOOP_TEST_S3"] ?? "[]") as S3Server[];

/** What the name of a suite says when there is no server. */
export const SKIPPED = "skipped since 2026-11-23 where no S3 server runs: npm run test:s3 starts two";

/** Faults of a server, each seen with the pinned version on 2026-11-23; a test of what is missing there is left out. */
const FAULTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "moto 5.2.5": {
    signatures: "accepts any secret",
    checksums: "does not compare checksums of requests",
    "locks of parts": "forgets the lock of an upload in parts",
    "many keys": "takes 9 ms for each",
  },
  "versitygw 1.8.0": {
    encryption: "takes objects without encrypting them",
    "free behind a marker": "holds a key to be taken whose object was removed from a versioned bucket",
    "any key": "keeps objects as files, whose names cannot be any text",
  },
};

/** Why something cannot be tried on a server; undefined where it can. */
export function lacks(server: S3Server, what: string): string | undefined {
  return Object.entries(FAULTS).find(([name]) => name.startsWith(`${server.name} `))?.[1][what];
}

/** A bucket of its own, with a client that sees what the store does not show. */
export interface TestBucket extends Disposable {
  readonly name: string;
  readonly server: S3Server;
  readonly admin: S3Client;
  /** Folder for copies. */
  readonly temporary: string;
  /** A store in it; `through` is another way to the same server. */
  store(options?: Partial<S3Options> & { prefix?: string; through?: string }): ObjectInventory;
}

/** The smallest parts that S3 allows, so that a few megabytes are several. */
export const SMALL_PARTS = { partBytes: 5 << 20, parallelParts: 2, attempts: 3, deadlineMs: 20_000 };

/** Makes a bucket. */
export async function freshBucket(server: S3Server, made: { lock?: boolean; versions?: boolean } = {}): Promise<TestBucket> {
  const name = `ledgerloop-${randomBytes(6).toString("hex")}`;
  const admin = new S3Client({ endpoint: server.endpoint, region: "us-east-1", forcePathStyle: true });
  await admin.send(new CreateBucketCommand({ Bucket: name, ObjectLockEnabledForBucket: made.lock ?? false }));
  if (made.versions) {
    await admin.send(new PutBucketVersioningCommand({ Bucket: name, VersioningConfiguration: { Status: "Enabled" } }));
  }
  const temporary = mkdtempSync(join(tmpdir(), "ledgerloop-s3-"));
  return {
    name,
    server,
    admin,
    temporary,
    store: ({ prefix = "some/prefix", through = server.endpoint, ...options } = {}) =>
      s3ObjectStore({
        path: `s3://${name}/${prefix}`,
        endpoint: through,
        pathStyle: true,
        compression: null,
        temporary,
        now: () => new Date(),
        limits: SMALL_PARTS,
        ...options,
      }),
    [Symbol.dispose]: () => {
      admin.destroy();
      rmSync(temporary, { recursive: true, force: true });
    },
  };
}
