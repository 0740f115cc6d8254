import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { loadPipeline } from "../support/load-pipeline.ts";

const folder = mkdtempSync(join(tmpdir(), "ledgerloop-as-view-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let made = 0;

/** What a pipeline with another model file makes of it. */
function loaded(table: string, change: (text: string) => string) {
  made += 1;
  const directory = join(folder, String(made));
  cpSync(join(import.meta.dirname, "../fixtures/pipelines/viewed"), directory, { recursive: true });
  const file = join(directory, "models", `${table}.sql`);
  writeFileSync(file, change(readFileSync(file, "utf8")));
  return loadPipeline({ directory, env: {} }).pipeline.models.get(table)?.asView;
}

const asView = (text: string) => text.replace("contract:", "materialized: view\ncontract:");

test("a projection of one feed under its key may be a view, and is a table unless it says so", () => {
  expect(["account", "entry"].map((table) => loaded(table, asView))).toEqual([true, true]);
  expect(loaded("entry", (text) => text)).toBeUndefined();
  expect(loaded("entry", (text) => asView(text).replace(": view", ": table"))).toBeUndefined();
});

test("`auto` is a view where the query is a projection, and else a table", () => {
  const auto = (text: string) => asView(text).replace(": view", ": auto");
  expect(["account", "entry", "total"].map((table) => loaded(table, auto))).toEqual([true, true, undefined]);
  expect(loaded("entry", (text) => `${auto(text).trimEnd()} where amount > 0\n`)).toBeUndefined();
});

test.each([
  {
    what: "an aggregate",
    table: "total",
    change: (text: string) => text,
    says: /the model total cannot be a view: its query has more behind FROM/,
  },
  {
    what: "a condition",
    table: "entry",
    change: (text: string) => `${text.trimEnd()} where amount > 0\n`,
    says: /its query has more behind FROM/,
  },
  {
    what: "an instant",
    table: "entry",
    change: (text: string) => text.replace("coalesce(memo, '-')", "cast(now() as varchar)"),
    says: /its query calls now\(\)/,
  },
  {
    what: "another key",
    table: "account",
    change: (text: string) => text.replace("select account_id,", "select upper(account_id) as account_id,"),
    says: /its query has another key than the rows of app\.accounts/,
  },
  { what: "another word", table: "account", change: (text: string) => text.replace(": view", ": maybe"), says: /materialized/ },
])("$what is refused as a view, with its place", ({ table, change, says }) => {
  expect(() => loaded(table, (text) => change(asView(text)))).toThrow(says);
});
