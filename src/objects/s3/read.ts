import type { GetObjectCommandOutput } from "@aws-sdk/client-s3";
import { bodyOf } from "../../s3/body.ts";
import { BrokenBody, isMissing } from "../../s3/failure-of.ts";
import { digestOfBytes } from "../digest.ts";
import type { Digest } from "../object-store.ts";
import type { Bucket } from "./bucket.ts";

/** The metadata under which each write leaves a mark of its own. */
export const WRITER = "ledgerloop-writer";

/** What a service says of an object without sending it. */
interface Head {
  readonly writer: string | undefined;
  readonly bytes: number | undefined;
  readonly lockedUntil: Date | undefined;
  readonly legalHold: boolean;
}

/** The head of an object; null if there is none. */
export async function headOf(bucket: Bucket, key: string): Promise<Head | null> {
  try {
    const head = await bucket.client.send(new bucket.sdk.HeadObjectCommand(bucket.at(key)));
    return {
      writer: head.Metadata?.[WRITER],
      bytes: head.ContentLength,
      lockedUntil: head.ObjectLockRetainUntilDate,
      legalHold: head.ObjectLockLegalHoldStatus === "ON",
    };
  } catch (error) {
    if (isMissing(error)) return null;
    throw bucket.failure(error, { doing: "look at an object", key });
  }
}

async function open(bucket: Bucket, key: string): Promise<GetObjectCommandOutput | null> {
  try {
    return await bucket.client.send(new bucket.sdk.GetObjectCommand({ ...bucket.at(key), ChecksumMode: "ENABLED" }));
  } catch (error) {
    if (isMissing(error)) return null;
    throw bucket.failure(error, { doing: "read an object", key });
  }
}

/**
 * Reads an object as a stream. A connection that breaks, or bytes that do not fit the checksum that came with them, begin it
 * again from the first byte, a few times.
 * @returns what `take` made of it; null if there is no object.
 */
export async function readObject<T>(
  bucket: Bucket,
  key: string,
  take: (chunks: AsyncIterable<Uint8Array>) => Promise<T>,
): Promise<T | null> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await open(bucket, key);
    if (answer === null) return null;
    try {
      return await take(bodyOf(answer));
    } catch (error) {
      if (!(error instanceof BrokenBody)) throw error;
      if (attempt >= bucket.limits.attempts) throw bucket.failure(error, { doing: "read an object", key });
    }
  }
}

/** Size and SHA-256 of what is stored, by reading it. */
export function digestOf(bucket: Bucket, key: string): Promise<Digest | null> {
  return readObject(bucket, key, digestOfBytes);
}

/** Size in bytes as the service states it; null if there is no object. */
export async function sizeOf(bucket: Bucket, key: string): Promise<number | null> {
  const head = await headOf(bucket, key);
  return head === null ? null : (head.bytes ?? 0);
}

/** The text of a small object. */
export function textOf(bucket: Bucket, key: string): Promise<string | null> {
  return readObject(bucket, key, async (chunks) => {
    const parts: Uint8Array[] = [];
    for await (const chunk of chunks) parts.push(chunk);
    return Buffer.concat(parts).toString("utf8");
  });
}
