import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parseManifest } from "../../src/landing/manifest.ts";
import { fileObjectStore } from "../../src/objects/file/file-object-store.ts";
import { landingSuite } from "./landing-suite.ts";

landingSuite("folder", async () => {
  const root = await mkdtemp(join(tmpdir(), "ledgerloop-landing-"));
  const store = fileObjectStore(root);
  return {
    store,
    ending: "",
    stored: (key) => readFile(store.path(key)),
    replace: (key, bytes) => writeFile(store.path(key), bytes),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true }),
  };
});

test("a manifest of a newer version, or none at all, is refused with a reason", async () => {
  expect(() => parseManifest('{"schema": 2, "anything": 1}', "k")).toThrow(/newer version[\s\S]*install that version/);
  expect(() => parseManifest('{"schema": 1}', "k")).toThrow(/k is not a manifest: runId/);
  expect(() => parseManifest("{", "k")).toThrow(/it is no JSON/);
});
