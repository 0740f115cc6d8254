import { listObjects } from "../../s3/listing.ts";
import { folderOfPrefix, isKey } from "../object-key.ts";
import type { StoredObject } from "../object-store.ts";
import type { Bucket } from "./bucket.ts";

/** Objects under a text prefix, sorted by key. Names that are no keys of ours are left out. */
export async function listStored(bucket: Bucket, prefix: string): Promise<StoredObject[]> {
  folderOfPrefix(prefix);
  const { location } = bucket;
  const objects = await listObjects(bucket, { prefix: `${location.prefix}${prefix}` });
  const found = objects.map(({ key, bytes, modifiedAt }) => ({ key: key.slice(location.prefix.length), bytes, modifiedAt }));
  return found.filter(({ key }) => isKey(key)).sort((a, b) => (a.key < b.key ? -1 : 1));
}
