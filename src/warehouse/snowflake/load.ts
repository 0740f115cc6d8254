import { basename } from "node:path";
import { chunks } from "../../kernel/chunks.ts";
import { Failure } from "../../kernel/problem.ts";
import type { Statement } from "../dialect.ts";
import type { PackedFile, RawBatch, RawFile, TextRow } from "../warehouse.ts";
import type { Called } from "./call.ts";
import { isProblem } from "./errors.ts";
import { CREATE_UPLOAD, copyStaged, copyUploaded, createRaw, MOST_FILES, put } from "./load-sql.ts";
import { loadIncomplete, uploadFailed } from "./problems.ts";

/** Sends a statement of the session. */
export type Send = (statement: Statement) => Promise<Called>;

/** COPY names a file by its whole address, by its path in the stage, or alone. */
const isOf = (row: TextRow, { key }: RawFile) => {
  const named = row["file"] ?? "";
  return named === key || named.endsWith(`/${key}`);
};

/** A COPY names each file that it loaded; all of them, with the rows of their manifests, or the batch is not whole. */
function checkLoaded(batch: RawBatch, files: readonly RawFile[], answers: readonly TextRow[]): void {
  for (const file of files) {
    const found = files.length === 1 ? answers[0] : answers.find((row) => isOf(row, file));
    const loaded = found?.["status"] === "LOADED" ? (found["rows_loaded"] ?? "0") : `0 (${found?.["status"] ?? "not named"})`;
    if (loaded !== String(file.rows)) {
      throw new Failure("incomplete", loadIncomplete({ file: `${batch.feed}: ${file.key}`, loaded, landed: file.rows }));
    }
  }
}

/** The part of `s3://bucket/prefix/key` between bucket and key. */
function prefixOf({ url, key }: RawFile): string {
  return url.replace(/^s3:\/\/[^/]+\//, "").slice(0, -key.length);
}

/**
 * Loads a batch through the external stage. The raw table is new, so that Snowflake's own memory of loaded files is empty for it.
 * @throws Failure `incomplete` when other rows were loaded than the manifest says.
 */
export async function loadStaged(send: Send, batch: RawBatch): Promise<void> {
  await send(createRaw(batch));
  // A file of the same name would be named twice in the answer.
  const filled = batch.files.filter((file) => file.rows > 0);
  for (const files of chunks(filled, MOST_FILES)) {
    const [first] = files;
    if (!first) continue;
    const keys = files.map((file) => file.key);
    const { rows } = await send(copyStaged(batch, keys, prefixOf(first)));
    checkLoaded(batch, files, rows);
  }
}

/** PUT answers rows, not errors: only these two words mean that the file is there. */
const UPLOADED = new Set(["UPLOADED", "SKIPPED"]);

/** Turns a landed file into one that PUT takes. */
export type Pack = (batch: RawBatch, file: RawFile) => Promise<PackedFile>;

/** What the driver throws while it brings a file to the stage has no code, and is as passing as what it answers. */
function uploadFailure(file: RawFile, error: unknown): unknown {
  if (!isProblem(error, "snowflake.driver")) return error;
  return new Failure("retryable", uploadFailed({ file: file.key, status: "an error of the driver" }), { cause: error });
}

async function upload(send: Send, batch: RawBatch, options: { file: RawFile; path: string; folder: string }): Promise<number> {
  const { file, path, folder } = options;
  const mask = process.umask();
  try {
    const { rows } = await send(put(batch, { path, folder }));
    const status = rows[0]?.["status"] ?? "";
    if (rows.length !== 1 || !UPLOADED.has(status)) throw new Failure("retryable", uploadFailed({ file: file.key, status }));
    return Number(rows[0]?.["targetsize"] ?? rows[0]?.["target_size"] ?? 0);
  } catch (error) {
    throw uploadFailure(file, error);
  } finally {
    // The driver (3.3.0) clears the process's umask while it writes to a stage of this machine, and leaves it so.
    process.umask(mask);
  }
}

async function loadOne(send: Send, batch: RawBatch, options: { file: RawFile; folder: string; pack: Pack }): Promise<number> {
  const { file, folder, pack } = options;
  const packed = await pack(batch, file);
  try {
    const bytes = await upload(send, batch, { file, path: packed.path, folder });
    const { rows } = await send(copyUploaded(batch, `${folder}/${basename(packed.path)}`));
    checkLoaded(batch, [file], rows);
    return bytes;
  } finally {
    await packed.release();
  }
}

/**
 * Packs a batch's files as Parquet, uploads and loads them, one by one: the way without an external stage.
 * @returns bytes uploaded, as the driver says.
 * @throws Failure `incomplete` when other rows were loaded than the manifest says, `retryable` when an upload fails.
 */
export async function loadUploaded(send: Send, batch: RawBatch, pack: Pack): Promise<number> {
  await send(createRaw(batch));
  // An empty file has a header and nothing to load.
  const filled = batch.files.filter((file) => file.rows > 0);
  if (filled.length > 0) await send(CREATE_UPLOAD);
  let bytes = 0;
  for (const [i, file] of filled.entries()) bytes += await loadOne(send, batch, { file, folder: `${batch.relation}/${i}`, pack });
  return bytes;
}
