import { expect, onTestFinished, test } from "vitest";
import type { Mirror, MirrorRow } from "../../sandbox/beside/mirror.ts";
import { salesOrders } from "../../sandbox/curated/sales.ts";
import { orgDifferences } from "../../sandbox/org/compare.ts";
import { emptyOrgState, expectHour, type OrgSight, type OrgState, rowsOf } from "../../sandbox/org/expectation.ts";
import { type Org, openOrg } from "../../sandbox/org/org.ts";
import { ACCOUNTS, ORDERS, RECORD_FEEDS } from "../../sandbox/org/records.ts";
import { startSalesforce } from "../../sandbox/salesforce/start-salesforce.ts";

const ALL: Pick<OrgSight, "leftOut" | "keys"> = { leftOut: new Set(), keys: false };

/** An org by hand: two accounts, and orders of them. */
async function handMade() {
  const org = await startSalesforce({ currencies: ["EUR", "USD"] });
  onTestFinished(() => org.close());
  const { books } = org;
  const account = (Name: string) => books.create("Account", { Name, CurrencyIsoCode: "EUR" });
  const order = (AccountId: string, TotalAmount: string) =>
    books.create("Order", { AccountId, TotalAmount, Status: "Draft", EffectiveDate: "2026-10-05", CurrencyIsoCode: "USD" });
  const [one, other] = [account("One"), account("Other")];
  const orders = [order(one, "16147805824397.5"), order(one, "0.07"), order(other, "-3.00")];
  const state = emptyOrgState();
  return {
    books,
    one,
    other,
    orders,
    state,
    hour: (more: Partial<OrgSight> = {}) => expectHour(state, { ...ALL, books, ...more }),
  };
}

/** What a product without a fault would show. */
function faultless(state: OrgState): Mirror {
  const waiting = [...state.waiting.values()];
  const rows = RECORD_FEEDS.map(({ id }) => [id, [...rowsOf(state, id)].map(([key, row]) => ({ id: key, ...row }))] as const);
  return { rows: new Map(rows), waiting, everWaited: waiting };
}

function told(state: OrgState, change: Partial<Mirror>): string[] {
  return orgDifferences(state, { ...faultless(state), ...change }).map(({ feed, columns }) => `${feed}: ${columns.join()}`);
}

/** The rows of accounts, changed. */
function accounts(state: OrgState, change: (rows: readonly (MirrorRow & { id: string })[]) => (MirrorRow & { id: string })[]) {
  const { rows } = faultless(state);
  return { rows: new Map([...rows, [ACCOUNTS, change(rows.get(ACCOUNTS) ?? [])]]) };
}

test("a sales order is an order in hundredths with its account's name; one below nothing waits", async () => {
  const { state, hour, orders, other } = await handMade();
  expect(hour().waits).toEqual([{ feed: ORDERS, id: orders[2], kind: "quarantined", rules: ["not_negative"] }]);
  const staging = (feed: string) =>
    feed === "billing.invoices" ? [] : [...rowsOf(state, feed).values()].map(({ cells }) => cells);
  const rows = salesOrders(staging).map((row) => [row["account_name"], row["amount_minor"], row["effective_on"]]);
  expect(rows).toEqual([
    ["One", "1614780582439750", "2026-10-05"],
    ["One", "7", "2026-10-05"],
  ]);
  rowsOf(state, ACCOUNTS).delete(other);
  expect(told(state, {})).toEqual([]);
});

test("a wrong, a missing, a surplus and a doubled row, a tombstone too few and a wait too few are seen", async () => {
  const { state, hour } = await handMade();
  hour();
  expect(told(state, {})).toEqual([]);
  const changed = accounts(state, ([first, ...others]) =>
    first ? [{ ...first, cells: { ...first.cells, name: "?" } }, ...others] : [],
  );
  expect(told(state, changed)).toEqual(["salesforce.accounts: name"]);
  expect(
    told(
      state,
      accounts(state, (rows) => rows.slice(1)),
    ),
  ).toEqual(["salesforce.accounts: missing"]);
  const surplus = accounts(state, (rows) => rows.flatMap((row, i) => (i === 0 ? [row, { ...row, id: "001?" }] : [row])));
  expect(told(state, surplus)).toEqual(["salesforce.accounts: surplus"]);
  const doubled = accounts(state, (rows) => rows.flatMap((row, i) => (i === 0 ? [row, { ...row }] : [row])));
  expect(told(state, doubled)).toEqual(["salesforce.accounts: twice"]);
  const gone = accounts(state, (rows) => rows.map((row, i) => ({ ...row, deleted: i === 0 })));
  expect(told(state, gone)).toEqual(["salesforce.accounts: _deleted_at"]);
  expect(told(state, { waiting: [] })).toEqual(["waiting rows of salesforce: missing"]);
});

test("what is left out stays as it was; a deleted, a merged and an undeleted record are told, one that is nowhere once all ids are listed", async () => {
  const { state, hour, books, one, other, orders } = await handMade();
  const [first = "", second = ""] = orders;
  hour();
  books.delete(first);
  books.merge(one, other);
  books.delete(second);
  books.purge(second);
  expect(hour({ leftOut: new Set([ORDERS]) })).toEqual({
    waits: [],
    back: [],
    gone: [{ feed: ACCOUNTS, id: other, how: "merged" }],
  });
  expect(hour().gone).toEqual([{ feed: ORDERS, id: first, how: "deleted" }]);
  books.undelete(first);
  expect(hour({ keys: true })).toEqual({
    waits: [],
    back: [{ feed: ORDERS, id: first }],
    gone: [{ feed: ORDERS, id: second, how: "purged" }],
  });
  expect(rowsOf(state, ORDERS).get(second)?.deleted).toBe(true);
});

/** What a day of an org has in store, without a product. */
function day(org: Org) {
  const state = emptyOrgState();
  const seen = { down: 0, leftOut: 0, late: 0, expired: [] as number[], waits: 0, back: 0 };
  const gone = { deleted: 0, merged: 0, purged: 0 };
  for (let hour = 0; hour < 28; hour += 1) {
    const spoilt = org.live();
    const { waits, back, gone: leaving } = expectHour(state, { ...spoilt, books: org.books, keys: hour === 27 });
    seen.down += spoilt.isDown ? 1 : 0;
    seen.leftOut += spoilt.leftOut.size;
    seen.late += spoilt.late.length;
    seen.waits += waits.length;
    seen.back += back.length;
    for (const { how } of leaving) gone[how] += 1;
    if (spoilt.expired) seen.expired.push(hour);
  }
  return { seen, gone, rows: RECORD_FEEDS.map(({ id }) => [...rowsOf(state, id)]), waiting: state.waiting.size };
}

test.each([1, 2, 3, 4, 5])("seed %i: a day of the org has every fault, and twice the same day is the same", async (seed) => {
  await using org = await openOrg({ seed });
  const first = day(org);
  expect(first.seen).toMatchObject({ down: 24, leftOut: 49, late: 1, expired: [0], waits: 1 });
  expect(first.seen.back).toBeGreaterThan(0);
  expect(Math.min(...Object.values(first.gone))).toBeGreaterThan(0);
  expect(first.waiting).toBe(0);
  await using again = await openOrg({ seed });
  expect(day(again)).toEqual(first);
});
