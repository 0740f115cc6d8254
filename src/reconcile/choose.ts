import type { ReconcilePace } from "../config/pipeline.ts";
import { DAY_MS, HOUR_MS, isoDay } from "../kernel/clock.ts";
import { type Chosen, EVERYTHING, type Stretch, type Tier } from "./extent.ts";
import type { Segment } from "./segments.ts";
import { lastLookAt, type Standing } from "./standing.ts";

/** Segments in the order in which they are due: what differed, what was never compared, then what was the longest ago. */
function byDue(segments: readonly Segment[], { pieces }: Standing): { segment: Segment; differed: boolean }[] {
  const due = segments.map((segment) => {
    const last = lastLookAt(pieces, segment);
    const differed = last?.result === "different";
    return { segment, differed, rank: `${differed ? 0 : 1}${last?.provedAt ?? ""}` };
  });
  return due.toSorted((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0));
}

/** The share of all rows that is due in one night, in whole segments, and at least one; everything that differed when it was compared last. */
export function dueSegments(
  segments: readonly Segment[],
  { standing, nights }: { standing: Standing; nights: number },
): Segment[] {
  const total = segments.reduce((sum, { rows }) => sum + rows, 0n);
  const share = (total + BigInt(nights) - 1n) / BigInt(nights);
  let rows = 0n;
  return byDue(segments, standing).flatMap(({ segment, differed }, i) => {
    if (i > 0 && !differed && rows >= share) return [];
    if (!differed) rows += segment.rows;
    return [segment];
  });
}

/**
 * What is due as it is compared: each segment by itself, so that a night which ends goes on at the next one; or the share `together`, but for what
 * differed, so that a segment of which that was not true is equal again.
 */
function inTurn(due: readonly Segment[], { standing, together }: Pick<ToChoose, "standing"> & { together: boolean }): Chosen[] {
  const isAlone = (segment: Segment) => !together || lastLookAt(standing.pieces, segment)?.result === "different";
  const alone = due.filter(isAlone);
  const share = due.filter((segment) => !isAlone(segment));
  return [...alone.map((segment) => [segment]), ...(share.length > 0 ? [share] : [])].map((some) => ({
    tier: "T4",
    extent: { by: "stretches", of: some.map(({ from, to }) => ({ from, to })) },
  }));
}

/** Whether a thing of one segment is due as a whole. */
function isDue({ pieces }: Standing, { nights, now }: { nights: number; now: Date }): boolean {
  const last = lastLookAt(pieces, { from: null, to: null });
  return last === null || last.result === "different" || now.getTime() - Date.parse(last.provedAt) >= (nights - 1) * DAY_MS;
}

/** How many days back rows and money are compared. */
const DAYS = { T1: 2, T3: 90 } as const;

const hourOf = (at: Date) => `${at.toISOString().slice(0, 13)}:00:00Z`;

/** The last days one by one, or hour by hour where the column tells hours apart; the last of them without an end. */
function lately(now: Date, byHour: boolean): Stretch[] {
  const [step, bound] = byHour ? [HOUR_MS, hourOf] : [DAY_MS, isoDay];
  const steps = (DAYS.T1 * DAY_MS) / step;
  const at = (i: number) => bound(new Date(now.getTime() - (steps - i) * step));
  return Array.from({ length: steps + 1 }, (_, i) => ({ from: at(i), to: i === steps ? null : at(i + 1) }));
}

/** The segments of the last ninety days. */
function recent(segments: readonly Segment[], now: Date): Stretch[] {
  const first = isoDay(new Date(now.getTime() - DAYS.T3 * DAY_MS));
  return segments.filter(({ to }) => to === null || to > first).map(({ from, to }) => ({ from, to }));
}

const isSmall = (segments: readonly Segment[], { segmentRows }: ReconcilePace) =>
  segments.reduce((sum, { rows }) => sum + rows, 0n) <= BigInt(segmentRows);

type ToChooseRecent = Omit<ToChoose, "standing" | "hasTouched" | "besides" | "together">;

/**
 * What of a table is compared by content since its posting date is of the last 90 days: its model has to be computed for sums, too, so that these
 * would cost no less.
 */
export function chooseRecent({ segments, tiers, pace, now }: ToChooseRecent): Chosen[] {
  if (tiers.has("all") || !tiers.has("T3") || segments.length < 2 || isSmall(segments, pace)) return [];
  return [{ tier: "T3", extent: { by: "stretches", of: recent(segments, now) } }];
}

/**
 * What is compared by rows and money of a feed whose source can count them by date; of what is compared whole each night only the last days.
 * `byHour`: its posting date is an instant.
 */
export function chooseSums({ segments, tiers, pace, now, byHour }: ToChooseRecent & { byHour: boolean }): Chosen[] {
  if (tiers.has("all")) return [];
  const of = (tier: Tier, stretches: Stretch[]): Chosen[] =>
    tiers.has(tier) ? [{ tier, extent: { by: "stretches", of: stretches } }] : [];
  return [...of("T1", lately(now, byHour)), ...(isSmall(segments, pace) ? [] : of("T3", recent(segments, now)))];
}

export interface ToChoose {
  readonly standing: Standing;
  /** In order, and together everything. */
  readonly segments: readonly Segment[];
  readonly tiers: ReadonlySet<Tier>;
  readonly pace: ReconcilePace;
  /** Whether what changed since a base can be found. */
  readonly hasTouched: boolean;
  readonly now: Date;
  /** Segments that are compared by content this night anyway. */
  readonly besides?: readonly Stretch[];
  /** The share is compared as one: each segment by itself would read again what the others have read. */
  readonly together?: boolean;
}

/**
 * What of a feed or table is compared in one night. What is small is compared whole. Of anything else that is what changed since the last
 * time, and the segments that are due; of a table that has no segments the whole, once in as many nights.
 */
export function chooseExtents({
  standing,
  segments,
  tiers,
  pace,
  hasTouched,
  now,
  besides = [],
  together = false,
}: ToChoose): Chosen[] {
  if (tiers.has("all")) return [{ tier: "all", extent: EVERYTHING }];
  const mayRotate = tiers.has("T4");
  if (mayRotate && isSmall(segments, pace)) return [{ tier: "T4", extent: EVERYTHING }];
  const { base } = standing;
  const touched: Chosen[] =
    tiers.has("T2") && hasTouched && base !== null ? [{ tier: "T2", extent: { by: "touched", since: base } }] : [];
  if (!mayRotate) return touched;
  const { nights } = pace;
  if (segments.length > 1) {
    const rest = segments.filter(({ from, to }) => !besides.some((stretch) => stretch.from === from && stretch.to === to));
    return [...touched, ...inTurn(dueSegments(rest, { standing, nights }), { standing, together })];
  }
  return isDue(standing, { nights, now }) ? [{ tier: "T4", extent: EVERYTHING }] : touched;
}
