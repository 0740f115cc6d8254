import type { Feed } from "../config/pipeline.ts";
import { present } from "../contract/present.ts";
import { HISTORY_COMPARES } from "./history.ts";
import { LANDED_COMPARES } from "./landed.ts";
import type { Leg } from "./proof.ts";
import { SOURCE_COMPARES } from "./source.ts";
import { MONEY_COMPARES, STOCK_COMPARES } from "./stock.ts";
import { type Subject, subjectName } from "./subjects.ts";
import { TABLE_COMPARES } from "./tables.ts";
import { TIE_COMPARES } from "./ties.ts";
import { WAITING_COMPARES } from "./waiting.ts";

/** What is compared with what, in words, and of which feed, table or tie. */
export interface Comparison {
  readonly leg: Leg;
  readonly of: string;
  readonly compares: string;
  /** The column whose stretches it is made in; absent where these are of something else, or there are none. */
  readonly column?: string;
}

/** All comparisons of a feed or a table. `hasContents`: whether the source of a feed computes the content of its rows. */
export function comparisonsOf(subject: Subject, hasContents: (feed: Feed) => boolean): Comparison[] {
  const of = subjectName(subject);
  if ("model" in subject) {
    return [
      { leg: "R2", of, compares: TABLE_COMPARES, ...present({ column: subject.model.postingDate }) },
      { leg: "R4", of, compares: HISTORY_COMPARES },
    ];
  }
  if ("tie" in subject) return [{ leg: "R3", of, compares: TIE_COMPARES }];
  const own = [STOCK_COMPARES, MONEY_COMPARES, WAITING_COMPARES].map((compares) => ({ leg: "R4" as const, of, compares }));
  const { feed } = subject;
  const beside = hasContents(feed)
    ? { compares: SOURCE_COMPARES, ...present({ column: feed.postingDate }) }
    : { compares: LANDED_COMPARES };
  return [{ leg: "R1", of, ...beside }, ...own];
}
