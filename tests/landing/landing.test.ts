import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { batchId, type Manifest, manifestText, parseManifest, readManifest } from "../../src/landing/manifest.ts";
import { fileObjectStore } from "../../src/objects/file/file-object-store.ts";
import { evidenceSuite } from "./evidence-suite.ts";
import { landingSuite, type ObjectPlace } from "./landing-suite.ts";

async function folderPlace(): Promise<ObjectPlace> {
  const root = await mkdtemp(join(tmpdir(), "ledgerloop-landing-"));
  const store = fileObjectStore(root);
  return {
    store,
    ending: "",
    stored: (key) => readFile(store.path(key)),
    replace: (key, bytes) => writeFile(store.path(key), bytes),
    [Symbol.asyncDispose]: async () => {
      const incoming = await readdir(join(root, ".incoming"));
      await rm(root, { recursive: true });
      expect(incoming).toEqual([]);
    },
  };
}

landingSuite("folder", folderPlace);
evidenceSuite("folder", folderPlace);

test("a manifest of a newer version, or none at all, is refused with a reason", async () => {
  expect(() => parseManifest('{"schema": 3, "anything": 1}', "k")).toThrow(/newer version[\s\S]*install that version/);
  expect(() => parseManifest('{"schema": 1}', "k")).toThrow(/k is not a manifest: run_id/);
  expect(() => parseManifest('{"schema": 2}', "k")).toThrow(/k is not a manifest: runId/);
  expect(() => parseManifest("{", "k")).toThrow(/it is no JSON/);
});

/** A manifest as version 0.1.0 wrote it. */
const FIRST = join(import.meta.dirname, "../fixtures/states/0.1.0/objects/landing/app/entries/run_0002/manifest.json");

test("a manifest of schema 1 is read in today's words and keeps its batch id", async () => {
  const text = await readFile(FIRST, "utf8");
  const objects = fileObjectStore(join(import.meta.dirname, "../fixtures/states/0.1.0/objects"));
  const batch = await readManifest(objects, "landing/app/entries/run_0002/manifest.json");
  expect(batch?.id).toBe(batchId(text));
  const { extract, schema, startedAt } = batch?.manifest ?? expect.fail();
  expect(schema).toBe(2);
  expect(extract).toMatchObject({
    request: { from: { xid: "757" }, whole: false },
    witness: "source",
    cursor: { kind: "xid", position: { xid: "758" }, identity: { system: "7711397878396917289", timeline: "1" }, horizon: null },
    asOf: startedAt,
    notes: { snapshot: expect.any(String), server_version: expect.any(String) },
  });
});

test("of schema 1, an instant is position and horizon, a whole read has neither, a replay no cursor", async () => {
  const manifest = JSON.parse(await readFile(FIRST, "utf8"));
  const cursorOf = (cursor: object, more: object = {}) => {
    const extract = { ...manifest.extract, cursor: { ...manifest.extract.cursor, ...cursor } };
    return parseManifest(JSON.stringify({ ...manifest, ...more, extract }), "k").extract.cursor;
  };
  const instant = "2026-11-01T00:00:00.000000Z";
  expect(cursorOf({ mode: "updated_at", horizon: instant })).toMatchObject({ position: instant, horizon: instant });
  expect(cursorOf({ mode: "whole", horizon: null })).toMatchObject({ kind: "whole", position: null, horizon: null });
  expect(cursorOf({ horizon: null }, { replay_of: "b_1" })).toBeNull();
});

/** Names as senders give them; the first is one that renaming would spoil. */
const fileNames = fc.oneof(fc.constant("A_b/cD.csv"), fc.string({ unit: "binary" }));

test("what an adapter puts into a manifest comes back as it was, names included", async () => {
  const manifest = parseManifest(await readFile(FIRST, "utf8"), "k");
  fc.assert(
    fc.property(fc.jsonValue(), fc.dictionary(fc.string(), fc.string()), fileNames, (value, notes, name) => {
      const own = JSON.parse(JSON.stringify(value)) as Manifest["extract"]["request"]["from"];
      const cursor = { kind: "k", position: own, identity: { snake_case: own, camelCase: own }, horizon: null };
      const state = [{ key: "a_b/Cd.csv", value: own }];
      const evidence = [{ name, key: "evidence/aa/aaaa", bytes: 1, sha256: "aaaa" }];
      const deriver = { name: "lines", version: "1", parameters: own };
      const more = { request: { from: own, whole: false }, cursor, state, notes, evidence, deriver };
      const extract = { ...manifest.extract, ...more };
      const text = manifestText({ ...manifest, extract });
      expect(parseManifest(text, "k").extract).toEqual(extract);
    }),
  );
});
