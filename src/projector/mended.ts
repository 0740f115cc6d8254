import type { Projection } from "./project.ts";

/** What people are told when a group's journal did not say what the ledger says; nothing where it did. */
export function mendedText({ group, rebuilt, undone }: Pick<Projection, "group" | "rebuilt" | "undone">): string[] {
  const lost =
    "what only the control store knew is gone: runs that published nothing, with their verdicts and samples, and the stages of all";
  return [
    ...(rebuilt > 0 ? [`journal of ${group}: ${rebuilt} published runs were told again from the ledger; ${lost}`] : []),
    ...(undone > 0
      ? [`journal of ${group}: ${undone} runs published what the ledger does not have any more; their lines say so`]
      : []),
  ];
}
