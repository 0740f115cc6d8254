import type { ReconcilePace } from "../config/pipeline.ts";
import { HISTORY_COMPARES } from "./history.ts";
import type { LastProof } from "./kept-proofs.ts";
import { LANDED_COMPARES } from "./landed.ts";
import { SOURCE_COMPARES } from "./source.ts";
import { MONEY_COMPARES, STOCK_COMPARES } from "./stock.ts";
import { TABLE_COMPARES } from "./tables.ts";
import { TIE_COMPARES } from "./ties.ts";
import { WAITING_COMPARES } from "./waiting.ts";

/** A kind of defect, and how long it can stay unseen. */
export interface Detection {
  /** What happens. */
  readonly what: string;
  /** What sees it; a page that is named stands beside docs/reconciliation.md. */
  readonly by: string;
  /** Which comparisons it is a matter of: without them in a pipeline it cannot happen there. */
  readonly of: readonly string[];
  /** `a round`: one night of what is compared whole each night, and as many as the pipeline says of anything else. */
  readonly within: string;
  /** What of it is seen sooner than in a round. */
  readonly sooner?: string;
}

const ROUND = "a round";

/** What can go wrong, what sees it, and within what time (docs/reconciliation.md, "What is found when", which is written from this). */
export const DETECTIONS: readonly Detection[] = [
  {
    what: "a row comes or changes at a source, with its stamp",
    by: "the hourly run",
    of: [SOURCE_COMPARES, LANDED_COMPARES],
    within: "an hour",
  },
  {
    what: "a row of PostgreSQL is deleted",
    by: "the pass over the keys (`run --keys`), R1 before it as `delete pending`",
    of: [SOURCE_COMPARES],
    within: "a night",
  },
  {
    what: "a row of PostgreSQL changes without a stamp, or by a clock that is behind; or another row of its key comes so",
    by: "R1",
    of: [SOURCE_COMPARES],
    within: ROUND,
    sooner: "a night where its segment has other rows or sums by it, of the last 90 days by posting date",
  },
  {
    what: "a row changes at Stripe or Salesforce and is not told",
    by: "nets and id passes (stripe.md, salesforce.md)",
    of: [LANDED_COMPARES],
    within: "what their schedule is",
  },
  {
    what: "a file is replaced or removed by its partner",
    by: "the hourly listing",
    of: [LANDED_COMPARES],
    within: "an hour",
  },
  {
    what: "a hand changes any column of a row of PostgreSQL in the warehouse, a cent or a name",
    by: "R1",
    of: [SOURCE_COMPARES],
    within: ROUND,
    sooner:
      "a night where the row was published since the last one, or its segment has other sums by it, of the last 90 days by posting date",
  },
  {
    what: "a hand changes any column of a row of an API or a file in the warehouse",
    by: "R1",
    of: [LANDED_COMPARES],
    within: ROUND,
    sooner: "a night where the row was published since the last one",
  },
  {
    what: "a hand deletes, doubles, invents or marks as gone rows of a feed, which has more or fewer of them then, or other sums",
    by: "R4 that the stock is another one",
    of: [STOCK_COMPARES],
    within: "a night",
  },
  { what: "the same, which rows", by: "R1", of: [SOURCE_COMPARES, LANDED_COMPARES], within: ROUND },
  { what: "a hand changes the money that stands beside a row", by: "R4", of: [MONEY_COMPARES], within: "a night" },
  {
    what: "a hand changes, deletes or invents rows of a curated table, in any column",
    by: "R2",
    of: [TABLE_COMPARES],
    within: ROUND,
    sooner: "a night where the key was touched since the last one, or its posting date is of the last 90 days",
  },
  {
    what: "a hand deletes a waiting row, or ends one of PostgreSQL however it does",
    by: "R1",
    of: [SOURCE_COMPARES, LANDED_COMPARES],
    within: ROUND,
  },
  {
    what: "a hand ends a waiting row, by an event of no publication",
    by: "R4",
    of: [WAITING_COMPARES],
    within: "a night",
  },
  {
    what: "a hand changes the texts or the money of a waiting row",
    by: "R4",
    of: [WAITING_COMPARES],
    within: "a night",
  },
  {
    what: "bytes under `landing/` of an API or a file are damaged or gone",
    by: "R1; `ledgerloop doctor --deep` for those of all feeds, when it is run",
    of: [LANDED_COMPARES],
    within: ROUND,
  },
  {
    what: "systems say otherwise of one payment, refund, order or payout",
    by: "R3",
    of: [TIE_COMPARES],
    within: "a night, once neither side may lag any more",
  },
  {
    what: "a hand changes a replaced row",
    by: "R4, from the first night behind its publication on",
    of: [HISTORY_COMPARES],
    within: ROUND,
  },
];

/** The pages that are named of what sees a defect. */
const PAGES = / \([^()]*\.md[^()]*\)/;

/** A kind of defect in a pipeline as it is. */
export interface FoundWithin {
  readonly what: string;
  readonly by: string;
  readonly within: string;
  /** Feeds and tables of which it takes a round of nights. */
  readonly inRounds: readonly string[];
  /** Those that were never compared, of which nobody knows how many rows they have. */
  readonly never: readonly string[];
}

/** Whether something is compared whole each night: by the live rows of a feed; a table was so the last time, and had not too many rows for it. */
function isWholeEachNight(
  { of, last }: LastProof,
  { proofs, pace }: { proofs: readonly LastProof[]; pace: ReconcilePace },
): boolean {
  const stock = proofs.find((proof) => proof.of === of && proof.compares === STOCK_COMPARES)?.last;
  const most = BigInt(pace.segmentRows);
  return stock ? stock.rows <= most : last?.extent.by === "all" && last.rows <= most;
}

/** Within what time, where some of the comparisons that see it take a round. */
function roundWords({ sooner }: Detection, { nights }: ReconcilePace, { are, of }: { are: number; of: number }): string {
  if (are === 0) return "a night";
  const round = `${nights} nights${sooner === undefined ? "" : `; ${sooner}`}`;
  return are === of ? round : `a night, or ${round}`;
}

/**
 * Within what time each kind of defect is found in a pipeline whose comparisons stand as `proofs` say; kinds that cannot happen there are left out.
 * It holds as long as nights are as often as they are meant to be, and none ends before it has compared what is due.
 */
export function foundWithin(proofs: readonly LastProof[], pace: ReconcilePace): FoundWithin[] {
  return DETECTIONS.flatMap((detection) => {
    const { what, of, within } = detection;
    const by = detection.by.replace(PAGES, "");
    const own = proofs.filter(({ compares }) => of.includes(compares));
    if (own.length === 0) return [];
    const never = own.filter(({ last }) => last === null).map((proof) => proof.of);
    if (within !== ROUND) return [{ what, by, within, inRounds: [], never }];
    const inRounds = own
      .filter((proof) => proof.last !== null && !isWholeEachNight(proof, { proofs, pace }))
      .map((proof) => proof.of);
    return [{ what, by, within: roundWords(detection, pace, { are: inRounds.length, of: own.length }), inRounds, never }];
  });
}

/** The table of docs/reconciliation.md, in Markdown. */
export function detectionTable(): string {
  const linked = (by: string) => by.replace(/\b([a-z]+\.md)\b/g, "[$1]($1)");
  const rows = DETECTIONS.map(
    ({ what, by, within, sooner }) => `| ${what} | ${linked(by)} | ${within}${sooner === undefined ? "" : `; ${sooner}`} |`,
  );
  return ["| what happens | seen by | within |", "|---|---|---|", ...rows].join("\n");
}
