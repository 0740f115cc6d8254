import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { deriveAgain } from "../../src/landing/derive-again.ts";
import { evidenceSink, listEvidence, readStored } from "../../src/landing/evidence.ts";
import { landExtract, landReplay } from "../../src/landing/land-extract.ts";
import type { Batch, Manifest } from "../../src/landing/manifest.ts";
import { verifyExtract, verifyJustLanded } from "../../src/landing/verify-extract.ts";
import type { ObjectStore } from "../../src/objects/object-store.ts";
import type { Deriver } from "../../src/sources/deriver.ts";
import { feedOf, sourceOf, unusedPorts } from "../sources/extracting.ts";
import { lineDeriver, lineReader, lines, type Sent } from "../support/line-deriver.ts";
import { failingAt, type ObjectPlace, RUN } from "./landing-suite.ts";

const feed = feedOf({ columns: ["id", "amount"] });

async function* once(...parts: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}

async function all(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of bytes) parts.push(part);
  return Buffer.concat(parts);
}

async function landSent(objects: ObjectStore, sent: Sent, runId = RUN.runId): Promise<Batch> {
  const { batches } = await landExtract({
    reader: lineReader(() => sent),
    objects,
    run: { ...RUN, runId },
    configFingerprint: () => "f",
    request: {
      ...unusedPorts(),
      source: sourceOf(""),
      feeds: [{ feed, cursor: null, published: null, mayReadWhole: true, keys: false, loading: null }],
      currencies: {},
      signal: new AbortController().signal,
      onProgress: () => undefined,
      accepts: () => true,
    },
  });
  return batches[0] ?? expect.fail();
}

const SENT: Sent = [
  { name: "A_b/cD.csv", bytes: lines([{ id: 1, amount: "1.50" }, { id: 2 }]) },
  { name: "Übersicht Q3 (2).csv", bytes: lines([{ id: 3, amount: 'a "quoted"\nline' }]) },
];

/** The same extract with something of its deriver changed. */
function withDeriver({ extract, ...manifest }: Manifest, changed: object): Manifest {
  return { ...manifest, extract: { ...extract, deriver: { ...(extract.deriver ?? expect.fail()), ...changed } } };
}

async function changeOneByte(place: ObjectPlace, key: string, at = -1): Promise<void> {
  const bytes = Buffer.from(await place.stored(key));
  const index = at < 0 ? bytes.length + at : at;
  bytes.writeUInt8(bytes.readUInt8(index) ^ 1, index);
  await place.replace(key, bytes);
}

/** What evidence is on every object store. */
export function evidenceSuite(name: string, open: () => Promise<ObjectPlace>): void {
  describe(`evidence: ${name}`, () => {
    test("any bytes come back as they were, unpacked, under any name; the same bytes are one object", async () => {
      await using place = await open();
      const keep = evidenceSink(place.store);
      const keys = new Set<string>();
      const property = fc.asyncProperty(
        fc.string({ unit: "binary" }),
        fc.array(fc.uint8Array({ maxLength: 30 }), { maxLength: 4 }),
        async (name, parts) => {
          const bytes = Buffer.concat(parts);
          const sha256 = createHash("sha256").update(bytes).digest("hex");
          const evidence = await keep(name, once(...parts));
          const key = `evidence/${sha256.slice(0, 2)}/${sha256}`;
          expect(evidence).toEqual({ name, key, bytes: bytes.length, sha256 });
          expect((await place.stored(key)).equals(bytes)).toBe(true);
          expect((await all(readStored(place.store, evidence))).equals(bytes)).toBe(true);
          expect(await keep("another name", once(bytes))).toEqual({ ...evidence, name: "another name" });
          keys.add(key);
        },
      );
      await fc.assert(property, { numRuns: 20 });
      expect((await listEvidence(place.store)).map((object) => object.key)).toEqual([...keys].sort());
    });

    test("a sender that breaks off leaves nothing; what was kept before can be read by the next attempt", async () => {
      await using place = await open();
      const keep = evidenceSink(place.store);
      const first = await keep("page 1", once(Buffer.from("one")));
      async function* breaking(): AsyncGenerator<Uint8Array> {
        yield Buffer.from("tw");
        throw new Error("the sender broke off");
      }
      await expect(keep("page 2", breaking())).rejects.toThrow("the sender broke off");
      expect((await listEvidence(place.store)).map((object) => object.key)).toEqual([first.key]);
      expect((await all(readStored(place.store, first))).toString()).toBe("one");
    });

    test("whichever write it breaks off at, the next attempt of the same run succeeds and keeps no evidence twice", async () => {
      await using place = await open();
      for (let n = 1; n <= 5; n += 1) {
        await expect(landSent(failingAt(place.store, n), SENT, `run_${n}`)).rejects.toThrow("killed");
        const { manifest } = await landSent(place.store, SENT, `run_${n}`);
        await verifyExtract(place.store, manifest);
        await deriveAgain(place.store, [lineDeriver], manifest);
      }
      expect(await listEvidence(place.store)).toHaveLength(2);
    });

    test("a manifest names evidence and deriver; verifying reads both; a replay names the same evidence", async () => {
      await using place = await open();
      const batch = await landSent(place.store, SENT);
      const { evidence, deriver, files } = batch.manifest.extract;
      expect(evidence?.map((piece) => [piece.name, piece.bytes])).toEqual(SENT.map((s) => [s.name, s.bytes.length]));
      expect(deriver).toEqual({ name: "lines", version: "1", parameters: { columns: ["id", "amount"] } });
      expect(files.map((file) => file.rows)).toEqual([2, 1]);
      await verifyExtract(place.store, batch.manifest);
      const replay = await landReplay(place.store, batch, { ...RUN, runId: "run_r" });
      expect(replay.manifest.extract).toMatchObject({ evidence, deriver, files });
      await deriveAgain(place.store, [lineDeriver], replay.manifest);
      const [first] = evidence ?? [];
      await changeOneByte(place, first?.key ?? "");
      const changed = {
        kind: "incomplete",
        problems: [{ code: "landing.hash", says: expect.stringContaining(first?.key ?? "-") }],
      };
      await expect(verifyExtract(place.store, batch.manifest)).rejects.toMatchObject(changed);
      await expect(verifyJustLanded(place.store, batch.manifest)).rejects.toMatchObject(changed);
      await place.store.remove(first?.key ?? "");
      await expect(verifyExtract(place.store, replay.manifest)).rejects.toMatchObject({
        problems: [{ code: "landing.missing" }],
      });
    });

    test("whatever was sent, deriving twice gives the same bytes", async () => {
      await using place = await open();
      const record = fc.record({ id: fc.integer(), amount: fc.string({ unit: "binary", maxLength: 20 }) });
      const sent = fc.array(fc.tuple(fc.string(), fc.array(record, { maxLength: 5 })), { maxLength: 3 });
      let run = 0;
      const property = fc.asyncProperty(sent, async (files) => {
        run += 1;
        const given = files.map(([name, records]) => ({ name, bytes: lines(records) }));
        const { manifest } = await landSent(place.store, given, `run_${run}`);
        await deriveAgain(place.store, [lineDeriver], manifest);
      });
      await fc.assert(property, { numRuns: 10 });
    });

    test("one changed byte of a row file or of evidence is told, with the file", async () => {
      await using place = await open();
      const { manifest } = await landSent(place.store, SENT);
      const again = () => deriveAgain(place.store, [lineDeriver], manifest);
      const [, second] = manifest.extract.files;
      const landed = await place.stored(second?.key ?? "");
      for (let at = 0; at < landed.length; at += 1) {
        await changeOneByte(place, second?.key ?? "", at);
        await expect(again(), `byte ${at}`).rejects.toMatchObject({
          kind: "incomplete",
          problems: [{ says: expect.stringContaining(second?.key ?? "-") }],
        });
        await place.replace(second?.key ?? "", landed);
      }
      await again();
      const [, kept] = manifest.extract.evidence ?? [];
      const bytes = await place.stored(kept?.key ?? "");
      for (let at = 0; at < bytes.length; at += 1) {
        await changeOneByte(place, kept?.key ?? "", at);
        await expect(again(), `byte ${at}`).rejects.toMatchObject({ kind: "incomplete" });
        await place.replace(kept?.key ?? "", bytes);
      }
      await place.store.remove(kept?.key ?? "");
      await expect(again()).rejects.toMatchObject({
        problems: [{ code: "objects.missing", says: expect.stringContaining(kept?.key ?? "-") }],
      });
    });

    test("other parameters, another version, files too many or too few are told; without a deriver nothing is asked", async () => {
      await using place = await open();
      const { manifest } = await landSent(place.store, SENT);
      const again = (changed: Manifest, derivers: readonly Deriver[] = [lineDeriver]) =>
        deriveAgain(place.store, derivers, changed);
      await expect(again(withDeriver(manifest, { parameters: { columns: ["id", "amounT"] } }))).rejects.toMatchObject({
        problems: [{ code: "landing.derived_differs", says: expect.stringMatching(/part-000\.csv.* from byte 18 on/) }],
      });
      await expect(again(withDeriver(manifest, { parameters: null }))).rejects.toMatchObject({
        kind: "incomplete",
        problems: [{ code: "landing.deriver_failed" }],
      });
      for (const changed of [{ version: "2" }, { name: "others" }]) {
        await expect(again(withDeriver(manifest, changed))).rejects.toMatchObject({
          kind: "usage",
          problems: [{ code: "landing.deriver_unknown", next: expect.stringContaining("install ledgerloop 0.1.0") }],
        });
      }
      const { extract, ...rest } = manifest;
      const [first, second] = extract.files;
      const without = { ...rest, extract: { ...extract, files: [first ?? expect.fail()] } };
      await expect(again(without)).rejects.toMatchObject({ problems: [{ code: "landing.not_landed" }] });
      const [one = expect.fail(), two = expect.fail()] = extract.evidence ?? [];
      const fewer = { ...rest, extract: { ...extract, evidence: [one] } };
      await expect(again(fewer)).rejects.toMatchObject({
        problems: [{ code: "landing.not_derived", says: expect.stringContaining(second?.key ?? "-") }],
      });
      const turned = { ...rest, extract: { ...extract, evidence: [two, one] } };
      await expect(again(turned)).rejects.toMatchObject({ problems: [{ code: "landing.derived_differs" }] });
      const counted = { ...rest, extract: { ...extract, files: extract.files.map((file) => ({ ...file, rows: 9 })) } };
      await expect(again(counted)).rejects.toMatchObject({ problems: [{ code: "landing.derived_rows" }] });
      const { deriver: _, ...received } = extract;
      await again({ ...rest, extract: received }, []);
    });
  });
}
