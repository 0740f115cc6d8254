import { createReadStream } from "node:fs";
import { open, readFile as readWhole, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { Failure } from "../kernel/problem.ts";
import type { RawFile } from "../warehouse/warehouse.ts";
import { fileUnreadable, noFile } from "./problems.ts";
import type { TrialTools } from "./trial.ts";
import type { FileRead, FileReader } from "./trial-reader.ts";

/** A file of this machine that is tried, or referred to. */
export interface LocalFile {
  /** As it was named. */
  readonly path: string;
  readonly size: number;
}

/** A file that was read, and its row file. */
export interface ReadFile {
  readonly file: LocalFile;
  readonly read: FileRead;
  readonly columns: readonly string[];
  readonly raw: RawFile;
}

const CHUNK = 1024 * 1024;
const LONGEST_BESIDE = 1024 * 1024;

/** Looks whether a file is there and can be read. @throws Failure `usage` */
export async function findFile(path: string): Promise<LocalFile> {
  try {
    const found = await stat(path);
    if (!found.isFile()) throw new Failure("usage", noFile(path));
    const handle = await open(path, "r");
    await handle.close();
    return { path, size: found.size };
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure("usage", fileUnreadable(path), { cause: error });
  }
}

/** The bytes of a file as they lie on the disk. @throws Failure `usage` where they cannot be read any more. */
export async function* bytesOf(
  { path }: LocalFile,
  passed: (bytes: number) => void = () => undefined,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: CHUNK }) as AsyncIterable<Uint8Array>) {
      bytes += chunk.length;
      passed(bytes);
      yield chunk;
    }
  } catch (error) {
    throw new Failure("usage", fileUnreadable(path), { cause: error });
  }
}

async function write(path: string, bytes: AsyncIterable<Uint8Array>): Promise<number> {
  let written = 0;
  const handle = await open(path, "wx", 0o600);
  try {
    for await (const chunk of bytes) {
      await handle.writeFile(chunk);
      written += chunk.length;
    }
  } finally {
    await handle.close();
  }
  return written;
}

/** The text of what lies beside a file; null where nothing does, or it is no text of such a size. @throws Failure `usage` where it cannot be read. */
async function textBeside(path: string): Promise<string | null> {
  const found = await stat(path).catch(() => null);
  if (!found?.isFile() || found.size > LONGEST_BESIDE) return null;
  try {
    return await readWhole(path, "utf8");
  } catch (cause) {
    throw new Failure("usage", fileUnreadable(path), { cause });
  }
}

/** Writes the row file of a file under a key of its own. */
export async function readFile(
  file: LocalFile,
  key: string,
  { reader, tools }: { reader: FileReader; tools: Pick<TrialTools, "temporary" | "tell"> },
): Promise<ReadFile> {
  const { path, size } = file;
  const passed = (bytes: number) => tools.tell({ event: "reading", path, bytes, size });
  const beside = reader.beside(basename(path));
  const said = beside === null ? null : await textBeside(join(dirname(path), beside));
  const rows = reader.rows(basename(path), bytesOf(file, passed), said);
  const place = join(tools.temporary, `${key}.csv`);
  const bytes = await write(place, rows.bytes);
  const read = rows.facts();
  tools.tell({ event: "read", path, size });
  const local = async () => ({ path: place, release: async () => undefined });
  const raw = { key, rows: read.records, bytes, url: pathToFileURL(place).href, local };
  return { file, read, columns: rows.columns, raw };
}
