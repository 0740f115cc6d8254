import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { loadPipeline } from "../support/load-pipeline.ts";
import { freshDatabase } from "../support/postgres.ts";

const COLUMNS = "select column_name from information_schema.columns where table_schema = $1 and table_name = $2";

test.each([
  ["pipeline", "sandbox/billing/billing.sql"],
  ["tests/fixtures/pipelines/library", "tests/fixtures/pipelines/library/source.sql"],
])("the feeds of %s fit the tables of %s", async (directory, ddl) => {
  const { pipeline } = loadPipeline({ directory, env: {} });
  await using database = await freshDatabase();
  const client = await database.client();
  await client.query(readFileSync(ddl, "utf8"));
  for (const feed of pipeline.feeds.values()) {
    if (pipeline.sources.get(feed.source)?.kind !== "postgres") continue;
    const { rows } = await client.query<{ column_name: string }>(COLUMNS, feed.origin.split("."));
    const names = rows.map((r) => r.column_name);
    expect(names).toEqual(expect.arrayContaining(feed.contract.columns.map((c) => c.name)));
    expect(names).toEqual(expect.arrayContaining([...feed.needs]));
  }
});

test("a change at billing is stamped, unless the session keeps its own clock", async () => {
  await using database = await freshDatabase();
  const client = await database.client();
  await client.query(readFileSync("sandbox/billing/billing.sql", "utf8"));
  await client.query("insert into billing.invoices (invoice_id, amount_due_minor) values ('i', 'NaN'), ('i', 1050.5)");
  const stamps = "select distinct chg::text, (updated_at > now() - interval '1 hour') as fresh from billing.invoices";
  const first = await client.query<{ chg: string; fresh: boolean }>(stamps);
  await client.query("update billing.invoices set updated_at = '2020-01-01', status = 'open'");
  const second = await client.query<{ chg: string; fresh: boolean }>(stamps);
  expect([first.rows.length, second.rows[0]?.fresh]).toEqual([1, true]);
  expect(BigInt(second.rows[0]?.chg ?? 0)).toBeGreaterThan(BigInt(first.rows[0]?.chg ?? 0));
  await client.query("set billing.keep_updated_at = 'on'");
  await client.query("update billing.invoices set updated_at = '2020-01-01'");
  expect((await client.query<{ fresh: boolean }>(stamps)).rows[0]?.fresh).toBe(false);
});
