import { createHash } from "node:crypto";
import { addAbortSignal, type Readable } from "node:stream";
import { crc32 } from "node:zlib";
import type { GetObjectCommandInput, GetObjectCommandOutput } from "@aws-sdk/client-s3";
import type { Timer } from "../kernel/clock.ts";
import { GaveUp, retry } from "../kernel/retry.ts";
import { bodyOf } from "./body.ts";
import type { S3Bucket } from "./bucket.ts";
import { BrokenBody, isOtherChecksum, OtherChecksum } from "./failure-of.ts";

/** An object as it was listed. */
export interface Version {
  readonly key: string;
  readonly etag: string;
  readonly bytes: number;
}

/** What it is read with. */
export interface ReadTools {
  /** Aborts when nothing is to be read any more. */
  readonly signal?: AbortSignal;
  readonly timer: Timer;
  readonly random: () => number;
}

/** How often one and the same byte is asked for; the driver asks again by itself where there is no answer at all. */
const ATTEMPTS = 4;
const [FIRST_WAIT, LONGEST_WAIT] = [500, 10_000];

/** A checksum of a whole object, counted as its bytes pass. */
interface Counting {
  update(chunk: Uint8Array): void;
  fits(): boolean;
}

/**
 * The driver compares the checksum of an answer with the bytes of that answer. Where they come in several answers nobody does but we:
 * those of the two kinds that Node knows.
 */
function countingOf({ ChecksumCRC32, ChecksumSHA256, ChecksumType }: GetObjectCommandOutput): Counting | null {
  const isOfParts = (text: string) => ChecksumType === "COMPOSITE" || text.includes("-");
  if (ChecksumSHA256 !== undefined && !isOfParts(ChecksumSHA256)) {
    const hash = createHash("sha256");
    return { update: (chunk) => void hash.update(chunk), fits: () => hash.digest("base64") === ChecksumSHA256 };
  }
  if (ChecksumCRC32 === undefined || isOfParts(ChecksumCRC32)) return null;
  let crc = 0;
  const update = (chunk: Uint8Array) => {
    crc = crc32(chunk, crc);
  };
  return { update, fits: () => Buffer.from(ChecksumCRC32, "base64").readUInt32BE() === crc };
}

/** What is known of an object from its first answer on. */
interface Begun {
  readonly versionId: string | undefined;
  readonly counting: Counting | null;
}

/** Objects are read one after the other and each once: what has come of one, and how it goes on. */
class Reading {
  private begun: Begun | null = null;
  private chunks: AsyncGenerator<Uint8Array> | null = null;
  private at = 0;
  private readonly bucket: S3Bucket;
  private readonly version: Version;
  private readonly signal: AbortSignal | undefined;

  constructor(bucket: S3Bucket, version: Version, signal: AbortSignal | undefined) {
    this.bucket = bucket;
    this.version = version;
    this.signal = signal;
  }

  /** The next bytes; undefined behind the last. After a BrokenBody it may be called again. */
  async next(): Promise<Uint8Array | undefined> {
    this.chunks ??= await this.open();
    const value = await this.step(this.chunks);
    if (value === undefined) return this.end();
    this.at += value.length;
    this.begun?.counting?.update(value);
    return value;
  }

  /** Where all bytes had come when the connection broke, nothing is missing. */
  private async step(chunks: AsyncGenerator<Uint8Array>): Promise<Uint8Array | undefined> {
    try {
      const { value } = await chunks.next();
      return value;
    } catch (error) {
      this.chunks = null;
      if (this.at === 0 || this.at < this.version.bytes || isOtherChecksum(error)) throw error;
      return undefined;
    }
  }

  async close(): Promise<void> {
    await this.chunks?.return(undefined);
  }

  private async open(): Promise<AsyncGenerator<Uint8Array>> {
    const { sdk, client } = this.bucket;
    const { signal } = this;
    const answer = await client.send(new sdk.GetObjectCommand(this.request()), signal ? { abortSignal: signal } : {});
    if (signal && answer.Body) addAbortSignal(signal, answer.Body as Readable);
    this.begun ??= { versionId: answer.VersionId, counting: countingOf(answer) };
    return bodyOf(answer);
  }

  /** What is there must be what was listed; from then on it is that version, also when there is a newer one. */
  private request(): GetObjectCommandInput {
    const input = { Bucket: this.bucket.address.bucket, Key: this.version.key, IfMatch: `"${this.version.etag}"` };
    if (this.begun === null || this.at === 0) return { ...input, ChecksumMode: "ENABLED" };
    const { versionId } = this.begun;
    return { ...input, Range: `bytes=${this.at}-`, ...(versionId === undefined ? {} : { VersionId: versionId }) };
  }

  private end(): undefined {
    this.chunks = null;
    if (this.at < this.version.bytes) throw new BrokenBody(new Error("the body ended before its end"));
    if (this.begun?.counting?.fits() === false) throw new OtherChecksum();
    return undefined;
  }
}

/**
 * The bytes of an object as it was listed, and of no other. A body that breaks off goes on where it was, from the same version.
 * @throws what the driver throws: `isReplaced` and `isMissing` where it is another object now, `isOtherChecksum`, BrokenBody.
 */
export async function* readVersion(bucket: S3Bucket, version: Version, tools: ReadTools): AsyncGenerator<Uint8Array> {
  const { signal, timer, random } = tools;
  const reading = new Reading(bucket, version, signal);
  const mayRepeat = (error: unknown) => error instanceof BrokenBody && !isOtherChecksum(error) && signal?.aborted !== true;
  const patience = { attempts: ATTEMPTS, firstMs: FIRST_WAIT, longestMs: LONGEST_WAIT, timer, random, mayRepeat };
  const next = () => retry(() => reading.next(), { ...patience, ...(signal && { signal }) });
  try {
    for (let chunk = await next(); chunk !== undefined; chunk = await next()) yield chunk;
  } catch (error) {
    throw error instanceof GaveUp ? error.cause : error;
  } finally {
    await reading.close();
  }
}
