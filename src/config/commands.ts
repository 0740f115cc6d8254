import type { Pipeline } from "./pipeline.ts";

/** `--group` where a pipeline has several. */
export function groupOption({ groups }: Pipeline, group: string): string {
  return groups.size > 1 ? ` --group ${group}` : "";
}

/** The command that reads feeds whole and so judges all of their rows again. */
export function readWhole(pipeline: Pipeline, { group, feeds }: { group: string; feeds: readonly string[] }): string {
  return `ledgerloop run --full${groupOption(pipeline, group)} --feeds ${feeds.join(",")} --reason "…"`;
}
