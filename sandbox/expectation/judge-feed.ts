import type { Feed, Row } from "../feed.ts";
import { rowVersion } from "../row-version.ts";
import { whole } from "./hand-rules.ts";
import { brokenRules, isUnreadable } from "./rules.ts";
import type { ExpectedState, Waiting } from "./state.ts";

/** What should become of one feed in one run. */
export interface Verdicts {
  /** Rows that enter: new ones and new versions. */
  readonly entering: readonly Row[];
  /** First sightings of rows that must wait. */
  readonly records: readonly Waiting[];
  /** Everything that waits afterwards. */
  readonly waiting: readonly Waiting[];
  /** Waiting rows that the source no longer has. */
  readonly vanished: readonly Waiting[];
  /** Further identical copies of good rows. */
  readonly duplicates: number;
  /** Source keys of rows that equal their published row. */
  readonly unchanged: readonly string[];
}

interface Candidate {
  readonly id: string;
  readonly cells: Row;
  readonly version: string;
  /** The waiting row that is judged again; null for a row of the batch. */
  readonly pool: Waiting | null;
  readonly own: readonly string[];
  readonly unreadable: boolean;
  /** Equals the live published row of its source key. */
  readonly same: boolean;
  /** A newer version of its source key is known. */
  readonly aside: boolean;
  /** 1 for the first of identical rows. */
  readonly copy: number;
}

interface Desk {
  readonly state: ExpectedState;
  readonly feed: Feed;
  readonly batch: readonly Row[];
  /** All source keys that the source has, if the run knows them. */
  readonly present: ReadonlySet<string> | null;
}

function labelled(desk: Desk, cells: Row, pool: Waiting | null): Omit<Candidate, "aside" | "copy"> {
  const { feed, state } = desk;
  const published = state.of(feed.id).published.get(feed.keyOf(cells));
  const version = rowVersion(feed, cells);
  return {
    id: feed.keyOf(cells),
    cells,
    version,
    pool,
    own: brokenRules(feed, cells, published?.cells),
    unreadable: isUnreadable(feed, cells),
    same: published !== undefined && !published.deleted && rowVersion(feed, published.cells) === version,
  };
}

/** Where rows carry a version, the newest of a source key counts. */
function isSetAside({ state, feed, batch }: Desk, cells: Row): boolean {
  const { version } = feed.rules;
  if (version === null) return false;
  const mine = whole(cells[version]);
  const id = feed.keyOf(cells);
  const published = state.of(feed.id).published.get(id)?.cells;
  const others = [...batch.filter((row) => feed.keyOf(row) === id), ...(published ? [published] : [])];
  return mine !== null && others.some((row) => (whole(row[version]) ?? mine) > mine);
}

function fromBatch(desk: Desk): Candidate[] {
  const copies = new Map<string, number>();
  return desk.batch.map((cells) => {
    const label = labelled(desk, cells, null);
    const name = `${label.id}/${label.version}`;
    copies.set(name, (copies.get(name) ?? 0) + 1);
    return { ...label, aside: !label.same && isSetAside(desk, cells), copy: copies.get(name) ?? 1 };
  });
}

/** Held rows and losers of a contest are judged again, unless a newer row of their source key stands for them. */
function fromPool(desk: Desk, batch: readonly Candidate[]): Candidate[] {
  const stood = new Set(batch.filter((c) => !c.aside).map((c) => c.id));
  return desk.state
    .of(desk.feed.id)
    .waiting.filter((w) => w.kind === "held" || w.uniqueOnly)
    .filter((w) => !stood.has(w.id) && (desk.present === null || desk.present.has(w.id)))
    .map((w) => ({ ...labelled(desk, w.cells, w), aside: false, copy: 1 }));
}

function isClaiming(c: Candidate): boolean {
  return !c.aside && (c.same || (c.own.length === 0 && !c.unreadable));
}

/** Source keys of live published rows by the value they hold. */
function holdersOf(desk: Desk, column: string): Map<string, string[]> {
  const holders = new Map<string, string[]>();
  for (const [id, row] of desk.state.of(desk.feed.id).published) {
    const value = row.cells[column] ?? null;
    if (row.deleted || value === null || (desk.present !== null && !desk.present.has(id))) continue;
    holders.set(value, [...(holders.get(value) ?? []), id]);
  }
  return holders;
}

/** Claims on one column: a published holder keeps the value; else two or more claims all lose. */
function losersOf(desk: Desk, column: string, candidates: readonly Candidate[]): Set<Candidate> {
  const holders = holdersOf(desk, column);
  const claims = candidates.filter((c) => isClaiming(c) && (c.cells[column] ?? null) !== null);
  const claimed = (c: Candidate) => c.cells[column] ?? "";
  const heldByOther = (c: Candidate) => (holders.get(claimed(c)) ?? []).some((id) => id !== c.id);
  const contents = new Map<string, Set<string>>();
  for (const c of claims.filter((one) => !heldByOther(one))) {
    contents.set(claimed(c), (contents.get(claimed(c)) ?? new Set()).add(`${c.id}/${c.version}`));
  }
  const loses = (c: Candidate) => heldByOther(c) || (!c.same && (contents.get(claimed(c))?.size ?? 0) > 1);
  return new Set(claims.filter(loses));
}

/** Reasons for missing parents, by what is known of them. */
function missingParents(desk: Desk): (row: Row) => string[] {
  const known = desk.feed.rules.references.map(({ column, parent }) => {
    const state = desk.state.of(parent);
    const key = state.feed.rules.businessKey;
    const published = new Set([...state.published.values()].map((row) => row.cells[key] ?? null));
    const waiting = new Set(state.waiting.map((row) => row.cells[key] ?? null));
    return { column, published, waiting };
  });
  return (row) =>
    known.flatMap(({ column, published, waiting }) => {
      const value = row[column] ?? null;
      if (value === null || published.has(value)) return [];
      return [waiting.has(value) ? `${column}.parent_quarantined` : `${column}.foreign_key`];
    });
}

interface Verdict {
  readonly candidate: Candidate;
  readonly verdict: "superseded" | "unchanged" | "duplicate" | "enters" | "stays" | Waiting["kind"];
  readonly reasons: readonly string[];
  readonly uniqueOnly: boolean;
}

/** A waiting row that is judged again goes on waiting, unless a held one turns bad. */
function goesOnWaiting(pool: Waiting | null, bad: boolean, missing: boolean): boolean {
  if (pool === null) return false;
  return pool.kind === "held" ? !bad && missing : bad || missing;
}

function verdictOf(c: Candidate, lost: readonly string[], missing: readonly string[]): Verdict["verdict"] {
  if (c.aside) return "superseded";
  if (c.pool === null && c.same) return c.copy === 1 ? "unchanged" : "duplicate";
  const bad = c.unreadable || c.own.length + lost.length > 0;
  if (goesOnWaiting(c.pool, bad, missing.length > 0)) return "stays";
  if (bad) return c.unreadable ? "unreadable" : "quarantined";
  if (missing.length > 0) return "held";
  return c.copy > 1 ? "duplicate" : "enters";
}

function judged(desk: Desk, candidates: readonly Candidate[]): Verdict[] {
  const losers = desk.feed.rules.unique.map((column) => [`${column}.unique`, losersOf(desk, column, candidates)] as const);
  const missingOf = missingParents(desk);
  return candidates.map((candidate) => {
    const lost = losers.filter(([, set]) => set.has(candidate)).map(([rule]) => rule);
    const missing = missingOf(candidate.cells);
    return {
      candidate,
      verdict: verdictOf(candidate, lost, missing),
      reasons: [...candidate.own, ...lost, ...missing],
      // A missing parent holds, it does not quarantine: it takes nothing from the claim.
      uniqueOnly: lost.length > 0 && candidate.own.length === 0 && !candidate.unreadable,
    };
  });
}

const WAITS: readonly string[] = ["unreadable", "quarantined", "held"];

function asWaiting(v: Verdict): Waiting {
  const { id, cells, version } = v.candidate;
  return {
    id,
    cells,
    version,
    kind: v.verdict as Waiting["kind"],
    reasons: v.reasons,
    uniqueOnly: v.verdict === "quarantined" && v.uniqueOnly,
  };
}

function isSeenAgain(w: Waiting, v: Verdict): boolean {
  return v.candidate.id === w.id && v.candidate.version === w.version && (w.kind === "held") === (v.verdict === "held");
}

/** Judges the extracted rows of one feed together with its waiting ones. Its parents have been judged before. */
export function judgeFeed(desk: Desk): Verdicts {
  const before = desk.state.of(desk.feed.id).waiting;
  const batch = fromBatch(desk);
  const verdicts = judged(desk, [...batch, ...fromPool(desk, batch)]);
  const waits = verdicts.filter((v) => WAITS.includes(v.verdict) && v.candidate.copy === 1);
  const again = (w: Waiting) => waits.some((v) => v.candidate.pool === null && isSeenAgain(w, v));
  const came = new Set(batch.filter((c) => !c.aside).map((c) => c.id));
  const left = new Set(verdicts.filter((v) => v.candidate.pool !== null && v.verdict !== "stays").map((v) => v.candidate.pool));
  const isGone = (w: Waiting) => desk.present !== null && !desk.present.has(w.id);
  const stays = before.filter((w) => (came.has(w.id) ? again(w) : !left.has(w) && !isGone(w)));
  const isNew = (v: Verdict) => v.candidate.pool !== null || !before.some((w) => isSeenAgain(w, v));
  const records = waits.filter(isNew).map(asWaiting);
  return {
    entering: verdicts.filter((v) => v.verdict === "enters" && !v.candidate.same).map((v) => v.candidate.cells),
    records,
    waiting: [...stays, ...records],
    vanished: before.filter((w) => !came.has(w.id) && isGone(w)),
    duplicates: verdicts.filter((v) => v.verdict === "duplicate").length,
    unchanged: verdicts.filter((v) => v.verdict === "unchanged").map((v) => v.candidate.id),
  };
}
