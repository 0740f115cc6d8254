import { type BigIntStats, createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { Failure, hasCode } from "../../../kernel/problem.ts";
import { folderAway, folderUnreadable } from "../problems.ts";
import { FileLeft, type FilePlace, type PlacedFile } from "./file-place.ts";

/** Who is asked, for errors. */
interface Location {
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

async function describe(root: string, path: string): Promise<PlacedFile[]> {
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

/** `retryable` where the location is not there, `incomplete` where it cannot be listed. */
async function listFolder({ source, folder }: Location, base: string): Promise<PlacedFile[]> {
  try {
    const own = base.replace(/\/$/, "");
    await stat(folder);
    const isThere = await stat(join(folder, own)).catch(() => null);
    const paths: string[] = [];
    if (isThere !== null) for await (const path of pathsBelow(folder, own)) paths.push(path);
    const files: PlacedFile[] = [];
    for (let at = 0; at < paths.length; at += AT_ONCE) {
      const some = await Promise.all(paths.slice(at, at + AT_ONCE).map((path) => describe(folder, path)));
      files.push(...some.flat());
    }
    return files;
  } catch (error) {
    throw unlisted(error, source);
  }
}

function leftBy(error: unknown): unknown {
  if (error instanceof FileLeft || !(error instanceof Error && "code" in error)) return error;
  return new FileLeft(error.code === "ENOENT" ? "changed" : "unreadable", error);
}

async function* openFile({ folder }: Location, { path, version }: PlacedFile): AsyncGenerator<Uint8Array> {
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

/** The files of a folder. */
export function filesInFolder(source: string, folder: string): FilePlace {
  const location = { source, folder };
  return {
    source,
    settles: true,
    list: (base) => listFolder(location, base),
    open: (file) => openFile(location, file),
    close: async () => undefined,
  };
}
