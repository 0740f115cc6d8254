import type { ObjectLock, S3Place } from "../../config/pipeline.ts";
import { Failure } from "../../kernel/problem.ts";
import { type S3Address, s3Address } from "../../s3/address.ts";
import { PATIENCE, type Patience } from "../../s3/bucket.ts";
import { checkKey } from "../object-key.ts";
import { badKey, notAnS3Path } from "../problems.ts";

/** Bytes of a key, its prefix included. */
const LONGEST_KEY = 1024;

/** How much is held in memory, asked again and waited for. */
export interface Limits extends Patience {
  /** Size of a part; an object has at most 10,000 of them. At least 5 MiB. */
  readonly partBytes: number;
  /** Parts of one object that are under way at once; each is held in memory. */
  readonly parallelParts: number;
}

/** 160 GB an object at most; 32 MiB of memory for each that is written. The last part of a large one is put together in minutes. */
export const LIMITS: Limits = { partBytes: 16 << 20, parallelParts: 2, ...PATIENCE };

export interface S3Options extends Omit<S3Place, "kind" | "retention"> {
  /** Object lock of the objects whose key begins with one of `below`. */
  readonly retention?: ObjectLock & { readonly below: readonly string[] };
  /** Folder for copies of objects that an engine reads as files, and for bytes whose key is not known yet; only this store writes to it. */
  readonly temporary: string;
  readonly now: () => Date;
  readonly limits?: Partial<Limits>;
}

/**
 * Reads `s3://bucket/prefix`.
 * @throws Failure `usage` when it is something else.
 */
export function locationOf(path: string): S3Address {
  const address = s3Address(path);
  if (address === null) throw new Failure("usage", notAnS3Path(path));
  return address;
}

/**
 * The key in the bucket.
 * @throws Failure `internal` when it is no key, or too long with its prefix.
 */
export function fullKey({ prefix }: S3Address, key: string): string {
  checkKey(key);
  if (prefix.length + key.length > LONGEST_KEY) throw new Failure("internal", badKey(key));
  return `${prefix}${key}`;
}
