import { basename } from "node:path";
import { Failure } from "../../kernel/problem.ts";
import type { Statement } from "../dialect.ts";
import type { RawBatch, RawFile, TextRow } from "../warehouse.ts";
import type { Answer } from "./call.ts";
import { isProblem } from "./errors.ts";
import { CREATE_UPLOAD, copyStaged, copyUploaded, createRaw, MOST_FILES, put } from "./load-sql.ts";
import { loadIncomplete, uploadFailed } from "./problems.ts";

/** Sends a statement of the session. */
export type Send = (statement: Statement) => Promise<Answer>;

function incomplete(batch: RawBatch, file: RawFile, loaded: string): Failure {
  return new Failure("incomplete", loadIncomplete({ file: `${batch.feed}: ${file.key}`, loaded, landed: file.rows }));
}

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
    if (loaded !== String(file.rows)) throw incomplete(batch, file, loaded);
  }
}

function chunks<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
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

/** What the driver throws while it brings a file to the stage has no code, and is as passing as what it answers. */
function uploadFailure(file: RawFile, error: unknown): unknown {
  if (!isProblem(error, "snowflake/driver")) return error;
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

/**
 * Uploads a batch's files and loads them, one by one: the way without an external stage.
 * @returns bytes uploaded, as the driver says.
 * @throws Failure `incomplete` when other rows were loaded than the manifest says, `retryable` when an upload fails.
 */
export async function loadUploaded(send: Send, batch: RawBatch): Promise<number> {
  let bytes = 0;
  await send(createRaw(batch));
  // An empty file has a header and nothing to load.
  const filled = batch.files.filter((file) => file.rows > 0);
  if (filled.length > 0) await send(CREATE_UPLOAD);
  for (const [i, file] of filled.entries()) {
    const local = await file.local();
    try {
      const folder = `${batch.relation}/${i}`;
      bytes += await upload(send, batch, { file, path: local.path, folder });
      const [create, copy, insert] = copyUploaded(batch, { key: file.key, staged: `${folder}/${basename(local.path)}` });
      await send(create);
      const { rows } = await send(copy);
      checkLoaded(batch, [file], rows);
      const { changed } = await send(insert);
      if (changed !== BigInt(file.rows)) throw incomplete(batch, file, String(changed));
    } finally {
      await local.release();
    }
  }
  return bytes;
}
