import type { CommandContext } from "./context.ts";

/** Ten frames a second are smooth; more would cost the load its time. */
export const FRAME_MS = 100;
export const CLEAR = "\r\x1b[2K";

/** Draws a line over the one before. One that wraps could not be drawn over. */
export function liveLine(context: CommandContext): (text: string) => void {
  return (text) => context.err(`${CLEAR}${text.slice(0, Math.max(20, (process.stderr.columns || 80) - 1))}`);
}
