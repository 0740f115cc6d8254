import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { fileObjectStore } from "../../src/objects/file/file-object-store.ts";
import { objectStoreConformance } from "./conformance.ts";

const made: string[] = [];

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "ledgerloop-objects-"));
  made.push(path);
  return path;
}

afterAll(() => Promise.all(made.map((path) => rm(path, { recursive: true }))));

objectStoreConformance("file", async () => {
  const root = join(await folder(), "not", "there", "yet");
  return { store: fileObjectStore(root), reopen: () => fileObjectStore(root) };
});

test("bytes that a dead process left behind are neither listed nor kept for ever; those of a live one stay", async () => {
  const root = await folder();
  await mkdir(join(root, ".incoming"));
  await writeFile(join(root, ".incoming", "old"), "x");
  await utimes(join(root, ".incoming", "old"), 1, 1);
  await writeFile(join(root, ".incoming", "young"), "x");
  const store = fileObjectStore(root);
  await store.putIfAbsent("a", "text");
  expect(await store.list("")).toEqual(["a"]);
  expect(await readdir(join(root, ".incoming"))).toEqual(["young"]);
});

test("a stored file can be read by path", async () => {
  const root = await folder();
  const store = fileObjectStore(root);
  await store.putIfAbsent("a/b.csv", "x");
  expect(store.path("a/b.csv")).toBe(join(root, "a", "b.csv"));
});
