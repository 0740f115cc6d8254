import { randomUUID } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { link, mkdir, open, readdir, readFile, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { Failure, hasCode } from "../../kernel/problem.ts";
import { removeAbandoned } from "../abandoned.ts";
import { digestOfBytes } from "../digest.ts";
import { checkKey, folderOfPrefix } from "../object-key.ts";
import type { Digest, ObjectFolder, StoredObject } from "../object-store.ts";
import { pieceOf } from "../pieces.ts";
import { otherBytes } from "../problems.ts";
import { writeHashed } from "../write-hashed.ts";

/** Bytes on their way in; the leading dot keeps the folder out of the key space. */
const INCOMING = ".incoming";

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a folder whose name is on disk too: a new entry is only durable once its parent was synced. */
async function makeFolder(folder: string): Promise<void> {
  const first = await mkdir(folder, { recursive: true });
  if (first === undefined) return;
  for (let at = folder; at.length >= first.length; at = dirname(at)) await syncFolder(dirname(at));
}

async function writeDurably(path: string, bytes: AsyncIterable<Uint8Array>): Promise<Digest> {
  const file = await open(path, "wx");
  try {
    const digest = await writeHashed(file, bytes);
    await file.sync();
    return digest;
  } finally {
    await file.close();
  }
}

async function digestOf(path: string): Promise<Digest | null> {
  try {
    const { size } = await stat(path);
    return await digestOfBytes(createReadStream(path, { highWaterMark: pieceOf(size) }));
  } catch (error) {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  }
}

/** Gives finished bytes their name; link() has exactly one winner. */
async function publish(incoming: string, path: string): Promise<boolean> {
  await makeFolder(dirname(path));
  try {
    await link(incoming, path);
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
    // Whoever was first may not have come to this yet.
    await syncFolder(dirname(path));
    return false;
  }
  await syncFolder(dirname(path));
  return true;
}

async function keysBelow(root: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((error: unknown) => {
    if (hasCode(error, "ENOENT") || hasCode(error, "ENOTDIR")) return [];
    throw error;
  });
  const keys: string[] = [];
  for (const entry of entries) {
    if (entry.name.startsWith(".")) continue;
    const key = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) keys.push(...(await keysBelow(root, key)));
    else if (entry.isFile()) keys.push(key);
  }
  return keys;
}

async function sizeOf(path: string): Promise<number | null> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (hasCode(error, "ENOENT")) return null;
    throw error;
  }
}

async function describe(path: string, key: string): Promise<StoredObject[]> {
  const found = await stat(path).catch(() => null);
  return found === null ? [] : [{ key, bytes: found.size, modifiedAt: found.mtime }];
}

/** Objects as files below a folder, durable when a call returns. The file system must support hard links. */
export function fileObjectStore(folder: string): ObjectFolder {
  const root = resolve(folder);
  const incoming = join(root, INCOMING);
  const pathOf = (key: string) => {
    checkKey(key);
    return join(root, key);
  };
  let ready: Promise<void> | undefined;
  const prepare = () => {
    ready ??= makeFolder(incoming).then(() => removeAbandoned(incoming, new Date()));
    return ready;
  };
  const receive = async (keyOf: (digest: Digest) => string, bytes: AsyncIterable<Uint8Array>) => {
    await prepare();
    const temporary = join(incoming, randomUUID());
    try {
      const digest = await writeDurably(temporary, bytes);
      const key = keyOf(digest);
      return { key, digest, won: await publish(temporary, pathOf(key)) };
    } finally {
      await rm(temporary, { force: true });
    }
  };
  const putByDigest: ObjectFolder["putByDigest"] = async (keyOf, bytes) => {
    const { key, digest, won } = await receive(keyOf, bytes);
    if (!won && (await digestOf(pathOf(key)))?.sha256 !== digest.sha256) throw new Failure("internal", otherBytes(key));
    return { key, ...digest };
  };
  const list = async (prefix: string) => {
    return (await keysBelow(root, folderOfPrefix(prefix))).filter((key) => key.startsWith(prefix)).sort();
  };

  return {
    compression: null,
    async put(key, bytes) {
      checkKey(key);
      const { key: _, ...digest } = await putByDigest(() => key, bytes);
      return digest;
    },
    putByDigest,
    async putIfAbsent(key, text) {
      checkKey(key);
      return (await receive(() => key, once(Buffer.from(text, "utf8")))).won;
    },
    async getText(key) {
      return readFile(pathOf(key), "utf8").catch((error: unknown) => {
        if (hasCode(error, "ENOENT")) return null;
        throw error;
      });
    },
    async digest(key) {
      return digestOf(pathOf(key));
    },
    async size(key) {
      return sizeOf(pathOf(key));
    },
    list,
    async inventory(prefix) {
      return (await Promise.all((await list(prefix)).map((key) => describe(pathOf(key), key)))).flat();
    },
    async remove(key) {
      const path = pathOf(key);
      await rm(path, { force: true });
      if (existsSync(dirname(path))) await syncFolder(dirname(path));
    },
    async removeFolder(prefix) {
      await rmdir(pathOf(prefix)).catch((error: unknown) => {
        if (!["ENOTEMPTY", "EEXIST", "ENOENT"].some((code) => hasCode(error, code))) throw error;
      });
    },
    url: (key) => pathToFileURL(pathOf(key)).href,
    local: async (key) => ({ path: pathOf(key), release: async () => undefined }),
    describe: async () => root,
    path: pathOf,
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
