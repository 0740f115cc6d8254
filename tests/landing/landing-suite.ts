import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { findBatch, findExtracts } from "../../src/landing/find-extracts.ts";
import { type LandingRun, landExtract, landReplay } from "../../src/landing/land-extract.ts";
import { batchId, manifestText, parseManifest, readManifest } from "../../src/landing/manifest.ts";
import { verifyExtract, verifyJustLanded } from "../../src/landing/verify-extract.ts";
import type { ObjectInventory, ObjectStore } from "../../src/objects/object-store.ts";
import { postgresReader } from "../../src/sources/postgres/postgres-reader.ts";
import { CURRENCIES, feedOf, sourceOf, unusedPorts } from "../sources/extracting.ts";
import { freshDatabase } from "../support/postgres.ts";

/** An empty object store, and a hand that reaches behind it. */
export interface ObjectPlace extends AsyncDisposable {
  readonly store: ObjectInventory;
  /** What the names of landed files end in. */
  readonly ending: string;
  readonly stored: (key: string) => Promise<Buffer>;
  readonly replace: (key: string, bytes: Uint8Array) => Promise<void>;
}

export const RUN: LandingRun = {
  runId: "run_20261123T100000Z_a",
  group: "billing",
  asked: "changes",
  window: { start: new Date("2026-11-23T09:00:00Z"), end: new Date("2026-11-23T10:00:00Z") },
  baseHead: "41",
  extractSeq: 7,
  startedAt: new Date("2026-11-23T10:00:00.123Z"),
  codeVersion: "0.1.0",
};

const invoices = feedOf({ columns: ["id", "amount"], money: { amount: "amount", unit: "minor" } });
const customers = feedOf({ table: "customers" });

async function land(objects: ObjectStore, url: string, run: LandingRun = RUN) {
  return landExtract({
    reader: postgresReader(),
    objects,
    run,
    configFingerprint: (feed) => `of ${feed.name}`,
    request: {
      ...unusedPorts(),
      source: sourceOf(url),
      feeds: [
        { feed: customers, cursor: null, published: null, mayReadWhole: true, keys: true, loading: null },
        { feed: invoices, cursor: null, published: null, mayReadWhole: true, keys: false, loading: null },
      ],
      currencies: CURRENCIES,
      signal: new AbortController().signal,
      onProgress: () => undefined,
      accepts: () => true,
    },
  });
}

async function database() {
  const db = await freshDatabase();
  await (await db.client()).query(
    "create table invoices (id int, amount bigint); create table customers (id int); insert into invoices values (1, 9007199254740993); insert into customers values (1), (2)",
  );
  return db;
}

/** A store that breaks off at the n-th write. */
export function failingAt(objects: ObjectStore, n: number): ObjectStore {
  let writes = 0;
  const counted = <T>(write: () => Promise<T>): Promise<T> => {
    writes += 1;
    return writes === n ? Promise.reject(new Error("killed")) : write();
  };
  return {
    ...objects,
    putByDigest: (keyOf, bytes) => counted(() => objects.putByDigest(keyOf, bytes)),
    put: (key, bytes) => counted(() => objects.put(key, bytes)),
    putIfAbsent: (key, text) => counted(() => objects.putIfAbsent(key, text)),
  };
}

/** What landing does on every object store. */
export function landingSuite(name: string, open: () => Promise<ObjectPlace>): void {
  describe(`landing: ${name}`, () => {
    test("an extract lands as files with a manifest that says everything about it", async () => {
      await using place = await open();
      await using db = await database();
      const { store: objects } = place;
      const { batches } = await land(objects, db.url);
      expect(batches.map((b) => b.manifest.extract.feed)).toEqual(["billing.customers", "billing.invoices"]);
      const batch = batches[1];
      const folder = "landing/billing/invoices/run_20261123T100000Z_a";
      expect(await objects.list("landing/billing/invoices/")).toEqual([
        `${folder}/manifest.json`,
        `${folder}/part-000.csv${place.ending}`,
      ]);
      const text = (await objects.getText(`${folder}/manifest.json`)) ?? "";
      expect(batch?.id).toBe(batchId(text));
      expect(JSON.parse(text)).toMatchObject({
        schema: 2,
        run_id: RUN.runId,
        group: "billing",
        window: { start: "2026-11-23T09:00:00Z", end: "2026-11-23T10:00:00Z" },
        base_head: "41",
        extract_seq: 7,
        started_at: "2026-11-23T10:00:00.123Z",
        code_version: "0.1.0",
        config_fingerprint: "of invoices",
        together: ["billing.customers", "billing.invoices"],
        extract: {
          columns: ["_position", "id", "amount"],
          source_columns: [
            { name: "id", type: "integer" },
            { name: "amount", type: "bigint" },
          ],
          totals: [{ currency: "-", rows: "1", minor: "9007199254740993", unreadable: "0" }],
          files: [{ key: `${folder}/part-000.csv${place.ending}`, rows: 1 }],
          witness: "source",
          cursor: {
            kind: "whole",
            position: { seen: { xmax: expect.stringMatching(/^\d+$/), log: expect.any(String), written: expect.any(String) } },
            horizon: null,
            identity: { timeline: "1", database: expect.stringMatching(/^\d+$/), table: expect.any(String) },
          },
        },
      });
      expect(await readManifest(objects, `${folder}/manifest.json`)).toEqual(batch);
      expect(batches[0]?.manifest.extract.keys).toMatchObject({ rows: 2, columns: ["id"] });
      await verifyExtract(objects, batches[0]?.manifest ?? expect.fail());
    });

    test("whichever write it breaks off at, a torn landing is invisible and the next one of the same run succeeds", async () => {
      await using place = await open();
      await using db = await database();
      const { store: objects } = place;
      for (let n = 1; n <= 5; n += 1) {
        const run = { ...RUN, runId: `run_${n}` };
        await expect(land(failingAt(objects, n), db.url, run)).rejects.toThrow("killed");
        for (const feed of ["billing.customers", "billing.invoices"]) {
          expect(await findExtracts(objects, { feed, runId: run.runId, newest: 9 })).toEqual([]);
        }
        const { batches } = await land(objects, db.url, run);
        expect(batches).toHaveLength(2);
        for (const batch of batches) {
          expect(await findExtracts(objects, { feed: batch.manifest.extract.feed, runId: run.runId, newest: 9 })).toEqual([
            batch,
          ]);
          await verifyExtract(objects, batch.manifest);
        }
      }
    });

    test("missing, cut and flipped bytes are found before anything reads them", async () => {
      await using place = await open();
      await using db = await database();
      const { store: objects } = place;
      const { batches } = await land(objects, db.url);
      const manifest = batches[0]?.manifest ?? expect.fail();
      const part = manifest.extract.files[0]?.key ?? "";
      const keys = manifest.extract.keys?.files[0]?.key ?? "";
      const bytes = await place.stored(part);
      await place.replace(part, Buffer.concat([bytes.subarray(0, -2), Buffer.from("9\n")]));
      await place.replace(keys, (await place.stored(keys)).subarray(0, 3));
      await expect(verifyExtract(objects, manifest)).rejects.toMatchObject({
        kind: "incomplete",
        problems: [{ code: "landing.hash" }, { code: "landing.size" }],
      });
      await expect(verifyJustLanded(objects, manifest)).rejects.toMatchObject({
        kind: "incomplete",
        problems: [{ code: "landing.size", says: expect.stringContaining(keys) }],
      });
      await objects.remove(part);
      await expect(verifyExtract(objects, manifest)).rejects.toThrow(/is gone[\s\S]*next: ledgerloop run/);
      await expect(verifyJustLanded(objects, manifest)).rejects.toThrow(/is gone[\s\S]*next: ledgerloop run/);
    });

    test("what an extract says beside its rows is evidence like them", async () => {
      await using place = await open();
      await using db = await database();
      const { store: objects } = place;
      const { batches } = await land(objects, db.url);
      const manifest = batches[0]?.manifest ?? expect.fail();
      const file = manifest.extract.files[0] ?? expect.fail();
      for (const beside of ["scopes", "deletes"] as const) {
        const rows = { files: [{ ...file, key: `landing/${beside}.csv` }], columns: ["id"], rows: file.rows };
        const told = { ...manifest, extract: { ...manifest.extract, [beside]: rows } };
        expect(parseManifest(manifestText(told), "m")).toEqual(told);
        await expect(verifyExtract(objects, told)).rejects.toThrow(`landing/${beside}.csv`);
      }
    });

    test("the newest extract comes first; a batch is found by its id; two landings never share one", async () => {
      await using place = await open();
      await using db = await database();
      const { store: objects } = place;
      const first = await land(objects, db.url);
      const second = await land(objects, db.url, { ...RUN, runId: "run_20261123T110000Z_b" });
      const third = await land(objects, db.url, { ...RUN, runId: "run_20261123T110000Z_b" });
      const found = await findExtracts(objects, { feed: "billing.invoices", newest: 2 });
      expect(found.map((b) => b.id)).toEqual([third.batches[1]?.id, second.batches[1]?.id]);
      const ids = [first, second, third].flatMap((l) => l.batches.map((b) => b.id));
      expect(new Set(ids).size).toBe(6);
      expect(await findBatch(objects, ["billing.customers", "billing.invoices"], ids[1] ?? "")).toEqual(first.batches[1]);
      expect(await findBatch(objects, ["billing.customers"], "b_0")).toBeNull();
    });

    test("a replay is a new batch of the same bytes without a cursor; a replay of it names the first", async () => {
      await using place = await open();
      await using db = await database();
      const { store: objects } = place;
      const { batches } = await land(objects, db.url);
      const original = batches[1] ?? expect.fail();
      const replay = await landReplay(objects, original, { ...RUN, runId: "run_r", baseHead: "50", extractSeq: 9 });
      expect(replay.id).not.toBe(original.id);
      expect(replay.manifest).toMatchObject({
        replayOf: original.id,
        baseHead: "50",
        extract: { files: original.manifest.extract.files, cursor: null },
      });
      expect(replay.manifest.extract.totals).toEqual(original.manifest.extract.totals);
      expect((await findExtracts(objects, { feed: "billing.invoices", runId: "run_r", newest: 1 }))[0]).toEqual(replay);
      expect((await landReplay(objects, replay, { ...RUN, runId: "run_s" })).manifest.replayOf).toBe(original.id);
    });

    test("two processes land the same run at once: one has it, the other is told to repeat", async () => {
      await using place = await open();
      await using db = await database();
      const { store } = place;
      // Both have looked for a free folder before either writes: two feeds each.
      let looked = 0;
      let bothLooked = () => undefined as undefined;
      const meeting = new Promise<void>((resolve) => {
        bothLooked = () => {
          resolve();
          return undefined;
        };
      });
      const racing: ObjectStore = {
        ...store,
        list: async (prefix) => {
          const keys = await store.list(prefix);
          looked += 1;
          if (looked === 4) bothLooked();
          await meeting;
          return keys;
        },
      };
      const ended = await Promise.allSettled([land(racing, db.url), land(racing, db.url)]);
      expect(ended.map((e) => e.status).sort()).toEqual(["fulfilled", "rejected"]);
      expect(ended.find((e) => e.status === "rejected")).toMatchObject({
        reason: { kind: "lost", problems: [{ code: "landing.manifest_exists" }] },
      });
      const [winner] = ended.flatMap((e) => (e.status === "fulfilled" ? [e.value] : []));
      for (const batch of winner?.batches ?? expect.fail()) {
        const feed = batch.manifest.extract.feed;
        expect(await findExtracts(store, { feed, newest: 9 })).toEqual([batch]);
        await verifyExtract(store, batch.manifest);
      }
    });

    test("the landed bytes are the source's own, packed where the store wants it", async () => {
      await using place = await open();
      await using db = await database();
      const { batches } = await land(place.store, db.url);
      const file = batches[1]?.manifest.extract.files[0] ?? expect.fail();
      const bytes = await place.stored(file.key);
      expect(file.bytes).toBe(bytes.length);
      const text = place.ending === ".gz" ? gunzipSync(bytes) : bytes;
      expect(text.toString("utf8")).toMatch(/^_position,id,amount\n[^\n]*,1,9007199254740993\n$/);
    });
  });
}
