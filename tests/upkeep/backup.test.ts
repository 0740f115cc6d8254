import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { evidenceSink, listEvidence } from "../../src/landing/evidence.ts";
import { fileObjectStore } from "../../src/objects/file/file-object-store.ts";
import type { ObjectInventory } from "../../src/objects/object-store.ts";
import { projectAll } from "../../src/projector/project-all.ts";
import { dumpStore, loadStore } from "../../src/store/dump.ts";
import { acquireLease } from "../../src/store/operations/acquire-lease.ts";
import { listRuns } from "../../src/store/operations/list-runs.ts";
import { renewLease } from "../../src/store/operations/renew-lease.ts";
import { backup } from "../../src/upkeep/backup.ts";
import { readBackupManifest } from "../../src/upkeep/backup-manifest.ts";
import { type RestoreRequest, restore } from "../../src/upkeep/restore.ts";
import { openClaimsHouse } from "../support/claims-house.ts";
import { duckdbOf, type House } from "../support/engine.ts";
import { projectionOf } from "../support/projection.ts";
import { upkeepOf } from "../support/upkeep.ts";

const PLAIN: RestoreRequest = { force: false, reason: null, ticket: null };
const FORCE: RestoreRequest = { force: true, reason: "disk lost", ticket: "OPS-7" };

const insert = (house: House, id: number, amount = id) =>
  house.source.query("insert into app.entries (id, entry_id, account_id, amount, currency) values ($1, $2, 'A', $3, 'USD')", [
    id,
    `e${id}`,
    amount,
  ]);

/** A published hour with a row that waits; then a backup; then an hour more. */
async function life(house: House): Promise<{ folder: string; atBackup: unknown; after: unknown }> {
  await insert(house, 3, -5);
  await house.run();
  const objects = fileObjectStore(house.pipeline.environment.objectStore.path);
  const page = async function* () {
    yield Buffer.from("as it was received");
  };
  const evidence = await evidenceSink(objects)("page 1", page());
  const folder = join(house.folder, "backup");
  const manifest = await backup(upkeepOf(house), folder);
  expect(manifest.files).toContainEqual({ path: `objects/${evidence.key}`, bytes: evidence.bytes, sha256: evidence.sha256 });
  expect(manifest.heads).toEqual([{ group: "desk", number: "1" }]);
  const atBackup = await projectionOf(house);
  await insert(house, 4);
  expect((await house.run()).report?.outcome).toBe("published");
  return { folder, atBackup, after: await projectionOf(house) };
}

test("after a restore the state is the backup's, and the hour after it run again gives the clean projection", async () => {
  await using house = await openClaimsHouse();
  const { folder, atBackup, after } = await life(house);
  const before = await listRuns(house.store, { limit: 10 });
  await expect(restore(upkeepOf(house), folder, PLAIN)).rejects.toMatchObject({ exitCode: 2 });
  await expect(restore(upkeepOf(house), folder, { ...FORCE, reason: null })).rejects.toMatchObject({ exitCode: 2 });
  expect(await projectionOf(house)).toEqual(after);

  const { replaced, restoreId } = await restore(upkeepOf(house), folder, FORCE);
  expect(await projectionOf(house)).toEqual(atBackup);
  // The journal is not cut: the hour behind the backup stays in it, and says that it was undone.
  expect((await listRuns(house.store, { limit: 10 })).map(({ runId, undoneBy }) => ({ runId, undoneBy }))).toEqual(
    before.map(({ runId }, i) => ({ runId, undoneBy: i === 0 ? restoreId : null })),
  );
  expect(replaced.map((path) => path.replace(/replaced-.*/, "replaced"))).toEqual(
    ["warehouse.duckdb.replaced", "objects.replaced", "control.replaced"].map((name) => join(house.folder, name)),
  );
  expect(
    await house.query(
      "select event, actor, reason, ticket from ops.audit_event where event in ('backup', 'restore') order by happened_at",
    ),
  ).toEqual([
    { event: "backup", actor: "cleaner", reason: null, ticket: null },
    { event: "restore", actor: "cleaner", reason: "disk lost", ticket: "OPS-7" },
  ]);

  expect((await house.run()).report?.outcome).toBe("published");
  expect(await projectionOf(house)).toEqual(after);
  // Tokens only rise, also above those given out between backup and restore.
  const tokens = (await listRuns(house.store, { limit: 10 })).map((r) => Number(r.token));
  expect(tokens[0]).toBeGreaterThan(tokens[1] ?? 0);

  // An empty state takes it without force.
  rmSync(duckdbOf(house.pipeline).path);
  for (const part of ["landing", "evidence"])
    rmSync(join(house.pipeline.environment.objectStore.path, part), { recursive: true });
  await house.store.ask("truncate ledgerloop.run cascade");
  expect((await restore(upkeepOf(house), folder, PLAIN)).replaced).toEqual([]);
  const [evidence] = await listEvidence(fileObjectStore(house.pipeline.environment.objectStore.path));
  expect(evidence?.bytes).toBe("as it was received".length);
  expect(await projectionOf(house)).toEqual(atBackup);
});

test("a damaged, unfinished, foreign or newer backup is refused before anything changes; a backup never overwrites", async () => {
  await using house = await openClaimsHouse();
  const { folder, after } = await life(house);
  const refused = async (exitCode: number) => {
    await expect(restore(upkeepOf(house), folder, FORCE)).rejects.toMatchObject({ exitCode });
    expect(await projectionOf(house)).toEqual(after);
  };
  const { files } = await readBackupManifest(folder);
  const one = (prefix: string) => files.find((f) => f.path.startsWith(prefix))?.path ?? expect.fail();
  for (const path of [one("warehouse"), one("control"), one("objects")]) {
    const file = join(folder, path);
    const bytes = readFileSync(file);
    appendFileSync(file, "x");
    await refused(20);
    writeFileSync(file, bytes);
  }
  const landed = join(folder, one("objects"));
  const bytes = readFileSync(landed);
  rmSync(landed);
  await refused(20);
  writeFileSync(landed, bytes);
  const manifest = join(folder, "manifest.json");
  const text = readFileSync(manifest, "utf8");
  for (const changed of ["{", "{}", text.replace('"schema": 1', '"schema": 2'), text.replace('"claims"', '"other"')]) {
    writeFileSync(manifest, changed);
    await refused(2);
  }
  rmSync(manifest);
  await refused(2);
  await expect(backup(upkeepOf(house), folder)).rejects.toMatchObject({ exitCode: 2 });
  // A half-written backup of a killed process is not in the way.
  mkdirSync(join(house.folder, "second.partial"));
  await backup(upkeepOf(house), join(house.folder, "second"));
  expect(existsSync(join(house.folder, "second.partial"))).toBe(false);
  // A run on its way keeps both out.
  await acquireLease(house.store, { group: "desk", runId: "run_alive", aboveToken: "0", seconds: 60 });
  await expect(backup(upkeepOf(house), join(house.folder, "other"))).rejects.toMatchObject({ exitCode: 40 });
  await expect(restore(upkeepOf(house), join(house.folder, "second"), FORCE)).rejects.toMatchObject({ exitCode: 40 });
  expect(existsSync(join(house.folder, "other"))).toBe(false);
});

test("killed at any step of a restore, what is there is right, and repeating it finishes", async () => {
  await using house = await openClaimsHouse();
  const { folder, atBackup, after } = await life(house);
  const objects = fileObjectStore(house.pipeline.environment.objectStore.path);
  const engine = upkeepOf(house);
  const die = () => {
    throw new Error("killed");
  };
  const digests: Partial<ObjectInventory> = { digest: async () => die() };
  const kills = [
    upkeepOf(house, 0, { objects: { ...objects, ...digests } }),
    upkeepOf(house, 0, { emit: (line) => (line === "warehouse restored" ? die() : undefined) }),
    upkeepOf(house, 0, { emit: (line) => (line === "control store restored" ? die() : undefined) }),
  ];
  for (const [i, dying] of kills.entries()) {
    await expect(restore(dying, folder, FORCE)).rejects.toThrow("killed");
    expect(await projectionOf(house)).toEqual(i === 0 ? after : atBackup);
    // What is there can be loaded on as it is.
    expect((await house.run()).report?.outcome).toBe("published");
    expect(await projectionOf(house)).toEqual(after);
  }
  await restore(engine, folder, FORCE);
  expect(await projectionOf(house)).toEqual(atBackup);
  expect(readdirSync(house.folder).filter((name) => name.includes("restoring"))).toEqual([]);
  await house.run();
  expect(await projectionOf(house)).toEqual(after);
});

test.each<[string, (file: string) => void]>([
  ["is empty", (file) => writeFileSync(file, "")],
  ["is all zeros", (file) => writeFileSync(file, Buffer.alloc(100_000))],
  [
    "has another header",
    (file) => writeFileSync(file, Buffer.concat([Buffer.alloc(12_288, 7), readFileSync(file).subarray(12_288)])),
  ],
  ["is cut", (file) => writeFileSync(file, readFileSync(file).subarray(0, 20_000))],
])("a warehouse file that %s is replaced by a backup all the same; up says that it cannot be read", async (_, damage) => {
  await using house = await openClaimsHouse();
  const { folder, atBackup } = await life(house);
  damage(duckdbOf(house.pipeline).path);
  const { pipeline, store, engine } = house;
  expect(await projectAll(engine.warehouse, { store, pipeline, now: new Date() })).toMatchObject({ untold: { code: /./ } });
  await restore(upkeepOf(house), folder, FORCE);
  expect(await projectionOf(house)).toEqual(atBackup);
  expect((await house.run()).report?.outcome).toBe("published");
});

test("whoever holds a lease while a store is loaded holds it afterwards", async () => {
  await using house = await openClaimsHouse();
  await house.run();
  const dump = await dumpStore(house.store);
  const held = await acquireLease(house.store, { group: "desk", runId: "restore_1", aboveToken: "0", seconds: 60 });
  const token = held.acquired ? held.token : expect.fail("the lease is free");
  await loadStore(house.store, dump);
  expect(await renewLease(house.store, { group: "desk", token, seconds: 60 })).toBe(true);
  expect((await house.run()).failure?.exitCode).toBe(40);
});
