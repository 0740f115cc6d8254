import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { Failure } from "../../src/kernel/problem.ts";
import { folderNotOurs } from "./problems.ts";
import type { SystemName } from "./systems.ts";

const RECORD = z.object({
  /** Stands in the command line of the process: a pid that now belongs to another program is told by it. */
  instance: z.string(),
  pid: z.int().positive(),
  url: z.string(),
  /** Variables by which a pipeline finds it; secrets are among them. */
  env: z.record(z.string(), z.string()),
  control: z.int().positive(),
  token: z.string(),
  seed: z.int(),
});

/** What must be remembered of a simulator between commands. Holds its secrets and the token that steers it: file mode 0600. */
export type SimulatorRecord = z.infer<typeof RECORD>;

/** A simulator of a system, in a folder that may have one of each. */
export interface Seat {
  readonly folder: string;
  readonly system: SystemName;
}

/** Files of a simulator. */
export interface Places {
  readonly folder: string;
  readonly record: string;
  readonly log: string;
  readonly lock: string;
}

/**
 * The files of a simulator, in a folder that is made where there is none.
 * @throws Failure `usage` where the folder is somebody else's, who could then put a record into it.
 */
export function placesIn({ folder, system }: Seat): Places {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const found = lstatSync(folder);
  const isOurs = process.getuid === undefined || found.uid === process.getuid();
  if (!found.isDirectory() || !isOurs) throw new Failure("usage", folderNotOurs(folder));
  const file = (ending: string) => join(folder, `${system}.${ending}`);
  return { folder, record: file("json"), log: file("log"), lock: file("lock") };
}

/** The record; null where there is none, or none that can be read: whatever it was, nobody is steered by it. */
export function readRecord({ record }: Places): SimulatorRecord | null {
  try {
    return RECORD.parse(JSON.parse(readFileSync(record, "utf8")));
  } catch {
    return null;
  }
}

/** Replaces the record as a whole. */
export function writeRecord({ record }: Places, content: SimulatorRecord): void {
  const draft = `${record}.${content.instance}`;
  writeFileSync(draft, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, record);
}

/** Takes the record away. */
export function removeRecord({ record }: Places): void {
  rmSync(record, { force: true });
}
