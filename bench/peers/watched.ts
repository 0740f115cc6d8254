import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import type { Stream } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

/** What a way took, seen from outside: the whole process with its own start, and everything that it started. */
export interface Watched {
  readonly seconds: number;
  /** Of the process and all its children. */
  readonly cpu_seconds: number;
  /** Of the servers' processes meanwhile. */
  readonly postgres_cpu_seconds: number;
  /** Highest memory of all its processes together, shared pages counted once (PSS). */
  readonly peak_mb: number;
  /** Its standard output. */
  readonly printed: string;
}

/** A command to watch, and the process ids of the servers that work for it. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly servers: readonly number[];
  /** The exit code that it has to end with; 0 without it. */
  readonly ends?: number;
}

/** Milliseconds between two looks at memory: a look costs the machine some ten milliseconds a gigabyte. */
const LOOK = 500;
/** The kernel's unit of times in /proc, on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;
/** Servers' processes end a moment behind their client. */
const ENDING = 300;

interface Times {
  readonly parent: number;
  /** Ticks of the process itself. */
  readonly own: number;
  /** Ticks of its children that ended. */
  readonly ended: number;
}

/** Empty where a process has ended meanwhile. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

function timesOf(pid: number): Times {
  const fields = (read(`/proc/${pid}/stat`).split(") ").at(-1) ?? "").split(" ").map(Number);
  const [parent = 0, user = 0, system = 0, childrenUser = 0, childrenSystem = 0] = [1, 11, 12, 13, 14].map((i) => fields[i] ?? 0);
  return { parent, own: user + system, ended: childrenUser + childrenSystem };
}

/** A process and all its living descendants. */
function family(root: number): number[] {
  const pids = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
  const children = new Map<number, number[]>();
  for (const pid of pids) {
    const { parent } = timesOf(pid);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const found = [root];
  for (const pid of found) found.push(...(children.get(pid) ?? []));
  return found;
}

/** CPU seconds of servers since they started: their living processes', and those of the ones that ended. */
function serverSeconds(servers: readonly number[]): number {
  const ticks = servers.map((server) => {
    const living = family(server).reduce((sum, pid) => sum + timesOf(pid).own, 0);
    return living + timesOf(server).ended;
  });
  return ticks.reduce((a, b) => a + b, 0) / TICKS_PER_SECOND;
}

const kilobytes = (text: string, field: string) => Number(new RegExp(`^${field}:\\s+(\\d+)`, "m").exec(text)?.[1] ?? 0);

/** Megabytes of a family now, or the most that a single one of it ever had, which no look misses. */
function megabytes(root: number): number {
  const pids = family(root);
  const together = pids.reduce((sum, pid) => sum + kilobytes(read(`/proc/${pid}/smaps_rollup`), "Pss"), 0);
  const largest = Math.max(...pids.map((pid) => kilobytes(read(`/proc/${pid}/status`), "VmHWM")));
  return Math.max(together, largest) / 1024;
}

/** Bash tells the CPU time of what it ran with everything that ended below it, which Node cannot; its own is a few milliseconds. */
const TIMED = `TIMEFORMAT='%U %S'; { time "$@" 2>&4; } 4>&2 2>&3`;

/** What comes out of a stream, once it has ended. */
function gathered(stream: Stream | null | undefined): () => string {
  const parts: Buffer[] = [];
  stream?.on("data", (part: Buffer) => parts.push(part));
  return () => Buffer.concat(parts).toString("utf8");
}

const rounded = (n: number) => Math.round(100 * n) / 100;

/**
 * Runs a command and watches it.
 * @throws Error with the end of what it printed when it does not end as it has to.
 */
export async function watched({ command, args, env, servers, ends = 0 }: Command): Promise<Watched> {
  const before = serverSeconds(servers);
  const began = performance.now();
  const child = spawn("bash", ["-c", TIMED, "bash", command, ...args], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "inherit", "pipe"],
  });
  const [printed, times] = [child.stdout, child.stdio[3]].map(gathered);
  let peak = 0;
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  });
  const looking = setInterval(() => {
    peak = Math.max(peak, megabytes(child.pid ?? 0));
  }, LOOK);
  const status = await ended.finally(() => clearInterval(looking));
  const seconds = (performance.now() - began) / 1000;
  const text = printed?.() ?? "";
  if (status !== ends)
    throw new Error(`${command} ended with ${status}; the last it said:\n${text.split("\n").slice(-40).join("\n")}`);
  await sleep(ENDING);
  const [user = Number.NaN, system = Number.NaN] = (times?.() ?? "").trim().split(" ").map(Number);
  return {
    seconds: rounded(seconds),
    cpu_seconds: rounded(user + system),
    postgres_cpu_seconds: rounded(serverSeconds(servers) - before),
    peak_mb: Math.round(peak),
    printed: text,
  };
}
