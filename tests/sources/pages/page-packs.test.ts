import { gunzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import type { Json } from "../../../src/kernel/json.ts";
import { pagePacks } from "../../../src/sources/pages/page-packs.ts";
import { type PagesParameters, pagesDeriver } from "../../../src/sources/pages/pages-deriver.ts";
import { type Page, readWarc, warcRecord } from "../../../src/sources/pages/warc.ts";
import type { Evidence } from "../../../src/sources/source.ts";

const HEADERS = { requestId: "request-id", version: "stripe-version" };

const pageOf = (n: number, body = `{"data":[{"id":"x${n}"}],"has_more":true}`): Page => ({
  url: `https://api.test/v1/things?limit=100&n=${n}`,
  status: 200,
  headers: { "request-id": `req_${n}`, "stripe-version": "2026-08-26.dahlia", "content-type": "application/json" },
  date: "2026-10-05T12:00:00.000Z",
  body: Buffer.from(body),
});

async function bytesOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}

/** Keeps evidence in memory. */
function shelf() {
  const kept = new Map<string, Buffer>();
  const sink = async (name: string, bytes: AsyncIterable<Uint8Array>): Promise<Evidence> => {
    const content = await bytesOf(bytes);
    kept.set(name, content);
    return { name, key: name, bytes: content.length, sha256: "" };
  };
  return { kept, sink };
}

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function pagesIn(bytes: Uint8Array, size = 7): Promise<Page[]> {
  const pages: Page[] = [];
  for await (const page of readWarc(inPieces(bytes, size))) pages.push({ ...page, body: Buffer.from(page.body) });
  return pages;
}

describe("records", () => {
  test("what was received is read again, byte for byte, however the bytes come", async () => {
    const pages = [pageOf(1), pageOf(2, ""), pageOf(3, "\r\n\r\nWARC/1.1\r\n\r\n"), { ...pageOf(4), status: 404 }];
    const bytes = Buffer.concat(pages.map(warcRecord));
    for (const size of [1, 13, bytes.length]) {
      const read = await pagesIn(bytes, size);
      expect(read.map(({ headers, ...page }) => ({ ...page, headers: headers["request-id"] }))).toEqual(
        pages.map(({ headers, ...page }) => ({ ...page, headers: headers["request-id"] })),
      );
    }
  });

  test("a record says what it is to every reader of the format", () => {
    const [head = "", http = ""] = warcRecord(pageOf(1)).toString().split("\r\n\r\n");
    expect(head.split("\r\n")).toEqual([
      "WARC/1.1",
      "WARC-Type: response",
      expect.stringMatching(/^WARC-Record-ID: <urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}>$/),
      "WARC-Date: 2026-10-05T12:00:00.000Z",
      "WARC-Target-URI: https://api.test/v1/things?limit=100&n=1",
      expect.stringMatching(/^WARC-Payload-Digest: sha256:[0-9a-f]{64}$/),
      "Content-Type: application/http;msgtype=response",
      expect.stringMatching(/^Content-Length: \d+$/),
    ]);
    expect(http.split("\r\n")[0]).toBe("HTTP/1.1 200");
  });

  test("bytes that end inside a record, or are none, are no pages", async () => {
    const whole = warcRecord(pageOf(1));
    for (let end = 1; end < whole.length; end += 17) {
      await expect(pagesIn(whole.subarray(0, end)), `cut at ${end}`).rejects.toThrow("cannot be read");
    }
    await expect(pagesIn(Buffer.from("something else\r\n\r\n"))).rejects.toThrow("cannot be read");
  });
});

describe("packs", () => {
  test("pages are packed one by one, files end before they grow too large, and the index leads to each page", async () => {
    const { kept, sink } = shelf();
    const packs = pagePacks(sink, { name: "things", headers: HEADERS, largest: 1_200 });
    const pages = Array.from({ length: 9 }, (_, i) => pageOf(i + 1));
    expect(await Promise.all(pages.map((page) => packs.add(page)))).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    const evidence = await packs.close();
    const names = evidence.map(({ name }) => name);
    expect(names.slice(0, 2)).toEqual(["things-00001.warc.gz", "things-00001.index.jsonl"]);
    expect(names.length).toBeGreaterThan(4);
    let number = 0;
    for (const name of names.filter((one) => one.endsWith(".warc.gz"))) {
      const file = kept.get(name) as Buffer;
      expect(file.length).toBeLessThanOrEqual(1_200);
      const lines = String(kept.get(name.replace("warc.gz", "index.jsonl")))
        .trim()
        .split("\n");
      for (const line of lines) {
        number += 1;
        const { page, url, request_id: request, offset, length } = JSON.parse(line);
        expect([page, request]).toEqual([number, `req_${number}`]);
        const [read] = await pagesIn(gunzipSync(file.subarray(offset, offset + length)));
        expect([read?.url, read?.body.toString()]).toEqual([url, pages[number - 1]?.body.toString()]);
      }
    }
    expect(number).toBe(9);
  });

  test("without a page there is no file", async () => {
    const { kept, sink } = shelf();
    expect(await pagePacks(sink, { name: "things", headers: HEADERS }).close()).toEqual([]);
    expect(kept.size).toBe(0);
  });

  test("a store that fails is told to whoever adds a page, and nobody waits for ever", async () => {
    const failing = async (): Promise<Evidence> => {
      throw new Error("the store is full");
    };
    const packs = pagePacks(failing, { name: "things", headers: HEADERS });
    const work = async () => {
      for (let n = 1; n <= 40; n += 1)
        await packs.add(pageOf(n, JSON.stringify({ data: [], pad: Math.random().toString(36).repeat(40_000) })));
      await packs.close();
    };
    await expect(work()).rejects.toThrow("the store is full");
  });
});

test("row files are cut by rows, and derived again they are the same", async () => {
  const { kept, sink } = shelf();
  const packs = pagePacks(sink, { name: "things", headers: HEADERS });
  for (let n = 0; n < 450; n += 1) {
    const data = Array.from({ length: 100 }, (_, i) => ({ id: `x${n}_${i}` }));
    await packs.add(pageOf(n, JSON.stringify({ data, has_more: true })));
  }
  const evidence = (await packs.close()).map(({ name }) => ({
    name,
    open: () => inPieces(kept.get(name) as Buffer, 64 * 1024),
  }));
  const parameters: PagesParameters = {
    columns: ["_position", "_fault", "_payload", "_unconverted", "id"],
    cells: [{ name: "id", type: "string", pointer: "/id", conversion: null, currency: null }],
    routes: [{ request: "^/v1/things", list: "/data", inside: null, scope: null }],
    key: "id",
    id: "/id",
    deleted: "/deleted",
    dropped: [[2, 2]],
    overruled: ["1/1"],
    deletes: [["gone", null]],
    emptied: null,
  };
  const derive = async () => {
    const files: [string, number, string][] = [];
    for await (const { name, bytes, rows } of pagesDeriver.derive(evidence, parameters as unknown as Json)) {
      const text = (await bytesOf(bytes)).toString();
      files.push([name, rows(), text]);
    }
    return files;
  };
  const files = await derive();
  expect(files.map(([name, rows]) => [name, rows])).toEqual([
    ["part-00000.csv", 20_099],
    ["part-00001.csv", 20_000],
    ["part-00002.csv", 4_800],
    ["deletes-000.csv", 1],
  ]);
  expect(files[0]?.[2].split("\n").slice(0, 3)).toEqual([
    "_position,_fault,_payload,_unconverted,id",
    '"1/2",,,,x0_1',
    '"1/3",,,,x0_2',
  ]);
  expect(files[3]?.[2]).toBe("id,_stamp\ngone,\n");
  expect(await derive()).toEqual(files);
});
