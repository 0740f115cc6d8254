import { expect, test } from "vitest";
import type { LandedSet } from "../../src/landing/landed-sets.ts";
import { manifestKey } from "../../src/landing/layout.ts";
import type { Manifest } from "../../src/landing/manifest.ts";
import type { StoredObject } from "../../src/objects/object-store.ts";
import { judgeEvidence } from "../../src/upkeep/evidence-retention.ts";
import { judgeLandings, type RetentionContext } from "../../src/upkeep/retention.ts";

const FEED = "app.entries";
const LANDED = new Date("2026-01-01T00:00:00Z");

const object = (key: string): StoredObject => ({ key, bytes: 1, modifiedAt: LANDED });
const file = (key: string) => ({ key, bytes: 1, sha256: "0", rows: 1 });

/** The landing of a run whose manifest names some row files, keys and evidence. */
function landing(runId: string, named: { files: string[]; keys?: string[]; evidence?: string[] }): LandedSet {
  const key = manifestKey(FEED, runId, 1);
  const folder = key.slice(0, -"/manifest.json".length);
  const { files, keys, evidence = [] } = named;
  const manifest: Manifest = {
    schema: 2,
    runId,
    group: "desk",
    window: null,
    asked: "changes",
    baseHead: "0",
    extractSeq: 1,
    startedAt: LANDED.toISOString(),
    codeVersion: "test",
    configFingerprint: "f",
    attempt: 1,
    together: [FEED],
    extract: {
      feed: FEED,
      request: { from: null, whole: true },
      files: files.map(file),
      columns: [],
      sourceColumns: [],
      witness: "none",
      totals: [],
      cursor: null,
      asOf: LANDED.toISOString(),
      notes: {},
      ...(keys ? { keys: { files: keys.map(file), columns: [], rows: 1 } } : {}),
      evidence: evidence.map((name) => ({ name, key: name, bytes: 1, sha256: "0" })),
    },
  };
  const own = [...files, ...(keys ?? [])].filter((name) => name.startsWith(folder));
  const batch = { id: `b_${runId}`, key, manifest };
  const folders = [{ folder, feed: FEED, objects: [key, ...own].map(object), batch, unreadable: null }];
  return { runId, attempt: 1, whole: true, folders };
}

function context(facts: Partial<RetentionContext["facts"]>): RetentionContext {
  const none = { publishedAt: new Map(), publishedManifests: new Map(), openRows: new Map(), cursorManifests: new Set<string>() };
  return {
    facts: { ...none, newestSeq: new Map([[FEED, 9]]), ...facts },
    runs: new Map(),
    groups: new Set(["desk"]),
    retention: { failedRunsDays: 7, samplesDays: 90, evidenceYears: 7, warehouseFreeShare: 0.5 },
    expired: false,
    now: new Date("2026-02-01T00:00:00Z"),
  };
}

const path = (runId: string, name: string) => `landing/app/entries/${runId}/${name}`;

test("what stays for its bytes keeps in turn what its own manifest names: rows, keys and evidence", () => {
  const sets = [
    landing("r1", { files: [path("r1", "part-000.csv")], keys: [path("r1", "keys-000.csv")], evidence: ["evidence/a"] }),
    landing("r2", { files: [path("r2", "part-000.csv")], keys: [path("r1", "keys-000.csv")], evidence: ["evidence/b"] }),
    landing("r3", { files: [path("r2", "part-000.csv")], evidence: ["evidence/c"] }),
    landing("r4", { files: [path("r4", "part-000.csv")], evidence: ["evidence/c", "evidence/d"] }),
  ];
  const facts = { cursorManifests: new Set([manifestKey(FEED, "r3", 1)]) };
  const judged = judgeLandings(sets, context(facts));
  expect(judged.map(({ finding }) => `${finding.action}: ${finding.reason}`)).toEqual([
    "keep: its bytes are those of batch b_r2",
    "keep: its bytes are those of batch b_r3",
    "keep: the published cursor stands on it: app.entries",
    "remove: unpublished (died) and overtaken",
  ]);
  const evidence = judgeEvidence(
    ["a", "b", "c", "d", "e"].map((name) => object(`evidence/${name}`)),
    judged,
    context(facts),
  );
  expect(evidence.map(({ objects, finding }) => [finding.action, ...objects.map(({ key }) => key)])).toEqual([
    ["keep", "evidence/a", "evidence/b", "evidence/c"],
    ["remove", "evidence/d"],
    ["remove", "evidence/e"],
  ]);
});

test("bytes of a publication whose manifest is gone are judged as published, not as torn", () => {
  const { folders, ...set } = landing("r1", { files: [path("r1", "part-000.csv")] });
  const without = { ...set, whole: false, folders: folders.map((folder) => ({ ...folder, batch: null })) };
  const facts = { publishedManifests: new Map([[manifestKey(FEED, "r1", 1), LANDED.toISOString()]]) };
  const [judged] = judgeLandings([without], context(facts));
  expect(judged?.finding).toMatchObject({ action: "keep", reason: "evidence of a publication until 2033-01-01" });
});
