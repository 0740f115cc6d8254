import { megabytes } from "../kernel/megabytes.ts";
import type { TrialEvent } from "../trial/trial.ts";
import type { CommandContext } from "./context.ts";
import { CLEAR, FRAME_MS, liveLine } from "./live-line.ts";

const CELLS = 24;

function bar(share: number): string {
  const full = Math.round(CELLS * share);
  return `${"█".repeat(full)}${"░".repeat(CELLS - full)} ${Math.floor(100 * share)} %`;
}

function lineOf(event: TrialEvent): string {
  switch (event.event) {
    case "reading":
      return `${bar(event.size === 0 ? 1 : event.bytes / event.size)}  ${megabytes(event.bytes)} of ${megabytes(event.size)} MB, ${event.path}`;
    case "read":
      return `read ${megabytes(event.size)} MB, ${event.path}`;
    case "judging":
      return `judging ${event.rows} rows`;
    case "writing":
      return `writing ${event.folder}`;
  }
}

/** Tells on standard error how far a trial is: a live line with a bar on a terminal, a line for each step elsewhere. */
export function trialProgress(context: CommandContext): { tell: (event: TrialEvent) => void; done: () => void } {
  if (!process.stderr.isTTY) {
    const tell = (event: TrialEvent) => (event.event === "reading" ? undefined : context.err(`  ${lineOf(event)}\n`));
    return { tell, done: () => undefined };
  }
  const draw = liveLine(context);
  let drawn = 0;
  const tell = (event: TrialEvent) => {
    const now = performance.now();
    if (event.event === "reading" && now - drawn < FRAME_MS) return;
    drawn = now;
    draw(`  ${lineOf(event)}`);
  };
  return { tell, done: () => context.err(CLEAR) };
}
