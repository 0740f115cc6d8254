import pino from "pino";
import { megabytes } from "../kernel/megabytes.ts";
import { mendedText } from "../projector/mended.ts";
import { gateLabel } from "../publish/gate.ts";
import type { RunEvent } from "../run/events.ts";
import type { CommandContext } from "./context.ts";
import { CLEAR, FRAME_MS, liveLine } from "./live-line.ts";

export type LogFormat = "tty" | "plain" | "json";

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
    case "journal-mended":
      return mendedText(event)
        .map((line) => `  ${line}`)
        .join("\n");
    case "journal-behind":
      return `  journal of ${event.group}: not told what is published, the next run does it: ${event.says}`;
    case "waiting":
      return `  waiting for ${event.holder}, which holds group ${event.group}`;
    case "gate":
      return `  gate ${gateLabel(event.gate)}: ${event.gate.verdict}, ${event.gate.observed} (limit ${event.gate.limit})`;
    case "run-ended":
      return `run ${event.runId}: ${event.outcome}`;
  }
}

/** One line that is drawn over again while a stage works. */
function ttyRenderer(context: CommandContext): (event: RunEvent) => void {
  const bytes = new Map<string, number>();
  let drawn = 0;
  const draw = liveLine(context);
  return (event) => {
    if (event.event === "progress") {
      bytes.set(event.feed, event.bytes);
      const now = performance.now();
      if (now - drawn < FRAME_MS) return;
      drawn = now;
      const total = [...bytes.values()].reduce((a, b) => a + b, 0);
      draw(`  ${event.stage}: ${megabytes(total)} MB, ${[...bytes.keys()].join(", ")}`);
      return;
    }
    if (event.event === "stage-started") return draw(`  ${event.stage} …`);
    const line = plainLine(event);
    if (line !== null) context.err(`${CLEAR}${line}\n`);
  };
}

const SNAKE: Readonly<Record<string, string>> = { runId: "run_id", exitCode: "exit_code" };

/** Log lines use the names of the JSON documents. */
function logFields(event: RunEvent): Record<string, unknown> {
  return Object.fromEntries(Object.entries(event).map(([name, value]) => [SNAKE[name] ?? name, value]));
}

/** Draws run events on standard error: a live line on a terminal, plain lines elsewhere, JSON lines on request. */
export function eventRenderer(context: CommandContext, format: LogFormat | undefined): (event: RunEvent) => void {
  if (format === "json") {
    const log = pino({ base: null }, { write: (line: string) => context.err(line) });
    return (event) => log.info(logFields(event));
  }
  if (format === "tty" || (format === undefined && process.stderr.isTTY)) return ttyRenderer(context);
  return (event) => {
    const line = plainLine(event);
    if (line !== null) context.err(`${line}\n`);
  };
}
