import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Column } from "../contract/contract.ts";
import { present } from "../contract/present.ts";
import { type Digester, digester } from "../objects/digest.ts";
import { type ManifestFile, manifestPath, otherThanStated, type Stated, statedIn } from "../sources/csv/files/manifest-file.ts";
import { type FoundLayout, findLayout } from "../sources/csv/find-layout.ts";
import { contractColumns } from "../sources/csv/layout-schema.ts";
import { deriveFile } from "../sources/csv/scan/derive-file.ts";
import type { FileFacts } from "../sources/csv/scan/file-facts.ts";
import { plainLayout } from "../sources/csv/scan/layout.ts";
import { STOP_NEXT } from "../sources/csv/stop-next.ts";
import { gunzipped } from "../sources/unpacked.ts";
import type { Trial, TrialAsked, TrialEvent } from "../trial/trial.ts";
import type { FileRead, FileReader, FileReaders } from "../trial/trial-reader.ts";
import { tryFiles as tryWith } from "../trial/try-files.ts";

/** A million rows of 160 MB need no more; what does not fit is spilled. */
const MEMORY_LIMIT = "512MB";

const isPacked = (name: string) => /\.gz$/i.test(name);

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((all, count) => all + count, 0);
}

function readOf({ records, malformed, unconverted, sha256, stopped }: FileFacts): FileRead {
  const next = stopped && STOP_NEXT[stopped.reason];
  return {
    records,
    malformed: sum(malformed),
    unconverted: sum(unconverted),
    sha256,
    stopped: stopped && { ...stopped, next: next ?? "" },
  };
}

/** Bytes on their way, measured. */
async function* measured(bytes: AsyncIterable<Uint8Array>, { update }: Digester): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) {
    update(chunk);
    yield chunk;
  }
}

/** What a run would say of a file and its manifest before it reads a record. */
function statedBeside(name: string, said: string | null, manifest: ManifestFile | null): Stated | string {
  if (manifest === null) return {};
  const missing = `its manifest ${manifestPath(name, manifest)} is not beside it: a run leaves it until it is`;
  return said === null ? missing : statedIn(said, manifest);
}

function csvReader({ layout, manifest }: FoundLayout, columns: readonly Column[]): FileReader {
  const targets = columns.map(({ name, type, format }) => ({ name, type, ...present({ format }) }));
  const amount = columns.find(({ money }) => money !== undefined)?.name ?? null;
  return {
    beside: (name) => manifest && manifestPath(name, manifest),
    rows: (name, bytes, said) => {
      const packing = isPacked(name) ? "gzip" : null;
      const stated = statedBeside(name, said, manifest);
      const told = typeof stated === "string" ? {} : { stated };
      const sent = digester();
      // Of the bytes after unpacking there is a hash anyway.
      const passing = told.stated?.sha256 === undefined ? bytes : measured(bytes, sent);
      const file = deriveFile(passing, { layout, columns: targets, packing, scope: null, amount, ...told });
      const facts = () => {
        const read = file.facts();
        const says = typeof stated === "string" ? stated : otherThanStated(stated, sent.digest().sha256);
        return readOf(says === null ? read : { ...read, stopped: { reason: "manifest", says } });
      };
      return { bytes: file.bytes, columns: file.columns, facts };
    },
    // What is no whole gzip file was stopped when it was read; where it has become so since, its hash is another.
    unpacked: (name, bytes) => (isPacked(name) ? gunzipped(bytes, () => undefined) : bytes),
  };
}

/** Readers of CSV files. */
export const CSV_READERS: FileReaders = {
  plain: (columns) => csvReader({ layout: plainLayout(contractColumns(columns)), manifest: null }, columns),
  byLayout: ({ file, text, layout }, columns) => csvReader(findLayout({ file, text }, layout, columns), columns),
};

const STOPS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Removes a folder into which other threads still write: a file that comes while it is emptied is met by the next try. */
function removeUnderWriters(folder: string): void {
  for (let tries = 1; existsSync(folder); tries += 1) {
    try {
      rmSync(folder, { recursive: true, force: true });
    } catch (error) {
      if (tries === 50) throw error;
    }
  }
}

/** Does work with a folder for temporary files, of which nothing is left, also where the program is stopped. */
async function withTemporary<T>(work: (folder: string) => Promise<T>): Promise<T> {
  // In one step with the listeners: a signal between a folder and its listener would leave it.
  const folder = mkdtempSync(join(tmpdir(), "ledgerloop-check-"));
  const stop = (signal: NodeJS.Signals) => {
    removeUnderWriters(folder);
    // The listener is gone by now: the program ends as it would without it.
    process.kill(process.pid, signal);
  };
  for (const signal of STOPS) process.once(signal, stop);
  try {
    return await work(folder);
  } finally {
    for (const signal of STOPS) process.off(signal, stop);
    await rm(folder, { recursive: true, force: true });
  }
}

/** See `LookPort.tryFiles`. */
export async function tryFiles(asked: TrialAsked, tell: (event: TrialEvent) => void): Promise<Trial> {
  const { duckdbInMemory } = await import("../warehouse/duckdb/memory.ts");
  const openWarehouse = async (spill: string) => duckdbInMemory({ memoryLimit: MEMORY_LIMIT, spill });
  return withTemporary((temporary) => tryWith(asked, { readers: CSV_READERS, openWarehouse, temporary, tell }));
}
