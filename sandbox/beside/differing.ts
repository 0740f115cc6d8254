import type { Difference } from "../difference.ts";
import type { FeedId, Row } from "../feed.ts";
import type { FoundWait, KeyedRow, Mirror, MirrorRow } from "./mirror.ts";

/** Keys of one table: a row that is missing, surplus, there twice, or other than it should be. */
export function differing(
  feed: FeedId,
  should: ReadonlyMap<string, Row>,
  found: readonly (readonly [key: string, row: Row])[],
): Difference[] {
  const rows = new Map(found);
  const twice = found.filter(([key, row]) => rows.get(key) !== row).map(([key]) => ({ feed, key, columns: ["twice"] }));
  const keys = [...new Set([...should.keys(), ...rows.keys()])];
  const others = keys.flatMap((key): Difference[] => {
    const [expected, row] = [should.get(key), rows.get(key)];
    if (!expected || !row) return [{ feed, key, columns: [expected ? "missing" : "surplus"] }];
    const columns = [...new Set([...Object.keys(expected), ...Object.keys(row)])];
    const wrong = columns.filter((name) => (expected[name] ?? null) !== (row[name] ?? null));
    return wrong.length === 0 ? [] : [{ feed, key, columns: wrong }];
  });
  return [...twice, ...others];
}

const withDeletion = ({ cells, deleted }: MirrorRow): Row => ({ ...cells, _deleted_at: String(deleted) });

/** Rows of a feed or a table, tombstones included, that are not as they should be. */
export function rowsDiffering(of: string, should: ReadonlyMap<string, MirrorRow>, found: readonly KeyedRow[]): Difference[] {
  return differing(
    of,
    new Map([...should].map(([key, row]) => [key, withDeletion(row)])),
    found.map((row) => [row.id, withDeletion(row)]),
  );
}

/** The same of all feeds of a system. */
export function rowDifferences(should: ReadonlyMap<FeedId, ReadonlyMap<string, MirrorRow>>, { rows }: Mirror): Difference[] {
  return [...should].flatMap(([id, expected]) => rowsDiffering(id, expected, rows.get(id) ?? []));
}

const waitRow = ({ feed, kind, rules }: Omit<FoundWait, "id">): Row => ({ feed, kind, rules: rules.join() });

/** Waiting rows of a system that are not those that should wait, by the ids of these. */
export function waitDifferences(
  system: string,
  should: ReadonlyMap<string, Omit<FoundWait, "id">>,
  { waiting }: Mirror,
): Difference[] {
  const found = waiting.map((wait) => [wait.id, waitRow(wait)] as const);
  return differing(`waiting rows of ${system}`, new Map([...should].map(([id, wait]) => [id, waitRow(wait)])), found);
}
