import type { Output } from "./context.ts";

const GOOD = ["ok", "pass", "published", "running", "done", "compatible"];
const DOUBTFUL = ["warn", "skipped", "starting", "blocked", "cancel requested"];
const BAD = ["fail", "error", "failed", "died", "breaking", "lost", "incomplete", "retryable", "usage"];

/** A word of the product's own vocabulary in its colour; other words as they are. */
export function paintVerdict(paint: Output["paint"], word: string): string {
  if (GOOD.includes(word)) return paint.green(word);
  if (DOUBTFUL.includes(word)) return paint.yellow(word);
  return BAD.includes(word) ? paint.red(word) : word;
}
