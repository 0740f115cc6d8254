import { type MirrorRow, rowsOfFeed } from "../beside/mirror.ts";
import type { FeedId, Row } from "../feed.ts";
import type { Store, Stored } from "../stripe/store.ts";
import { brokenBy, cellsOf, OBJECT_FEEDS, type ObjectFeed } from "./objects.ts";

/** An object that should wait. */
export interface ExpectedWait {
  readonly feed: FeedId;
  readonly id: string;
  readonly kind: "quarantined" | "unreadable";
  readonly rules: readonly string[];
  /** Null where nobody could read it. */
  readonly cells: Row | null;
}

/** What should be published and what should wait, after some hours. */
export interface AccountState {
  /** By feed and id. */
  readonly rows: ReadonlyMap<FeedId, Map<string, MirrorRow>>;
  /** By id. */
  readonly waiting: Map<string, ExpectedWait>;
}

/** What a run can see of the account. */
export interface AccountSight {
  /** The account's clock when the run reads, in whole seconds since 1970. */
  readonly now: number;
  readonly store: Pick<Store, "between">;
  /** Objects that changed and that the run's key may not see. */
  readonly unreadable: ReadonlySet<string>;
}

/** What an hour should bring beside rows. */
export interface ExpectedHour {
  /** Objects that begin to wait, or wait with another content. */
  readonly waits: readonly ExpectedWait[];
  readonly deleted: readonly { readonly feed: FeedId; readonly id: string }[];
  /** Objects that lists do not show yet although a run is past their second. */
  readonly late: readonly { readonly feed: FeedId; readonly id: string }[];
}

/** Lists may show an object five minutes late: a run is past all that is older. */
const UNSETTLED_SECONDS = 300;

/** Nothing is published yet. */
export function emptyAccountState(): AccountState {
  return { rows: new Map(OBJECT_FEEDS.map(({ id }) => [id, new Map()])), waiting: new Map() };
}

/** Rows of a feed that should be published, tombstones included. */
export function rowsOf({ rows }: AccountState, feed: FeedId): Map<string, MirrorRow> {
  return rowsOfFeed(rows, feed);
}

/** The instant in whole seconds that a run at `now` is past. */
export function settledBefore(now: number): number {
  return now - UNSETTLED_SECONDS;
}

function waitOf(feed: ObjectFeed, stored: Stored, unreadable: ReadonlySet<string>): ExpectedWait | null {
  const { id } = stored;
  if (unreadable.has(id)) return { feed: feed.id, id, kind: "unreadable", rules: ["record"], cells: null };
  const cells = cellsOf(feed, stored);
  const rules = brokenBy(feed, cells);
  return rules.length === 0 ? null : { feed: feed.id, id, kind: "quarantined", rules, cells };
}

const isSameWait = (a: ExpectedWait | undefined, b: ExpectedWait) => JSON.stringify(a) === JSON.stringify(b);

interface Lists {
  readonly waits: ExpectedWait[];
  readonly deleted: { feed: FeedId; id: string }[];
  readonly late: { feed: FeedId; id: string }[];
}

function remove(state: AccountState, at: { feed: FeedId; id: string }, lists: Lists): void {
  const rows = rowsOf(state, at.feed);
  const row = rows.get(at.id);
  state.waiting.delete(at.id);
  if (!row || row.deleted) return;
  rows.set(at.id, { ...row, deleted: true });
  lists.deleted.push(at);
}

function see(
  state: AccountState,
  feed: ObjectFeed,
  { stored, sight, lists }: { stored: Stored; sight: AccountSight; lists: Lists },
) {
  const at = { feed: feed.id, id: stored.id };
  if (stored.visibleFrom > sight.now) lists.late.push(at);
  else if (stored.deleted) remove(state, at, lists);
  else {
    const wait = waitOf(feed, stored, sight.unreadable);
    if (wait === null) {
      rowsOf(state, feed.id).set(stored.id, { cells: cellsOf(feed, stored), deleted: false });
      state.waiting.delete(stored.id);
      return;
    }
    if (!isSameWait(state.waiting.get(stored.id), wait)) lists.waits.push(wait);
    state.waiting.set(stored.id, wait);
  }
}

/** Plays one run on the expectation: `state` becomes what should stand after it. */
export function expectHour(state: AccountState, sight: AccountSight): ExpectedHour {
  const lists: Lists = { waits: [], deleted: [], late: [] };
  for (const feed of OBJECT_FEEDS) {
    for (const stored of sight.store.between(feed.kind, 0, settledBefore(sight.now))) see(state, feed, { stored, sight, lists });
  }
  return lists;
}
