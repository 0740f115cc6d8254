import { Failure } from "../../kernel/problem.ts";
import { objectLocked } from "../problems.ts";
import type { Bucket } from "./bucket.ts";
import { headOf } from "./read.ts";

/**
 * Removes an object. A versioned bucket would take the removal of a locked object and hide it behind a delete marker, while
 * its bytes stay: so the lock is looked at first.
 */
export async function remove(bucket: Bucket, key: string): Promise<void> {
  const head = await headOf(bucket, key);
  if (head === null) return;
  const { lockedUntil, legalHold } = head;
  if (legalHold) throw new Failure("usage", objectLocked(key, "by a legal hold"));
  if (lockedUntil && lockedUntil > bucket.options.now()) {
    throw new Failure("usage", objectLocked(key, `until ${lockedUntil.toISOString()}`));
  }
  try {
    await bucket.client.send(new bucket.sdk.DeleteObjectCommand(bucket.at(key)));
  } catch (error) {
    throw bucket.failure(error, { doing: "remove an object", key });
  }
}
