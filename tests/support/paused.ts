import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { type Child, type ChildEnd, startOrdered } from "./child.ts";
import { type CrashSite, programArgs, type StateCopy } from "./crashing.ts";
import type { Moment } from "./fuse.ts";

/** A process of the program that stands still in the middle of its run. */
export interface Paused {
  readonly runId: string;
  /** Lets it go on, to its end. */
  goOn(): Promise<ChildEnd>;
}

function isStopped({ pid }: Child): boolean {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).startsWith("T");
}

/** Starts the site's hour in a process that stops itself at a moment, and waits until it stands still. */
export async function startPaused(site: CrashSite, place: StateCopy, moment: Moment): Promise<Paused> {
  const child = startOrdered({ args: programArgs(site), moment, signal: "SIGSTOP" }, place.env);
  while (!isStopped(child)) await sleep(20);
  const [run] = await site.house.store.ask<{ run_id: string }>(
    "select run_id from ledgerloop.run where status = 'running' order by started_at desc limit 1",
  );
  return {
    runId: run?.run_id ?? "",
    goOn: () => {
      process.kill(child.pid, "SIGCONT");
      return child.end;
    },
  };
}
