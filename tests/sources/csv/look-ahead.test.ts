import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { ObjectStore } from "../../../src/objects/object-store.ts";
import { type Fetching, fetchAhead } from "../../../src/sources/csv/files/fetch-ahead.ts";
import type { Listed } from "../../../src/sources/csv/files/file-ledger.ts";
import { FileLeft } from "../../../src/sources/csv/files/file-place.ts";
import { landBehind } from "../../../src/sources/csv/files/land-behind.ts";
import type { Evidence } from "../../../src/sources/source.ts";
import { at, openPartnersHouse, type PartnersHouse } from "../../support/partners-house.ts";
import { expectEnded } from "../conformance-subject.ts";

const MIB = 1024 * 1024;
const later = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

function listed(path: string, bytes = 10): Listed {
  const file = { path, version: "1", bytes, modifiedAt: new Date(0) };
  return { ...file, partner: null, date: null, file, manifests: new Map(), lacksManifest: false };
}

/** A place whose files take a moment; what was begun and what has ended, by path. */
function slowPlace(breaks: Readonly<Record<string, Error>> = {}) {
  const [begun, ended]: [string[], string[]] = [[], []];
  const abort = new AbortController();
  const fetching: Fetching = {
    feed: "app.entries",
    request: {
      signal: abort.signal,
      evidence: () => async (name, bytes) => {
        for await (const _ of bytes);
        return { name, key: name, bytes: 1, sha256: name };
      },
      openEvidence: async function* ({ name }: Evidence) {
        yield Buffer.from(name);
      },
    },
    place: {
      source: "app",
      settles: false,
      list: async () => [],
      open: async function* ({ path }) {
        begun.push(path);
        await later(2);
        ended.push(path);
        if (breaks[path]) throw breaks[path];
        yield Buffer.from(path);
      },
      close: async () => undefined,
    },
  };
  return { fetching, begun, ended, abort };
}

const FILES = Array.from({ length: 40 }, (_, i) => listed(`${i}`));
const upTo = (n: number) => Array.from({ length: n }, (_, i) => `${i}`);

describe("files are fetched ahead of their turn", () => {
  test("a few at once, and none behind what a run may take", async () => {
    const { fetching, begun } = slowPlace();
    const ahead = fetchAhead(fetching, FILES, () => true);
    const first = ahead.take(0, 40);
    expect(begun).toEqual(upTo(16));
    await first;
    expect(await ahead.take(1, 17)).toMatchObject({ evidence: { name: "1" }, manifests: [] });
    expect(begun).toEqual(upTo(17));
    await ahead.close();
  });

  test("nothing of a file that is rejected; large ones alone", async () => {
    const { fetching, begun } = slowPlace();
    const files = [listed("rejected"), listed("a", 9 * MIB), listed("b", 9 * MIB), listed("c", 9 * MIB)];
    const ahead = fetchAhead(fetching, files, ({ path }) => path !== "rejected");
    const first = ahead.take(1, 4);
    expect(begun).toEqual(["a"]);
    await first;
    await ahead.take(2, 4);
    expect(begun).toEqual(["a", "b"]);
    await ahead.close();
  });

  test("what goes wrong with one is told in its turn, and close waits for what was begun", async () => {
    const broken = new Error("the place is away");
    const { fetching, begun, ended } = slowPlace({ "1": new FileLeft("changed", null), "2": broken });
    const ahead = fetchAhead(fetching, FILES, () => true);
    expect(await ahead.take(0, 8)).not.toBeInstanceOf(FileLeft);
    expect(await ahead.take(1, 8)).toMatchObject({ why: "changed" });
    await expect(ahead.take(2, 9)).rejects.toBe(broken);
    await ahead.close();
    expect([begun, ended]).toEqual([upTo(9), upTo(9)]);
  });

  test("nothing more is begun once nothing is to be read any more", async () => {
    const { fetching, begun, abort } = slowPlace();
    const ahead = fetchAhead(fetching, FILES, () => true);
    await ahead.take(0, 2);
    abort.abort();
    await ahead.take(1, 40);
    expect(begun).toEqual(upTo(2));
    await ahead.close();
  });
});

describe("row files land while the next files are looked at", () => {
  const isFailure = (error: unknown) => !String(error).includes("not taken");

  test("a few at once", async () => {
    let [under, most] = [0, 0];
    const landing = landBehind(async (name) => {
      under += 1;
      most = Math.max(most, under);
      await later(2);
      under -= 1;
      return { key: name, bytes: 0, sha256: "" };
    }, isFailure);
    for (const { path } of FILES) {
      await landing.room();
      landing.begin(path, (async function* () {})()).catch(() => undefined);
    }
    await landing.end();
    expect([under, most]).toEqual([0, 16]);
  });

  test("one that fails ends it, one that is not taken does not", async () => {
    const landing = landBehind(async (name) => {
      await later(1);
      throw new Error(name);
    }, isFailure);
    landing.begin("not taken", (async function* () {})()).catch(() => undefined);
    await landing.end();
    landing.begin("disk full", (async function* () {})()).catch(() => undefined);
    await landing.close();
    await expect(landing.room()).rejects.toThrow("disk full");
    await expect(landing.end()).rejects.toThrow("disk full");
  });
});

const HEAD = "remittance,invoice_id,amount,currency,paid_on\n";
const day = (i: number) => `remittances/acme/${new Date(Date.UTC(2026, 0, 1 + i)).toISOString().slice(0, 10)}.csv`;
const content = (id: string) => `${HEAD}${id},I-${id},10.00,EUR,2026-05-11\n`;

/** Forty files: each fourth repeats the one before it, each tenth has no header. */
function putForty({ put }: PartnersHouse): void {
  for (let i = 0; i < 40; i += 1) put(day(i), i % 10 === 9 ? "none\n" : content(i % 4 === 3 ? `r${i - 1}` : `r${i}`));
}

/** A store whose operations of a name take their time, each another one. */
function unevenly(objects: ObjectStore, ...names: ("put" | "putByDigest")[]): ObjectStore {
  let nth = 0;
  const slow = Object.fromEntries(
    names.map((name) => [
      name,
      async (...args: never[]) => {
        nth += 1;
        await later((nth * 7) % 11);
        return (objects[name] as (...all: never[]) => unknown)(...args);
      },
    ]),
  );
  return { ...objects, ...slow };
}

describe("whatever takes longer", () => {
  test("files are judged in their order: of two with one content the first is taken", async () => {
    await using partners = await openPartnersHouse();
    putForty(partners);
    const objects = unevenly(partners.house.engine.objects, "put", "putByDigest");
    expectEnded(await partners.run(at("07:00"), {}, { objects }), "published");
    const stateOf = (i: number) => (i % 10 === 9 ? "stopped" : i % 4 === 3 ? "duplicate" : "in_force");
    expect(await partners.states()).toEqual(Object.fromEntries(Array.from({ length: 40 }, (_, i) => [day(i), stateOf(i)])));
  });

  test("a row file that cannot be written ends the run, which publishes when it is repeated", async () => {
    await using partners = await openPartnersHouse();
    putForty(partners);
    const { objects } = partners.house.engine;
    let nth = 0;
    const put: ObjectStore["put"] = async (key, bytes) => {
      nth += 1;
      if (nth !== 5) return objects.put(key, bytes);
      for await (const _ of bytes);
      await later(5);
      throw new Error("no space left");
    };
    await expect(partners.run(at("07:00"), {}, { objects: { ...objects, put } })).rejects.toThrow("no space left");
    expect(nth).toBeLessThan(40);
    expect(await partners.states()).toEqual({});
    expectEnded(await partners.run(at("08:00")), "published");
  });

  test("a file that changes before its turn is left alone", async () => {
    await using partners = await openPartnersHouse();
    putForty(partners);
    const { objects } = partners.house.engine;
    let nth = 0;
    const putByDigest: ObjectStore["putByDigest"] = async (keyOf, bytes) => {
      nth += 1;
      if (nth === 1) appendFileSync(join(partners.folder, day(8)), "more\n");
      return objects.putByDigest(keyOf, bytes);
    };
    expectEnded(await partners.run(at("07:00"), {}, { objects: { ...objects, putByDigest } }), "published");
    const { [day(8)]: changed, ...others } = await partners.states();
    expect(changed).toBeUndefined();
    expect(Object.keys(others)).toHaveLength(39);
  });
});
