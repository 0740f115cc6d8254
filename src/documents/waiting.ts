import { grouped } from "../kernel/grouped.ts";
import { jsonAmount } from "../kernel/json.ts";
import type { OpenLine } from "../quarantine/list-open.ts";
import { type MinorByCurrency, moneyDocument, sumByCurrency } from "./money.ts";

/** A total over some lines. */
export interface Waiting {
  readonly rows: bigint;
  readonly money: MinorByCurrency;
  readonly oldest: string;
}

function total(lines: readonly OpenLine[]): Waiting {
  const oldest = lines.map((line) => line.oldest).sort()[0] ?? "";
  return { rows: lines.reduce((sum, line) => sum + line.rows, 0n), money: sumByCurrency(lines), oldest };
}

/** How rows that have several reasons are counted: under each of them, or once under all of them together. */
export type CountedBy = "each" | "together";

/** What waits of one feed, by reason. */
export interface FeedWaiting extends Waiting {
  readonly feed: string;
  /** Counted by each, a row with two reasons counts under both; the feed's total counts it once. */
  readonly reasons: readonly (Waiting & { readonly kind: string; readonly reason: string })[];
}

/** Counts open rows by feed and reason, or by feed and all reasons together, whose names then stand in one text. */
export function waitingByFeed(lines: readonly OpenLine[], by: CountedBy): FeedWaiting[] {
  return [...grouped(lines, (line) => line.feed)].map(([feed, mine]) => {
    const spread = mine.flatMap((line) =>
      (by === "each" ? line.reasons : [line.reasons.join(", ")]).map((reason) => ({ line, reason })),
    );
    const reasons = [...grouped(spread, ({ line, reason }) => `${line.kind}\n${reason}`).values()].map((group) => ({
      kind: group[0]?.line.kind ?? "",
      reason: group[0]?.reason ?? "",
      ...total(group.map(({ line }) => line)),
    }));
    return { feed, ...total(mine), reasons };
  });
}

const waitingDocument = ({ rows, money, oldest }: Waiting) => ({ rows: jsonAmount(rows), money: moneyDocument(money), oldest });

/** What waits of a feed. */
export function feedWaitingDocument(f: FeedWaiting) {
  const reasons = f.reasons.map((r) => ({ kind: r.kind, reason: r.reason, ...waitingDocument(r) }));
  return { feed: f.feed, ...waitingDocument(f), reasons };
}
