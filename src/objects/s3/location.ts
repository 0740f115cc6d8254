import type { ObjectLock, S3Place } from "../../config/pipeline.ts";
import { Failure } from "../../kernel/problem.ts";
import { checkKey } from "../object-key.ts";
import { badKey, notAnS3Path } from "../problems.ts";

/** Bytes of a key, its prefix included. */
const LONGEST_KEY = 1024;
const PATH = /^s3:\/\/([^/]+)(?:\/(.*?))?\/?$/;

/** How much is held in memory, asked again and waited for. */
export interface Limits {
  /** Size of a part; an object has at most 10,000 of them. At least 5 MiB. */
  readonly partBytes: number;
  /** Parts of one object that are under way at once; each is held in memory. */
  readonly parallelParts: number;
  /** How often one request is sent, and one object read, before it fails. */
  readonly attempts: number;
  /** A request without an answer, or a connection on which nothing moves, is given up after this long. */
  readonly deadlineMs: number;
}

/** 160 GB an object at most; 32 MiB of memory for each that is written. The last part of a large one is put together in minutes. */
export const LIMITS: Limits = { partBytes: 16 << 20, parallelParts: 2, attempts: 4, deadlineMs: 120_000 };

export interface S3Options extends Omit<S3Place, "kind" | "retention"> {
  /** Object lock of the objects whose key begins with one of `below`. */
  readonly retention?: ObjectLock & { readonly below: readonly string[] };
  /** Folder for copies of objects that an engine reads as files, and for bytes whose key is not known yet; only this store writes to it. */
  readonly temporary: string;
  readonly now: () => Date;
  readonly limits?: Partial<Limits>;
}

/** Where a store's keys lie in its bucket. */
export interface Location {
  readonly bucket: string;
  /** What stands before every key: `""` or `prefix/`. */
  readonly prefix: string;
}

/**
 * Reads `s3://bucket/prefix`.
 * @throws Failure `usage` when it is something else.
 */
export function locationOf(path: string): Location {
  const [, bucket, prefix = ""] = PATH.exec(path) ?? [];
  if (bucket === undefined) throw new Failure("usage", notAnS3Path(path));
  return { bucket, prefix: prefix === "" ? "" : `${prefix}/` };
}

/**
 * The key in the bucket.
 * @throws Failure `internal` when it is no key, or too long with its prefix.
 */
export function fullKey({ prefix }: Location, key: string): string {
  checkKey(key);
  if (prefix.length + key.length > LONGEST_KEY) throw new Failure("internal", badKey(key));
  return `${prefix}${key}`;
}

/** The service as messages name it: never more of an address than its host. */
export function serviceName({ endpoint }: Pick<S3Options, "endpoint">): string {
  if (endpoint === undefined) return "Amazon S3";
  return URL.canParse(endpoint) ? new URL(endpoint).host : "the endpoint of the object store";
}
