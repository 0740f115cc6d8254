import { Failure } from "../../kernel/problem.ts";
import { s3LockMissing } from "../problems.ts";
import type { Bucket } from "./bucket.ts";

/** Answers without which objects can be written and read all the same. */
const UNKNOWN = new Set(["objects.s3_denied", "objects.s3_unsupported"]);

/** What the service says; null where it does not know such a question, or does not answer these credentials. */
async function orUnknown<T>(bucket: Bucket, ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    const failure = bucket.failure(error, { doing: "read the bucket's settings" });
    if (UNKNOWN.has(failure.problems[0]?.code ?? "")) return null;
    throw failure;
  }
}

/** How long objects are locked, if they are to be, and whether the bucket can do that. */
async function lockOf(bucket: Bucket): Promise<string> {
  const { retention } = bucket.options;
  if (!retention) return "no object lock";
  const { bucket: Bucket } = bucket.location;
  const enabled = await orUnknown(bucket, async () => {
    try {
      const answer = await bucket.client.send(new bucket.sdk.GetObjectLockConfigurationCommand({ Bucket }));
      return answer.ObjectLockConfiguration?.ObjectLockEnabled === "Enabled";
    } catch (error) {
      if (error instanceof Error && error.name === "ObjectLockConfigurationNotFoundError") return false;
      throw error;
    }
  });
  if (enabled === false) throw new Failure("usage", s3LockMissing(Bucket));
  return `object lock for ${retention.days} days (${retention.mode})`;
}

/** Where the store is and how it keeps what it is given; see `ObjectStore.describe`. */
export async function describe(bucket: Bucket): Promise<string> {
  const { location, service, client, sdk } = bucket;
  const { bucket: Bucket, prefix } = location;
  const answer = await orUnknown(bucket, () => client.send(new sdk.GetBucketVersioningCommand({ Bucket })));
  const versions = answer?.Status === "Enabled" ? "versioned" : "not versioned";
  const lock = await lockOf(bucket);
  return `s3://${Bucket}/${prefix} at ${service}, ${answer === null ? "versions unknown" : versions}, ${lock}`;
}
