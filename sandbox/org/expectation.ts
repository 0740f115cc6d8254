import { type FoundWait, type MirrorRow, rowsOfFeed } from "../beside/mirror.ts";
import type { FeedId } from "../feed.ts";
import type { Fields } from "../salesforce/values.ts";
import type { Org } from "./org.ts";
import type { RecordAt } from "./plan.ts";
import { brokenBy, cellsOf, RECORD_FEEDS, type RecordFeed } from "./records.ts";

/** What should be published and what should wait, after some hours. */
export interface OrgState {
  /** By feed and id; tombstones too. */
  readonly rows: ReadonlyMap<FeedId, Map<string, MirrorRow>>;
  /** By id. */
  readonly waiting: Map<string, FoundWait>;
}

/** What a run can see of the org. */
export interface OrgSight {
  readonly books: Org["books"];
  /** Feeds that it does not read. */
  readonly leftOut: ReadonlySet<FeedId>;
  /** It lists all ids. */
  readonly keys: boolean;
}

/** Why a record goes: into the recycle bin, into another one, or out of the org without a trace. */
type Leaving = "deleted" | "merged" | "purged";

/** What an hour should bring beside rows. */
export interface ExpectedHour {
  /** Records that begin to wait. */
  readonly waits: readonly FoundWait[];
  readonly gone: readonly (RecordAt & { readonly how: Leaving })[];
  /** Records that were gone, and are there again. */
  readonly back: readonly RecordAt[];
}

interface Lists {
  readonly waits: FoundWait[];
  readonly gone: (RecordAt & { how: Leaving })[];
  readonly back: RecordAt[];
}

/** Nothing is published yet. */
export function emptyOrgState(): OrgState {
  return { rows: new Map(RECORD_FEEDS.map(({ id }) => [id, new Map()])), waiting: new Map() };
}

/** Rows of a feed that should be published, tombstones included. */
export function rowsOf({ rows }: OrgState, feed: FeedId): Map<string, MirrorRow> {
  return rowsOfFeed(rows, feed);
}

function leave(state: OrgState, at: RecordAt, { how, lists }: { how: Leaving; lists: Lists }): void {
  const rows = rowsOf(state, at.feed);
  const row = rows.get(at.id);
  state.waiting.delete(at.id);
  if (!row || row.deleted) return;
  rows.set(at.id, { ...row, deleted: true });
  lists.gone.push({ ...at, how });
}

function see(state: OrgState, feed: RecordFeed, { record, lists }: { record: Fields; lists: Lists }): void {
  const at = { feed: feed.id, id: String(record["Id"]) };
  if (record["IsDeleted"] === true) {
    const how = typeof record["MasterRecordId"] === "string" ? "merged" : "deleted";
    leave(state, at, { how, lists });
    return;
  }
  const cells = cellsOf(feed, record);
  const rules = brokenBy(feed, cells);
  if (rules.length > 0) {
    const wait: FoundWait = { ...at, kind: "quarantined", rules };
    if (!state.waiting.has(at.id)) lists.waits.push(wait);
    state.waiting.set(at.id, wait);
    return;
  }
  const rows = rowsOf(state, feed.id);
  if (rows.get(at.id)?.deleted) lists.back.push(at);
  rows.set(at.id, { cells, deleted: false });
  state.waiting.delete(at.id);
}

/** Records that the org no longer knows, as only a list of all ids shows. */
function missIds(state: OrgState, feed: FeedId, { sight, lists }: { sight: OrgSight; lists: Lists }): void {
  for (const id of rowsOf(state, feed).keys()) {
    if (!sight.books.find(id)) leave(state, { feed, id }, { how: "purged", lists });
  }
}

/** Plays one run on the expectation: `state` becomes what should stand after it. */
export function expectHour(state: OrgState, sight: OrgSight): ExpectedHour {
  const lists: Lists = { waits: [], gone: [], back: [] };
  for (const feed of RECORD_FEEDS.filter(({ id }) => !sight.leftOut.has(id))) {
    for (const record of sight.books.rows(feed.object)) see(state, feed, { record, lists });
    if (sight.keys) missIds(state, feed.id, { sight, lists });
  }
  return lists;
}
