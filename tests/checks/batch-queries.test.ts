import { expect, test } from "vitest";
import type { Rule } from "../../src/contract/rule.ts";
import { openDesk } from "../support/desk.ts";
import { account, entry, withRules } from "../support/desk-rows.ts";

/** A rule of type sql over entries that never blocks. */
const asks = (id: string, query: string): Rule => ({
  ...{ id, kind: "sql", columns: [], severity: "warn", nulls: "pass", owner: "desk", fingerprint: id },
  ...{ query, operator: { name: "mustBe", operands: ["-1"] } },
});

const RULES = [
  asks("all", "select count(*) from {object}"),
  asks("typed", "select count(amount) from {object}"),
  asks("least", "select min(amount) from {object}"),
  asks("good", "select count(*) from {good}"),
  asks("good_sum", "select sum(amount) from {good}"),
  asks("beside", "select (select count(*) from {object}) - (select count(*) from {good})"),
];

test("{object} of a query is all that was extracted, typed, and {good} what stands after the run, released rows among it", async () => {
  await using desk = openDesk("claims");
  const adjust = (pipeline: typeof desk.pipeline) => withRules(pipeline, "app.entries", (rules) => [...rules, ...RULES]);
  const observed = async (accounts: readonly string[], entries: readonly ReturnType<typeof entry>[]) => {
    const rows = { "app.accounts": accounts.map((key, i) => account(i + 1, key)), "app.entries": entries };
    const { judgement } = await desk.play({ rows, adjust });
    const of = judgement.feeds.find(({ input }) => input.feed.id === "app.entries")?.batchRules ?? [];
    return Object.fromEntries(of.map(({ rule, observed: found, reason }) => [rule.id, reason ?? found]));
  };
  const broken = [entry(2, "e2", { amount: -5 }), entry(3, "e3", { amount: "many" }), entry(4, "e4", { account_id: "Z" })];
  expect(await observed(["A"], [entry(1, "e1"), ...broken])).toEqual({
    ...{ all: "4", typed: "3", least: "-5", good: "1", good_sum: "100", beside: "3" },
  });
  expect(await observed(["A", "Z"], [entry(5, "e5", { amount: 250 })])).toMatchObject({ all: "1", good: "2", good_sum: "350" });
});
