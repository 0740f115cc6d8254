import { spawn } from "node:child_process";
import { join } from "node:path";
import type { ChildOrder } from "./child-run.ts";

/** How a process of the program ended. */
export interface ChildEnd {
  /** Its exit code; null when a signal ended it. */
  readonly code: number | null;
  readonly err: string;
}

/** A process of the program on its way. */
export interface Child {
  readonly pid: number;
  readonly end: Promise<ChildEnd>;
}

const DIST = join(import.meta.dirname, "../../dist");

interface Limits {
  /** No file may grow beyond so many bytes. */
  readonly largestFile?: number;
}

/** The limit's signal is ignored, so that a write fails as on a full disk. */
function limited({ largestFile }: Limits): readonly string[] {
  return largestFile === undefined ? [] : ["sh", "-c", 'trap "" XFSZ; exec "$@"', "sh", "prlimit", `--fsize=${largestFile}`];
}

function start(args: readonly string[], env: Readonly<Record<string, string>>, limits: Limits = {}): Child {
  const [command = "", ...rest] = [...limited(limits), process.execPath, ...args];
  const child = spawn(command, rest, { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, ...env } });
  let err = "";
  child.stderr.on("data", (chunk: Buffer) => {
    err += chunk.toString();
  });
  return { pid: child.pid ?? 0, end: new Promise((resolve) => child.once("close", (code) => resolve({ code, err }))) };
}

/** Starts the built program. */
export function startProgram(args: readonly string[], env: Readonly<Record<string, string>>, limits?: Limits): Child {
  return start([join(DIST, "src/bin.js"), ...args], env, limits);
}

/** Starts the built program with a signal that it sends itself at one of its calls. */
export function startOrdered(order: ChildOrder, env: Readonly<Record<string, string>>): Child {
  return start([join(DIST, "tests/support/child-run.js"), JSON.stringify(order)], env);
}
