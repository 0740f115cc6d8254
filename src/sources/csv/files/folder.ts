import { type BigIntStats, createReadStream, type Dirent } from "node:fs";
import { lstat, readdir, realpath, stat } from "node:fs/promises";
import { join, relative } from "node:path";
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

/** The paths of files below a folder, links to files and folders followed; `above` are the folders that led here. */
async function* pathsBelow(root: string, folder: string, above: readonly string[]): AsyncGenerator<string> {
  const here = await realpath(join(root, folder));
  if (above.includes(here)) return;
  for (const entry of await readdir(here, { withFileTypes: true })) {
    if (entry.name.startsWith(".")) continue;
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (await isFolder(entry, join(root, path))) yield* pathsBelow(root, path, [...above, here]);
    else if (entry.isFile() || entry.isSymbolicLink()) yield path;
  }
}

/** Whether an entry is a folder, or a link that leads to one. */
async function isFolder(entry: Dirent, path: string): Promise<boolean> {
  if (!entry.isSymbolicLink()) return entry.isDirectory();
  const found = await stat(path).catch(() => null);
  return found?.isDirectory() === true;
}

/** What stands for a file that is listed and cannot be looked at: a link that leads nowhere, a name that is no UTF-8. */
const UNREADABLE = "unreadable";

/** Null for a file that went away since it was listed. */
async function statOf(root: string, path: string): Promise<BigIntStats | typeof UNREADABLE | null> {
  const whole = join(root, path);
  return stat(whole, { bigint: true }).catch(async () => {
    const isThere = path.includes("\uFFFD") || (await lstat(whole).catch(() => null)) !== null;
    return isThere ? UNREADABLE : null;
  });
}

async function describe(root: string, path: string): Promise<PlacedFile[]> {
  const found = await statOf(root, path);
  if (found === UNREADABLE) return [{ path, version: UNREADABLE, bytes: 0, modifiedAt: new Date(0) }];
  if (!found?.isFile()) return [];
  const modifiedAt = new Date(Number(found.mtimeNs / 1_000_000n));
  return [{ path, version: versionOf(found), bytes: Number(found.size), modifiedAt }];
}

function unlisted(error: unknown, { source, folder }: Location): unknown {
  if (!(error instanceof Error && "code" in error)) return error;
  if (error.code === "ENOENT") return new Failure("retryable", folderAway({ source }), { cause: error });
  const below = "path" in error && typeof error.path === "string" ? relative(folder, error.path) : "";
  return new Failure("incomplete", folderUnreadable({ source, code: String(error.code), below }), { cause: error });
}

/** `retryable` where the location is not there, `incomplete` where it cannot be listed. */
async function listFolder({ source, folder }: Location, base: string): Promise<PlacedFile[]> {
  try {
    const own = base.replace(/\/$/, "");
    await stat(folder);
    const isThere = await stat(join(folder, own)).catch((error: unknown) => {
      if (hasCode(error, "ENOENT")) return null;
      throw error;
    });
    const paths: string[] = [];
    if (isThere !== null) for await (const path of pathsBelow(folder, own, [])) paths.push(path);
    const files: PlacedFile[] = [];
    for (let at = 0; at < paths.length; at += AT_ONCE) {
      const some = await Promise.all(paths.slice(at, at + AT_ONCE).map((path) => describe(folder, path)));
      files.push(...some.flat());
    }
    return files;
  } catch (error) {
    throw unlisted(error, { source, folder });
  }
}

function leftBy(error: unknown): unknown {
  if (error instanceof FileLeft || !(error instanceof Error && "code" in error)) return error;
  return new FileLeft(error.code === "ENOENT" ? "changed" : "unreadable", error);
}

async function* openFile({ folder }: Location, { path, version, bytes }: PlacedFile): AsyncGenerator<Uint8Array> {
  if (version === UNREADABLE) throw new FileLeft("unreadable", null);
  const check = async () => {
    const [now] = await describe(folder, path);
    if (now?.version !== version) throw new FileLeft("changed", null);
  };
  try {
    await check();
    yield* createReadStream(join(folder, path), { highWaterMark: Math.min(CHUNK, bytes + 1) });
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
