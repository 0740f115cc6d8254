import type { ObjectStore } from "../objects/object-store.ts";
import { feedFolder, LANDING, manifestKey } from "./layout.ts";
import { type Batch, type Manifest, readManifest } from "./manifest.ts";

const MANIFEST_NAME = "/manifest.json";

/** Newest first: run ids sort by start, a later attempt after its run's first. */
function manifestKeys(keys: readonly string[]): string[] {
  const folders = keys.filter((k) => k.endsWith(MANIFEST_NAME)).map((k) => k.slice(0, -MANIFEST_NAME.length));
  return folders.sort((a, b) => b.localeCompare(a, "en", { numeric: true })).map((f) => `${f}${MANIFEST_NAME}`);
}

/** Whether every feed of the same snapshot has its manifest; a crash between two of them leaves a torn set. */
async function isWhole(objects: ObjectStore, { together, runId, attempt }: Manifest): Promise<boolean> {
  const siblings = await Promise.all(together.map((feed) => objects.list(manifestKey(feed, runId, attempt))));
  return siblings.every((keys) => keys.length > 0);
}

/**
 * Landed extracts of a feed, newest first, at most `newest` of them. Torn ones do not exist.
 * @throws Failure as `readManifest`.
 */
export async function findExtracts(
  objects: ObjectStore,
  { feed, runId, newest }: { feed: string; runId?: string; newest: number },
): Promise<Batch[]> {
  const found: Batch[] = [];
  for (const key of manifestKeys(await objects.list(`${feedFolder(feed)}/${runId ?? ""}`))) {
    if (found.length === newest) break;
    const batch = await readManifest(objects, key);
    if (!batch || (runId !== undefined && batch.manifest.runId !== runId)) continue;
    if (await isWhole(objects, batch.manifest)) found.push(batch);
  }
  return found;
}

/** The landed extract with a batch id, looked for among the feeds; null if there is none. Reads every manifest. */
export async function findBatch(objects: ObjectStore, feeds: readonly string[], id: string): Promise<Batch | null> {
  for (const feed of feeds) {
    const batch = (await findExtracts(objects, { feed, newest: Number.POSITIVE_INFINITY })).find((b) => b.id === id);
    if (batch) return batch;
  }
  return null;
}

/** Every feed that has ever landed something, in the configuration or not. */
export async function landedFeeds(objects: ObjectStore): Promise<string[]> {
  const folders = (await objects.list(LANDING)).map((key) => key.slice(LANDING.length).split("/"));
  return [...new Set(folders.map(([source, feed]) => `${source}.${feed}`))];
}
