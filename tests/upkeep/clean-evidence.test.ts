import { writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { Failure } from "../../src/kernel/problem.ts";
import { evidenceSink, listEvidence } from "../../src/landing/evidence.ts";
import { findExtracts } from "../../src/landing/find-extracts.ts";
import { verifyExtract } from "../../src/landing/verify-extract.ts";
import { fileObjectStore } from "../../src/objects/file/file-object-store.ts";
import type { ObjectInventory } from "../../src/objects/object-store.ts";
import { objectLocked } from "../../src/objects/problems.ts";
import { type CleanRequest, type CleanResult, clean } from "../../src/upkeep/clean.ts";
import { emptyClaimsHouse } from "../support/claims-house.ts";
import type { House } from "../support/engine.ts";
import { lineReader, lines } from "../support/line-deriver.ts";
import { upkeepOf } from "../support/upkeep.ts";

const CLEAN: CleanRequest = { dryRun: false, expired: false, reason: null, ticket: null };
const LOOK: CleanRequest = { ...CLEAN, dryRun: true };
const EXPIRED: CleanRequest = { ...CLEAN, expired: true, reason: "retention ended", ticket: "FIN-1" };
const SEVEN_YEARS = 365 * 7 + 2;
const DAY_MS = 86_400_000;

const objectsOf = (house: House) => fileObjectStore(house.pipeline.environment.objectStore.path);

async function* once(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

/** What was sent for an hour: accounts in a file of this content and one that is always the same, entries 1 to n. */
function hour(accounts: string, entries: number) {
  const account = (id: number, name: string) => lines([{ id, account_id: `A${id}`, name, v: 1 }]);
  const entry = lines(
    Array.from({ length: entries }, (_, i) => ({ id: i + 1, entry_id: `e${i}`, account_id: "A1", amount: 5, currency: "USD" })),
  );
  const accountFiles = [
    { name: "accounts.jsonl", bytes: account(1, accounts) },
    { name: "Always The_Same.jsonl", bytes: account(2, "same") },
  ];
  return lineReader((feed) => (feed.name === "accounts" ? accountFiles : [{ name: "entries.jsonl", bytes: entry }]));
}

/** Runs an hour of what was sent, so many days after now. */
async function runHour(
  house: House,
  reader: ReturnType<typeof hour>,
  options: { days?: number; objects?: ObjectInventory } = {},
) {
  const { days = 0, objects = objectsOf(house) } = options;
  const clock = { now: () => new Date(Date.now() + days * DAY_MS) };
  return house.run({}, { readerOf: async () => reader, clock, objects });
}

const published = { report: { outcome: "published" } };

/** What a clean says of evidence, without its sizes. */
function evidenceFates({ findings }: CleanResult): string[] {
  return findings.filter((f) => f.kind === "evidence").map((f) => `${f.action} ${f.files} of ${f.subject}: ${f.reason}`);
}

async function keys(house: House): Promise<string[]> {
  return (await listEvidence(objectsOf(house))).map((object) => object.key);
}

async function everyExtractIsWhole(house: House): Promise<number> {
  const objects = objectsOf(house);
  let found = 0;
  for (const feed of house.pipeline.feeds.keys()) {
    for (const batch of await findExtracts(objects, { feed, newest: Number.POSITIVE_INFINITY })) {
      await verifyExtract(objects, batch.manifest);
      found += 1;
    }
  }
  return found;
}

test("evidence of two manifests stays with the first and goes with the last; each removal is recorded before it happens", async () => {
  await using house = await emptyClaimsHouse();
  expect(await runHour(house, hour("same", 1))).toMatchObject(published);
  expect(await runHour(house, hour("same", 2), { days: 30 })).toMatchObject(published);
  expect(await runHour(house, hour("other", 3), { days: 60 })).toMatchObject(published);
  expect(await keys(house)).toHaveLength(6);
  expect(evidenceFates(await clean(upkeepOf(house, SEVEN_YEARS + 100), CLEAN))).toEqual([
    "keep 6 of evidence of landings that stay: their manifests name it",
  ]);

  const first = await clean(upkeepOf(house, SEVEN_YEARS + 10), EXPIRED);
  expect(evidenceFates(first)).toEqual([
    expect.stringMatching(/^remove 1 of evidence of run_0001: app.accounts, app.entries: named by no manifest that stays/),
    "keep 5 of evidence of landings that stay: their manifests name it",
  ]);
  expect(await keys(house)).toHaveLength(5);
  expect(await everyExtractIsWhole(house)).toBe(4);

  const second = await clean(upkeepOf(house, SEVEN_YEARS + 40), EXPIRED);
  expect(evidenceFates(second)[0]).toMatch(/^remove 2 of evidence of run_0002/);
  expect(await keys(house)).toHaveLength(3);
  expect(await everyExtractIsWhole(house)).toBe(2);
  expect(
    await house.query(
      "select subject, actor, reason, detail->>'files' as files from (select subject, actor, reason, happened_at, detail::json as detail from ops.audit_event where event = 'removal.evidence') order by subject",
    ),
  ).toEqual([
    { subject: "evidence of run_0001: app.accounts, app.entries", actor: "cleaner", reason: "retention ended", files: "1" },
    { subject: "evidence of run_0002: app.accounts, app.entries", actor: "cleaner", reason: "retention ended", files: "2" },
  ]);
});

test("what a broken off extract kept stays for its next attempt, then goes; a torn landing takes its own along, no shared one", async () => {
  await using house = await emptyClaimsHouse();
  const objects = objectsOf(house);
  let manifests = 0;
  const breaking: ObjectInventory = {
    ...objects,
    putIfAbsent: async (key, text) => {
      manifests += 1;
      if (manifests === 2) throw new Error("killed");
      return objects.putIfAbsent(key, text);
    },
  };
  await expect(runHour(house, hour("torn", 1), { objects: breaking })).rejects.toThrow("killed");
  await evidenceSink(objects)("page 1", once("half an extract"));
  expect(await runHour(house, hour("same", 2))).toMatchObject(published);
  expect(await keys(house)).toHaveLength(6);

  const young = await clean(upkeepOf(house, 6), CLEAN);
  expect(evidenceFates(young)).toEqual([
    "keep 4 of evidence of landings that stay: their manifests name it",
    expect.stringMatching(/^keep 2 of evidence that no manifest names: an extract that was broken off may go on from it/),
  ]);
  const planned = await clean(upkeepOf(house, 8), LOOK);
  expect(await keys(house)).toHaveLength(6);
  const done = await clean(upkeepOf(house, 8), CLEAN);
  expect(evidenceFates(done)).toEqual(evidenceFates(planned));
  expect(evidenceFates(done).sort()).toEqual([
    "keep 3 of evidence of landings that stay: their manifests name it",
    expect.stringMatching(/^remove 1 of evidence of run_0001: app.accounts, app.entries: named by no manifest that stays/),
    expect.stringMatching(/^remove 2 of evidence that no manifest names: named by no manifest that stays, and older than 7 days/),
  ]);
  expect(await keys(house)).toHaveLength(3);
  expect(await everyExtractIsWhole(house)).toBe(2);
  expect((await clean(upkeepOf(house, 8), CLEAN)).findings.filter((f) => f.action === "remove")).toEqual([]);
});

test("killed at any removal and repeated, it ends the same; no manifest ever names evidence that is gone", async () => {
  await using house = await emptyClaimsHouse();
  await runHour(house, hour("same", 1));
  await runHour(house, hour("other", 2), { days: 30 });
  const objects = objectsOf(house);
  await evidenceSink(objects)("page 1", once("half an extract"));
  const cleanUntilKilled = async (): Promise<boolean> => {
    let calls = 0;
    const remove = async (key: string) => {
      calls += 1;
      if (calls === 2) throw new Error("killed");
      await objects.remove(key);
    };
    const upkeep = upkeepOf(house, SEVEN_YEARS + 10, { objects: { ...objects, remove } });
    return clean(upkeep, EXPIRED).then(
      () => true,
      () => false,
    );
  };
  let kills = 0;
  while (!(await cleanUntilKilled())) {
    kills += 1;
    await everyExtractIsWhole(house);
  }
  // Two manifests, three row files, two pieces of their evidence and the one that nobody named; the last try is not killed.
  expect(kills).toBe(7);
  expect(await keys(house)).toHaveLength(3);
  expect(await everyExtractIsWhole(house)).toBe(2);
});

test("a locked landing keeps its evidence, locked evidence stays by itself; the trail is corrected", async () => {
  await using house = await emptyClaimsHouse();
  await runHour(house, hour("same", 1));
  await runHour(house, hour("other", 2), { days: 30 });
  const objects = objectsOf(house);
  const lockedAt = (held: (key: string) => boolean): ObjectInventory => ({
    ...objects,
    remove: async (key) => {
      if (held(key)) throw new Failure("usage", objectLocked(key, "until 2040-01-01"));
      await objects.remove(key);
    },
  });
  const at = (held: (key: string) => boolean) => upkeepOf(house, SEVEN_YEARS + 10, { objects: lockedAt(held) });
  const [first] = await findExtracts(objects, { feed: "app.entries", runId: "run_0001", newest: 1 });
  const entries = first?.manifest.extract.evidence?.[0]?.key ?? "";

  const landing = await clean(
    at((key) => key.endsWith("run_0001/part-000.csv")),
    EXPIRED,
  );
  expect(evidenceFates(landing)).toEqual([
    "keep 3 of evidence of landings that stay: their manifests name it",
    "keep 2 of evidence of run_0001: app.accounts, app.entries: a landing that stays names it",
  ]);
  expect(await keys(house)).toHaveLength(5);

  const one = await clean(
    at((key) => key === entries),
    EXPIRED,
  );
  expect(evidenceFates(one)).toEqual([
    expect.stringMatching(/^remove 1 of evidence that no manifest names/),
    "keep 3 of evidence of landings that stay: their manifests name it",
    expect.stringMatching(/^keep 1 of evidence that no manifest names: .* is under object lock until 2040/),
  ]);
  expect(await keys(house)).toHaveLength(4);
  expect(await keys(house)).toContain(entries);
  await everyExtractIsWhole(house);
  const kept = await house.query(
    "select event, subject from ops.audit_event where event like 'kept.%' order by happened_at, event",
  );
  expect(kept).toEqual([
    { event: "kept.evidence", subject: "evidence of run_0001: app.accounts, app.entries" },
    { event: "kept.landing", subject: "run_0001: app.accounts, app.entries" },
    { event: "kept.evidence", subject: "evidence that no manifest names" },
  ]);
});

test("while a manifest cannot be read, or a published one is gone, what it may name stays", async () => {
  await using house = await emptyClaimsHouse();
  await runHour(house, hour("same", 1));
  await runHour(house, hour("other", 2), { days: 30 });
  const objects = objectsOf(house);
  await evidenceSink(objects)("page 1", once("half an extract"));
  const [manifest = ""] = (await objects.list("landing/app/entries/")).filter((key) => key.includes("run_0002/manifest"));
  await writeFile(objects.path(manifest), "{}");
  const { findings } = await clean(upkeepOf(house, SEVEN_YEARS + 10), EXPIRED);
  expect(findings.filter((f) => f.kind === "evidence" || f.kind === "landing").every((f) => f.action === "keep")).toBe(true);
  expect(findings.filter((f) => f.reason.includes("cannot be read, and may name its bytes"))).toHaveLength(1);
  expect(findings.filter((f) => f.reason.includes("cannot be read, and may name it:"))).toHaveLength(1);
  await objects.remove(manifest);
  const fates = evidenceFates(await clean(upkeepOf(house, SEVEN_YEARS + 10), EXPIRED));
  expect(fates.filter((fate) => fate.startsWith("remove"))).toEqual([]);
  expect(fates).toContainEqual(expect.stringContaining(`${manifest} is gone before its time, and may have named it`));
  expect(await keys(house)).toHaveLength(6);
});
