import type { Pipeline } from "../config/pipeline.ts";
import { Failure } from "../kernel/problem.ts";
import { feedUnknown } from "./problems.ts";

/** All that comparisons are of: feeds, curated tables and ties. */
export function comparedSubjects({ feeds, models, ties }: Pipeline): string[] {
  return [...feeds.keys(), ...models.keys(), ...ties.keys()];
}

/** @throws Failure `usage` for something that was written and is not known. */
export function requireKnown(written: string | undefined, known: readonly string[]): void {
  if (written !== undefined && !known.includes(written)) throw new Failure("usage", feedUnknown(written, known));
}
