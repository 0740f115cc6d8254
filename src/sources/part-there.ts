import type { PendingPart } from "./pending.ts";
import type { FeedPart } from "./source.ts";

const NEXT = "`ledgerloop run` looks at it";

/**
 * A part as it is there now: `new` where runs know nothing of it, `changed` where they know another version. All that can be decided
 * about it is that it is left; what is published of it stays. What is not there is what runs know of it.
 */
export function partThere(known: FeedPart | undefined, there: PendingPart | null): FeedPart | undefined {
  if (there === null || there.version === null || known?.version === there.version) return known;
  const { part, version, says } = there;
  const now = { part, version, gone: false, sha256: "", may: ["reject"] as const, next: NEXT };
  if (known === undefined)
    return { ...now, state: "new", says: `nothing of it is published: ${says}`, decided: null, published: null };
  return { ...known, ...now, state: "changed", says: `this version of it is not published: ${says}` };
}
