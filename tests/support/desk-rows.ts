import type { Feed, Pipeline } from "../../src/config/pipeline.ts";
import type { Rule } from "../../src/contract/rule.ts";
import type { Row } from "./desk.ts";

/** A row of `app.accounts`. */
export function account(id: number, key: string, more: Row = {}): Row {
  return { id, account_id: key, name: `account ${key}`, v: 1, ...more };
}

/** A row of `app.entries`. */
export function entry(id: number | null, key: string | null, more: Row = {}): Row {
  return { id, entry_id: key, account_id: "A", amount: 100, currency: "USD", memo: null, ...more };
}

/** The same pipeline with one feed changed. */
export function withFeed(pipeline: Pipeline, id: string, change: (feed: Feed) => Feed): Pipeline {
  const feeds = new Map([...pipeline.feeds].map(([name, feed]) => [name, name === id ? change(feed) : feed]));
  return { ...pipeline, feeds };
}

/** The same pipeline with the rules of one feed changed. */
export function withRules(pipeline: Pipeline, id: string, change: (rules: readonly Rule[]) => Rule[]): Pipeline {
  return withFeed(pipeline, id, (feed) => ({ ...feed, contract: { ...feed.contract, rules: change(feed.contract.rules) } }));
}
