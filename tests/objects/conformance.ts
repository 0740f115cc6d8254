import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ObjectInventory } from "../../src/objects/object-store.ts";

async function* chunks(...parts: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield typeof part === "string" ? Buffer.from(part) : part;
}

async function* broken(): AsyncGenerator<Uint8Array> {
  yield Buffer.from("half of it");
  throw new Error("the source broke off");
}

const MEGABYTE = 1 << 20;

/** Many megabytes without holding them: one chunk, again and again. */
async function* long(megabytes: number, onChunk: () => void): AsyncGenerator<Uint8Array> {
  const chunk = Buffer.alloc(MEGABYTE, 0x2c);
  for (let i = 0; i < megabytes; i += 1) {
    onChunk();
    yield chunk;
  }
}

const sha256 = (bytes: string | Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** What every object store does; `open` gives a handle on an empty store, `reopen` a second one on the same store. */
export function objectStoreConformance(
  name: string,
  open: () => Promise<{ store: ObjectInventory; reopen: () => ObjectInventory }>,
): void {
  describe(`object store: ${name}`, () => {
    test("bytes come back with their size and hash, whatever the chunks", async () => {
      const { store, reopen } = await open();
      const big = Buffer.alloc(3_000_000, 7);
      expect(await store.put("a/b/big.csv", chunks("x", new Uint8Array(0), big))).toEqual({
        bytes: 3_000_001,
        sha256: sha256(Buffer.concat([Buffer.from("x"), big])),
      });
      expect(await store.put("a/empty", chunks())).toEqual({ bytes: 0, sha256: sha256("") });
      expect(await reopen().digest("a/b/big.csv")).toEqual(await store.digest("a/b/big.csv"));
      expect(await reopen().getText("a/empty")).toBe("");
    });

    test("chunks of any size, also reused by who sends them, come back as they were", async () => {
      const { store } = await open();
      let n = 0;
      const lengths = fc.array(
        fc.oneof(fc.nat(40), fc.integer({ min: 60_000, max: 70_000 }), fc.integer({ min: 1_000_000, max: 1_100_000 })),
        {
          maxLength: 6,
        },
      );
      const property = fc.asyncProperty(lengths, async (sizes) => {
        const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
        const whole = sizes.map((size, i) => Buffer.alloc(size, bytes.subarray(i)));
        async function* reused() {
          const room = Buffer.alloc(1_100_000);
          for (const part of whole) {
            part.copy(room);
            yield room.subarray(0, part.length);
          }
        }
        n += 1;
        const expected = Buffer.concat(whole);
        const written = await store.put(`n/${n}`, reused());
        expect(written).toEqual({ bytes: expected.length, sha256: sha256(expected) });
        expect(await store.digest(`n/${n}`)).toEqual(written);
        expect(await store.size(`n/${n}`)).toBe(expected.length);
      });
      await fc.assert(property, { numRuns: 20 });
    });

    test("a stream that breaks off leaves nothing", async () => {
      const { store } = await open();
      await expect(store.put("torn", broken())).rejects.toThrow("the source broke off");
      expect(await store.digest("torn")).toBeNull();
      expect(await store.list("")).toEqual([]);
      expect((await store.put("torn", chunks("whole"))).bytes).toBe(5);
    });

    test("the same bytes again are fine, other bytes are refused and change nothing", async () => {
      const { store } = await open();
      await store.put("k", chunks("one"));
      expect((await store.put("k", chunks("o", "ne"))).bytes).toBe(3);
      await expect(store.put("k", chunks("two"))).rejects.toMatchObject({ kind: "internal", message: /exists already/ });
      expect(await store.getText("k")).toBe("one");
    });

    test("bytes under the key that their digest gives: any bytes come back, the same ones twice are one object", async () => {
      const { store, reopen } = await open();
      const keyOf = ({ sha256: hash }: { sha256: string }) => `by/${hash.slice(0, 2)}/${hash}`;
      const given = new Set<string>();
      const property = fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 5 }), async (parts) => {
        const bytes = Buffer.concat(parts);
        const written = await store.putByDigest(keyOf, chunks(...parts));
        given.add(written.key);
        expect(written).toEqual({ key: keyOf({ sha256: sha256(bytes) }), bytes: bytes.length, sha256: sha256(bytes) });
        expect(await reopen().putByDigest(keyOf, chunks(bytes))).toEqual(written);
        const file = await store.local(written.key, written);
        expect((await readFile(file.path)).equals(bytes)).toBe(true);
        await file.release();
      });
      await fc.assert(property, { numRuns: 20 });
      expect(await store.list("by/")).toEqual([...given].sort());
      const large = Buffer.alloc(11 * MEGABYTE, 3);
      const twins = await Promise.all([store.putByDigest(keyOf, chunks(large)), reopen().putByDigest(keyOf, chunks(large))]);
      expect(twins[0]).toEqual(twins[1]);
    });

    test("bytes whose key their digest gives: a stream that breaks off, a bad key and other bytes there leave all as it was", async () => {
      const { store } = await open();
      await expect(store.putByDigest(({ sha256: hash }) => hash, broken())).rejects.toThrow("the source broke off");
      await expect(store.putByDigest(() => "../up", chunks("x"))).rejects.toMatchObject({ problems: [{ code: "objects.key" }] });
      expect(await store.list("")).toEqual([]);
      await store.put("taken", chunks("one"));
      await expect(store.putByDigest(() => "taken", chunks("two"))).rejects.toMatchObject({
        problems: [{ code: "objects.exists" }],
      });
      expect(await store.getText("taken")).toBe("one");
    });

    test("put-if-absent has exactly one winner, whose text stays", async () => {
      const { store, reopen } = await open();
      const rivals = Array.from({ length: 20 }, (_, i) => (i % 2 ? store : reopen()).putIfAbsent("m/manifest.json", `by ${i}`));
      const won = await Promise.all(rivals);
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(await store.getText("m/manifest.json")).toBe(`by ${won.indexOf(true)}`);
    });

    test("two writers of one large object: one of them wins, and its bytes stay; of the same bytes both do", async () => {
      const { store, reopen } = await open();
      const [one, other] = [Buffer.alloc(6 * MEGABYTE, 1), Buffer.alloc(6 * MEGABYTE, 2)];
      const rivals = await Promise.allSettled([store.put("r/part.csv", chunks(one)), reopen().put("r/part.csv", chunks(other))]);
      const winner = rivals[0]?.status === "fulfilled" ? one : other;
      expect(rivals.map((r) => r.status).sort()).toEqual(["fulfilled", "rejected"]);
      expect(rivals.find((r) => r.status === "rejected")).toMatchObject({
        reason: { kind: "internal", problems: [{ code: "objects.exists" }] },
      });
      expect(await store.digest("r/part.csv")).toEqual({ bytes: winner.length, sha256: sha256(winner) });
      const twins = await Promise.all([store.put("r/same.csv", chunks(one)), reopen().put("r/same.csv", chunks(one))]);
      expect(twins).toEqual([await store.digest("r/same.csv"), await store.digest("r/same.csv")]);
    });

    test("a long stream goes in and comes out without being held in memory", async () => {
      const { store } = await open();
      const megabytes = 320;
      const before = process.memoryUsage().arrayBuffers;
      let most = 0;
      const look = () => {
        most = Math.max(most, process.memoryUsage().arrayBuffers - before);
      };
      const written = await store.put("long.csv", long(megabytes, look));
      expect(written.bytes).toBe(megabytes * MEGABYTE);
      const copy = await store.local("long.csv", written);
      look();
      await copy.release();
      expect(await store.digest("long.csv")).toEqual(written);
      look();
      // Parts under way, and what the collector has not taken back yet.
      expect(most / MEGABYTE).toBeLessThan(megabytes / 2);
      await store.remove("long.csv");
    });

    test("lists more than a thousand objects, with sizes, in the order of their keys", async () => {
      const { store, reopen } = await open();
      const keys = Array.from({ length: 1_050 }, (_, i) => `many/${String((i * 11) % 1_050).padStart(5, "0")}`);
      for (let i = 0; i < keys.length; i += 50) {
        await Promise.all(keys.slice(i, i + 50).map((key) => store.putIfAbsent(key, key)));
      }
      const sorted = [...keys].sort();
      expect(await reopen().list("many/")).toEqual(sorted);
      const found = await store.inventory("many/");
      expect(found.map(({ key, bytes }) => ({ key, bytes }))).toEqual(sorted.map((key) => ({ key, bytes: key.length })));
      expect(found.every(({ modifiedAt }) => modifiedAt.getTime() > Date.parse("2020-01-01"))).toBe(true);
      expect(await store.list("many/010")).toHaveLength(50);
    });

    test("a folder that holds something stays, one that does not exist is no error", async () => {
      const { store } = await open();
      await store.putIfAbsent("f/a", "x");
      await store.removeFolder("f");
      expect(await store.getText("f/a")).toBe("x");
      await store.remove("f/a");
      await store.removeFolder("f");
      await store.removeFolder("f");
      expect(await store.list("")).toEqual([]);
    });

    test("tells what it is", async () => {
      const { store } = await open();
      expect(await store.describe()).toMatch(/\S/);
    });

    test("lists by text prefix, sorted, across folders", async () => {
      const { store } = await open();
      for (const key of ["p/b/2", "p/b/1", "p/a-x", "p/a/y", "q/1"]) await store.put(key, chunks(key));
      expect(await store.list("p/")).toEqual(["p/a-x", "p/a/y", "p/b/1", "p/b/2"]);
      expect(await store.list("p/a")).toEqual(["p/a-x", "p/a/y"]);
      expect(await store.list("nothing/here")).toEqual([]);
      expect(await store.list("")).toHaveLength(5);
    });

    test("what is not there is null; removing it is no error", async () => {
      const { store } = await open();
      expect(await store.getText("none")).toBeNull();
      expect(await store.digest("none/at/all")).toBeNull();
      expect(await store.size("none/at/all")).toBeNull();
      await store.put("gone", chunks("x"));
      await store.remove("gone");
      await store.remove("gone");
      expect(await store.list("")).toEqual([]);
    });

    test("an object can be had as a local file with its bytes", async () => {
      const { store } = await open();
      const written = await store.put("a/b.csv", chunks("x,", "y"));
      const file = await store.local("a/b.csv", written);
      expect(await readFile(file.path, "utf8")).toBe("x,y");
      await file.release();
      expect(await store.getText("a/b.csv")).toBe("x,y");
      expect(store.url("a/b.csv")).toMatch(/^[a-z0-9]+:\/\/.*\/a\/b\.csv$/);
    });

    test.each([
      "",
      "/abs",
      "a//b",
      "../up",
      "a/../b",
      ".hidden",
      "a/.b",
      "sp ace",
      "ü",
      "a\\b",
      "a/",
      "n\0ul",
      `${"x".repeat(256)}`,
    ])("refuses the key %j", async (key) => {
      const { store } = await open();
      await expect(store.put(key, chunks("x"))).rejects.toMatchObject({ kind: "internal" });
      await expect(store.putIfAbsent(key, "x")).rejects.toMatchObject({ kind: "internal" });
      expect(() => store.url(key)).toThrow(/not an object key/);
      await expect(store.local(key, { bytes: 0, sha256: "" })).rejects.toMatchObject({ kind: "internal" });
    });
  });
}
