import { type BigIntStats, createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { Failure, hasCode } from "../../kernel/problem.ts";
import { folderAway, folderUnreadable } from "./problems.ts";

/** A file below a location. */
export interface FolderFile {
  /** Below the location, with `/`. */
  readonly path: string;
  readonly version: string;
  readonly bytes: number;
  readonly modifiedAt: Date;
}

/** Who is asked, for errors. */
export interface Location {
  readonly source: string;
  /** An absolute path. */
  readonly folder: string;
}

const CHUNK = 1024 * 1024;
/** Files that are asked about at once. */
const AT_ONCE = 64;

/**
 * Size, inode, instants of the last write and of the last change at all: a file that was written to, or put in the place of another, has
 * other ones. The instant of writing alone can be set by whoever writes; that of a change cannot.
 */
function versionOf({ size, mtimeNs, ctimeNs, ino }: BigIntStats): string {
  return `${size}-${mtimeNs}-${ctimeNs}-${ino}`;
}

async function* pathsBelow(root: string, folder: string): AsyncGenerator<string> {
  for (const entry of await readdir(join(root, folder), { withFileTypes: true })) {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.name.startsWith(".")) continue;
    if (entry.isDirectory()) yield* pathsBelow(root, path);
    else if (entry.isFile() || entry.isSymbolicLink()) yield path;
  }
}

async function describe(root: string, path: string): Promise<FolderFile[]> {
  const found = await stat(join(root, path), { bigint: true }).catch((error: unknown) => {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  });
  if (!found?.isFile()) return [];
  const modifiedAt = new Date(Number(found.mtimeNs / 1_000_000n));
  return [{ path, version: versionOf(found), bytes: Number(found.size), modifiedAt }];
}

function unlisted(error: unknown, source: string): unknown {
  if (!(error instanceof Error && "code" in error)) return error;
  if (error.code === "ENOENT") return new Failure("retryable", folderAway({ source }), { cause: error });
  return new Failure("incomplete", folderUnreadable({ source, code: String(error.code) }), { cause: error });
}

/**
 * Every file below a folder of a location, in no order; what begins with a dot is nobody's.
 * @throws Failure where the location cannot be listed, for an empty listing would say that all files are gone: `retryable` where it is not
 * there, else `incomplete`.
 */
export async function listFolder({ source, folder }: Location, base: string): Promise<FolderFile[]> {
  try {
    const own = base.replace(/\/$/, "");
    await stat(folder);
    const isThere = await stat(join(folder, own)).catch(() => null);
    const paths: string[] = [];
    if (isThere !== null) for await (const path of pathsBelow(folder, own)) paths.push(path);
    const files: FolderFile[] = [];
    for (let at = 0; at < paths.length; at += AT_ONCE) {
      const some = await Promise.all(paths.slice(at, at + AT_ONCE).map((path) => describe(folder, path)));
      files.push(...some.flat());
    }
    return files;
  } catch (error) {
    throw unlisted(error, source);
  }
}

/** Thrown by `openFile`: the file is not what was listed any more, or cannot be read. */
export class FileLeft extends Error {
  readonly why: "changed" | "unreadable";

  constructor(why: FileLeft["why"], cause: unknown) {
    super(`the file was ${why}`, { cause });
    this.why = why;
  }
}

function leftBy(error: unknown): unknown {
  if (error instanceof FileLeft || !(error instanceof Error && "code" in error)) return error;
  return new FileLeft(error.code === "ENOENT" ? "changed" : "unreadable", error);
}

/**
 * The bytes of the version that was listed.
 * @throws FileLeft before the first byte or behind the last, where the file was replaced or written to meanwhile, or cannot be read.
 */
export async function* openFile({ folder }: Location, { path, version }: FolderFile): AsyncGenerator<Uint8Array> {
  const check = async () => {
    const [now] = await describe(folder, path);
    if (now?.version !== version) throw new FileLeft("changed", null);
  };
  try {
    await check();
    yield* createReadStream(join(folder, path), { highWaterMark: CHUNK });
    await check();
  } catch (error) {
    throw leftBy(error);
  }
}
