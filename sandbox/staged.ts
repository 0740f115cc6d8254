import { rowsDiffering } from "./beside/differing.ts";
import { type MirrorRow, selectStaged } from "./beside/mirror.ts";
import type { Difference } from "./difference.ts";
import type { ExpectedState } from "./expectation/state.ts";
import type { Feed, Row } from "./feed.ts";
import type { Product } from "./product.ts";

/** One row of a feed as it stands in the warehouse, in the source's own words. */
export interface StagedRow extends MirrorRow {
  /** Number of the publication that wrote it. */
  readonly publication: number;
}

/** What stands published of one feed. */
export interface StagedFeed {
  readonly feed: Feed;
  readonly rows: readonly StagedRow[];
}

/** Reads what stands of some feeds, tombstones included, all of one moment. */
export async function readStaged(product: Pick<Product, "queries">, feeds: readonly Feed[]): Promise<StagedFeed[]> {
  const answers = await product.queries(feeds.map(({ id, columns }) => selectStaged(id, [...columns, "_publication"])));
  return feeds.map((feed, i) => {
    const cell = (name: string, text: string | null) => (text === null ? null : feed.inSourceWords(name, text));
    const rows = (answers[i] ?? []).map((row) => ({
      cells: Object.fromEntries(feed.columns.map((name) => [name, cell(name, row[name] ?? null)])),
      deleted: row["_deleted"] !== null,
      publication: Number(row["_publication"]),
    }));
    return { feed, rows };
  });
}

function ownColumns(feed: Feed, cells: Row): Row {
  return Object.fromEntries(feed.columns.map((name) => [name, cells[name] ?? null]));
}

/** Every source key whose row is not as it should be, in either direction. */
export function stagedDifferences(staged: readonly StagedFeed[], state: ExpectedState): Difference[] {
  return staged.flatMap(({ feed, rows }) => {
    const should = [...state.of(feed.id).published].map(([key, { cells, deleted }]) => {
      return [key, { cells: ownColumns(feed, cells), deleted }] as const;
    });
    const found = rows.map(({ cells, deleted }) => ({ id: feed.keyOf(cells), cells, deleted }));
    return rowsDiffering(feed.id, new Map(should), found);
  });
}
