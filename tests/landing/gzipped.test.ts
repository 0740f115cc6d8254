import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { gzipped } from "../../src/landing/gzipped.ts";
import { duckdbWarehouse } from "../../src/warehouse/duckdb/warehouse.ts";

const folder = mkdtempSync(join(tmpdir(), "ledgerloop-packed-"));
afterAll(() => rmSync(folder, { recursive: true }));

async function* chunksOf(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}

async function all(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  return Buffer.concat(chunks);
}

test("whatever the chunks, the same bytes come out again", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 50 })), async (chunks) => {
      expect(gunzipSync(await all(gzipped(chunksOf(chunks))))).toEqual(Buffer.concat(chunks));
    }),
  );
});

test("an error of the source is the error of the packed stream, and ends it", async () => {
  async function* breaking(): AsyncGenerator<Uint8Array> {
    yield Buffer.alloc(1 << 20, 1);
    throw new Error("the source broke off");
  }
  await expect(all(gzipped(breaking()))).rejects.toThrow("the source broke off");
});

test("a reader that leaves early closes the source", async () => {
  let closed = false;
  async function* endless(): AsyncGenerator<Uint8Array> {
    try {
      for (let i = 0; ; i += 1) yield Buffer.alloc(1 << 16, i);
    } finally {
      closed = true;
    }
  }
  for await (const chunk of gzipped(endless())) if (chunk.length > 0) break;
  await expect.poll(() => closed).toBe(true);
});

test("the warehouse reads packed files, plain ones and both together", async () => {
  const rows = (from: number) =>
    Array.from({ length: 1_000 }, (_, i) => `"(0,${i})","${from + i}","a ""quoted""\nline, ü",,""`).join("\n");
  const plain = Buffer.from(`_position,id,text,nothing,empty\n${rows(0)}\n`);
  const other = Buffer.from(`_position,id,text,nothing,empty\n${rows(1_000)}\n`);
  writeFileSync(join(folder, "part-000.csv"), plain);
  writeFileSync(join(folder, "part-001.csv.gz"), await all(gzipped(chunksOf([other]))));
  const session = await duckdbWarehouse({ path: join(folder, "w.duckdb"), memoryLimit: "256MB" }).open({ purpose: "test" });
  const load = (names: readonly string[]) =>
    session.loadRaw({
      feed: "f",
      relation: "packed",
      batchId: "b",
      columns: ["_position", "id", "text", "nothing", "empty"],
      files: names.map((name) => ({
        key: `landing/${name}`,
        rows: 1_000,
        bytes: 0,
        url: "",
        local: async () => ({ path: join(folder, name), release: async () => undefined }),
      })),
    });
  const look = () =>
    session.rows({
      name: "look",
      sql: `select _file, count(*) as n, sum(cast(id as integer)) as ids, count(nothing) as nothing, count(empty) as empty,
        count(*) filter (text = 'a "quoted"' || chr(10) || 'line, ü') as texts from raw.packed group by 1 order by 1`,
    });
  const line = (name: string, ids: number) => ({
    ...{ _file: `landing/${name}`, n: "1000", ids: String(ids), nothing: "0", empty: "1000", texts: "1000" },
  });
  await load(["part-001.csv.gz"]);
  expect(await look()).toEqual([line("part-001.csv.gz", 1_499_500)]);
  await load(["part-000.csv", "part-001.csv.gz"]);
  expect(await look()).toEqual([line("part-000.csv", 499_500), line("part-001.csv.gz", 1_499_500)]);
  await session.close();
});

test("files lent to a session are given back when it ends, also when one of them cannot be had", async () => {
  const lent = new Set<string>();
  const session = await duckdbWarehouse({ path: join(folder, "l.duckdb"), memoryLimit: "256MB" }).open({ purpose: "test" });
  const file = (name: string, fails: boolean) => ({
    key: name,
    rows: 0,
    bytes: 0,
    url: "",
    local: async () => {
      if (fails) throw new Error("not to be had");
      lent.add(name);
      return { path: join(folder, name), release: async () => void lent.delete(name) };
    },
  });
  const batch = { feed: "f", relation: "lent", batchId: "b", columns: ["id"], files: [file("a", false), file("b", true)] };
  await expect(session.loadRaw(batch)).rejects.toThrow("not to be had");
  expect([...lent]).toEqual(["a"]);
  await session.close();
  expect([...lent]).toEqual([]);
});
