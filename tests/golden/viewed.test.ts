import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { Pipeline } from "../../src/config/pipeline.ts";
import { settleViews } from "../../src/schema/curated-views.ts";
import { warehouseDdl } from "../../src/schema/layout.ts";
import { duckdbDialect as d } from "../../src/warehouse/duckdb/dialect.ts";
import type { Session } from "../../src/warehouse/warehouse.ts";
import { openDesk } from "../support/desk.ts";
import { withModel } from "../support/in-force.ts";
import { type Recorded, recording } from "../support/recorded.ts";
import { expectGolden, keep, nothingWritten } from "./golden-files.ts";

const written = nothingWritten();
const asViews = (pipeline: Pipeline) =>
  ["account", "entry"].reduce((of, table) => withModel(of, table, () => ({ asView: true })), pipeline);

/** A session that keeps what is replaced too. */
function keeping(session: Session, into: Recorded[]): Session {
  const replace: Session["replace"] = async (statements) => {
    await session.replace(statements);
    into.push(...statements.map((statement) => ({ ...statement, answer: 0n })));
  };
  return { ...recording(session, into), replace };
}

const entry = (entry_id: string, amount: number) => ({ entry_id, account_id: "A", amount, currency: "USD", memo: null });

beforeAll(async () => {
  await using desk = openDesk("viewed");
  const session = await desk.open();
  const into: Recorded[] = [];
  const on = keeping(session, into);
  const viewed = asViews(desk.pipeline);
  for (const statement of warehouseDdl(d, viewed)) await session.run(statement);
  const views = await settleViews(on, d, viewed);
  expect([...views]).toEqual(["account", "entry"]);
  for (const statement of warehouseDdl(d, viewed, views)) await on.run(statement);
  const rows = { "app.accounts": [{ account_id: "A", name: "a" }], "app.entries": [entry("e1", 1), entry("e2", 2)] };
  await desk.play({ rows, adjust: () => viewed }, { session: on, dialect: d });
  const next = withModel(viewed, "entry", ({ contract }) => ({ contract: { ...contract, version: "1.1.0" } }));
  await desk.play({ rows: { "app.entries": [entry("e1", 3)] }, adjust: () => next }, { session: on, dialect: d });
  const about = into.map(({ sql }) => sql);
  expect(about.some((sql) => sql.includes(`INSERT INTO curated."entry__rows"`))).toBe(false);
  const table = withModel(next, "entry", () => ({ asView: false }));
  expect([...(await settleViews(on, d, table))]).toEqual([]);
  expect(
    await session.rows({
      name: "t",
      sql: `SELECT entry_id, _contract_version AS v, _publication AS p FROM curated."entry__rows" ORDER BY 1`,
    }),
  ).toEqual([
    { entry_id: "e1", v: "1.1.0", p: "2" },
    { entry_id: "e2", v: "1.0.0", p: "1" },
  ]);
  const wanted = (name: string) =>
    /^(begin\.(curated-kinds|has-rows)|ddl\.(anew|table[^.]*)\.|ddl\.curated(-mark)?\.(account|entry)$|curated-view\.|history-insert\.(account|entry)|verdict\.app\.entries$)/.test(
      name,
    );
  keep(written, "duckdb", { statements: into, wanted });
  await session.close();
});

test("duckdb: the statements that make, write and end views stand in their golden files", () => {
  expectGolden(join(import.meta.dirname, "viewed/duckdb"), written.duckdb);
});
