import { readdirSync } from "node:fs";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { describe, expect, test } from "vitest";
import type { ObjectInventory } from "../../src/objects/object-store.ts";
import { type CleanRequest, clean } from "../../src/upkeep/clean.ts";
import { openClaimsHouse } from "../support/claims-house.ts";
import type { House } from "../support/engine.ts";
import { projectionOf } from "../support/projection.ts";
import { readPublished } from "../support/published.ts";
import { freshBucket, SKIPPED, servers, type TestBucket } from "../support/s3.ts";
import { openProxy } from "../support/s3-proxy.ts";
import { upkeepOf } from "../support/upkeep.ts";

const hour = (n: number) => ({ start: new Date(Date.UTC(2026, 10, 1, n)), end: new Date(Date.UTC(2026, 10, 1, n + 1)) });
const HOUR = hour(0);
const CLEAN: CleanRequest = { dryRun: false, expired: false, reason: null, ticket: null };
const DAY_MS = 86_400_000;

const skipped = (ended: Awaited<ReturnType<House["run"]>>) =>
  ended.report?.stages.find((s) => s.stage === "extract")?.skipped ?? null;
const evidence = (ended: Awaited<ReturnType<House["run"]>>) =>
  ended.report?.gates.filter((g) => g.gate.startsWith("evidence/")).map((g) => g.verdict);

/** Dies when it begins to judge what it landed. */
async function die(house: House, objects: ObjectInventory): Promise<void> {
  const emit = (event: { event: string; stage?: string }) => {
    if (event.event === "stage-started" && event.stage === "judge") throw new Error("the process died here");
  };
  await expect(house.run({ window: HOUR }, { objects, emit })).rejects.toThrow("died");
}

/** Puts the same number of other bytes where a landed file of the entries lies. */
async function replaceEntries(bucket: TestBucket, objects: ObjectInventory): Promise<void> {
  const key = (await objects.list("landing/app/entries/")).find((k) => k.includes("/part-")) ?? expect.fail();
  const at = { Bucket: bucket.name, Key: `some/prefix/${key}` };
  const bytes = Buffer.from((await (await bucket.admin.send(new GetObjectCommand(at))).Body?.transformToByteArray()) ?? []);
  bytes[bytes.length - 3] = (bytes[bytes.length - 3] ?? 0) ^ 1;
  await bucket.admin.send(new PutObjectCommand({ ...at, Body: bytes }));
}

test.skipIf(servers.length > 0)(`runs on S3 (${SKIPPED})`, (context) => context.skip());

describe.each(servers)("a run with its landing on $name", (server) => {
  test.each(["gzip", null] as const)("publishes what a run on a folder publishes (compression %s)", async (compression) => {
    using bucket = await freshBucket(server);
    const objects = bucket.store({ compression });
    await using onFolder = await openClaimsHouse();
    await using onS3 = await openClaimsHouse();
    for (const [house, changed] of [
      [onFolder, {}],
      [onS3, { objects }],
    ] as const) {
      expect((await house.run({ window: HOUR }, changed)).report?.outcome).toBe("published");
      await house.source.query(
        `insert into app.entries (id, entry_id, account_id, amount, currency, memo) values
         (3, 'e3', 'A', -5, 'USD', 'broken'), (4, 'e4', 'C', 5, 'USD', 'no parent'), (5, 'e5', 'A', 7, 'EUR', E'a "quoted"\\nline, ü'),
         (6, 'e2', 'A', 8, 'USD', ''), (7, 'e7', 'B', 9, 'USD', null)`,
      );
      expect((await house.run({ window: hour(1), keys: true }, changed)).report?.outcome).toBe("published");
      expect((await house.run({ window: hour(2) }, changed)).report?.outcome).toBe("published");
    }
    expect(await projectionOf(onS3)).toEqual(await projectionOf(onFolder));
    expect(await readPublished(onS3.engine.warehouse)).toEqual(await readPublished(onFolder.engine.warehouse));
    const onDisk = await onFolder.query(
      "select distinct regexp_extract(file, '[^/]*$') as file from ops.open_quarantine order by 1",
    );
    const inBucket = await onS3.query(
      "select distinct regexp_extract(file, '[^/]*$') as file from ops.open_quarantine order by 1",
    );
    const ending = compression === "gzip" ? ".gz" : "";
    expect(inBucket).toEqual(onDisk.map(({ file }) => ({ file: `${file}${ending}` })));
    expect(readdirSync(bucket.temporary)).toEqual([]);
  });

  test("after a crash the landed bytes are used again and published once", async () => {
    using bucket = await freshBucket(server);
    const objects = bucket.store({ compression: "gzip" });
    await using house = await openClaimsHouse();
    await die(house, objects);
    await house.source.query("update app.entries set amount = 999, chg = pg_current_xact_id()");
    const repeated = await house.run({ window: HOUR }, { objects });
    expect(skipped(repeated)).toBe("landed before");
    expect(await house.query("select amount from curated.entry order by 1")).toEqual([{ amount: "100" }, { amount: "200" }]);
    expect((await house.run({ window: HOUR }, { objects })).report?.outcome).toBe("already_published");
  });

  test("bytes replaced behind our back are not used, and that is reported", async () => {
    using bucket = await freshBucket(server, { versions: true });
    const objects = bucket.store({ compression: "gzip" });
    await using house = await openClaimsHouse();
    await die(house, objects);
    await replaceEntries(bucket, objects);
    const afresh = await house.run({ window: HOUR }, { objects });
    expect(skipped(afresh)).toBeNull();
    expect(evidence(afresh)).toEqual(["warn"]);
    expect(afresh.report?.outcome).toBe("published");
  });

  test("asked for by name, replaced bytes stop the run with exit 20; the next run reads the source", async () => {
    using bucket = await freshBucket(server);
    const objects = bucket.store({ compression: "gzip" });
    await using house = await openClaimsHouse();
    await die(house, objects);
    await replaceEntries(bucket, objects);
    const asked = await house.run({ window: HOUR, sameExtract: true }, { objects });
    expect(asked.failure?.exitCode).toBe(20);
    expect(asked.failure?.problems.map((p) => p.code)).toEqual(["landing.hash"]);
    expect((await house.run({ window: HOUR }, { objects })).report?.outcome).toBe("published");
  });

  test("bytes replaced after they were verified are noticed when they are read: exit 20, nothing is published", async () => {
    using bucket = await freshBucket(server);
    const objects = bucket.store({ compression: "gzip" });
    await using house = await openClaimsHouse();
    let replaced = false;
    const late: ObjectInventory = {
      ...objects,
      local: async (key, written) => {
        if (!replaced) await replaceEntries(bucket, objects);
        replaced = true;
        return objects.local(key, written);
      },
    };
    const ended = await house.run({ window: HOUR }, { objects: late });
    expect(ended.failure?.exitCode).toBe(20);
    expect(ended.failure?.problems.map((p) => p.code)).toEqual(["objects.changed"]);
    expect(await house.query("select count(*) as n from ops.publication")).toEqual([{ n: "0" }]);
    expect((await house.run({ window: HOUR }, { objects })).report?.outcome).toBe("published");
    expect(readdirSync(bucket.temporary)).toEqual([]);
  });

  test("a service that goes away in the middle is exit 40; the same command publishes when it is back", async () => {
    using bucket = await freshBucket(server);
    await using house = await openClaimsHouse();
    let away = false;
    await using proxy = await openProxy(server.endpoint, ({ method }) => {
      away ||= method === "PUT";
      return away ? { cut: "request" } : null;
    });
    const through = bucket.store({ through: proxy.endpoint, compression: "gzip" });
    expect((await house.run({ window: HOUR }, { objects: through })).failure?.exitCode).toBe(40);
    const objects = bucket.store({ compression: "gzip" });
    expect((await house.run({ window: HOUR }, { objects })).report?.outcome).toBe("published");
  });

  test("--replay judges landed bytes again", async () => {
    using bucket = await freshBucket(server);
    const objects = bucket.store({ compression: "gzip" });
    await using house = await openClaimsHouse();
    await house.run({ window: HOUR }, { objects });
    const [batch] = await house.query("select batch_id from ops.batch where feed = 'app.entries'");
    const replayed = await house.run({ replay: batch?.["batch_id"] ?? "", reason: "test" }, { objects });
    expect(replayed.report?.feeds.find((f) => f.feed === "app.entries")).toMatchObject({ extracted: 2, unchanged: 2 });
  });

  test("clean removes what is past its age, and keeps and names what is locked", async () => {
    using bucket = await freshBucket(server, { lock: true });
    const house = await openClaimsHouse();
    await using _ = house;
    const locking = bucket.store({
      compression: "gzip",
      retention: { mode: "governance", days: 30, below: ["landing/"] },
    });
    const free = bucket.store({ compression: "gzip" });
    await free.putIfAbsent("landing/app/entries/run_0000/part-000.csv.gz", "torn");
    await locking.putIfAbsent("landing/app/accounts/run_0000.2/part-000.csv.gz", "torn and locked");
    await house.run({ window: HOUR }, { objects: locking });
    const said: string[] = [];
    const after = new Date(Date.now() + 20 * DAY_MS);
    const objects = bucket.store({ compression: "gzip", now: () => after });
    const done = await clean(upkeepOf(house, 20, { objects, emit: (line) => said.push(line) }), CLEAN);
    const fates = Object.fromEntries(
      done.findings.filter((f) => f.kind === "landing").map((f) => [f.subject.split(":")[0], [f.action, f.reason]]),
    );
    expect(fates).toMatchObject({
      run_0000: ["remove", expect.stringMatching(/^torn/)],
      "run_0000.2": ["keep", expect.stringMatching(/part-000.csv.gz is under object lock until 20/)],
      run_0001: ["keep", expect.any(String)],
    });
    expect(said.filter((line) => line.startsWith("kept run_0000.2"))).toHaveLength(1);
    expect((await free.list("landing/")).filter((key) => key.includes("run_0000"))).toEqual([
      "landing/app/accounts/run_0000.2/part-000.csv.gz",
    ]);
    expect(
      await house.query(
        "select event, split_part(subject, ':', 1) as what from ops.audit_event where event like '%.landing' order by all",
      ),
    ).toEqual([
      { event: "kept.landing", what: "run_0000.2" },
      { event: "removal.landing", what: "run_0000" },
      { event: "removal.landing", what: "run_0000.2" },
    ]);
  });
});
