import { join } from "node:path";
import type { Environment, FolderPlace, S3Place } from "../config/pipeline.ts";
import { systemClock } from "../kernel/clock.ts";
import { EVIDENCE, LANDING } from "../landing/layout.ts";
import type { ObjectInventory } from "../objects/object-store.ts";
import { stateFolder } from "./places.ts";

type Place = FolderPlace | S3Place;
type Opener<P extends Place> = (place: P, environment: Environment) => Promise<ObjectInventory>;

const openFolder: Opener<FolderPlace> = async ({ path }) =>
  (await import("../objects/file/file-object-store.ts")).fileObjectStore(path);

const openBucket: Opener<S3Place> = async ({ kind: _, retention, ...place }, environment) => {
  const { s3ObjectStore } = await import("../objects/s3/s3-object-store.ts");
  return s3ObjectStore({
    ...place,
    ...(retention ? { retention: { ...retention, below: [LANDING, EVIDENCE] } } : {}),
    temporary: join(stateFolder(environment), "downloads"),
    now: () => systemClock.now(),
  });
};

/** A new object store is a folder of its own and a line here. */
const OPENERS: { readonly [Kind in Place["kind"]]: Opener<Extract<Place, { kind: Kind }>> } = {
  file: openFolder,
  s3: openBucket,
};

/** Opens an environment's object store. */
export function openObjects(environment: Environment): Promise<ObjectInventory> {
  const { objectStore } = environment;
  return (OPENERS[objectStore.kind] as Opener<Place>)(objectStore, environment);
}
