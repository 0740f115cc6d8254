import { differing } from "./beside/differing.ts";
import type { Difference } from "./difference.ts";
import type { ExpectedState } from "./expectation/state.ts";
import type { Feed, Row } from "./feed.ts";
import type { Product } from "./product.ts";

/** One row of a feed as it stands in the warehouse, in the source's own words. */
export interface StagedRow {
  readonly cells: Row;
  readonly deleted: boolean;
  /** Number of the publication that wrote it. */
  readonly publication: number;
}

/** What stands published of one feed. */
export interface StagedFeed {
  readonly feed: Feed;
  readonly rows: readonly StagedRow[];
}

function selectOf({ id, columns }: Feed): string {
  const list = columns.map((name) => `CAST(${name} AS VARCHAR) AS "${name}"`);
  return `SELECT ${list.join(", ")}, CAST(_publication AS VARCHAR) AS _publication, CAST(_deleted_at AS VARCHAR) AS _deleted FROM staging.${id.replace(".", "_")}__rows`;
}

/** Reads what stands of some feeds, tombstones included, all of one moment. */
export async function readStaged(product: Pick<Product, "queries">, feeds: readonly Feed[]): Promise<StagedFeed[]> {
  const answers = await product.queries(feeds.map(selectOf));
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

const withDeletion = ({ cells, deleted }: Pick<StagedRow, "cells" | "deleted">): Row => ({
  ...cells,
  _deleted_at: String(deleted),
});

function ownColumns(feed: Feed, cells: Row): Row {
  return Object.fromEntries(feed.columns.map((name) => [name, cells[name] ?? null]));
}

/** Every source key whose row is not as it should be, in either direction. */
export function stagedDifferences(staged: readonly StagedFeed[], state: ExpectedState): Difference[] {
  return staged.flatMap(({ feed, rows }) => {
    const should = [...state.of(feed.id).published].map(([key, { cells, deleted }]) => {
      return [key, withDeletion({ cells: ownColumns(feed, cells), deleted })] as const;
    });
    const found = rows.map((row) => [feed.keyOf(row.cells), withDeletion(row)] as const);
    return differing(feed.id, new Map(should), found);
  });
}
