import { Failure } from "../../kernel/problem.ts";
import { limitReached } from "./problems.ts";

/** What an org has used of the requests that it has in 24 hours. */
export interface Usage {
  readonly used: number;
  readonly most: number;
}

/** What an answer says of the org's requests; null where it says nothing. */
export function usageOf(headers: Headers): Usage | null {
  const [, used, most] = /(?:^|[\s,;])api-usage=(\d+)\/(\d+)/.exec(headers.get("sforce-limit-info") ?? "") ?? [];
  return used === undefined || most === undefined ? null : { used: Number(used), most: Number(most) };
}

/**
 * Leaves the rest of an org's requests to others.
 * @throws Failure `retryable` where the share is reached: the count is of the last 24 hours, so that it falls again.
 */
export function checkShare(headers: Headers, { source, share }: { source: string; share: number }): void {
  const usage = usageOf(headers);
  if (usage === null || usage.most === 0 || usage.used < share * usage.most) return;
  throw new Failure("retryable", limitReached({ source, used: { ...usage, share } }));
}
