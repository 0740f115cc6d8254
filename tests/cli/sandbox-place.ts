import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { documentedShapes, misfits } from "./shape.ts";
import { ledgerloop } from "./small-run.ts";

/** A simulator as `sandbox status` tells of it. */
export interface Simulator {
  readonly system: string;
  readonly pid: number;
  readonly url: string;
  readonly clock: string;
  readonly objects: readonly { readonly kind: string; readonly objects: number }[];
  readonly faults: readonly { readonly name: string; readonly hits: number; readonly over: boolean }[];
  readonly requests: readonly { readonly status: number; readonly requests: number }[];
}

interface Recorded {
  readonly instance: string;
  readonly pid: number;
  readonly url: string;
  readonly env: Readonly<Record<string, string>>;
  readonly control: number;
  readonly token: string;
}

const shapes = documentedShapes();

/** A state folder for simulators, which end with it. */
export function simulatorPlace() {
  const state = mkdtempSync(join(tmpdir(), "ledgerloop-sandbox-"));
  const there = (...args: string[]) => ledgerloop(["sandbox", ...args], { LEDGERLOOP_STATE: state });
  const recordOf = (system: string) => join(state, "sandbox", `${system}.json`);
  const recorded = (system = "stripe") => JSON.parse(readFileSync(recordOf(system), "utf8")) as Recorded;
  const json = async (...args: string[]) => {
    const ended = await there(...args, "--json");
    if (ended.code !== 0) throw new Error(ended.err);
    const document = JSON.parse(ended.out) as unknown;
    expect(misfits(shapes.get(`sandbox ${args[0]}`) ?? "null", document)).toEqual([]);
    return document as never;
  };
  return {
    state,
    recordOf,
    recorded,
    sandbox: there,
    /** The document of a command, which has the shape of the page. */
    json,
    /** Those that run. */
    simulators: async () => ((await json("status")) as { simulators: readonly Simulator[] }).simulators,
    [Symbol.asyncDispose]: async () => {
      await there("stop");
      rmSync(state, { recursive: true, force: true });
    },
  };
}

/** Whether a process is there. */
export function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // One that ended and was not waited for is still there.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
  } catch {
    return false;
  }
}
