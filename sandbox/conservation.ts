import type { JsonAmount } from "../src/kernel/json.ts";
import type { FeedNumbers, RunReport } from "../src/projector/run-report.ts";

/** How far the identities are off over some runs, in rows and in minor units. */
export interface Conservation {
  readonly rows_off: number;
  readonly minor_off: string | number;
}

const FLOW = ["unreadable", "quarantined", "held", "duplicate", "superseded", "unchanged", "updated", "inserted"] as const;
const RELEASED = ["inserted", "updated", "unchanged", "quarantined", "superseded"] as const;

function sum(amounts: readonly JsonAmount[]): bigint {
  return amounts.reduce<bigint>((total, amount) => total + BigInt(amount), 0n);
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

/** Flow and pool of one feed (or of one of its currencies). */
function imbalance(n: FeedNumbers): bigint {
  const flow = BigInt(n.extracted) - sum(FLOW.map((name) => n[name]));
  const { released, opening, closing, superseded, vanished, expired } = n.pool;
  const leaves = sum([...RELEASED.map((name) => released[name]), superseded, vanished, expired, closing]);
  return absolute(flow) + absolute(BigInt(opening) + BigInt(n.newly_held) - leaves);
}

interface Pools {
  readonly rows: Map<string, bigint>;
  readonly minor: Map<string, bigint>;
}

/** What closed the last publication must open the next one. */
function jump(closed: Map<string, bigint>, name: string, pool: FeedNumbers["pool"]): bigint {
  const off = BigInt(pool.opening) - (closed.get(name) ?? 0n);
  closed.set(name, BigInt(pool.closing));
  return absolute(off);
}

function runOff(report: RunReport, pools: Pools): { rows: bigint; minor: bigint } {
  let [rows, minor] = [0n, 0n];
  for (const feed of report.feeds) {
    rows += imbalance(feed) + jump(pools.rows, feed.feed, feed.pool);
    // The currencies of a feed are its rows again, this time in money.
    for (const money of feed.money) minor += imbalance(money) + jump(pools.minor, `${feed.feed} ${money.currency}`, money.pool);
  }
  return { rows, minor };
}

/** An identity gate that failed says itself that something is off. */
function failedIdentities(report: RunReport): bigint {
  return BigInt(report.gates.filter((g) => g.name.startsWith("identity_") && g.verdict !== "pass").length);
}

/** Recomputes the identities of all published runs from their reports; of others only their failed identity gates count. */
export function conservationOf(reports: readonly RunReport[]): Conservation {
  const pools: Pools = { rows: new Map(), minor: new Map() };
  let [rows, minor] = [0n, 0n];
  for (const report of reports) {
    rows += failedIdentities(report);
    if (report.outcome !== "published") continue;
    const off = runOff(report, pools);
    rows += off.rows;
    minor += off.minor;
  }
  return { rows_off: Number(rows), minor_off: minor > BigInt(Number.MAX_SAFE_INTEGER) ? minor.toString() : Number(minor) };
}
