import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { megabytes } from "../kernel/megabytes.ts";
import { Failure } from "../kernel/problem.ts";
import type { Digest } from "../objects/object-store.ts";
import { dumpStore } from "../store/dump.ts";
import type { Store } from "../store/store.ts";
import { warehouseMissing } from "../warehouse/problems.ts";
import type { Warehouse } from "../warehouse/warehouse.ts";
import { type BackupManifest, backupManifest, MANIFEST_FILE } from "./backup-manifest.ts";
import { copyWithDigest, syncFolder, writeFileWithDigest } from "./copy-file.ts";
import { filesOf, leaseOf, recordAlone, type UpkeepEngine } from "./engine.ts";
import { readHeads } from "./ledger-facts.ts";
import { folderTaken } from "./problems.ts";
import { underLeases } from "./under-leases.ts";

export const WAREHOUSE_FILE = "warehouse.duckdb";
export const OBJECTS_FOLDER = "objects";
export const CONTROL_FOLDER = "control";

type FileLine = BackupManifest["files"][number];

/** Writes a control store's rows as files `control/<table>.jsonl`. */
export async function writeControl(store: Store, folder: string): Promise<{ schema: number; files: FileLine[] }> {
  const dump = await dumpStore(store);
  const files: FileLine[] = [];
  for (const { table, lines } of dump.tables) {
    const path = `${CONTROL_FOLDER}/${table}.jsonl`;
    const text = Buffer.from(lines.map((line) => `${line}\n`).join(""), "utf8");
    files.push({ path, ...(await writeFileWithDigest(join(folder, path), once(text))) });
  }
  return { schema: dump.schema, files };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** The last publication of each group, as a warehouse file says. */
export async function headsOf(warehouse: Warehouse): Promise<BackupManifest["heads"]> {
  const session = await warehouse.open({ purpose: "read heads", readOnly: true });
  try {
    return await readHeads(session, warehouse.dialect);
  } finally {
    await session.close();
  }
}

async function copyObjects(engine: UpkeepEngine, folder: string): Promise<FileLine[]> {
  const lines: FileLine[] = [];
  for (const { key } of await engine.objects.inventory("")) {
    const path = `${OBJECTS_FOLDER}/${key}`;
    lines.push({ path, ...(await copyWithDigest(filesOf(engine).objectPath(key), join(folder, path))) });
  }
  return lines;
}

const total = (files: readonly Digest[]) => files.reduce((sum, f) => sum + f.bytes, 0);

/** Copies everything; the warehouse before the objects, so that every landing that its ledger names is among them. */
async function copyState(engine: UpkeepEngine, id: string, partial: string): Promise<BackupManifest> {
  const files = filesOf(engine);
  const copy = join(partial, WAREHOUSE_FILE);
  const warehouse = await files.alone("backup", () => copyWithDigest(files.warehouse, copy));
  engine.emit(`warehouse: ${megabytes(warehouse.bytes)} MB`);
  const objects = await copyObjects(engine, partial);
  engine.emit(`objects: ${objects.length} files, ${megabytes(total(objects))} MB`);
  const control = await writeControl(engine.store, partial);
  engine.emit(`control store: ${control.files.length} tables, ${megabytes(total(control.files))} MB`);
  return backupManifest({
    backup_id: id,
    pipeline: engine.pipeline.name,
    created_at: engine.clock.now().toISOString(),
    code_version: engine.codeVersion,
    actor: engine.actor,
    heads: await headsOf(files.warehouseAt(copy)),
    control_schema: control.schema,
    files: [{ path: WAREHOUSE_FILE, ...warehouse }, ...objects, ...control.files],
  });
}

/**
 * Copies the embedded state (warehouse file, landed objects, rows of the control store) into a new folder, all of one moment:
 * every group's lease is held meanwhile. The folder appears under its name only when it is complete.
 * @throws Failure `usage` when the folder is taken or there is nothing to copy, `retryable` while a run is on its way.
 */
export async function backup(engine: UpkeepEngine, folder: string): Promise<BackupManifest> {
  const files = filesOf(engine);
  const target = resolve(folder);
  if (existsSync(target) && (await readdir(target)).length > 0) throw new Failure("usage", folderTaken(folder));
  if (!existsSync(files.warehouse)) throw new Failure("usage", warehouseMissing({ path: files.warehouse }));
  const id = engine.ids.next("backup");
  return underLeases(engine.store, leaseOf(engine, id), async () => {
    const partial = `${target}.partial`;
    await rm(partial, { recursive: true, force: true });
    await mkdir(partial, { recursive: true, mode: 0o700 });
    const events = [{ event: "backup", subject: id, detail: { folder: target } }];
    await recordAlone(engine, { decision: { reason: null, ticket: null }, events });
    const manifest = await copyState(engine, id, partial);
    await writeFile(join(partial, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`, { mode: 0o600, flush: true });
    await syncFolder(partial);
    await rename(partial, target);
    await syncFolder(dirname(target));
    return manifest;
  });
}
