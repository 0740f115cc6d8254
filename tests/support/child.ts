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

function start(args: readonly string[], env: Readonly<Record<string, string>>): Child {
  const child = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"], env: { ...process.env, ...env } });
  let err = "";
  child.stderr.on("data", (chunk: Buffer) => {
    err += chunk.toString();
  });
  return { pid: child.pid ?? 0, end: new Promise((resolve) => child.once("close", (code) => resolve({ code, err }))) };
}

/** Starts the built program. */
export function startProgram(args: readonly string[], env: Readonly<Record<string, string>>): Child {
  return start([join(DIST, "src/bin.js"), ...args], env);
}

/** Starts the built program with a signal that it sends itself at one of its calls. */
export function startOrdered(order: ChildOrder, env: Readonly<Record<string, string>>): Child {
  return start([join(DIST, "tests/support/child-run.js"), JSON.stringify(order)], env);
}
