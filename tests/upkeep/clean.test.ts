import { rmSync } from "node:fs";
import { expect, test } from "vitest";
import type { Pipeline } from "../../src/config/pipeline.ts";
import { findExtracts } from "../../src/landing/find-extracts.ts";
import { verifyExtract } from "../../src/landing/verify-extract.ts";
import { fileObjectStore } from "../../src/objects/file/file-object-store.ts";
import type { ObjectInventory } from "../../src/objects/object-store.ts";
import { acquireLease } from "../../src/store/operations/acquire-lease.ts";
import { type CleanRequest, type CleanResult, clean } from "../../src/upkeep/clean.ts";
import { openClaimsHouse } from "../support/claims-house.ts";
import { duckdbOf, type House } from "../support/engine.ts";
import { upkeepOf } from "../support/upkeep.ts";

const CLEAN: CleanRequest = { dryRun: false, expired: false, reason: null, ticket: null };
const LOOK: CleanRequest = { ...CLEAN, dryRun: true };
const EXPIRED: CleanRequest = { ...CLEAN, expired: true, reason: "retention ended", ticket: "FIN-1" };
const YEARS = 365 * 8;

const objectsOf = (house: House) => fileObjectStore(house.pipeline.environment.objectStore.path);

/** Run id → what is to become of its landing. */
function fates({ findings }: CleanResult): Record<string, string> {
  const landings = findings.filter((f) => f.kind === "landing");
  return Object.fromEntries(landings.map((f) => [f.subject.split(":")[0] ?? "", `${f.action}: ${f.reason}`]));
}

function withGates(pipeline: Pipeline): Pipeline {
  const groups = [...pipeline.groups].map(
    ([name, group]) => [name, { ...group, gates: { ...group.gates, quarantinedMinor: { "*": "0" } } }] as const,
  );
  return { ...pipeline, groups: new Map(groups) };
}

/** Run 1 publishes, 2 is blocked, 3 publishes after the fix with a row that stays in quarantine, 4 publishes; one landing is torn. */
async function lifeOf(house: House): Promise<void> {
  await house.run();
  await house.source.query(
    "insert into app.entries (id, entry_id, account_id, amount, currency) values (3, 'e3', 'A', -5, 'USD')",
  );
  const strict = withGates(house.pipeline);
  expect((await house.run({}, { pipeline: strict, reread: () => strict })).report?.outcome).toBe("blocked");
  expect((await house.run()).report?.outcome).toBe("published");
  await house.source.query(
    "insert into app.entries (id, entry_id, account_id, amount, currency) values (4, 'e4', 'A', 4, 'USD')",
  );
  expect((await house.run()).report?.outcome).toBe("published");
  await objectsOf(house).putIfAbsent("landing/app/entries/run_0000/part-000.csv", "half");
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

test("failed and torn landings go when they are old enough; each thing kept says why; the removal is recorded", async () => {
  await using house = await openClaimsHouse();
  await lifeOf(house);
  const young = await clean(upkeepOf(house, 6), LOOK);
  expect(fates(young)).toMatchObject({
    run_0000: expect.stringMatching(/^keep: torn.*; goes 20/),
    run_0001: expect.stringMatching(/^keep: evidence of a publication until 20/),
    run_0002: expect.stringMatching(/^keep: unpublished \(blocked\) and overtaken; goes 20/),
    run_0003: "keep: 1 open quarantine rows lead back to it",
    run_0004: "keep: the published cursor stands on it: app.accounts, app.entries",
  });
  const files = await objectsOf(house).list("landing/");
  const old = await clean(upkeepOf(house, 8), LOOK);
  expect(await objectsOf(house).list("landing/")).toEqual(files);
  const done = await clean(upkeepOf(house, 8), CLEAN);
  const ofLandings = ({ findings }: CleanResult) => findings.filter((f) => f.kind === "landing");
  expect(ofLandings(done)).toEqual(ofLandings(old));
  expect(fates(done)).toMatchObject({
    run_0000: expect.stringMatching(/^remove: torn/),
    run_0002: expect.stringMatching(/^remove: unpublished/),
  });
  const left = await objectsOf(house).list("landing/");
  expect(left.filter((key) => /run_000[02]/.test(key))).toEqual([]);
  expect(left.length).toBe(files.filter((key) => !/run_000[02]/.test(key)).length);
  expect(
    await house.query(
      "select event, actor, split_part(subject, ':', 1) as what from ops.audit_event where event like 'removal.%' order by what",
    ),
  ).toEqual([
    { event: "removal.raw", actor: "cleaner", what: "raw.app_accounts" },
    { event: "removal.raw", actor: "cleaner", what: "raw.app_entries" },
    { event: "removal.landing", actor: "cleaner", what: "run_0000" },
    { event: "removal.landing", actor: "cleaner", what: "run_0002" },
  ]);
  expect((await clean(upkeepOf(house, 8), CLEAN)).findings.filter((f) => f.action === "remove")).toEqual([]);
  await house.source.query(
    "insert into app.entries (id, entry_id, account_id, amount, currency) values (5, 'e5', 'A', 5, 'USD')",
  );
  expect((await house.run()).report?.outcome).toBe("published");
});

test("an unpublished landing that may still be repeated stays, however old", async () => {
  await using house = await openClaimsHouse();
  await house.run();
  await house.source.query(
    "insert into app.entries (id, entry_id, account_id, amount, currency) values (3, 'e3', 'A', -5, 'USD')",
  );
  const strict = withGates(house.pipeline);
  await house.run({}, { pipeline: strict, reread: () => strict });
  expect(fates(await clean(upkeepOf(house, YEARS), CLEAN))["run_0002"]).toMatch(
    /^keep: unpublished, and nothing newer is published/,
  );
  const repeated = await house.run({ sameExtract: true });
  expect(repeated.report?.outcome).toBe("published");
  expect(repeated.report?.stages.find((s) => s.stage === "extract")?.skipped).toBe("landed before");
});

test("evidence beyond its retention goes only by a decision; cursor, open rows and replayed bytes keep theirs", async () => {
  await using house = await openClaimsHouse();
  await lifeOf(house);
  const [first] = await house.query("select batch_id from ops.batch where number = 1 and feed = 'app.entries'");
  expect(fates(await clean(upkeepOf(house, YEARS), CLEAN))["run_0001"]).toMatch(/^keep: retention ended .*--expired/);
  await expect(clean(upkeepOf(house, YEARS), { ...EXPIRED, reason: null })).rejects.toMatchObject({ exitCode: 2 });
  const later = { now: () => new Date(Date.now() + 86_400_000 * 30) };
  const replay = await house.run({ replay: first?.["batch_id"] ?? "" }, { clock: later });
  expect(replay.report?.outcome).toBe("published");
  const shared = fates(await clean(upkeepOf(house, 365 * 7 + 10), EXPIRED));
  expect(shared[replay.report?.run_id ?? ""]).toMatch(/^keep: evidence/);
  expect(shared["run_0001"]).toMatch(/^keep: its bytes are those of batch b_/);
  const whole = await everyExtractIsWhole(house);
  const decided = fates(await clean(upkeepOf(house, YEARS), EXPIRED));
  expect(decided).toMatchObject({
    run_0001: expect.stringMatching(/^remove: evidence/),
    run_0003: expect.stringMatching(/^keep: 1 open/),
  });
  expect(await everyExtractIsWhole(house)).toBe(whole - 3);
  const [event] = await house.query("select actor, reason, ticket from ops.audit_event where subject like 'run_0001:%'");
  expect(event).toEqual({ actor: "cleaner", reason: "retention ended", ticket: "FIN-1" });
});

test("killed at any removal and repeated, it ends the same; no manifest ever vouches for bytes that are gone", async () => {
  await using house = await openClaimsHouse();
  await lifeOf(house);
  const objects = objectsOf(house);
  let kills = 0;
  const cleanUntilKilled = async (): Promise<boolean> => {
    let calls = 0;
    const remove = async (key: string) => {
      calls += 1;
      if (calls === 2) throw new Error("killed");
      await objects.remove(key);
    };
    return clean(upkeepOf(house, 8, { objects: { ...objects, remove } }), CLEAN).then(
      () => true,
      () => false,
    );
  };
  // Each try removes one object more, so that every removal is the last before a kill once.
  while (!(await cleanUntilKilled())) {
    kills += 1;
    await everyExtractIsWhole(house);
    const gone = (await house.query("select distinct split_part(subject, ':', 1) as run from ops.audit_event")).map(
      (row) => row["run"],
    );
    expect(gone).toContain("run_0002");
  }
  expect(kills).toBe(4);
  expect((await objectsOf(house).list("landing/")).filter((key) => /run_000[02]/.test(key))).toEqual([]);
  expect(await everyExtractIsWhole(house)).toBe(6);
});

test("a run on its way and a clean exclude each other: exit 40 for who comes second", async () => {
  await using house = await openClaimsHouse();
  await lifeOf(house);
  await acquireLease(house.store, { group: "desk", runId: "run_alive", aboveToken: "0", seconds: 60 });
  await expect(clean(upkeepOf(house, 8), CLEAN)).rejects.toMatchObject({ exitCode: 40 });
  await house.store.ask("update ledgerloop.lease set run_id = null");
  let refused: number | undefined;
  const objects = objectsOf(house);
  const meeting: ObjectInventory = {
    ...objects,
    removeFolder: async (prefix) => {
      refused ??= (await house.run()).failure?.exitCode;
      await objects.removeFolder(prefix);
    },
  };
  await clean(upkeepOf(house, 8, { objects: meeting }), CLEAN);
  expect(refused).toBe(40);
});

test("a run that slept through a clean cannot publish: its landing may be gone", async () => {
  await using house = await openClaimsHouse();
  await lifeOf(house);
  await house.source.query(
    "insert into app.entries (id, entry_id, account_id, amount, currency) values (6, 'e6', 'A', 6, 'USD')",
  );
  const { warehouse } = house.engine;
  const sleepy: typeof warehouse = {
    ...warehouse,
    open: async (options) => {
      if (options.purpose.endsWith("publish")) {
        await house.store.ask("update ledgerloop.lease set expires_at = clock_timestamp()");
        await clean(upkeepOf(house, 8), CLEAN);
      }
      return warehouse.open(options);
    },
  };
  const slept = await house.run({}, { warehouse: sleepy });
  expect(slept.failure?.exitCode).toBe(30);
  expect((await house.run()).report?.outcome).toBe("published");
});

test("samples go by age; an emptied ledger or a lost warehouse proves nothing, and removes nothing", async () => {
  await using house = await openClaimsHouse();
  await lifeOf(house);
  const count = async () => (await house.store.ask<{ n: string }>("select count(*) as n from ledgerloop.sample"))[0]?.n;
  const before = await count();
  expect(Number(before)).toBeGreaterThan(0);
  await clean(upkeepOf(house, 89), CLEAN);
  expect(await count()).toBe(before);
  await clean(upkeepOf(house, 91), CLEAN);
  expect(await count()).toBe("0");

  const session = await house.engine.warehouse.open({ purpose: "test" });
  await session.transaction(() => session.run({ name: "t", sql: "delete from ops.batch where number = 1" }));
  await session.close();
  expect(fates(await clean(upkeepOf(house, YEARS), EXPIRED))["run_0001"]).toMatch(
    /^keep: the journal says desk-1 published it, the ledger does not/,
  );

  const files = await objectsOf(house).list("");
  rmSync(duckdbOf(house.pipeline).path);
  await expect(clean(upkeepOf(house, YEARS), EXPIRED)).rejects.toMatchObject({ exitCode: 2 });
  expect(await objectsOf(house).list("")).toEqual(files);
});

test("a warehouse file that is mostly free is compacted: smaller, same contents, and loading goes on", async () => {
  await using house = await openClaimsHouse();
  await house.run();
  const session = await house.engine.warehouse.open({ purpose: "test" });
  const all = async (sql: string) => session.transaction(async () => void (await session.run({ name: "t", sql })));
  await session.run({ name: "t", sql: "create table staging.big (a bigint, b varchar)" });
  await all("insert into staging.big select range, md5(range::varchar) from range(400000)");
  await all("delete from staging.big where a > 10");
  await session.close();
  const retention = { ...house.pipeline.retention, warehouseFreeShare: 0.2 };
  const upkeep = upkeepOf(house, 0, { pipeline: { ...house.pipeline, retention } });
  const before = await upkeep.files?.use();
  const tables = ["curated.entry", "staging.app_entries__rows", "staging.big", "ops.batch", "ops.publication"];
  const read = async () => {
    const contents: Record<string, unknown> = {};
    for (const t of tables) contents[t] = await house.query(`select * from ${t} order by all`);
    return contents;
  };
  const contents = await read();
  const looked = await clean(upkeep, LOOK);
  expect(looked.findings.find((f) => f.kind === "warehouse")).toMatchObject({ action: "remove" });
  const file = upkeep.warehouseFile ?? expect.fail();
  const full = { ...file, use: async () => ({ ...(await file.use()), roomBytes: 1000 }) };
  expect((await clean({ ...upkeep, warehouseFile: full }, CLEAN)).findings.find((f) => f.kind === "warehouse")).toMatchObject({
    action: "keep",
    reason: expect.stringMatching(/a copy needs \d+\.\d MB, and the disk has 0\.0$/),
  });
  await clean(upkeep, CLEAN);
  const after = await upkeep.files?.use();
  expect(after?.bytes).toBeLessThan(before?.bytes ?? 0);
  expect(await read()).toEqual(contents);
  await house.source.query(
    "insert into app.entries (id, entry_id, account_id, amount, currency) values (4, 'e4', 'A', 4, 'USD')",
  );
  expect((await house.run()).report?.outcome).toBe("published");
});
