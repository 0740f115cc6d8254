import type { HalfOpen } from "../kernel/half-open.ts";
import type { Cursor } from "../sources/source.ts";

/**
 * How a comparison was chosen. `T1`, `T3`: rows and money of the last two days, or of ninety, and by content where these are not the same.
 * `T2`: what changed on either side since the last one. `T4`: what was compared the longest ago, so that within some nights everything is.
 * `all`: everything at once, which somebody gave a reason for.
 */
export const TIERS = ["T1", "T2", "T3", "T4", "all"] as const;

export type Tier = (typeof TIERS)[number];

/** Values of a column, as texts that sort as the values do; a NULL of the column belongs to the stretch without a lower bound. */
export type Stretch = HalfOpen;

/** Up to where a comparison saw what is published, and the cursor that stood then; null where its feed has none. */
export interface Base {
  readonly publication: bigint;
  readonly cursor: Cursor | null;
}

/**
 * How much of a feed or table is compared. `touched`: what was published behind a base, and of a source what changed at or above its cursor.
 * `stretches`: of posting dates, whose column is named, or of the publications that batches were published in.
 */
export type Extent =
  | { readonly by: "all" }
  | { readonly by: "touched"; readonly since: Base }
  | { readonly by: "stretches"; readonly of: readonly Stretch[]; readonly column?: string };

/** Whether what was compared in an extent says something of stretches of a column: versions before kept none. */
export function isByColumn(extent: Extent, column: string | undefined): boolean {
  return extent.by !== "stretches" || extent.column === undefined || extent.column === column;
}

/** An extent, and why it was chosen. */
export interface Chosen {
  readonly tier: Tier;
  readonly extent: Extent;
}

export const EVERYTHING: Extent = { by: "all" };

/** A base as it is kept. */
export function baseText({ publication, cursor }: Base): string {
  const own = cursor && { kind: cursor.kind, position: cursor.position, identity: cursor.identity, horizon: cursor.horizon };
  return JSON.stringify({ publication: String(publication), cursor: own });
}

/** A kept base; null where none is. */
export function readBase(text: string | null): Base | null {
  if (text === null) return null;
  const { publication, cursor } = JSON.parse(text) as { publication: string; cursor: Cursor | null };
  return { publication: BigInt(publication), cursor };
}

/** An extent as it is kept. */
export function extentText(extent: Extent): string {
  return JSON.stringify(extent.by === "touched" ? { by: "touched", since: JSON.parse(baseText(extent.since)) } : extent);
}

/** A kept extent; comparisons of earlier versions were of everything. */
export function readExtent(text: string | null): Extent {
  if (text === null) return EVERYTHING;
  const found = JSON.parse(text) as Extent;
  return found.by === "touched" ? { by: "touched", since: readBase(JSON.stringify(found.since)) as Base } : found;
}

/** A bound for people; null for none. */
export function boundText(bound: string | null): string | null {
  return bound !== null && /^\d{12}$/.test(bound) ? `publication ${BigInt(bound)}` : bound;
}

/** The number of a publication as a bound of a stretch. */
export function publicationBound(number: bigint): string {
  return String(number).padStart(12, "0");
}

const startsBefore = (a: string | null, b: string | null) => b !== null && (a === null || a < b);
const endsBefore = (a: string | null, b: string | null) => a !== null && (b === null || a < b);

/** What two stretches have in common; null for nothing. */
export function overlap(a: Stretch, b: Stretch): Stretch | null {
  const from = startsBefore(a.from, b.from) ? b.from : a.from;
  const to = endsBefore(a.to, b.to) ? a.to : b.to;
  return from !== null && to !== null && from >= to ? null : { from, to };
}

/** What of a stretch is not of another one. */
export function without(a: Stretch, b: Stretch): Stretch[] {
  if (overlap(a, b) === null) return [a];
  const before = startsBefore(a.from, b.from) ? [{ from: a.from, to: b.from }] : [];
  const behind = endsBefore(b.to, a.to) ? [{ from: b.to, to: a.to }] : [];
  return [...before, ...behind];
}
