import { spawn } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { applyMigrations, knownMigrations } from "../../src/store/migrations.ts";
import { acquireLease } from "../../src/store/operations/acquire-lease.ts";
import { finishRun } from "../../src/store/operations/finish-run.ts";
import { isCancelRequested } from "../../src/store/operations/is-cancel-requested.ts";
import { lastRuns } from "../../src/store/operations/last-runs.ts";
import { listRuns } from "../../src/store/operations/list-runs.ts";
import { recordBase } from "../../src/store/operations/record-base.ts";
import { recordSamples } from "../../src/store/operations/record-samples.ts";
import { recordStep } from "../../src/store/operations/record-step.ts";
import { recordVerdicts } from "../../src/store/operations/record-verdicts.ts";
import { releaseLease } from "../../src/store/operations/release-lease.ts";
import { renewLease } from "../../src/store/operations/renew-lease.ts";
import { requestCancel } from "../../src/store/operations/request-cancel.ts";
import { showRun } from "../../src/store/operations/show-run.ts";
import { type NewRun, startRun } from "../../src/store/operations/start-run.ts";
import { migrateStore, openStore, type Store } from "../../src/store/store.ts";
import { freshDatabase } from "../support/postgres.ts";

async function freshStore(): Promise<{ store: Store; url: string } & AsyncDisposable> {
  const db = await freshDatabase();
  await migrateStore(db.url);
  const store = await openStore(db.url);
  return {
    store,
    url: db.url,
    [Symbol.asyncDispose]: async () => {
      await store.close();
      await db[Symbol.asyncDispose]();
    },
  };
}

const RUN: NewRun = {
  runId: "run_1",
  group: "billing",
  window: { start: new Date("2026-11-23T09:00:00Z"), end: new Date("2026-11-23T10:00:00Z") },
  kind: "increment",
  args: { feeds: ["billing.invoices"] },
  actor: "ann",
  reason: null,
  ticket: null,
  codeVersion: "0.1.0",
};

test("an unprepared store is refused with what to type; up prepares it once, also twice at once", async () => {
  await using db = await freshDatabase();
  await expect(openStore(db.url)).rejects.toMatchObject({ kind: "usage", message: /schema 0[\s\S]*next: ledgerloop up/ });
  const both = await Promise.all([migrateStore(db.url), migrateStore(db.url)]);
  expect(both.flat()).toEqual([
    "0001_runs_and_leases",
    "0002_gates_by_their_parts",
    "0003_progress",
    "0004_projected",
    "0005_undone_runs",
    "0006_rates",
    "0007_standing",
  ]);
  expect(await migrateStore(db.url)).toEqual([]);
  await (await openStore(db.url)).close();
});

test("a newer schema and a changed migration are refused", async () => {
  await using db = await freshDatabase();
  await migrateStore(db.url);
  const admin = await db.client();
  await admin.query("update ledgerloop.migration set checksum = 'x'");
  await expect(openStore(db.url)).rejects.toThrow(/0001_runs_and_leases was applied .* another text/);
  await expect(migrateStore(db.url)).rejects.toThrow(/another text/);
  await admin.query("insert into ledgerloop.migration values (99, '0099_later', 'y')");
  await expect(openStore(db.url)).rejects.toThrow(/has schema 99[\s\S]*install that version/);
  await expect(migrateStore(db.url)).rejects.toMatchObject({ kind: "usage" });
});

test("a failing migration leaves the ones before it and nothing of itself", async () => {
  await using db = await freshDatabase();
  const client = await db.client();
  const known = await knownMigrations();
  expect(known.map((m) => m.number)).toEqual(known.map((_, i) => i + 1));
  const broken = {
    number: known.length + 1,
    name: "broken",
    sql: "create table ledgerloop.half (a int); select 1 / 0",
    checksum: "c",
  };
  await expect(applyMigrations(client, [...known, broken])).rejects.toMatchObject({
    message: /broken failed \(SQLSTATE 22012\)/,
  });
  const { rows } = await client.query(
    "select to_regclass('ledgerloop.half') as half, max(number) as last from ledgerloop.migration",
  );
  expect(rows).toEqual([{ half: null, last: known.length }]);
  expect(await applyMigrations(client, [...known, { ...broken, sql: "create table ledgerloop.half (a int)" }])).toEqual([
    "broken",
  ]);
});

test("a run's journal, from its start to its end", async () => {
  await using at = await freshStore();
  const { store } = at;
  await startRun(store, RUN);
  await recordBase(store, { runId: "run_1", token: "9223372036854775807", baseHead: "41" });
  const step = { runId: "run_1", stage: "extract", ordinal: 1, detail: { files: 2 } };
  await recordStep(store, { ...step, status: "running" });
  await recordStep(store, { ...step, status: "done" });
  await recordStep(store, { ...step, stage: "label", ordinal: 2, status: "skipped", detail: null });
  const verdict = {
    scope: "gate" as const,
    feed: null,
    name: "valid_share",
    severity: "block",
    currency: null,
    table: null,
    rule: null,
    subject: null,
    observed: "0.998",
    limit: "0.999",
    detail: { bad: "12" },
  };
  await recordVerdicts(store, "run_1", [
    { ...verdict, verdict: "pass" },
    { ...verdict, scope: "rule", feed: "billing.invoices", verdict: "warn", detail: null },
  ]);
  await recordVerdicts(store, "run_1", [
    { ...verdict, verdict: "fail" },
    { ...verdict, currency: "EUR", verdict: "warn" },
  ]);
  await recordVerdicts(store, "run_1", []);
  const rows = Array.from({ length: 30 }, (_, n) => ({ email: "***", n }));
  await recordSamples(store, "run_1", [{ feed: "billing.invoices", reason: "customer_id.required", rows }]);

  const shown = await showRun(store, "run_1");
  expect(shown?.run).toMatchObject({
    token: "9223372036854775807",
    baseHead: "41",
    status: "running",
    alive: false,
    args: RUN.args,
    result: null,
  });
  expect(shown?.steps).toMatchObject([
    { stage: "extract", status: "done", detail: { files: 2 }, finishedAt: expect.any(Date) },
    { stage: "label", status: "skipped", detail: null },
  ]);
  expect(shown?.verdicts).toEqual([
    { ...verdict, verdict: "fail" },
    { ...verdict, currency: "EUR", verdict: "warn" },
    { ...verdict, scope: "rule", feed: "billing.invoices", verdict: "warn", detail: null },
  ]);
  expect(shown?.samples[0]?.rows).toHaveLength(20);

  const end = { runId: "run_1", outcome: "blocked", exitCode: 10, publicationId: null, result: { run_id: "run_1" } };
  expect(await finishRun(store, end)).toBe(true);
  expect(await finishRun(store, { ...end, outcome: "published" })).toBe(false);
  expect((await showRun(store, "run_1"))?.run).toMatchObject({ outcome: "blocked", exitCode: 10, result: { run_id: "run_1" } });
  expect(await showRun(store, "none")).toBeNull();
});

test("runs are listed newest first; the last of a group or of a window is found", async () => {
  await using at = await freshStore();
  const { store } = at;
  for (const [runId, group] of [
    ["a", "billing"],
    ["b", "crm"],
    ["c", "billing"],
  ] as const)
    await startRun(store, { ...RUN, runId, group });
  await startRun(store, { ...RUN, runId: "d", window: null });
  for (const runId of ["a", "b", "c", "d"]) await recordBase(store, { runId, token: "1", baseHead: "0" });
  await startRun(store, { ...RUN, runId: "refused" });
  expect((await listRuns(store, { limit: 4 })).map((r) => r.runId)).toEqual(["refused", "d", "c", "b"]);
  expect((await listRuns(store, { group: "crm", limit: 9 })).map((r) => r.runId)).toEqual(["b"]);
  expect(await listRuns(store, { group: "billing", limit: 9, published: true })).toEqual([]);
  await finishRun(store, { runId: "a", outcome: "published", exitCode: 0, publicationId: "billing-1", result: null });
  await finishRun(store, { runId: "d", outcome: "blocked", exitCode: 10, publicationId: null, result: null });
  expect((await listRuns(store, { group: "billing", limit: 1, published: true })).map((r) => r.runId)).toEqual(["a"]);
  expect((await lastRuns(store, { group: "billing", window: null, limit: 1 }))[0]?.runId).toBe("d");
  const ofWindow = { group: "billing", window: RUN.window, limit: 5 };
  expect((await lastRuns(store, ofWindow)).map((r) => r.runId)).toEqual(["c", "a"]);
  expect((await lastRuns(store, { ...ofWindow, except: "c" })).map((r) => r.runId)).toEqual(["a"]);
  expect(await lastRuns(store, { group: "none", window: null, limit: 1 })).toEqual([]);
});

test("cancelling: the first who asks is remembered, a finished run is not cancelled", async () => {
  await using at = await freshStore();
  const { store } = at;
  await startRun(store, RUN);
  expect(await isCancelRequested(store, "run_1")).toBe(false);
  expect(await requestCancel(store, "run_1", "bob")).toBe("requested");
  expect(await requestCancel(store, "run_1", "eve")).toBe("requested");
  expect(await isCancelRequested(store, "run_1")).toBe(true);
  expect((await listRuns(store, { group: "billing", limit: 1 }))[0]?.cancelRequestedBy).toBe("bob");
  await finishRun(store, { runId: "run_1", outcome: "cancelled", exitCode: 30, publicationId: null, result: null });
  expect(await requestCancel(store, "run_1", "bob")).toBe("finished");
  expect(await requestCancel(store, "run_2", "bob")).toBe("unknown");
});

test("a live lease is refused with its holder; renewed, released and expired ones behave", async () => {
  await using at = await freshStore();
  const { store } = at;
  const ask = (runId: string, parts = {}) =>
    acquireLease(store, { group: "billing", runId, aboveToken: "0", seconds: 60, ...parts });
  await startRun(store, RUN);
  expect(await ask("run_1", { aboveToken: "40" })).toEqual({ acquired: true, token: "41" });
  expect((await listRuns(store, { group: "billing", limit: 1 }))[0]?.alive).toBe(true);
  expect(await ask("run_2")).toMatchObject({ acquired: false, holder: { runId: "run_1", token: "41" } });
  expect(await ask("run_1")).toMatchObject({ acquired: false });
  expect(await ask("other", { group: "crm" })).toEqual({ acquired: true, token: "1" });

  expect(await renewLease(store, { group: "billing", token: "41", seconds: 0 })).toBe(true);
  expect(await renewLease(store, { group: "billing", token: "41", seconds: 0 })).toBe(true);
  expect((await listRuns(store, { group: "billing", limit: 1 }))[0]?.alive).toBe(false);
  expect(await ask("run_2")).toEqual({ acquired: true, token: "42" });
  expect(await renewLease(store, { group: "billing", token: "41", seconds: 60 })).toBe(false);
  expect(await releaseLease(store, { group: "billing", token: "41" })).toBe(false);
  expect(await releaseLease(store, { group: "billing", token: "42" })).toBe(true);
  expect(await renewLease(store, { group: "billing", token: "42", seconds: 60 })).toBe(false);
  expect(await ask("run_3", { aboveToken: "7" })).toEqual({ acquired: true, token: "43" });
});

test("an expiry that passes while a rival waits for the row is judged by the clock, not by the rival's start", async () => {
  await using at = await freshStore();
  const { store } = at;
  await acquireLease(store, { group: "billing", runId: "run_1", aboveToken: "0", seconds: 1 });
  const waiting = store.inTransaction(async (ask) => {
    await ask("select from ledgerloop.lease for update");
    await sleep(1_300);
  });
  await sleep(100);
  const rival = await acquireLease(store, { group: "billing", runId: "run_2", aboveToken: "0", seconds: 60 });
  await waiting;
  expect(rival).toEqual({ acquired: true, token: "2" });
});

function contender(url: string, runId: string): Promise<string> {
  const at = (path: string) => JSON.stringify(join(process.cwd(), "src/store", path));
  const script = `const { openStore } = await import(${at("store.ts")});
    const { acquireLease } = await import(${at("operations/acquire-lease.ts")});
    const store = await openStore(process.argv[1]);
    const answer = await acquireLease(store, { group: "billing", runId: ${JSON.stringify(runId)}, aboveToken: "0", seconds: 60 });
    console.log(answer.acquired ? "mine " + answer.token : "of " + answer.holder.runId);
    await store.close();`;
  return new Promise((done) => {
    const child = spawn("npx", ["tsx", "--input-type=module", "-e", script, url], { stdio: ["ignore", "pipe", "inherit"] });
    let out = "";
    child.stdout.on("data", (chunk: Buffer) => {
      out += chunk.toString();
    });
    child.on("close", () => done(out.trim()));
  });
}

test("of two processes, and of twenty sessions, one gets the lease and the others are told who", async () => {
  await using at = await freshStore();
  const answers = await Promise.all([contender(at.url, "run_a"), contender(at.url, "run_b")]);
  const winner = answers[0]?.startsWith("mine") ? "run_a" : "run_b";
  expect(answers.sort()).toEqual(["mine 1", `of ${winner}`]);
  const ask = (_: unknown, n: number) =>
    acquireLease(at.store, { group: "crm", runId: `run_${n}`, aboveToken: "0", seconds: 60 });
  const many = await Promise.all(Array.from({ length: 20 }, ask));
  expect(many.filter((a) => a.acquired)).toHaveLength(1);
});

test("a store that is gone is retryable, a wrong password is not, and no message tells the password", async () => {
  await using at = await freshStore();
  const wrong = new URL(at.url);
  wrong.password = "secret-word";
  for (const [url, kind] of [
    ["postgres://u:secret-word@127.0.0.1:1/x", "retryable"],
    ["postgres://u:secret-word@127.0.0.1:port/x", "usage"],
    [wrong.href, "usage"],
  ] as const) {
    await expect(openStore(url)).rejects.toMatchObject({ name: "Failure", kind });
    await expect(openStore(url)).rejects.not.toThrow(/secret-word/);
  }
});

test("a killed connection fails one question, the next is answered", async () => {
  await using at = await freshStore();
  const suicide = at.store.ask("select pg_terminate_backend(pg_backend_pid())");
  await expect(suicide).rejects.toMatchObject({ kind: "retryable" });
  expect(await at.store.ask("select 1 as a")).toEqual([{ a: 1 }]);
  await expect(at.store.inTransaction(async (ask) => ask("select 1 / 0"))).rejects.toMatchObject({ kind: "internal" });
});
