import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { type FileHandle, mkdir, mkdtemp, open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { FeedBatch } from "../checks/label.ts";
import { csvCell } from "../kernel/csv-text.ts";
import { saysDiskFull } from "../kernel/disk-full.ts";
import { Failure, messageOf } from "../kernel/problem.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { ask } from "../warehouse/questions.ts";
import type { Session, TextRow } from "../warehouse/warehouse.ts";
import { cutRanges, gathered, type Range } from "./cut-ranges.ts";
import { fileChanged, folderTaken, folderUnwritable } from "./problems.ts";
import { collectRefused, refusedPages, refusedRecords } from "./questions.ts";
import { bytesOf, type ReadFile } from "./read-files.ts";
import type { FileReader } from "./trial-reader.ts";

/** What is written of a file: the bytes of its records that are not valid, and a table of them. */
const ENDINGS = [".raw", ".csv"] as const;

/** The names of files without what says their kind; no two are one, whatever a file system thinks of upper case. */
export function distinctNames(paths: readonly string[]): string[] {
  const taken = new Set<string>();
  return paths.map((path) => {
    const stem =
      basename(path)
        .replace(/\.gz$/i, "")
        .replace(/\.csv$/i, "") || "file";
    let name = stem;
    for (let n = 2; taken.has(name.toLowerCase()); n += 1) name = `${stem}-${n}`;
    taken.add(name.toLowerCase());
    return name;
  });
}

/** Refuses a folder that has files of these names. @throws Failure `usage` */
export async function checkFolder(folder: string, paths: readonly string[]): Promise<void> {
  const found = await readdir(folder).catch(() => []);
  const names = distinctNames(paths).flatMap((name) => ENDINGS.map((ending) => `${name}${ending}`));
  const taken = found.filter((name) => names.some((other) => other.toLowerCase() === name.toLowerCase()));
  if (taken.length > 0) throw new Failure("usage", folderTaken({ folder, names: taken.sort() }));
}

/** A record that is not valid. */
interface Refused extends Range {
  readonly row: TextRow;
}

interface Writing {
  readonly session: Session;
  readonly dialect: Dialect;
  readonly input: FeedBatch;
  readonly reader: FileReader;
}

/** The records of a file that are not valid, in the file's order. */
async function* refusedOf({ session, dialect, input }: Writing, key: string, pages: readonly bigint[]): AsyncGenerator<Refused> {
  for (const page of pages) {
    const answer = await ask(session, { dialect, name: "refused-page" }, [refusedRecords(dialect, input, { key, page })]);
    const rows = answer("records").map((row) => ({ row, begins: Number(row["begins"]), bytes: Number(row["bytes"]) }));
    yield* rows.sort((a, b) => a.begins - b.begins);
  }
}

/** Columns about the record have names that no contract can give. */
function header({ feed }: FeedBatch): string {
  const own = ["_record", "_offset", "_length", "_raw_offset", "_reasons", "_payload"];
  return `${[...own, ...feed.contract.columns.map((c) => c.name)].map(csvCell).join(",")}\n`;
}

function reasonsOf(row: TextRow): string {
  const fault = row["fault"] ?? null;
  return fault ?? (JSON.parse(row["reasons"] ?? "[]") as string[]).join("; ");
}

function lineOf({ row, begins, bytes }: Refused, { feed }: FeedBatch, rawOffset: number): string {
  const cells = feed.contract.columns.map((_, i) => row[`cell_${i}`]);
  const own = [row["record_number"], String(begins), String(bytes), String(rawOffset), reasonsOf(row), row["payload"]];
  return `${[...own, ...cells].map(csvCell).join(",")}\n`;
}

const GATHERED = 256 * 1024;

/** Passes records on; beside it their lines are written. */
async function* written(records: AsyncIterable<Refused>, table: FileHandle, input: FeedBatch): AsyncGenerator<Refused> {
  let [text, rawOffset] = [header(input), 0];
  for await (const record of records) {
    text += lineOf(record, input, rawOffset);
    rawOffset += record.bytes;
    if (text.length > GATHERED) {
      await table.writeFile(text);
      text = "";
    }
    yield record;
  }
  await table.writeFile(text);
}

async function* hashed(bytes: AsyncIterable<Uint8Array>, done: (sha256: string) => void): AsyncGenerator<Uint8Array> {
  const hash = createHash("sha256");
  for await (const chunk of bytes) {
    hash.update(chunk);
    yield chunk;
  }
  done(hash.digest("hex"));
}

async function drain<T>(items: AsyncIterator<T>): Promise<void> {
  while (!(await items.next()).done);
}

/** Writes both files of one input. @throws Failure `usage` where it is not any more what was judged. */
async function writeFile(
  w: Writing,
  { file, read, raw }: ReadFile,
  to: { place: string; pages: readonly bigint[] },
): Promise<void> {
  const [bytes, table] = await Promise.all(ENDINGS.map((ending) => open(`${to.place}${ending}`, "wx", 0o600)));
  if (!bytes || !table) throw new Error("two files were opened");
  let sha256 = "";
  try {
    const records = written(refusedOf(w, raw.key, to.pages), table, w.input);
    const whole = hashed(w.reader.unpacked(basename(file.path), bytesOf(file)), (found) => {
      sha256 = found;
    });
    for await (const piece of gathered(cutRanges(whole, records))) await bytes.writeFile(piece);
    await drain(records);
  } finally {
    await Promise.all([bytes.close(), table.close()]);
  }
  if (sha256 !== read.sha256) throw new Failure("usage", fileChanged(file.path));
}

/** Brings a folder to its place: all of its files, or none. */
async function moveInto(from: string, folder: string): Promise<void> {
  if (!existsSync(folder)) return rename(from, folder);
  const names = await readdir(from);
  const moved: string[] = [];
  try {
    for (const name of names) {
      if (existsSync(join(folder, name))) throw new Failure("usage", folderTaken({ folder, names: [name] }));
      await rename(join(from, name), join(folder, name));
      moved.push(name);
    }
  } catch (error) {
    await Promise.all(moved.map((name) => rm(join(folder, name), { force: true })));
    throw error;
  }
}

async function besideOf(folder: string): Promise<string> {
  await mkdir(dirname(folder), { recursive: true });
  return mkdtemp(existsSync(folder) ? join(folder, ".check-") : `${folder}.check-`);
}

function asFailure(error: unknown, folder: string): Failure {
  if (error instanceof Failure) return error;
  const reason = saysDiskFull(error) ? "no room is left on its disk" : (messageOf(error).split(/[,\n]/)[0] ?? "");
  return new Failure(saysDiskFull(error) ? "incomplete" : "usage", folderUnwritable({ folder, reason }), { cause: error });
}

/**
 * Writes a folder with two files for each file that was judged: the exact bytes of its records that are not valid, one after the other,
 * and a table that says where each stands and why. It holds everything, or nothing was written.
 */
export async function writeQuarantine(
  w: Writing,
  { folder: named, files }: { folder: string; files: readonly ReadFile[] },
): Promise<void> {
  const folder = resolve(named);
  const names = distinctNames(files.map(({ file }) => file.path));
  await w.session.run(collectRefused(w.dialect, w.input));
  const answer = await ask(w.session, { dialect: w.dialect, name: "refused-pages" }, [refusedPages(w.dialect, w.input)]);
  const pagesOf = (key: string) =>
    answer("pages")
      .filter((row) => row["file_key"] === key)
      .map((row) => BigInt(row["page"] ?? "0"))
      .sort((a, b) => (a < b ? -1 : 1));
  let beside: string | null = null;
  try {
    beside = await besideOf(folder);
    for (const [i, file] of files.entries()) {
      if (file.read.stopped) continue;
      await writeFile(w, file, { place: join(beside, names[i] ?? ""), pages: pagesOf(file.raw.key) });
    }
    await moveInto(beside, folder);
  } catch (error) {
    throw asFailure(error, named);
  } finally {
    if (beside !== null) await rm(beside, { recursive: true, force: true });
  }
}
