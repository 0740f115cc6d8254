import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { deriveFile } from "../../../src/sources/csv/scan/derive-file.ts";
import { bytesOf } from "../../support/raw-file.ts";
import { derive, inPieces, specOf, strings } from "./deriving.ts";

const SPEC = specOf({}, strings("a", "b"), { packing: "gzip" });
const WAYS = [[], [1], [7]];
const TEXT = `a,b\n${Array.from({ length: 2000 }, (_, i) => `${i},${i % 7}\n`).join("")}`;
const packed = gzipSync(TEXT);

async function expectWhole(bytes: Uint8Array): Promise<void> {
  const plain = await derive(TEXT, { ...SPEC, packing: null });
  for (const pieces of WAYS) {
    const derived = await derive(bytes, SPEC, pieces);
    expect(derived.facts).toEqual(plain.facts);
    expect(derived.landed.equals(plain.landed)).toBe(true);
  }
}

async function expectStopped(bytes: Uint8Array): Promise<void> {
  for (const pieces of WAYS) expect((await derive(bytes, SPEC, pieces)).facts.stopped?.reason).toBe("gzip");
}

describe("a file that is packed with gzip", () => {
  test("is what was packed: rows, offsets and hash are those of the bytes within", () => expectWhole(packed));

  test("may have several members, cut anywhere", () => {
    const members = [TEXT.slice(0, 5), TEXT.slice(5, 4001), TEXT.slice(4001)].map((text) => gzipSync(text));
    return expectWhole(Buffer.concat(members));
  });

  test("may be padded with zeros", () => expectWhole(Buffer.concat([packed, Buffer.alloc(1000)])));

  test("is stopped where it is cut off, wherever that is", async () => {
    for (const length of [1, 2, 5, 10, 11, packed.length >> 1, packed.length - 8, packed.length - 1])
      await expectStopped(packed.subarray(0, length));
    await expectStopped(Buffer.concat([packed, packed.subarray(0, 40)]));
  });

  test("is stopped where other bytes follow, zeros before them or not", async () => {
    await expectStopped(Buffer.concat([packed, Buffer.from("a,b\n")]));
    await expectStopped(Buffer.concat([packed, Buffer.alloc(20), Buffer.from("x")]));
    await expectStopped(Buffer.concat([packed, Buffer.alloc(20), packed]));
  });

  test("is stopped where it is damaged, or none", async () => {
    const damaged = Buffer.from(packed);
    damaged[packed.length - 6] = (damaged[packed.length - 6] ?? 0) ^ 1;
    await expectStopped(damaged);
    await expectStopped(Buffer.from(TEXT));
  });

  test("without bytes is as empty as one that is not packed", async () => {
    for (const bytes of [Buffer.of(), gzipSync("")]) expect((await derive(bytes, SPEC)).facts.stopped?.reason).toBe("empty");
  });
});

test("what fails while packed bytes are read is the reader's own error, not the file's", async () => {
  async function* broken() {
    yield packed.subarray(0, 20);
    throw new Error("the store is gone");
  }
  await expect(bytesOf(deriveFile(broken(), SPEC).bytes)).rejects.toThrow("the store is gone");
});

test("of packed bytes no more is asked for than is wanted", async () => {
  const long = `a,b\n${Array.from({ length: 100_000 }, (_, i) => `${i},${(i * 7919) % 99_991}\n`).join("")}`;
  let isClosed = false;
  let taken = 0;
  async function* endless() {
    try {
      for (const piece of inPieces(gzipSync(long), [100])) {
        taken += 1;
        yield piece;
      }
    } finally {
      isClosed = true;
    }
  }
  const layout = { ...SPEC.layout, maxFileBytes: 10_000 };
  const file = deriveFile(endless(), { ...SPEC, layout });
  await bytesOf(file.bytes);
  expect(file.facts().stopped?.reason).toBe("too_large");
  expect([isClosed, taken < 1000]).toEqual([true, true]);
});
