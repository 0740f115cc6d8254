import type { ObjectInventory } from "../object-store.ts";
import { type Bucket, openBucket } from "./bucket.ts";
import { describe } from "./describe.ts";
import { download } from "./download.ts";
import { listStored } from "./list.ts";
import { fullKey, locationOf, type S3Options } from "./location.ts";
import { put, putByDigest, putIfAbsent } from "./put.ts";
import { digestOf, sizeOf, textOf } from "./read.ts";
import { remove } from "./remove.ts";
import { prepareFolder } from "./temporary.ts";

/**
 * Objects in a bucket of S3, or of a service that speaks its protocol with conditional writes. An object appears whole, by one
 * request or by the completion of its parts, and only if its key is free. Nothing is sent before the first operation.
 * @throws Failure `usage` from each operation when something has to be set up, `retryable` when the service is away or busy,
 *   `incomplete` when bytes do not fit their checksum.
 */
export function s3ObjectStore(options: S3Options): ObjectInventory {
  const location = locationOf(options.path);
  let opened: Promise<Bucket> | undefined;
  let folder: Promise<void> | undefined;
  /** Checks the key before anything is loaded or sent. */
  const at = async (key: string): Promise<Bucket> => {
    fullKey(location, key);
    opened ??= openBucket(options);
    return opened;
  };
  const whole = () => {
    opened ??= openBucket(options);
    return opened;
  };
  const withFolder = async (): Promise<Bucket> => {
    folder ??= prepareFolder(options);
    await folder;
    return whole();
  };
  return {
    compression: options.compression,
    put: async (key, bytes) => put(await at(key), key, bytes),
    putByDigest: async (keyOf, bytes) => putByDigest(await withFolder(), keyOf, bytes),
    putIfAbsent: async (key, text) => putIfAbsent(await at(key), key, text),
    getText: async (key) => textOf(await at(key), key),
    digest: async (key) => digestOf(await at(key), key),
    size: async (key) => sizeOf(await at(key), key),
    list: async (prefix) => (await listStored(await whole(), prefix)).map(({ key }) => key),
    inventory: async (prefix) => listStored(await whole(), prefix),
    remove: async (key) => remove(await at(key), key),
    // A bucket has no folders: a prefix is gone with its last object.
    removeFolder: async (prefix) => {
      fullKey(location, prefix);
    },
    url: (key) => `s3://${location.bucket}/${fullKey(location, key)}`,
    local: async (key, written) => {
      fullKey(location, key);
      return download(await withFolder(), key, written);
    },
    describe: async () => describe(await whole()),
  };
}
