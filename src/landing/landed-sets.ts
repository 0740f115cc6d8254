import { grouped } from "../kernel/grouped.ts";
import { Failure, type Problem } from "../kernel/problem.ts";
import type { ObjectInventory, StoredObject } from "../objects/object-store.ts";
import { LANDING } from "./layout.ts";
import { type Batch, readManifest } from "./manifest.ts";

/** What one landing of a run left for one feed. */
export interface LandedFolder {
  readonly folder: string;
  readonly feed: string;
  readonly objects: readonly StoredObject[];
  /** Null without a manifest: then these bytes are no extract. */
  readonly batch: Batch | null;
  /** Why the manifest cannot be read. */
  readonly unreadable: Problem | null;
}

/** Everything that one landing of a run left, for all its feeds: its extracts exist together or not at all. */
export interface LandedSet {
  readonly runId: string;
  readonly attempt: number;
  readonly folders: readonly LandedFolder[];
  /** Every feed of the snapshot has its manifest. */
  readonly whole: boolean;
}

const FOLDER = /^(landing\/([^/]+)\/([^/]+)\/([^/.]+)(?:\.(\d+))?)\//;

interface FolderName {
  readonly folder: string;
  readonly feed: string;
  readonly runId: string;
  readonly attempt: number;
}

function folderNameOf(key: string): FolderName | null {
  const [, folder, source, name, runId, attempt] = FOLDER.exec(key) ?? [];
  if (folder === undefined || runId === undefined) return null;
  return { folder, feed: `${source}.${name}`, runId, attempt: Number(attempt ?? 1) };
}

async function readFolder(store: ObjectInventory, name: FolderName, objects: readonly StoredObject[]): Promise<LandedFolder> {
  const base = { folder: name.folder, feed: name.feed, objects };
  try {
    return { ...base, batch: await readManifest(store, `${name.folder}/manifest.json`), unreadable: null };
  } catch (error) {
    const [problem] = error instanceof Failure ? error.problems : [];
    if (!problem) throw error;
    return { ...base, batch: null, unreadable: problem };
  }
}

function isWhole(folders: readonly LandedFolder[]): boolean {
  const [first] = folders.flatMap(({ batch }) => (batch ? [batch.manifest] : []));
  return first?.together.every((feed) => folders.some((f) => f.feed === feed && f.batch !== null)) ?? false;
}

/** Every landing in the object store, whole and torn ones, by run and attempt. Objects outside `landing/` are not looked at. */
export async function listLandedSets(store: ObjectInventory): Promise<LandedSet[]> {
  const found = (await store.inventory(LANDING)).flatMap((object) => {
    const name = folderNameOf(object.key);
    return name === null ? [] : [{ object, name }];
  });
  const sets: LandedSet[] = [];
  for (const set of grouped(found, ({ name }) => `${name.runId}/${name.attempt}`).values()) {
    const folders: LandedFolder[] = [];
    for (const folder of grouped(set, ({ name }) => name.folder).values()) {
      const [first] = folder;
      if (first)
        folders.push(
          await readFolder(
            store,
            first.name,
            folder.map((f) => f.object),
          ),
        );
    }
    const [first] = set;
    if (first) sets.push({ runId: first.name.runId, attempt: first.name.attempt, folders, whole: isWhole(folders) });
  }
  return sets;
}

/**
 * Removes a landing. Manifests go first, each durably: a reader that comes in between, or after a crash, finds bytes without a
 * manifest, which are no extract; the other way round it would find a manifest that vouches for bytes that are gone.
 */
export async function removeLandedSet(store: ObjectInventory, set: LandedSet): Promise<void> {
  const isManifest = ({ key }: StoredObject) => key.endsWith("/manifest.json");
  for (const { key } of set.folders.flatMap((f) => f.objects.filter(isManifest))) await store.remove(key);
  for (const { folder, objects } of set.folders) {
    for (const { key } of objects.filter((o) => !isManifest(o))) await store.remove(key);
    await store.removeFolder(folder);
  }
}
