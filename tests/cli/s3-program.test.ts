import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ListObjectsV2Command, PutObjectLockConfigurationCommand } from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import { freshBucket, lacks, SKIPPED, servers } from "../support/s3.ts";
import { openProxy } from "../support/s3-proxy.ts";
import { BILLING_PIPELINE, emptyPlace, ROWS } from "./small-run.ts";

const FOLDER = `{ kind: file, path: "\${LEDGERLOOP_STATE:-.state}/objects" }`;

/** Billing's pipeline with another object store. */
function pipelineWith(store: string): Disposable & { readonly directory: string } {
  const directory = mkdtempSync(join(tmpdir(), "ledgerloop-s3-pipeline-"));
  cpSync(BILLING_PIPELINE, directory, { recursive: true, filter: (path) => !path.includes(".state") });
  const file = join(directory, "pipeline.yaml");
  const text = readFileSync(file, "utf8");
  expect(text).toContain(FOLDER);
  writeFileSync(file, text.replace(FOLDER, store));
  return { directory, [Symbol.dispose]: () => rmSync(directory, { recursive: true }) };
}

test.skipIf(servers.length > 0)(`the program on S3 (${SKIPPED})`, (context) => context.skip());

describe.each(servers)("the program with its objects on $name", (server) => {
  test("doctor, run and clean work; a backup of files is refused", async () => {
    using bucket = await freshBucket(server, { lock: true });
    using pipeline = pipelineWith(
      `{ kind: s3, path: "s3://${bucket.name}/ll", endpoint: "${server.endpoint}", retention: { mode: governance, days: 1 } }`,
    );
    await using place = await emptyPlace();
    await (await place.billing.client()).query(ROWS);
    const at = ["--pipeline", pipeline.directory];
    expect((await place.ledgerloop("up", ...at)).code).toBe(0);
    const doctor = await place.ledgerloop("doctor", ...at);
    expect(doctor.code).toBe(0);
    expect(doctor.out).toMatch(
      new RegExp(`object store .*writes, reads and removes; s3://${bucket.name}/ll/ at .*, versioned, object lock for 1 days`),
    );
    const run = await place.json("run", "--window", "2026-11-02T00:00:00Z/2026-11-03T00:00:00Z", ...at);
    expect(run).toMatchObject({ code: 0, document: { outcome: "published" } });
    const { Contents = [] } = await bucket.admin.send(new ListObjectsV2Command({ Bucket: bucket.name }));
    const keys = Contents.map(({ Key = "" }) => Key);
    expect(keys.filter((key) => /^ll\/landing\/billing\/[a-z]+\/[^/]+\/part-000\.csv\.gz$/.test(key))).toHaveLength(4);
    expect(keys.filter((key) => key.includes("doctor"))).toEqual([]);
    expect((await place.ledgerloop("clean", ...at)).code).toBe(0);
    const backup = await place.ledgerloop("backup", join(place.folder, "copy"), ...at);
    expect(backup.code).toBe(2);
    expect(readdirSync(join(place.folder, "downloads"))).toEqual([]);
  });

  test("doctor accepts a bucket that locks whatever is written to it", async () => {
    using bucket = await freshBucket(server, { lock: true });
    const Rule = { DefaultRetention: { Mode: "GOVERNANCE" as const, Days: 1 } };
    const ObjectLockConfiguration = { ObjectLockEnabled: "Enabled" as const, Rule };
    await bucket.admin.send(new PutObjectLockConfigurationCommand({ Bucket: bucket.name, ObjectLockConfiguration }));
    using pipeline = pipelineWith(`{ kind: s3, path: "s3://${bucket.name}", endpoint: "${server.endpoint}" }`);
    await using place = await emptyPlace();
    await place.ledgerloop("up", "--pipeline", pipeline.directory);
    const doctor = await place.ledgerloop("doctor", "--pipeline", pipeline.directory);
    expect(doctor.out).toMatch(/object store .*(?:writes, reads and removes|writes and reads; the bucket locks all); s3:/);
    expect(doctor.code).toBe(0);
  });

  test.runIf(lacks(server, "signatures"))("doctor finds a service that overwrites what is there", async () => {
    using bucket = await freshBucket(server);
    await using proxy = await openProxy(server.endpoint, ({ method }) => (method === "PUT" ? { strip: "if-none-match" } : null));
    using pipeline = pipelineWith(`{ kind: s3, path: "s3://${bucket.name}", endpoint: "${proxy.endpoint}" }`);
    await using place = await emptyPlace();
    const doctor = await place.ledgerloop("doctor", "--pipeline", pipeline.directory);
    expect(doctor.code).toBe(1);
    expect(doctor.out).toMatch(/object store .*takes a second object under a key that is taken/);
  });

  test("doctor says what is missing where there is no bucket", async () => {
    using pipeline = pipelineWith(`{ kind: s3, path: "s3://there-is-none", endpoint: "${server.endpoint}" }`);
    await using place = await emptyPlace();
    const doctor = await place.ledgerloop("doctor", "--pipeline", pipeline.directory);
    expect(doctor.code).toBe(1);
    expect(doctor.out).toMatch(/There is no bucket there-is-none at 127\.0\.0\.1/);
  });
});
