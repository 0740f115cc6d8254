import type { Difference } from "../curated.ts";
import type { FeedId, Row } from "../feed.ts";
import { type AccountState, type ExpectedWait, rowsOf } from "./expectation.ts";
import { OBJECT_FEEDS } from "./objects.ts";
import { expectedPayments, sumsOf } from "./payments.ts";
import type { FoundWait, Published } from "./published.ts";

/** Keys of one table: a row that is missing, surplus, there twice, or other than it should be. */
function differing(
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

const withDeletion = ({ cells, deleted }: { cells: Row; deleted: boolean }): Row => ({ ...cells, _deleted_at: String(deleted) });

function stagingDifferences(state: AccountState, { rows }: Published): Difference[] {
  return OBJECT_FEEDS.flatMap(({ id }) => {
    const should = new Map([...rowsOf(state, id)].map(([key, row]) => [key, withDeletion(row)]));
    return differing(
      id,
      should,
      (rows.get(id) ?? []).map((row) => [row.id, withDeletion(row)]),
    );
  });
}

const waitRow = ({ feed, kind, rules }: ExpectedWait | FoundWait): Row => ({ feed, kind, rules: rules.join() });

function waitDifferences({ waiting }: AccountState, published: Published): Difference[] {
  const should = new Map([...waiting].map(([id, wait]) => [id, waitRow(wait)]));
  const found = published.waiting.map((wait) => [wait.id, waitRow(wait)] as const);
  return differing("waiting rows of stripe", should, found);
}

/** The warehouse's own sums against those of the expected rows, so that nothing hangs on how rows are read one by one. */
function sumDifferences(state: AccountState, { sums }: Published): Difference[] {
  const should = sumsOf(expectedPayments(state).values());
  return [...new Set([...should.keys(), ...sums.keys()])].flatMap((currency) => {
    const [expected, found] = [should.get(currency), sums.get(currency)];
    const columns = (["amount", "refunded"] as const).filter((name) => expected?.[name] !== found?.[name]);
    return columns.length === 0 ? [] : [{ feed: "sums of card_payment", key: currency, columns }];
  });
}

/** Everything in which the warehouse is not what the account says, row by row and in sums by currency. */
export function accountDifferences(state: AccountState, published: Published): Difference[] {
  const payments = published.payments.map((row) => [row["charge_id"] ?? "", row] as const);
  return [
    ...stagingDifferences(state, published),
    ...waitDifferences(state, published),
    ...differing("card_payment", expectedPayments(state), payments),
    ...sumDifferences(state, published),
  ];
}
