import { randomUUID } from "node:crypto";
import { accessSync, constants, existsSync, statfsSync } from "node:fs";
import { createServer } from "node:net";
import { dirname } from "node:path";
import type { Pipeline } from "../config/pipeline.ts";
import { Failure, messageOf } from "../kernel/problem.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import type { App } from "../ports/ports.ts";
import { requireDeployed } from "../schema/evolve.ts";
import { requireOpsVersion } from "../schema/upgrade.ts";
import { knownMigrations } from "../store/migrations.ts";
import { foreignWal } from "../warehouse/problems.ts";
import { probeOverwritten, probeUnread } from "./problems.ts";

/** One finding of `doctor`. */
export interface Check {
  readonly check: string;
  readonly verdict: "ok" | "warn" | "fail";
  readonly says: string;
  /** What to type or change; null where nothing is. */
  readonly next: string | null;
}

const MINIMUM_NODE = [20, 20] as const;
const GIGABYTE = 1_000_000_000;

/** A check that found nothing to say against. */
export function ok(check: string, says: string): Check {
  return { check, verdict: "ok", says, next: null };
}

/** A check that a failure answers. */
export async function attempt(check: string, work: () => Promise<string>): Promise<Check> {
  try {
    return ok(check, await work());
  } catch (error) {
    const [first] = error instanceof Failure ? error.problems : [];
    return {
      check,
      verdict: "fail",
      says: first?.says ?? messageOf(error).split("\n")[0] ?? "failed",
      next: first?.next ?? "LEDGERLOOP_DEBUG=1 ledgerloop doctor",
    };
  }
}

/** The version of Node against the one this program is tested with. */
export function checkNode(version: string): Check {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const enough = major > MINIMUM_NODE[0] || (major === MINIMUM_NODE[0] && minor >= MINIMUM_NODE[1]);
  if (enough) return ok("node", `Node ${version}`);
  const next = `install Node ${MINIMUM_NODE.join(".")} or newer`;
  return { check: "node", verdict: "fail", says: `Node ${version} is older than ${MINIMUM_NODE.join(".")}`, next };
}

function portIsFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

async function checkCluster(app: App, pipeline: Pipeline, name: string): Promise<Check> {
  const check = `cluster ${name}`;
  const found = (await app.look.clusters(pipeline)).find((c) => c.name === name);
  if (!found) return { check, verdict: "fail", says: "was never started here", next: "`ledgerloop up`" };
  if (found.state === "running") return ok(check, `answers on port ${found.port}`);
  if (found.state === "starting") {
    return { check, verdict: "warn", says: `starts, or hangs; its log is ${found.log}`, next: "`ledgerloop up` waits for it" };
  }
  const taken = (await portIsFree(found.port)) ? "" : `; port ${found.port} is taken by another program, it will get a new one`;
  return { check, verdict: "fail", says: `is stopped${taken}`, next: "`ledgerloop up`" };
}

/** The embedded clusters that this environment leans on. */
export async function checkClusters(app: App, pipeline: Pipeline): Promise<Check[]> {
  const embeddedSource = [...pipeline.sources.values()].some((source) => source.embedded);
  const needed = [
    ...(pipeline.environment.controlStore.url === undefined ? ["control"] : []),
    ...(embeddedSource ? ["billing"] : []),
  ];
  if (needed.length === 0) return [ok("clusters", "none needed: control store and sources have addresses")];
  const checks: Check[] = [];
  for (const name of needed) checks.push(await checkCluster(app, pipeline, name));
  return checks;
}

/** The control store answers and has this version's schema. */
export function checkStore(app: App, pipeline: Pipeline): Promise<Check> {
  return attempt("control store", async () => {
    await app.look.withStore(pipeline, async () => undefined);
    return `answers, schema ${(await knownMigrations()).at(-1)?.number ?? 0}`;
  });
}

function existingParent(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : existingParent(dirname(path));
}

/** Free space and rights where the state lies. */
export function checkFolder(folder: string): Check[] {
  const there = existingParent(folder);
  const { bavail, bsize } = statfsSync(there);
  const free = bavail * bsize;
  const says = `${(free / GIGABYTE).toFixed(1)} GB free at ${there}`;
  const next = "make room: a load needs its extract, its spill and twice the changed tables";
  const disk: Check =
    free > 5 * GIGABYTE ? ok("disk", says) : { check: "disk", verdict: free > GIGABYTE ? "warn" : "fail", says, next };
  try {
    accessSync(there, constants.R_OK | constants.W_OK | constants.X_OK);
    return [disk, ok("state folder", `${folder} can be written`)];
  } catch {
    const denied = `${there} cannot be written by this user`;
    const advice = `give this user rights on ${there}, or set LEDGERLOOP_STATE to another folder`;
    return [disk, { check: "state folder", verdict: "fail", says: denied, next: advice }];
  }
}

/** Signs in and looks whether runs find what they need; changes nothing. */
function checkAccount(app: App, pipeline: Pipeline): Promise<Check> {
  return attempt("warehouse", async () => {
    const warehouse = await app.look.warehouse(pipeline);
    const session = await warehouse.open({ purpose: "doctor", readOnly: true, tag: () => ({ stage: "doctor" }) });
    try {
      await requireDeployed(session, warehouse.dialect, { pipeline, accept: [] });
      await requireOpsVersion(session, warehouse.dialect);
    } finally {
      await session.close();
    }
    return "signs in, and finds the tables that runs need (rights to write show at the first publication)";
  });
}

/** A warehouse file from outside: its lock, and whether another program wrote to it; an account from inside. */
export async function checkWarehouse(app: App, pipeline: Pipeline): Promise<Check> {
  const check = "warehouse";
  const { path, exists, locked_by: lock } = await app.look.warehouseFile(pipeline);
  if (path === null) return checkAccount(app, pipeline);
  if (await app.look.hasForeignLog(pipeline)) {
    const { says, next } = foreignWal({ path });
    return { check, verdict: "fail", says, next };
  }
  if (lock?.alive) {
    const says = `in use by process ${lock.pid} on ${lock.host} (${lock.purpose})`;
    return { check, verdict: "warn", says, next: "wait for it, or look at it with `ledgerloop runs`" };
  }
  if (!exists) return ok(check, "not created yet; the first run does");
  return ok(check, lock ? "free; a lock of a dead process will be cleared by the next run" : "free, no foreign write-ahead log");
}

/** A bucket may lock everything that is written to it; then the probe stays until its lock ends. */
async function removeProbe(objects: ObjectStore, key: string): Promise<string> {
  try {
    await objects.remove(key);
    return "writes, reads and removes";
  } catch (error) {
    if (error instanceof Failure && error.problems[0]?.code === "objects.locked") return "writes and reads; the bucket locks all";
    throw error;
  }
}

/** A small object can be written once and no second time, read back and removed, and the store's settings can be followed. */
export function checkObjects(app: App, pipeline: Pipeline): Promise<Check> {
  return attempt("object store", async () => {
    const objects = await app.look.objects(pipeline);
    const key = `doctor/${randomUUID()}`;
    const probe = { first: await objects.putIfAbsent(key, "doctor"), second: await objects.putIfAbsent(key, "other") };
    const back = await objects.getText(key);
    const says = await removeProbe(objects, key);
    if (probe.second) throw new Failure("usage", probeOverwritten());
    if (!probe.first || back !== "doctor") throw new Failure("internal", probeUnread());
    return `${says}; ${await objects.describe()}`;
  });
}
