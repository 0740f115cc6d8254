import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { closeSync, existsSync, openSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { commandLine, isBeingCleared } from "../../src/embedded/server-process.ts";
import { Failure } from "../../src/kernel/problem.ts";
import { acquireLock } from "../../src/locks/lock-file.ts";
import { lockHeld, noAnswer, notRunning, portTaken, refused, startFailed } from "./problems.ts";
import { type Places, placesIn, readRecord, removeRecord, type Seat, type SimulatorRecord } from "./record.ts";

const START_PATIENCE_MS = 60_000;
const STOP_PATIENCE_MS = 5_000;
const ANSWER_PATIENCE_MS = 60_000;
/** How long one that runs may take to say that it does. */
const PING_PATIENCE_MS = 5_000;
const PORT_TAKEN = 3;

/** What a simulator is started as. */
export interface StartAsked {
  readonly seed: number;
  /** Null for one that is free. */
  readonly port: number | null;
}

/** Whether the process of a record is still the one that wrote it. */
async function isAlive({ pid, instance }: SimulatorRecord): Promise<boolean> {
  return (await commandLine(pid)).includes(instance);
}

async function request(record: SimulatorRecord, verb: string, more: { body: object; patienceMs: number }): Promise<Response> {
  return fetch(`http://127.0.0.1:${record.control}/${verb}`, {
    method: "POST",
    headers: { authorization: `Bearer ${record.token}` },
    body: JSON.stringify(more.body),
    signal: AbortSignal.timeout(more.patienceMs),
  });
}

async function answers(record: SimulatorRecord): Promise<boolean> {
  const patienceMs = PING_PATIENCE_MS;
  return request(record, "status", { body: {}, patienceMs }).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** The record of a simulator that runs; null where it does not. */
export async function runningSimulator(seat: Seat): Promise<SimulatorRecord | null> {
  const record = existsSync(seat.folder) ? readRecord(placesIn(seat)) : null;
  return record !== null && (await isAlive(record)) ? record : null;
}

/**
 * Asks a simulator.
 * @throws Failure `usage` where none runs or it refuses, `retryable` where it does not answer.
 */
export async function askSimulator(seat: Seat, verb: string, body: object): Promise<unknown> {
  const record = await runningSimulator(seat);
  if (record === null) throw new Failure("usage", notRunning(seat));
  const response = await request(record, verb, { body, patienceMs: ANSWER_PATIENCE_MS }).catch((cause: unknown) => {
    throw new Failure("retryable", noAnswer(seat.system, record.pid), { cause });
  });
  const said: unknown = await response.json();
  if (response.ok) return said;
  throw new Failure(response.status === 400 ? "usage" : "internal", refused(String((said as { says?: unknown }).says)));
}

/** Ends the process of a record if it is still that one; a process that took its pid over is left alone. */
async function end(record: SimulatorRecord): Promise<boolean> {
  if (!(await isAlive(record))) return false;
  await request(record, "stop", { body: {}, patienceMs: PING_PATIENCE_MS }).catch(() => undefined);
  const giveUp = Date.now() + STOP_PATIENCE_MS;
  while (await isAlive(record)) {
    if (Date.now() > giveUp) process.kill(record.pid, "SIGKILL");
    await sleep(20);
  }
  const goOn = Date.now() + STOP_PATIENCE_MS;
  while ((await isBeingCleared(record.pid)) && Date.now() < goOn) await sleep(5);
  return true;
}

/** The process beside this file, as source or as built. */
function programOf(): string[] {
  const isSource = import.meta.url.endsWith(".ts");
  const file = join(import.meta.dirname, isSource ? "serve.ts" : "serve.js");
  return isSource ? ["--import", import.meta.resolve("tsx"), file] : [file];
}

function spawnDetached(places: Places, order: object): ChildProcess {
  const log = openSync(places.log, "w", 0o600);
  try {
    const child = spawn(process.execPath, [...programOf(), JSON.stringify(order)], {
      cwd: places.folder,
      env: { PATH: process.env["PATH"] ?? "/usr/bin:/bin", TZ: "UTC" },
      detached: true,
      stdio: ["ignore", log, log],
    });
    child.on("error", () => undefined);
    child.unref();
    return child;
  } finally {
    closeSync(log);
  }
}

async function launch(seat: Seat, places: Places, { seed, port }: StartAsked): Promise<SimulatorRecord> {
  const instance = randomUUID();
  const child = spawnDetached(places, { ...seat, instance, seed, port: port ?? 0 });
  const giveUp = Date.now() + START_PATIENCE_MS;
  while (child.pid !== undefined && child.exitCode === null && child.signalCode === null && Date.now() < giveUp) {
    const record = readRecord(places);
    if (record?.instance === instance && (await answers(record))) return record;
    await sleep(25);
  }
  child.kill("SIGKILL");
  throw child.exitCode === PORT_TAKEN
    ? new Failure("usage", portTaken(seat.system, port ?? 0))
    : new Failure("internal", startFailed(seat.system, places.log));
}

async function withLock<T>({ system }: Seat, { lock }: Places, action: () => Promise<T>): Promise<T> {
  const release = await acquireLock({
    file: lock,
    purpose: "start or stop the simulator",
    waitMs: 30_000,
    busy: (holder) => new Failure("retryable", lockHeld(system, holder?.pid ?? null)),
  });
  try {
    return await action();
  } finally {
    release();
  }
}

/**
 * Starts a simulator as a process of its own that outlives this one, and waits until it answers. One that runs already is left as it is;
 * one that does not answer is replaced.
 * @throws Failure `usage` where its port is taken, `internal` where it does not come up.
 */
export async function startSimulator(seat: Seat, asked: StartAsked): Promise<{ record: SimulatorRecord; isNew: boolean }> {
  const places = placesIn(seat);
  return withLock(seat, places, async () => {
    const known = readRecord(places);
    if (known && (await isAlive(known)) && (await answers(known))) return { record: known, isNew: false };
    if (known) await end(known);
    removeRecord(places);
    return { record: await launch(seat, places, asked), isNew: true };
  });
}

/** Ends a simulator and takes its record away. Gives whether it ran. */
export async function stopSimulator(seat: Seat): Promise<boolean> {
  if (!existsSync(seat.folder)) return false;
  const places = placesIn(seat);
  return withLock(seat, places, async () => {
    const record = readRecord(places);
    const ran = record !== null && (await end(record));
    removeRecord(places);
    return ran;
  });
}
