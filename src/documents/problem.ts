import type { Problem } from "../kernel/problem.ts";

/** A problem as JSON documents carry it. */
export function problemDocument(p: Problem): Readonly<Record<string, string | number | null>> {
  const { severity, code, says, next, at } = p;
  return { severity, code, file: at?.file ?? null, line: at?.line ?? null, column: at?.column ?? null, says, next };
}
