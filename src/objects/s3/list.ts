import type { ListObjectsV2CommandOutput } from "@aws-sdk/client-s3";
import { Failure } from "../../kernel/problem.ts";
import { folderOfPrefix, isKey } from "../object-key.ts";
import type { StoredObject } from "../object-store.ts";
import { s3ListingBroke } from "../problems.ts";
import type { Bucket } from "./bucket.ts";
import { serviceName } from "./location.ts";

async function page(bucket: Bucket, prefix: string, token: string | undefined): Promise<ListObjectsV2CommandOutput> {
  const { location, client, sdk } = bucket;
  const input = { Bucket: location.bucket, Prefix: `${location.prefix}${prefix}` };
  try {
    return await client.send(
      new sdk.ListObjectsV2Command({ ...input, ...(token === undefined ? {} : { ContinuationToken: token }) }),
    );
  } catch (error) {
    throw bucket.failure(error, { doing: "list objects" });
  }
}

/** Objects under a text prefix, sorted by key; a page holds at most 1,000. Names that are no keys of ours are left out. */
export async function listObjects(bucket: Bucket, prefix: string): Promise<StoredObject[]> {
  folderOfPrefix(prefix);
  const { location, options } = bucket;
  const found: StoredObject[] = [];
  for (let token: string | undefined, more = true; more; ) {
    const answer: ListObjectsV2CommandOutput = await page(bucket, prefix, token);
    for (const { Key = "", Size = 0, LastModified = new Date(0) } of answer.Contents ?? []) {
      const key = Key.slice(location.prefix.length);
      if (isKey(key)) found.push({ key, bytes: Size, modifiedAt: LastModified });
    }
    more = answer.IsTruncated === true;
    // A listing that is cut short without a way on would hide objects.
    if (more && (answer.NextContinuationToken ?? token) === token)
      throw new Failure("retryable", s3ListingBroke(serviceName(options)));
    token = answer.NextContinuationToken;
  }
  return found.sort((a, b) => (a.key < b.key ? -1 : 1));
}
