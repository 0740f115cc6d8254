import { expect, test } from "vitest";
import { billingBook } from "../../sandbox/billing/book.ts";
import type { Customer, Deed } from "../../sandbox/cast/facts.ts";
import { expectRun } from "../../sandbox/expectation/expect-run.ts";
import { accepted, required } from "../../sandbox/expectation/hand-rules.ts";
import { emptyState } from "../../sandbox/expectation/state.ts";
import type { Feed, Row } from "../../sandbox/feed.ts";
import type { Product } from "../../sandbox/product.ts";
import { recordedUnits } from "../../sandbox/recorded.ts";
import { score } from "../../sandbox/scoreboard.ts";
import { readStaged, stagedDifferences } from "../../sandbox/staged.ts";
import type { Book } from "../../sandbox/world/book.ts";
import type { Effect } from "../../sandbox/world/truth.ts";
import { createWorld } from "../../sandbox/world/world.ts";
import { freshDatabase } from "../support/postgres.ts";

/** A list of accounts that the sales team keeps: no database, no money, a key and words of its own. */
const ACCOUNTS: Feed = {
  id: "sales.accounts",
  columns: ["AccountNumber", "Name", "Size"],
  keyOf: (row) => row["AccountNumber"] ?? "",
  isFiles: false,
  leftOutBelow: null,
  clock: null,
  rules: {
    rows: [...required("AccountNumber", "Name"), accepted("Size", ["Small", "Large"])],
    immutable: [],
    businessKey: "AccountNumber",
    unique: ["AccountNumber"],
    references: [],
    money: null,
    version: null,
    faults: [[/^Size\.accepted$/, "unknown_status"]],
  },
  inSourceWords: (_, text) => text,
};

const FEEDS = [ACCOUNTS];

function account({ id, legalName, segment }: Customer): Row {
  return { AccountNumber: id, Name: legalName, Size: segment === "enterprise" ? "Large" : "Small" };
}

/** The list, and all facts that it was told, by kind and id. At the end of hour 1 somebody mistypes the size of its first account. */
function accountBook(heard: Map<string, Deed["facts"][number]> = new Map()): Book {
  const hear = ({ does, kind, facts }: Deed) => {
    for (const fact of facts) {
      expect(heard.has(`${kind} ${fact.id}`), `${does} ${kind} ${fact.id}`).toBe(does === "change");
      heard.set(`${kind} ${fact.id}`, fact);
    }
  };
  return {
    feeds: FEEDS,
    open: async (company, truth) => ({
      write: async (act) => {
        for (const deed of act) hear(deed);
        const effects = act.flatMap((deed): Effect[] =>
          deed.kind === "customer"
            ? [{ does: deed.does === "begin" ? "insert" : "update", feed: ACCOUNTS.id, rows: deed.facts.map(account) }]
            : [],
        );
        truth.apply(effects);
      },
      beginHour: async () => [],
      endHour: async () => {
        const [first] = truth.rows(ACCOUNTS.id);
        if (company.hour() !== 1 || !first) return [];
        truth.apply([{ does: "update", feed: ACCOUNTS.id, rows: [{ ...first.cells, Size: "Huge" }] }]);
        truth.tag(ACCOUNTS.id, ACCOUNTS.keyOf(first.cells), "unknown_status");
        return [];
      },
      retyped: () => [],
      [Symbol.asyncDispose]: async () => undefined,
    }),
  };
}

/** A product that has recorded one waiting row and published the others, as its warehouse answers. */
function productWith({ waits, published }: { waits: Row; published: readonly Row[] }): Product {
  const quarantined = {
    feed: ACCOUNTS.id,
    source_key: ACCOUNTS.keyOf(waits),
    kind: "quarantined",
    reasons: JSON.stringify(["Size.accepted"]),
    payload: JSON.stringify(waits),
    payload_pii: null,
  };
  const unused = () => Promise.reject(new Error("only the warehouse is read"));
  return {
    run: unused,
    command: unused,
    proofs: unused,
    breaks: unused,
    heal: unused,
    change: unused,
    spawnRun: () => {
      throw new Error("only the warehouse is read");
    },
    queries: async (sqls) =>
      sqls.map((sql) => {
        expect(sql).toMatch(/FROM staging[.]sales_accounts__rows$/);
        return published.map((row) => ({ ...row, _publication: "1", _deleted: null }));
      }),
    query: async (sql) => (sql.endsWith("FROM ops.quarantine_row") ? [quarantined] : []),
  };
}

test("a book of another system is played, judged by its own rules and scored", async () => {
  await using world = await createWorld({ books: [accountBook()], seed: 7, scale: 0.1 });
  const state = emptyState(world.feeds);
  const expected = [0, 1].map(() => new Map());
  for (const units of expected) {
    const hour = await world.playHour();
    const facts = { ...world.sight(), run: `hour ${hour}`, kind: "increment", startedAt: 0, vanishedShare: 0.05 } as const;
    for (const [name, fault] of expectRun(state, facts).units) units.set(name, fault);
  }
  const [first = new Map(), second = new Map()] = expected;
  expect([...first]).toEqual([]);
  expect([...second.values()]).toEqual(["unknown_status"]);

  const rows = (world.sight().rows.get(ACCOUNTS.id) ?? []).map((row) => row.cells);
  const waits = rows.find((row) => row["Size"] === "Huge") ?? {};
  // What was published before the size was mistyped stands until it is put right.
  const published = rows.map((row) => state.of(ACCOUNTS.id).published.get(ACCOUNTS.keyOf(row))?.cells ?? {});
  const product = productWith({ waits, published });
  const found = await recordedUnits({ product, feeds: FEEDS, elsewhere: [] }, []);
  expect(score(second, found).find((line) => line.fault === "unknown_status")).toEqual({
    fault: "unknown_status",
    planted: 1,
    caught: 1,
    missed: 0,
    false_alarms: 0,
  });
  const differences = async (from: Product) => stagedDifferences(await readStaged(from, FEEDS), state);
  expect(await differences(product)).toEqual([]);
  expect(await differences(productWith({ waits, published: rows }))).toEqual([
    { feed: ACCOUNTS.id, key: ACCOUNTS.keyOf(waits), columns: ["Size"] },
  ]);
  const doubled = productWith({ waits, published: [...published, ...published.slice(0, 1)] });
  expect((await differences(doubled)).map(({ columns }) => columns)).toEqual([["twice"]]);
});

test("two books of one company: the second hears of every fact once, and the first is as it is alone", async () => {
  const heard = new Map<string, Deed["facts"][number]>();
  const play = async (more: readonly Book[]) => {
    await using db = await freshDatabase();
    await using world = await createWorld({ books: [billingBook(db), ...more], seed: 11, scale: 0.2 });
    for (let hour = 0; hour < 24; hour += 1) await world.playHour();
    const rows = (feed: string) => (world.sight().rows.get(feed) ?? []).map((row) => row.cells);
    // The real clock's column differs from play to play.
    const payments = rows("billing.payments").map((row) => ({ ...row, updated_at: null }));
    return { billing: [rows("billing.customers"), rows("billing.invoices"), payments], accounts: rows(ACCOUNTS.id) };
  };
  const alone = await play([]);
  const both = await play([accountBook(heard)]);
  expect(both.billing).toEqual(alone.billing);

  const facts = [...heard.values()];
  const parents = facts.flatMap((fact) => [
    ...("customer" in fact ? [`customer ${fact.customer}`] : []),
    ...("subscription" in fact && fact.subscription !== null ? [`subscription ${fact.subscription}`] : []),
    ...("invoice" in fact ? [`invoice ${fact.invoice}`] : []),
  ]);
  expect(parents.filter((name) => !heard.has(name))).toEqual([]);
  const customers = [...heard.keys()].filter((name) => name.startsWith("customer "));
  expect(both.accounts.map((row) => `customer ${row["AccountNumber"]}`)).toEqual(customers);
});
