import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import type { ObjectStore } from "../../src/objects/object-store.ts";

async function* chunks(...parts: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) yield typeof part === "string" ? Buffer.from(part) : part;
}

async function* broken(): AsyncGenerator<Uint8Array> {
  yield Buffer.from("half of it");
  throw new Error("the source broke off");
}

const sha256 = (bytes: string | Uint8Array) => createHash("sha256").update(bytes).digest("hex");

/** What every object store does; `open` gives a handle on an empty store, `reopen` a second one on the same store. */
export function objectStoreConformance(
  name: string,
  open: () => Promise<{ store: ObjectStore; reopen: () => ObjectStore }>,
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

    test("put-if-absent has exactly one winner, whose text stays", async () => {
      const { store, reopen } = await open();
      const rivals = Array.from({ length: 20 }, (_, i) => (i % 2 ? store : reopen()).putIfAbsent("m/manifest.json", `by ${i}`));
      const won = await Promise.all(rivals);
      expect(won.filter(Boolean)).toHaveLength(1);
      expect(await store.getText("m/manifest.json")).toBe(`by ${won.indexOf(true)}`);
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
      await store.put("gone", chunks("x"));
      await store.remove("gone");
      await store.remove("gone");
      expect(await store.list("")).toEqual([]);
    });

    test("an object can be had as a local file with its bytes", async () => {
      const { store } = await open();
      await store.put("a/b.csv", chunks("x,", "y"));
      const file = await store.local("a/b.csv");
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
      await expect(store.local(key)).rejects.toMatchObject({ kind: "internal" });
    });
  });
}
