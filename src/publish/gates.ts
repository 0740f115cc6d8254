import { isOwnKey } from "../checks/curated-rules.ts";
import type { MissingParents } from "../checks/missing-parents.ts";
import type { GateLimits, Model } from "../config/pipeline.ts";
import { planChecks } from "../contract/check-plan.ts";
import { leastBound } from "../kernel/binomial.ts";
import { type Account, add, badOf, goodOf, NOTHING } from "./accounts.ts";
import type { CuratedFacts } from "./assertions.ts";
import { type Gate, gate, gateSeverity, severeGate } from "./gate.ts";

/** Good and bad rows of a feed, of this batch and of the day's publications. */
export interface ShareSample {
  readonly feed: string;
  readonly good: bigint;
  readonly bad: bigint;
  readonly newlyHeld: bigint;
}

/** The limits that a feed's gates have: its own over its group's. */
export type LimitsOf = (feed: string) => GateLimits;

const SCALE = 1_000_000_000n;

function exceeds(part: bigint, whole: bigint, share: number): boolean {
  return part * SCALE > BigInt(Math.round(share * Number(SCALE))) * whole;
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function percent(part: bigint, whole: bigint): string {
  if (whole === 0n) return "0 %";
  const millionths = (part * 100_000_000n) / whole;
  return `${(Number(millionths) / 1_000_000).toFixed(4)} %`;
}

/** Sums a run's accounts per feed into what the share gates look at; rows released from the pool count too. */
export function shareSamples(accounts: readonly Account[]): ShareSample[] {
  return [...new Set(accounts.map((a) => a.feed))].map((feed) => {
    const mine = accounts.filter((a) => a.feed === feed);
    const rows = (pick: (a: Account) => bigint) => mine.reduce((sum, a) => sum + pick(a), 0n);
    return {
      feed,
      good: rows((a) => goodOf(a).rows),
      bad: rows((a) => badOf(a).rows),
      newlyHeld: rows((a) => a.newlyHeld.rows - a.heldForAbsent),
    };
  });
}

/** Adds the day's earlier publications to a batch that is too small to be judged by itself. */
function widened(batch: ShareSample, recent: ShareSample | undefined, sample: number): ShareSample {
  if (batch.good + batch.bad >= BigInt(sample) || recent === undefined) return batch;
  return {
    feed: batch.feed,
    good: batch.good + recent.good,
    bad: batch.bad + recent.bad,
    newlyHeld: batch.newlyHeld + recent.newlyHeld,
  };
}

/** What the share gates look at. */
export interface ShareFacts {
  readonly batches: readonly ShareSample[];
  /** The day's earlier publications. */
  readonly recent: readonly ShareSample[];
  readonly parents: readonly MissingParents[];
}

/** How rarely a small batch may be blocked whose rows are as good as the limit asks: once in so many runs of a feed. */
const RISK = 1e-4;

/** The share of a gate in billionths, as which it is compared exactly. */
const inBillionths = (share: number) => Math.round(share * Number(SCALE));

/**
 * How many rows of `whole` may be bad (or held) by a limit of `share`. From the sample on that share of them. Below it as many as
 * chance gives where that share of all rows is bad, up to what the sample would be allowed: else a small batch could be bad all through.
 */
function allowance({ whole, share, sample }: { whole: bigint; share: number; sample: number }): bigint {
  const billionths = inBillionths(share);
  const of = (rows: bigint) => (BigInt(billionths) * rows) / SCALE;
  if (whole >= BigInt(sample)) return of(whole);
  const chance = billionths / Number(SCALE);
  const bound = BigInt(leastBound({ trials: Number(whole), chance, risk: RISK }));
  const most = of(BigInt(sample));
  return bound < most ? bound : most;
}

/** What a limit allows, for people. */
function allowed({ most, whole, share }: { most: bigint; whole: bigint; share: number }, what: string): string {
  return `at most ${most} of ${whole}${what} (${percent(BigInt(inBillionths(share)), SCALE)})`;
}

function validGate(s: ShareSample, limits: GateLimits): Gate {
  const [whole, share] = [s.good + s.bad, 1 - limits.validShare];
  const most = allowance({ whole, share, sample: limits.sample });
  return gate(
    "valid_share",
    { feed: s.feed },
    {
      holds: s.bad <= most,
      observed: whole === 0n ? "no rows" : `${s.bad} of ${whole} rows bad (${percent(whole - s.bad, whole)} valid)`,
      limit: allowed({ most, whole, share }, ""),
    },
  );
}

/** In a small batch each missing parent counts once, however many of its children came: they are one event. */
function heldGate(s: ShareSample, parents: bigint, limits: GateLimits): Gate {
  const share = limits.heldShare;
  const rows = s.good + s.bad + s.newlyHeld;
  const isSmall = rows < BigInt(limits.sample);
  const [held, whole] = isSmall ? [parents, s.good + s.bad + parents] : [s.newlyHeld, rows];
  const most = allowance({ whole, share, sample: limits.sample });
  const counted = isSmall ? `, for ${parents} missing parents` : ` (${percent(s.newlyHeld, rows)})`;
  return gate(
    "held_share",
    { feed: s.feed },
    {
      holds: held <= most,
      observed: `${s.newlyHeld} rows newly held${counted}`,
      limit: allowed({ most, whole, share }, isSmall ? ", each parent counted once" : ""),
    },
  );
}

/** Valid share and newly held share of each feed, over this batch or, where that is small, over the last 24 hours too. */
export function shareGates({ batches, recent, parents }: ShareFacts, limitsOf: LimitsOf): Gate[] {
  return batches.flatMap((batch) => {
    const limits = limitsOf(batch.feed);
    const earlier = recent.find((r) => r.feed === batch.feed);
    const s = widened(batch, earlier, limits.sample);
    const missing = parents.find((p) => p.feed === batch.feed);
    return [validGate(s, limits), heldGate(s, (s === batch ? missing?.ofBatch : missing?.ofDay) ?? 0n, limits)];
  });
}

const about = ({ feed, currency }: Account) => ({ feed, currency });

/** Newly quarantined money per feed and currency; rows that only replace an older bad version of their key are not new money. */
export function moneyGates(accounts: readonly Account[], limitsOf: LimitsOf): Gate[] {
  return accounts
    .filter((a) => a.newlyQuarantined.rows > 0n)
    .map((a) => {
      const { quarantinedMinor } = limitsOf(a.feed);
      const limit = quarantinedMinor[a.currency] ?? quarantinedMinor["*"];
      const over = limit !== undefined && a.newlyQuarantinedAbsolute > BigInt(limit);
      return gate("quarantined_money", about(a), {
        holds: !over,
        observed: `${a.newlyQuarantinedAbsolute} minor in ${a.newlyQuarantined.rows} rows`,
        limit: limit === undefined ? "no limit" : `${limit} minor`,
      });
    });
}

/** What waits in the pool at the end; never blocks, so that a healing run is not stopped by what it heals. */
export function heldGates(accounts: readonly Account[]): Gate[] {
  return accounts
    .filter((a) => a.pool.closing.rows > 0n)
    .map((a) =>
      gate("held_total", about(a), {
        holds: false,
        observed: `${a.pool.closing.rows} rows, ${a.pool.closing.minor} minor, oldest since ${a.pool.oldest ?? "unknown"}`,
        limit: "reported",
      }),
    );
}

/** Rows held only because the feed of their parents was left out or is still loading: nobody's fault, and not their share's. */
export function absentParentGates(accounts: readonly Account[]): Gate[] {
  return [...new Set(accounts.map((a) => a.feed))].flatMap((feed) => {
    const rows = accounts.filter((a) => a.feed === feed).reduce((sum, a) => sum + a.heldForAbsent, 0n);
    if (rows === 0n) return [];
    const observed = `${rows} rows newly held for parents of feeds that are not in this run`;
    return [gate("held_for_absent", { feed }, { holds: false, observed, limit: "reported" })];
  });
}

/** The share of live rows that may vanish in one pass. */
export function vanishedGates(accounts: readonly Account[], feeds: readonly string[], limitsOf: LimitsOf): Gate[] {
  return feeds.map((feed) => {
    const limits = limitsOf(feed);
    const mine = accounts.filter((a) => a.feed === feed);
    const gone = mine.reduce((sum, a) => add(sum, a.vanished), NOTHING);
    const before = mine.reduce((sum, a) => add(sum, a.stock.before), NOTHING);
    return gate(
      "vanished_share",
      { feed },
      {
        holds: !exceeds(gone.rows, larger(before.rows, 1n), limits.vanishedShare),
        observed: `${gone.rows} of ${before.rows} live rows vanished (${percent(gone.rows, before.rows)})`,
        limit: `at most ${percent(BigInt(Math.round(limits.vanishedShare * 1e9)), SCALE)}`,
      },
    );
  });
}

/** An earlier batch of a feed: when its window ended, and how many rows it had. */
export interface EarlierBatch {
  readonly feed: string;
  readonly windowEnd: Date;
  readonly rows: bigint;
}

/** A quiet hour publishes; it warns when that hour of the week has been seen before and never was empty. */
export function quietHourGates(empty: readonly string[], end: Date, earlier: readonly EarlierBatch[]): Gate[] {
  const sameHour = (b: EarlierBatch) =>
    b.windowEnd.getUTCDay() === end.getUTCDay() && b.windowEnd.getUTCHours() === end.getUTCHours();
  return empty.flatMap((feed) => {
    const seen = earlier.filter((b) => b.feed === feed && sameHour(b));
    if (seen.length === 0 || seen.some((b) => b.rows === 0n)) return [];
    const observed = `0 rows; in ${seen.length} earlier weeks this hour had at least ${seen.map((b) => b.rows).reduce((a, b) => (a < b ? a : b))}`;
    return [gate("quiet_hour", { feed }, { holds: false, observed, limit: "reported" })];
  });
}

/** Duplicate and forgotten keys of a curated table, measured inside the transaction; the contract may name its key as a rule too. */
export function curatedGates(facts: CuratedFacts, model: Model): Gate[] {
  const { table } = facts;
  const identity = facts.forgotten === 0n && facts.live + facts.tombstoned <= facts.touched;
  const duplicates = { holds: facts.duplicates === 0n, observed: `${facts.duplicates} rows`, limit: "0 rows" };
  const ownKey = planChecks(model.contract).unique.filter((rule) => isOwnKey(model, rule));
  return [
    gate("duplicates", { table }, duplicates),
    gate(
      "identity_curated",
      { table },
      {
        holds: identity,
        observed: `${facts.touched} keys touched: ${facts.live} rows, ${facts.tombstoned} tombstones, ${facts.forgotten} forgotten`,
        limit: "every touched key is a row, a tombstone or an exclusion",
      },
    ),
    ...ownKey.map((rule) =>
      severeGate({ name: "curated_rule", severity: gateSeverity(rule.severity) }, { table, rule: rule.id }, duplicates),
    ),
  ];
}
