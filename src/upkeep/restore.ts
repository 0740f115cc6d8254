import { existsSync } from "node:fs";
import { link, mkdir, readFile, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { Failure } from "../kernel/problem.ts";
import { mendedText } from "../projector/mended.ts";
import { projectAll } from "../projector/project-all.ts";
import { isEmptyStore, loadStore, type StoreDump } from "../store/dump.ts";
import { CONTROL_FOLDER, headsOf, OBJECTS_FOLDER, WAREHOUSE_FILE, writeControl } from "./backup.ts";
import { type BackupManifest, readBackupManifest } from "./backup-manifest.ts";
import { copyWithDigest, syncFolder } from "./copy-file.ts";
import { type Decision, filesOf, leaseOf, recordAlone, type StateFiles, type UpkeepEngine } from "./engine.ts";
import { carryTokens } from "./fence-tokens.ts";
import { backupDamaged, backupOfOther, forceWithoutReason, stateNotEmpty } from "./problems.ts";
import { underLeases } from "./under-leases.ts";

export interface RestoreRequest extends Decision {
  /** Replace a state that is not empty; needs a reason. */
  readonly force: boolean;
}

export interface RestoreResult {
  readonly restoreId: string;
  readonly manifest: BackupManifest;
  /** Where what was replaced lies now. */
  readonly replaced: readonly string[];
}

/** A restore on its way. Everything is built in `stage` folders beside what it will replace, on the same file system. */
interface Restoring {
  readonly engine: UpkeepEngine;
  readonly files: StateFiles;
  readonly id: string;
  readonly folder: string;
  readonly manifest: BackupManifest;
  readonly staged: { readonly warehouse: string; readonly objects: string };
  readonly replaced: { readonly warehouse: string; readonly objects: string; readonly control: string };
}

const inside = (folder: string) => (file: BackupManifest["files"][number]) => file.path.startsWith(`${folder}/`);

async function whatIsThere({ store, objects }: UpkeepEngine, files: StateFiles): Promise<string[]> {
  return [
    ...(existsSync(files.warehouse) ? [files.warehouse] : []),
    ...((await objects.list("")).length > 0 ? [files.objects] : []),
    ...((await isEmptyStore(store)) ? [] : ["runs in the control store"]),
  ];
}

/** Copies one file of the backup and compares it with the manifest. */
async function fetchFile({ folder }: Restoring, file: BackupManifest["files"][number], to: string): Promise<void> {
  const from = join(folder, file.path);
  if (!existsSync(from)) throw new Failure("incomplete", backupDamaged(file.path, "is missing"));
  const found = await copyWithDigest(from, to);
  if (found.sha256 !== file.sha256)
    throw new Failure("incomplete", backupDamaged(file.path, "has other bytes (SHA-256 differs)"));
}

/** Rows of the control store, compared with the manifest. */
async function readDump(restoring: Restoring): Promise<StoreDump> {
  const { manifest, staged } = restoring;
  const tables: StoreDump["tables"][number][] = [];
  for (const file of manifest.files.filter(inside(CONTROL_FOLDER))) {
    const copy = `${staged.objects}.${basename(file.path)}`;
    await rm(copy, { force: true });
    await fetchFile(restoring, file, copy);
    const lines = (await readFile(copy, "utf8")).split("\n").filter((line) => line !== "");
    await rm(copy);
    tables.push({ table: basename(file.path, ".jsonl"), lines });
  }
  return { schema: manifest.control_schema, tables };
}

/** Builds the whole state beside the old one and proves it: every digest, and the heads that the warehouse itself tells. */
async function stage(restoring: Restoring): Promise<StoreDump> {
  const { manifest, staged, files, engine, folder } = restoring;
  for (const path of [staged.warehouse, staged.objects]) await rm(path, { recursive: true, force: true });
  const warehouse = manifest.files.find((f) => f.path === WAREHOUSE_FILE);
  if (!warehouse) throw new Failure("incomplete", backupDamaged(WAREHOUSE_FILE, "is missing"));
  await fetchFile(restoring, warehouse, staged.warehouse);
  const objects = manifest.files.filter(inside(OBJECTS_FOLDER));
  for (const file of objects) await fetchFile(restoring, file, join(staged.objects, file.path.slice(OBJECTS_FOLDER.length + 1)));
  const dump = await readDump(restoring);
  const heads = await headsOf(files.warehouseAt(staged.warehouse));
  if (JSON.stringify(heads) !== JSON.stringify(manifest.heads)) {
    throw new Failure("incomplete", backupDamaged(WAREHOUSE_FILE, "has other publications than its manifest says"));
  }
  await carryTokens(engine, files.warehouseAt(staged.warehouse), restoring.id);
  engine.emit(`verified ${manifest.files.length} files of ${folder}`);
  return dump;
}

async function move(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await rename(from, to);
}

/** Adds the backup's objects; one that is there with the same name and other bytes moves aside. */
async function addObjects({ engine, files, manifest, staged, replaced }: Restoring): Promise<void> {
  for (const { path, sha256 } of manifest.files.filter(inside(OBJECTS_FOLDER))) {
    const key = path.slice(OBJECTS_FOLDER.length + 1);
    const there = await engine.objects.digest(key);
    if (there?.sha256 === sha256) continue;
    if (there) await move(files.objectPath(key), join(replaced.objects, key));
    await move(join(staged.objects, key), files.objectPath(key));
    await syncFolder(dirname(files.objectPath(key)));
  }
}

/** The rename is the moment at which the warehouse is the restored one; the old file keeps a name of its own. */
async function swapWarehouse({ files, staged, replaced }: Restoring): Promise<void> {
  if (existsSync(files.warehouse)) await link(files.warehouse, replaced.warehouse);
  await rm(`${files.warehouse}.wal`, { force: true });
  await rename(staged.warehouse, files.warehouse);
  await syncFolder(dirname(files.warehouse));
}

async function moveSurplus({ engine, files, manifest, replaced, staged }: Restoring): Promise<void> {
  const wanted = new Set(manifest.files.filter(inside(OBJECTS_FOLDER)).map((f) => f.path.slice(OBJECTS_FOLDER.length + 1)));
  for (const key of await engine.objects.list("")) {
    if (!wanted.has(key)) await move(files.objectPath(key), join(replaced.objects, key));
  }
  await rm(staged.objects, { recursive: true, force: true });
}

/** Runs that published behind the backup stay in the journal, and are marked: their publications are not there any more. */
async function tellOfLedger({ engine, id }: Restoring): Promise<void> {
  const { warehouse, store, pipeline, clock, emit } = engine;
  const told = await projectAll(warehouse, { store, pipeline, now: clock.now(), by: id, waitMs: 60_000 });
  if ("untold" in told) throw new Failure("retryable", told.untold);
  for (const line of told.groups.flatMap(mendedText)) emit(line);
}

/**
 * In this order a kill leaves, at each step, a state that is right: added objects are landings that no ledger names; the
 * warehouse changes by one rename; a control store of another time costs its journal only, and changes by one transaction.
 */
async function swap(restoring: Restoring, dump: StoreDump): Promise<void> {
  const { engine, replaced } = restoring;
  if (!(await isEmptyStore(engine.store))) await writeControl(engine.store, replaced.control);
  await addObjects(restoring);
  await restoring.files.alone("restore", () => swapWarehouse(restoring));
  engine.emit("warehouse restored");
  await loadStore(engine.store, dump);
  engine.emit("control store restored");
  await moveSurplus(restoring);
  await tellOfLedger(restoring);
}

function begin(engine: UpkeepEngine, folder: string, manifest: BackupManifest): Restoring {
  const files = filesOf(engine);
  const id = engine.ids.next("restore");
  return {
    engine,
    files,
    id,
    folder: resolve(folder),
    manifest,
    staged: { warehouse: `${files.warehouse}.restoring`, objects: `${files.objects}.restoring` },
    replaced: {
      warehouse: `${files.warehouse}.replaced-${id}`,
      objects: `${files.objects}.replaced-${id}`,
      control: join(dirname(files.warehouse), `control.replaced-${id}`),
    },
  };
}

/**
 * Puts a backup in the place of the state. Every byte is compared with the backup's manifest before anything changes; what is
 * replaced stays beside it under another name. Killed anywhere, repeating it with `force` finishes it.
 * @throws Failure `usage` when the folder is no backup of this pipeline or the state is not empty, `incomplete` when the backup
 * is damaged, `retryable` while a run is on its way.
 */
export async function restore(engine: UpkeepEngine, folder: string, request: RestoreRequest): Promise<RestoreResult> {
  if (request.force && request.reason === null) throw new Failure("usage", forceWithoutReason());
  const manifest = await readBackupManifest(folder);
  if (manifest.pipeline !== engine.pipeline.name)
    throw new Failure("usage", backupOfOther(engine.pipeline.name, manifest.pipeline));
  const restoring = begin(engine, folder, manifest);
  return underLeases(engine.store, leaseOf(engine, restoring.id), async () => {
    const there = await whatIsThere(engine, restoring.files);
    if (there.length > 0 && !request.force) throw new Failure("usage", stateNotEmpty(there));
    await swap(restoring, await stage(restoring));
    const detail = { restore_id: restoring.id, created_at: manifest.created_at };
    await recordAlone(engine, { decision: request, events: [{ event: "restore", subject: manifest.backup_id, detail }] });
    const replaced = Object.values(restoring.replaced).filter((path) => existsSync(path));
    return { restoreId: restoring.id, manifest, replaced };
  });
}
