import { expect, onTestFinished, test } from "vitest";
import { type Account, openAccount } from "../../sandbox/account/account.ts";
import { besideAccount } from "../../sandbox/account/beside.ts";
import { accountDifferences } from "../../sandbox/account/compare.ts";
import { type AccountState, emptyAccountState, expectHour, rowsOf } from "../../sandbox/account/expectation.ts";
import { OBJECT_FEEDS } from "../../sandbox/account/objects.ts";
import type { Unit } from "../../sandbox/beside/beside.ts";
import type { Mirror } from "../../sandbox/beside/mirror.ts";
import type { Row } from "../../sandbox/feed.ts";
import type { Product, ProductRun } from "../../sandbox/product.ts";
import { startStripe } from "../../sandbox/stripe/start-stripe.ts";

const NOW = Date.UTC(2026, 9, 5, 12) / 1000;

/** An account by hand, read once an hour after its last second. */
async function handMade(): Promise<AccountState> {
  const stripe = await startStripe({ now: new Date(NOW * 1000) });
  onTestFinished(() => stripe.close());
  const { charges, refunds } = stripe.books;
  const euro = charges.create({ amount: 10_000, currency: "eur" }).id;
  refunds.create({ charge: euro, amount: 1_000 });
  refunds.create({ charge: euro, amount: 500 });
  refunds.create({ charge: euro, amount: 250, status: "pending" });
  charges.create({ amount: 70_000, currency: "isk" });
  charges.update(charges.create({ amount: 1, currency: "usd" }).id, { currency: "xau" });
  stripe.clock.advance(3600);
  const state = emptyAccountState();
  expectHour(state, { now: NOW + 3600, store: stripe.store, unreadable: new Set() });
  return state;
}

/** What a product without a fault would show. */
function faultless(state: AccountState): Mirror {
  const waiting = [...state.waiting.values()].map(({ feed, id, kind, rules }) => ({ feed, id, kind, rules }));
  return {
    rows: new Map(OBJECT_FEEDS.map(({ id }) => [id, [...rowsOf(state, id)].map(([key, row]) => ({ id: key, ...row }))])),
    waiting,
    everWaited: waiting,
  };
}

function told(state: AccountState, change: Partial<Mirror>): string[] {
  const differences = accountDifferences(state, { ...faultless(state), ...change });
  return differences.map(({ feed, columns }) => `${feed}: ${columns.join()}`);
}

/** The rows of charges, changed. */
function charges(state: AccountState, change: (rows: readonly Row[]) => readonly Row[]): Partial<Mirror> {
  const { rows } = faultless(state);
  const own = (rows.get("stripe.charges") ?? []).map(({ cells }) => cells);
  const changed = change(own).map((cells) => ({ id: cells["id"] ?? "", cells, deleted: false }));
  return { rows: new Map([...rows, ["stripe.charges", changed]]) };
}

test("amounts are minor units of ISO 4217, and a currency that nobody accepts waits", async () => {
  const state = await handMade();
  const amounts = [...rowsOf(state, "stripe.charges").values()].map(({ cells }) => [cells["currency"], cells["amount_minor"]]);
  expect(amounts.toSorted()).toEqual([
    ["EUR", "10000"],
    ["ISK", "700"],
  ]);
  expect([...state.waiting.values()].map(({ kind, rules }) => [kind, rules])).toEqual([["quarantined", ["currency.accepted"]]]);
});

test("what is published as it should be differs in nothing", async () => {
  expect(told(await handMade(), {})).toEqual([]);
});

test("a wrong, a missing, a surplus and a doubled row are seen", async () => {
  const state = await handMade();
  const wrong = charges(state, ([first = {}, ...others]) => [{ ...first, amount_minor: "10001" }, ...others]);
  expect(told(state, wrong)).toEqual(["stripe.charges: amount_minor"]);
  expect(
    told(
      state,
      charges(state, (rows) => rows.slice(1)),
    ),
  ).toEqual(["stripe.charges: missing"]);
  const surplus = charges(state, (rows) => [...rows, { ...rows[0], id: "ch_other" }]);
  expect(told(state, surplus)).toEqual(["stripe.charges: surplus"]);
  const doubled = charges(state, (rows) => [...rows, { ...rows[0] }]);
  expect(told(state, doubled)).toEqual(["stripe.charges: twice"]);
});

test("a row that is gone in one place only and a waiting row too few are seen", async () => {
  const state = await handMade();
  const { rows } = faultless(state);
  const gone = (rows.get("stripe.refunds") ?? []).map((row, i) => ({ ...row, deleted: i === 0 }));
  expect(told(state, { rows: new Map([...rows, ["stripe.refunds", gone]]) })).toEqual(["stripe.refunds: _deleted_at"]);
  expect(told(state, { waiting: [] })).toEqual(["waiting rows of stripe: missing"]);
});

test("an object that lists do not show yet is expected later, one that may not be seen stays as it was, one that is gone is a tombstone", async () => {
  const stripe = await startStripe({ now: new Date(NOW * 1000) });
  onTestFinished(() => stripe.close());
  const { charges, invoices, customers } = stripe.books;
  const known = charges.create({ amount: 100, currency: "eur", description: "before" }).id;
  const draft = invoices.create({ customer: customers.create().id, currency: "eur", lines: [{ amount: 5 }] }).id;
  const state = emptyAccountState();
  const hour = (unreadable: readonly string[] = []) => {
    stripe.clock.advance(3600);
    const now = stripe.clock.now().getTime() / 1000;
    return expectHour(state, { now, store: stripe.store, unreadable: new Set(unreadable) });
  };
  hour();
  const late = charges.create({ amount: 1, currency: "eur" }, { visibleFrom: new Date((NOW + 7_201) * 1000) }).id;
  charges.update(known, { description: "after" });
  invoices.remove(draft);
  const movement = stripe.store.find(late)?.object["balance_transaction"];
  expect(hour([known])).toEqual({
    late: [
      { feed: "stripe.charges", id: late },
      { feed: "stripe.balance_transactions", id: movement },
    ],
    deleted: [{ feed: "stripe.invoices", id: draft }],
    waits: [{ feed: "stripe.charges", id: known, kind: "unreadable", rules: ["record"], cells: null }],
  });
  expect(rowsOf(state, "stripe.charges").get(known)?.cells["description"]).toBe("before");
  expect(rowsOf(state, "stripe.invoices").get(draft)?.deleted).toBe(true);
  expect(hour()).toEqual({ late: [], deleted: [], waits: [] });
  expect(rowsOf(state, "stripe.charges").get(known)?.cells["description"]).toBe("after");
  expect(rowsOf(state, "stripe.charges").has(late)).toBe(true);
});

/** What a day of an account has in store, without a product. */
function day(account: Account) {
  const state = emptyAccountState();
  const seen = { answers: [] as string[], twice: 0, unreadable: 0, late: 0, deleted: 0, rules: [] as string[] };
  for (let hour = 0; hour < 24; hour += 1) {
    const spoilt = account.live();
    const { waits, deleted, late } = expectHour(state, { ...spoilt, store: account.store });
    seen.answers.push(...spoilt.answers.map(({ fault }) => fault));
    seen.rules.push(...waits.flatMap(({ rules }) => rules));
    seen.twice += spoilt.eventsTwice ? 1 : 0;
    seen.unreadable += spoilt.unreadable.size;
    seen.late += late.length;
    seen.deleted += deleted.length;
  }
  return { seen, rows: OBJECT_FEEDS.map(({ id }) => [...rowsOf(state, id)]), waiting: state.waiting.size };
}

test.each([1, 2, 3, 4, 5])("seed %i: a day of the account has every fault, and twice the same day is the same", async (seed) => {
  await using account = await openAccount({ seed });
  const first = day(account);
  expect(first.seen).toMatchObject({
    answers: ["cut_answer", "rate_limited", "unavailable"],
    twice: 3,
    unreadable: 1,
    // A charge and its movement of the balance.
    late: 2,
    rules: ["currency.accepted", "record"],
  });
  expect(first.seen.deleted).toBeGreaterThan(0);
  expect(first.waiting).toBe(0);
  await using again = await openAccount({ seed });
  expect(day(again)).toEqual(first);
});

/** A product that publishes nothing of the account and says nothing of it. */
const SILENT = { queries: async () => [] } as unknown as Product;
const PUBLISHED = { exitCode: 0, report: { gates: [] }, stderr: "" } as unknown as ProductRun;

test("for a day the account is away, and each feed must be told as left out; then all of it must come at once", async () => {
  await using account = await openAccount({ seed: 7 });
  const beside = besideAccount(account);
  const statuses: number[] = [];
  const units: (readonly Unit[])[] = [];
  const found: (readonly Unit[])[] = [];
  for (let hour = 0; hour <= 68; hour += 1) {
    const lived = beside.live();
    const of = { run: `hour ${hour}`, kind: "increment", window: { start: "", end: "2026-10-02T00:00:00Z" } } as const;
    units.push(lived.expect(of));
    if (hour < 43) continue;
    const answer = await fetch(`${account.url}/v1/charges?limit=1`, { headers: { authorization: `Bearer ${account.key}` } });
    statuses.push(answer.status);
    found.push(await lived.look({ ...of, product: SILENT, ended: PUBLISHED }));
  }
  expect(statuses).toEqual([200, ...Array(24).fill(503), 200]);
  const faultsOf = (hour: number) => (units[hour] ?? []).map(([, fault]) => fault);
  expect(faultsOf(43)).not.toContain("source_down");
  for (let hour = 44; hour < 68; hour += 1) expect(faultsOf(hour)).toEqual(OBJECT_FEEDS.map(() => "source_down"));
  expect(faultsOf(68)).toContain("backlog");
  // A run that says nothing of feeds which it left out, or leaves out a day, has found none of it.
  expect(found.flat().filter(([, fault]) => fault === "source_down" || fault === "backlog")).toEqual([]);
});
