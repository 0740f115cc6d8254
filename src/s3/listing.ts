import type { ListObjectsV2CommandOutput } from "@aws-sdk/client-s3";
import { Failure } from "../kernel/problem.ts";
import type { S3Bucket } from "./bucket.ts";
import { listingBroke, noListing } from "./problems.ts";

/** An object as a listing shows it. */
export interface ListedObject {
  readonly key: string;
  readonly bytes: number;
  readonly modifiedAt: Date;
  /** Without its quotes. */
  readonly etag: string;
}

async function pageOf(
  bucket: S3Bucket,
  { prefix, signal }: ListOptions,
  token: string | undefined,
): Promise<ListObjectsV2CommandOutput> {
  const { address, client, sdk } = bucket;
  // Keys may hold characters that XML cannot.
  const input = { Bucket: address.bucket, Prefix: prefix, EncodingType: "url" as const };
  const more = token === undefined ? {} : { ContinuationToken: token };
  try {
    return await client.send(new sdk.ListObjectsV2Command({ ...input, ...more }), signal ? { abortSignal: signal } : {});
  } catch (error) {
    throw bucket.failure(error, { doing: "list objects" });
  }
}

function objectsOf({ Contents = [], EncodingType }: ListObjectsV2CommandOutput): ListedObject[] {
  const decoded = (key: string) => (EncodingType === "url" ? decodeURIComponent(key.replaceAll("+", " ")) : key);
  return Contents.map(({ Key = "", Size = 0, LastModified = new Date(0), ETag = "" }) => {
    return { key: decoded(Key), bytes: Size, modifiedAt: LastModified, etag: ETag.replaceAll('"', "") };
  });
}

/** The driver takes any document for a listing, and what says nothing of its bucket for an empty one. */
function isNone({ Name, KeyCount, IsTruncated }: ListObjectsV2CommandOutput): boolean {
  return Name === undefined && KeyCount === undefined && IsTruncated === undefined;
}

export interface ListOptions {
  /** What keys begin with, from the start of the bucket on. */
  readonly prefix: string;
  readonly signal?: AbortSignal;
}

/**
 * All objects below a prefix; a page holds at most 1,000.
 * @throws Failure as the service answers, `incomplete` where its answer is no listing, `retryable` where a listing is cut short without a way on: it would hide objects.
 */
export async function listObjects(bucket: S3Bucket, options: ListOptions): Promise<ListedObject[]> {
  const found: ListedObject[] = [];
  for (let token: string | undefined, more = true; more; ) {
    const answer: ListObjectsV2CommandOutput = await pageOf(bucket, options, token);
    if (isNone(answer)) throw new Failure("incomplete", noListing(bucket));
    found.push(...objectsOf(answer));
    more = answer.IsTruncated === true;
    if (more && (answer.NextContinuationToken ?? token) === token) throw new Failure("retryable", listingBroke(bucket));
    token = answer.NextContinuationToken;
  }
  return found;
}
