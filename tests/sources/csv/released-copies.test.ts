import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import type { FileEntry, Listed } from "../../../src/sources/csv/files/file-ledger.ts";
import { lookAt } from "../../../src/sources/csv/files/take-files.ts";
import type { Taking } from "../../../src/sources/csv/files/taking.ts";
import { plainLayout } from "../../../src/sources/csv/scan/layout.ts";
import { bytesOf } from "../../support/raw-file.ts";

const FILES = 200;
const layout = plainLayout([{ header: "a", column: "a" }]);
const sha = (text: string) => createHash("sha256").update(text).digest("hex");
const content = (nth: number, suffix = "") => `a\n${nth}${suffix}\n`;
const [original, copy] = [(nth: number) => `original-${nth}.csv`, (nth: number) => `copy-${nth}.csv`];

const EMPTY = { version: "1", stopped: null, decided: null, looked_with: "", gone: false };

/** Many originals and a copy of each, as runs before left them. */
function ledger(): Map<string, FileEntry> {
  const all = new Map<string, FileEntry>();
  for (let nth = 0; nth < FILES; nth += 1) {
    const sha256 = sha(content(nth));
    const evidence = { key: "", bytes: 1, sha256 };
    const inForce = {
      sha256,
      bytes: 1,
      records: 1,
      malformed: 0,
      layout: "plain",
      read_by: null,
      said: null,
      order: "",
      evidence,
    };
    all.set(original(nth), { ...EMPTY, state: "in_force", sha256, of: null, in_force: inForce });
    all.set(copy(nth), { ...EMPTY, state: "duplicate", sha256, of: original(nth), in_force: null });
  }
  return all;
}

/** The folder now: each original has other content. How often a file of it was looked up is counted. */
function folder() {
  let lookups = 0;
  const contents = new Map<string, string>();
  const listed = (path: string, version: string): Listed => {
    const file = { path, version, bytes: 1, modifiedAt: new Date(0) };
    const of = { ...file, partner: null, date: null, file, manifests: new Map(), lacksManifest: false };
    return Object.defineProperty(of, "path", {
      enumerable: true,
      get: () => {
        lookups += 1;
        return path;
      },
    });
  };
  const listing: Listed[] = [];
  for (let nth = 0; nth < FILES; nth += 1) {
    contents.set(original(nth), content(nth, " corrected"));
    contents.set(copy(nth), content(nth));
    listing.push(listed(original(nth), "2"), listed(copy(nth), "1"));
  }
  return { contents, listing, lookups: () => lookups };
}

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

function taking(contents: ReadonlyMap<string, string>): Taking {
  const keep = () => async (name: string, received: AsyncIterable<Uint8Array>) => {
    const all = await bytesOf(received);
    return { name, key: name, bytes: all.length, sha256: sha(all.toString()) };
  };
  return {
    request: {
      sink: keep,
      evidence: keep,
      openEvidence: ({ name }) => bytes(contents.get(name) ?? ""),
      signal: new AbortController().signal,
      onProgress: () => undefined,
    },
    feed: "feed",
    place: {
      source: "source",
      settles: true,
      list: async () => [],
      open: ({ path }) => bytes(contents.get(path) ?? ""),
      close: async () => undefined,
    },
    layouts: [{ partner: null, layout, manifest: null }],
    spec: { columns: [{ name: "a", type: { kind: "string" } }], amount: null, record: "_record" },
    currency: null,
    isOrdered: false,
    lookedWith: "",
    ledger: ledger(),
    all: false,
    redelivery: "replace",
    decisions: new Map(),
    allows: () => true,
  };
}

test("copies whose originals have other content now are taken, and a listing is gone through once for all of them", async () => {
  const { contents, listing, lookups } = folder();
  const take = listing.filter(({ version }) => version === "2");
  const looked = await lookAt(taking(contents), { take, listing, most: null });
  expect(looked.taken.map(({ path }) => path).sort()).toEqual([...contents.keys()].sort());
  expect([...looked.entries.values()].every(({ state }) => state === "in_force")).toBe(true);
  // Some look-ups for each file that is read, and one for each that is listed: not files times files.
  expect(lookups()).toBeLessThan(40 * listing.length);
});

test("of several copies of one content the first of the listing is taken, and the others stay copies of it", async () => {
  const contents = new Map([
    ["original-0.csv", content(0, " corrected")],
    ["copy-0.csv", content(0)],
    ["other-0.csv", content(0)],
  ]);
  const of = taking(contents);
  const entry = of.ledger.get(copy(0)) ?? expect.fail();
  const listing = [...contents.keys()].reverse().map((path): Listed => {
    const file = { path, version: path === original(0) ? "2" : "1", bytes: 1, modifiedAt: new Date(0) };
    return { ...file, partner: null, date: null, file, manifests: new Map(), lacksManifest: false };
  });
  const ledgerNow = new Map([
    [original(0), of.ledger.get(original(0)) ?? expect.fail()],
    [copy(0), entry],
    ["other-0.csv", entry],
  ]);
  const take = listing.filter(({ version }) => version === "2");
  const looked = await lookAt({ ...of, ledger: ledgerNow }, { take, listing, most: null });
  expect(looked.taken.map(({ path }) => path)).toEqual([original(0), "other-0.csv"]);
});
