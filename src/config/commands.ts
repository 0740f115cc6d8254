import type { Pipeline } from "./pipeline.ts";

/** `--group` where a command would not take the group by itself. */
export function groupOption({ defaultGroup }: Pick<Pipeline, "defaultGroup">, group: string): string {
  return group === defaultGroup ? "" : ` --group ${group}`;
}

/** The command that reads feeds whole and so judges all of their rows again. */
export function readWhole(pipeline: Pipeline, { group, feeds }: { group: string; feeds: readonly string[] }): string {
  return `ledgerloop run --full${groupOption(pipeline, group)} --feeds ${feeds.join(",")} --reason "…"`;
}
