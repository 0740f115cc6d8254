import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { setTimeout as pause } from "node:timers/promises";
import type { PutObjectCommandInput } from "@aws-sdk/client-s3";
import { DAY_MS } from "../../kernel/clock.ts";
import { Failure } from "../../kernel/problem.ts";
import { isConflict, isPassingConflict } from "../../s3/failure-of.ts";
import { digester } from "../digest.ts";
import type { Digest } from "../object-store.ts";
import { notEncrypted, objectTooLarge, otherBytes } from "../problems.ts";
import { proven } from "../proven.ts";
import type { Bucket } from "./bucket.ts";
import { digestOf, headOf, WRITER } from "./read.ts";
import { writeFile } from "./temporary.ts";

const MOST_PARTS = 10_000;
/** Milliseconds; the conflict lasts as long as the other request. */
const CONFLICT_PAUSE = 50;

/** What each write asks of the service beside the bytes. `If-None-Match` makes a key free or the write fail. */
function writing(bucket: Bucket, key: string, writer: string): PutObjectCommandInput {
  const { encryption, retention, now } = bucket.options;
  const input: PutObjectCommandInput = { ...bucket.at(key), IfNoneMatch: "*", Metadata: { [WRITER]: writer } };
  if (encryption === "AES256") input.ServerSideEncryption = "AES256";
  else if (encryption) Object.assign(input, { ServerSideEncryption: "aws:kms", SSEKMSKeyId: encryption.kms });
  if (retention?.below.some((prefix) => key.startsWith(prefix))) {
    input.ObjectLockMode = retention.mode === "compliance" ? "COMPLIANCE" : "GOVERNANCE";
    input.ObjectLockRetainUntilDate = new Date(now().getTime() + retention.days * DAY_MS);
  }
  return input;
}

/** Bytes on their way in, measured as they pass. */
interface Measured {
  readonly chunks: AsyncIterable<Uint8Array>;
  /** Of everything that passed; null until the source has ended. */
  digest(): Digest | null;
  /** What the source itself threw; the upload may fail with something else in consequence. */
  fault(): { readonly error: unknown } | null;
}

function measured(bytes: AsyncIterable<Uint8Array>, check: (size: number) => void): Measured {
  const passed = digester();
  let digest: Digest | null = null;
  let fault: { error: unknown } | null = null;
  // Whoever reads may throw an error of its own in here when it gives up.
  let readersTurn = false;
  async function* pass(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of bytes) {
        passed.update(chunk);
        check(passed.size());
        readersTurn = true;
        // The driver keeps chunks until a part is full; whoever sends them may use theirs again.
        yield Buffer.from(chunk);
        readersTurn = false;
      }
    } catch (error) {
      if (!readersTurn) fault = { error };
      throw error;
    }
    digest = passed.digest();
  }
  return { chunks: pass(), digest: () => digest, fault: () => fault };
}

/** A service that does not know a kind of encryption may take the bytes all the same. */
function checkEncrypted(bucket: Bucket, key: string, answer: { readonly ServerSideEncryption?: string | undefined }): void {
  const { encryption } = bucket.options;
  if (encryption === undefined) return;
  const asked = encryption === "AES256" ? encryption : "aws:kms";
  if (answer.ServerSideEncryption !== asked) throw new Failure("usage", notEncrypted(key, asked));
}

/** Sends bytes in one request, or in parts that become an object when all are there; parts of a failed upload are removed. */
async function upload(bucket: Bucket, input: PutObjectCommandInput, chunks: AsyncIterable<Uint8Array>) {
  const { partBytes, parallelParts } = bucket.limits;
  return new bucket.sdk.Upload({
    client: bucket.client,
    // A checksum of the whole object, not of its parts' checksums, so that it can be compared when the object is read.
    params: { ...input, Body: Readable.from(chunks), ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" },
    partSize: partBytes,
    queueSize: parallelParts,
  }).done();
}

/** After a refused write: whether the object is this very write's, whose answer was lost before the request was repeated. */
async function isMine(bucket: Bucket, key: string, writer: string): Promise<boolean> {
  return (await headOf(bucket, key))?.writer === writer;
}

/** What is stored, also where the write that it was refused for is still under way; null where nothing comes of that. */
async function digestAfter(bucket: Bucket, key: string, refusal: unknown): Promise<Digest | null> {
  for (let attempt = 1; ; attempt += 1) {
    const there = await digestOf(bucket, key);
    if (there !== null || !isPassingConflict(refusal) || attempt >= bucket.limits.attempts) return there;
    await pause(CONFLICT_PAUSE * attempt);
  }
}

/** A write that was refused may have been preceded by one of the same bytes. */
async function settle(bucket: Bucket, key: string, refused: { error: unknown; writer: string; digest: Digest }): Promise<Digest> {
  const { error, writer, digest } = refused;
  if (await isMine(bucket, key, writer)) return digest;
  const there = await digestAfter(bucket, key, error);
  if (there === null) throw bucket.failure(error, { doing: "write an object", key });
  if (there.sha256 !== digest.sha256) throw new Failure("internal", otherBytes(key));
  return digest;
}

/**
 * Why bytes could not be sent. A service may refuse a request before its body has come, and its answer is then lost with the
 * connection; so it is asked about the bucket. That a listing is not allowed says nothing of the write.
 */
async function whyNotSent(bucket: Bucket, error: unknown, key: string): Promise<Failure> {
  const failure = bucket.failure(error, { doing: "write an object", key });
  if (failure.problems[0]?.code !== "objects.s3_unreachable") return failure;
  try {
    await bucket.client.send(new bucket.sdk.ListObjectsV2Command({ Bucket: bucket.location.bucket, MaxKeys: 1 }));
  } catch (answer) {
    const said = bucket.failure(answer, { doing: "list objects" });
    if (said.kind === "usage" && said.problems[0]?.code !== "objects.s3_denied") return said;
  }
  return failure;
}

/** Streams bytes to a key; see `ObjectStore.put`. */
export async function put(bucket: Bucket, key: string, bytes: AsyncIterable<Uint8Array>): Promise<Digest> {
  const writer = randomUUID();
  const input = writing(bucket, key, writer);
  const most = bucket.limits.partBytes * MOST_PARTS;
  const source = measured(bytes, (size) => {
    if (size > most) throw new Failure("usage", objectTooLarge(key, most));
  });
  let refused: { error: unknown } | null = null;
  try {
    checkEncrypted(bucket, key, await upload(bucket, input, source.chunks));
  } catch (error) {
    const fault = source.fault();
    if (fault) throw fault.error;
    if (!isConflict(error)) throw await whyNotSent(bucket, error, key);
    refused = { error };
  }
  const digest = source.digest();
  if (digest && refused) return settle(bucket, key, { error: refused.error, writer, digest });
  if (digest) return digest;
  throw bucket.failure(refused?.error ?? new Error("the upload ended before its source"), { doing: "write an object", key });
}

/** Streams bytes to the key that their digest gives them; see `ObjectStore.putByDigest`. */
export async function putByDigest(
  bucket: Bucket,
  keyOf: (digest: Digest) => string,
  bytes: AsyncIterable<Uint8Array>,
): Promise<Digest & { readonly key: string }> {
  const folder = await mkdtemp(join(bucket.options.temporary, "object-"));
  try {
    const path = join(folder, "bytes");
    const digest = await writeFile(path, bytes);
    const written = { key: keyOf(digest), ...digest };
    const there = await digestOf(bucket, written.key);
    if (there === null) await put(bucket, written.key, proven(path, written));
    else if (there.sha256 !== digest.sha256) throw new Failure("internal", otherBytes(written.key));
    return written;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes a small object only if its key is free; see `ObjectStore.putIfAbsent`. */
export async function putIfAbsent(bucket: Bucket, key: string, text: string): Promise<boolean> {
  const writer = randomUUID();
  const input = { ...writing(bucket, key, writer), Body: Buffer.from(text, "utf8") };
  for (let attempt = 1; ; attempt += 1) {
    try {
      checkEncrypted(bucket, key, await bucket.client.send(new bucket.sdk.PutObjectCommand(input)));
      return true;
    } catch (error) {
      if (isPassingConflict(error) && attempt < bucket.limits.attempts) {
        await pause(CONFLICT_PAUSE * attempt);
        continue;
      }
      if (isConflict(error) && !isPassingConflict(error)) return isMine(bucket, key, writer);
      throw bucket.failure(error, { doing: "write an object", key });
    }
  }
}
