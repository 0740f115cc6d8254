import pino from "pino";
import type { RunEvent } from "../run/events.ts";
import type { CommandContext } from "./context.ts";

export type LogFormat = "tty" | "plain" | "json";

const MEGABYTE = 1_000_000;

function plainLine(event: RunEvent): string | null {
  switch (event.event) {
    case "run-started":
      return `run ${event.runId} of group ${event.group}${event.window ? ` for ${event.window}` : ""}`;
    case "stage-started":
      return null;
    case "progress":
      return null;
    case "stage-ended":
      return `  ${event.stage.padEnd(8)} ${event.seconds.toFixed(2)} s${event.skipped ? ` (${event.skipped})` : ""}`;
    case "gate":
      return `  gate ${event.gate.gate}: ${event.gate.verdict}, ${event.gate.observed} (limit ${event.gate.limit})`;
    case "run-ended":
      return `run ${event.runId}: ${event.outcome}`;
  }
}

/** One line that is drawn over again while a stage works. */
function ttyRenderer(context: CommandContext): (event: RunEvent) => void {
  const bytes = new Map<string, number>();
  const clear = () => context.err("\r\x1b[2K");
  return (event) => {
    if (event.event === "progress") {
      bytes.set(event.feed, event.bytes);
      const total = [...bytes.values()].reduce((a, b) => a + b, 0);
      context.err(`\r\x1b[2K  ${event.stage}: ${[...bytes.keys()].join(", ")}: ${(total / MEGABYTE).toFixed(1)} MB`);
      return;
    }
    if (event.event === "stage-started") {
      context.err(`\r\x1b[2K  ${event.stage} …`);
      return;
    }
    const line = plainLine(event);
    if (line !== null) {
      clear();
      context.err(`${line}\n`);
    }
  };
}

/** Draws run events on standard error: a live line on a terminal, plain lines elsewhere, JSON lines on request. */
export function eventRenderer(context: CommandContext, format: LogFormat | undefined): (event: RunEvent) => void {
  if (format === "json") {
    const log = pino({ base: null }, { write: (line: string) => context.err(line) });
    return (event) => log.info(event);
  }
  if (format === "tty" || (format === undefined && process.stderr.isTTY)) return ttyRenderer(context);
  return (event) => {
    const line = plainLine(event);
    if (line !== null) context.err(`${line}\n`);
  };
}
