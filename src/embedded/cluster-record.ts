import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, realpath, rename, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { Failure, hasCode } from "../kernel/problem.ts";
import { recordUnreadable } from "./problems.ts";

const RECORD = z.object({
  name: z.string(),
  port: z.int(),
  password: z.string(),
  database: z.string(),
});

/**
 * What must be remembered about a cluster between commands. Holds a password: file mode 0600. Places follow from where the
 * record lies now, so that a state directory that was copied or moved never reaches into the one it came from.
 */
export type ClusterRecord = z.infer<typeof RECORD> & { readonly data: string; readonly log: string; readonly file: string };

/** Parent of data directories outside the state directory: one for each state directory, by its path. */
export async function folderElsewhere(state: string): Promise<string> {
  const hash = createHash("sha256").update(state).digest("hex").slice(0, 16);
  return join(await realpath(tmpdir()), `ledgerloop-${hash}`);
}

/** Data beside the record is this cluster's; without it, data in the folder that belongs to this very state directory. */
async function placesOf(state: string, name: string): Promise<Pick<ClusterRecord, "data" | "log" | "file">> {
  const beside = clustersFolder(await realpath(state));
  const inside = join(beside, `${name}-data`);
  const data = existsSync(inside) ? inside : join(await folderElsewhere(await realpath(state)), `${name}-data`);
  return { data, log: join(beside, `${name}.log`), file: join(beside, `${name}.json`) };
}

/** The folder of the records under a state directory. */
export function clustersFolder(state: string): string {
  return join(state, "clusters");
}

function fileOf(state: string, name: string): string {
  return join(clustersFolder(state), `${name}.json`);
}

/**
 * The record of a cluster; null if it was never started here.
 * @throws Failure `internal` when the file is not a record.
 */
export async function readRecord(state: string, name: string): Promise<ClusterRecord | null> {
  const file = fileOf(state, name);
  try {
    return { ...RECORD.parse(JSON.parse(await readFile(file, "utf8"))), ...(await placesOf(state, name)) };
  } catch (cause) {
    if (hasCode(cause, "ENOENT")) return null;
    throw new Failure("internal", recordUnreadable(file), { cause });
  }
}

/** Replaces a record as a whole. */
export async function writeRecord(state: string, record: ClusterRecord): Promise<void> {
  await mkdir(clustersFolder(state), { recursive: true });
  const file = fileOf(state, record.name);
  // Without the places, which follow from where the record lies.
  await writeFile(`${file}.new`, `${JSON.stringify(RECORD.parse(record), null, 2)}\n`, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

/** Names of the clusters that have a record, sorted. */
export async function recordedNames(state: string): Promise<string[]> {
  const entries = await readdir(clustersFolder(state)).catch(() => []);
  return entries.flatMap((e) => (e.endsWith(".json") ? [e.slice(0, -".json".length)] : [])).sort();
}

/** The address of a database of a recorded cluster; holds the password. */
export function recordUrl(record: ClusterRecord, database: string = record.database): string {
  return `postgres://postgres:${record.password}@127.0.0.1:${record.port}/${database}`;
}
