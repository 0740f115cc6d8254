import { readFile, rm, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { fileObjectStore } from "../../src/objects/file/file-object-store.ts";
import type { Deriver } from "../../src/sources/deriver.ts";
import { landedText } from "../../src/sources/landed-text.ts";
import { checkPublished, type DeepEngine, type DeepFinding } from "../../src/upkeep/deep-check.ts";
import { emptyClaimsHouse } from "../support/claims-house.ts";
import type { House } from "../support/engine.ts";
import { lineDeriver, lineReader, lines } from "../support/line-deriver.ts";

const DAY_MS = 86_400_000;
const objectsOf = (house: House) => fileObjectStore(house.pipeline.environment.objectStore.path);

/** An account and so many entries, sent as files and published. */
async function publish(house: House, entries: number): Promise<void> {
  const account = lines([{ id: 1, account_id: "A", name: "a", v: 1 }]);
  const entry = (i: number) => ({ id: i, entry_id: `e${i}`, account_id: "A", amount: 5, currency: "USD" });
  const sent = lines(Array.from({ length: entries }, (_, i) => entry(i)));
  const reader = lineReader((feed) => [{ name: "A_b/cD.jsonl", bytes: feed.name === "accounts" ? account : sent }]);
  expect((await house.run({}, { readerOf: async () => reader })).report?.outcome).toBe("published");
}

interface Asked {
  readonly limit?: number;
  readonly days?: number;
  readonly derivers?: readonly Deriver[];
  readonly objects?: DeepEngine["objects"];
}

async function look(house: House, { limit, days = 0, derivers = [lineDeriver], objects = objectsOf(house) }: Asked = {}) {
  const { pipeline, engine } = house;
  const clock = { now: () => new Date(Date.now() + days * DAY_MS) };
  const progress: string[] = [];
  const findings = await checkPublished(
    { pipeline, warehouse: engine.warehouse, objects, clock },
    {
      limit: limit ?? null,
      derivers: new Map([["app", derivers]]),
      onProgress: ({ batch, state }, { done, of }) => progress.push(`${done}/${of} ${batch.feed}: ${state}`),
    },
  );
  return { findings, progress };
}

/** Publication and feed of each extract with its state. */
const states = (findings: readonly DeepFinding[]) =>
  findings.map(({ batch, state }) => `${batch.publicationId} ${batch.feed}: ${state}`);

/** What is said of the newest batch of entries once one of its objects was changed, and as it was before. */
async function changed(house: House, key: string, change: (bytes: Buffer) => Buffer | null) {
  const path = objectsOf(house).path(key);
  const before = await readFile(path);
  const after = change(before);
  if (after === null) await rm(path);
  else await writeFile(path, after);
  const { findings } = await look(house, { limit: 2 });
  await writeFile(path, before);
  const finding = findings.find(({ batch }) => batch.feed === "app.entries") ?? expect.fail();
  return { state: finding.state, codes: finding.problems.map(({ code }) => code), next: finding.problems[0]?.next };
}

function flipped(bytes: Buffer): Buffer {
  const other = Buffer.from(bytes);
  other.writeUInt8(other.readUInt8(other.length - 2) ^ 1, other.length - 2);
  return other;
}

test("every published extract is read again and derived again, the newest first, as many as are asked for", async () => {
  await using house = await emptyClaimsHouse();
  await publish(house, 1);
  await publish(house, 2);
  const reads: string[] = [];
  const objects = objectsOf(house);
  const counting = {
    ...objects,
    digest: (key: string) => {
      reads.push(key);
      return objects.digest(key);
    },
  };
  const { findings, progress } = await look(house, { objects: counting });
  expect(states(findings)).toEqual([
    "desk-2 app.accounts: derived",
    "desk-2 app.entries: derived",
    "desk-1 app.accounts: derived",
    "desk-1 app.entries: derived",
  ]);
  expect(findings.map(({ files }) => files)).toEqual([2, 2, 2, 2]);
  expect(progress[3]).toBe("4/4 app.entries: derived");
  // The accounts of both hours came in the same bytes.
  expect(reads.filter((key) => key.startsWith("evidence/"))).toHaveLength(3);
  expect(states((await look(house, { limit: 1 })).findings)).toEqual(["desk-2 app.accounts: derived"]);
});

test("a changed byte of rows, evidence, parameters or manifest is told, and so is what is gone", async () => {
  await using house = await emptyClaimsHouse();
  await publish(house, 2);
  const { findings } = await look(house);
  const manifest = findings.find(({ batch }) => batch.feed === "app.entries")?.batch.manifest ?? "";
  const { extract } = JSON.parse((await objectsOf(house).getText(manifest)) ?? "") as {
    extract: { files: { key: string }[]; evidence: { key: string }[] };
  };
  const [rows, evidence] = [extract.files[0]?.key ?? "", extract.evidence[0]?.key ?? ""];
  const broken = (code: string) => ({
    state: "broken",
    codes: [code],
    next: expect.stringContaining("`ledgerloop doctor --deep`"),
  });
  expect(await changed(house, rows, flipped)).toEqual(broken("landing.hash"));
  expect(await changed(house, evidence, flipped)).toEqual(broken("landing.hash"));
  expect(await changed(house, evidence, (bytes) => bytes.subarray(1))).toEqual(broken("landing.size"));
  expect(await changed(house, evidence, () => null)).toEqual(broken("landing.missing"));
  const parameters = (bytes: Buffer) =>
    Buffer.from(bytes.toString().replace('"parameters":{"columns":["id"', '"parameters":{"columns":["ID"'));
  expect(await changed(house, manifest, parameters)).toEqual(broken("upkeep.manifest_changed"));
  expect(await changed(house, manifest, () => Buffer.from("{"))).toEqual(broken("landing.manifest"));
  expect(await changed(house, manifest, () => null)).toEqual(broken("upkeep.manifest_gone"));
  expect((await look(house)).findings.every(({ state }) => state === "derived")).toBe(true);
});

test("another version of the deriver proves nothing and breaks nothing; one that gives other rows under the same version does", async () => {
  await using house = await emptyClaimsHouse();
  await publish(house, 2);
  for (const derivers of [[], [{ ...lineDeriver, version: "2" }]]) {
    const { findings } = await look(house, { derivers });
    expect(findings.map(({ state, problems }) => [state, problems[0]?.code])).toEqual([
      ["unproven", "landing.deriver_unknown"],
      ["unproven", "landing.deriver_unknown"],
    ]);
    expect(findings[0]?.problems[0]?.next).toContain("install ledgerloop test");
  }
  const other: Deriver = { ...lineDeriver, derive: (evidence) => lineDeriver.derive(evidence, { columns: ["id"] }) };
  const { findings } = await look(house, { derivers: [other] });
  expect(findings.map(({ state, problems }) => [state, problems[0]?.code])).toEqual([
    ["broken", "landing.derived_differs"],
    ["broken", "landing.derived_differs"],
  ]);
});

test("a deriver that gives a row which no row file holds breaks its extract, and not the check", async () => {
  await using house = await emptyClaimsHouse();
  await publish(house, 2);
  const other: Deriver = {
    ...lineDeriver,
    async *derive() {
      const { bytes, rows } = landedText(["_position", "name"], [["1", "a\0"]]);
      yield { name: "part-000.csv", bytes, rows };
    },
  };
  const { findings } = await look(house, { derivers: [other] });
  expect(findings.map(({ state, problems }) => [state, problems[0]?.code])).toEqual([
    ["broken", "landing.deriver_failed"],
    ["broken", "landing.deriver_failed"],
  ]);
});

test("what is gone after its retention is no fault, before it is one", async () => {
  await using house = await emptyClaimsHouse();
  await publish(house, 1);
  const objects = objectsOf(house);
  for (const key of await objects.list("landing/")) await objects.remove(key);
  expect((await look(house, { days: 365 * 7 })).findings.map(({ state }) => state)).toEqual(["broken", "broken"]);
  expect((await look(house, { days: 365 * 7 + 3 })).findings.map(({ state }) => state)).toEqual(["expired", "expired"]);
});

test("rows that are what was received are read again and not derived", async () => {
  await using house = await emptyClaimsHouse();
  await house.source.query("insert into app.accounts (id, account_id, name) values (1, 'A', 'a')");
  expect((await house.run()).report?.outcome).toBe("published");
  expect(states((await look(house)).findings)).toEqual(["desk-1 app.accounts: whole", "desk-1 app.entries: whole"]);
});
