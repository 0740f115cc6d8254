import type { Model } from "../config/pipeline.ts";

/** Whether keys of a table are personal, so that none is named. */
export function hasPersonalKey({ contract, key }: Model): boolean {
  return contract.columns.some((c) => c.pii && key.includes(c.name));
}

/** So many keys are named of those that something is said of. */
export const NAMED = 5;

/** `; first, second and 3 more`: the first keys of so many rows; nothing where there are none. */
export function namedKeys(first: readonly string[], rows: bigint): string {
  if (rows === 0n) return "";
  const more = rows - BigInt(first.length);
  return `; ${first.join(", ")}${more > 0n ? ` and ${more} more` : ""}`;
}
