import { join } from "node:path";
import { expect, test } from "vitest";
import { feedsReaching } from "../../src/config/model-inputs.ts";
import { askInstants, asOf, asOfInputs } from "../../src/lineage/as-of.ts";
import { duckdbDialect } from "../../src/warehouse/duckdb/dialect.ts";
import { COMPANY_HOURS } from "../support/company-hours.ts";
import { openDesk } from "../support/desk.ts";

const openCompany = () => openDesk("company", join(import.meta.dirname, "../../examples/company"));

test("of a source the least instant of its feeds, of a table the least of its inputs, through other tables too", async () => {
  await using desk = openCompany();
  const { pipeline } = desk;
  const known = new Map([...pipeline.feeds.keys()].map((feed): [string, string | null] => [feed, "2026-11-01T05:00:00.000Z"]));
  // Texts of engines and readers: digits are more or fewer.
  known.set("billing.payments", "2026-11-01T04:00:00.5Z").set("billing.invoices", "2026-11-01T04:00:00.500001Z");
  known.set("salesforce.accounts", "2026-11-01T04:30:00Z");
  const { sources, tables } = asOf(pipeline, known, { feeds: [...known.keys()], tables: [...pipeline.models.keys()] });
  expect(sources.map(({ source, as_of, says }) => [source, as_of, says]).sort()).toEqual([
    ["billing", "2026-11-01T04:00:00.5Z", null],
    ["partners", "2026-11-01T05:00:00Z", null],
    ["salesforce", "2026-11-01T04:30:00Z", null],
    ["stripe", "2026-11-01T05:00:00Z", null],
  ]);
  expect(tables.map(({ table, as_of }) => [table, as_of]).sort()).toEqual([
    ["crosswalk_customer", "2026-11-01T04:30:00Z"],
    ["customer", "2026-11-01T04:30:00Z"],
    ["invoice", "2026-11-01T04:00:00.500001Z"],
    ["payment", "2026-11-01T04:00:00.5Z"],
    ["revenue_month", "2026-11-01T04:00:00.5Z"],
    ["subscription", "2026-11-01T05:00:00Z"],
  ]);
  const revenue = pipeline.models.get("revenue_month") ?? expect.fail();
  expect(feedsReaching(pipeline, revenue)).toContain("partners.remittances");
  expect(asOfInputs(pipeline, known, { feeds: [], tables: ["revenue_month"] }).sources.map(({ source }) => source)).not.toEqual(
    [],
  );
});

test("what is not known of a feed is not known of its source and its tables, and the feed is named", async () => {
  await using desk = openCompany();
  const hour = COMPANY_HOURS[0] ?? expect.fail();
  const { "salesforce.accounts": _, ...rows } = hour.rows;
  await desk.play({ ...hour, leftOut: ["salesforce.accounts"], rows });
  const ask = ({ sql }: { sql: string }) => desk.query(sql);
  const known = await askInstants(desk.pipeline, ask, duckdbDialect);
  const { sources, tables } = asOfInputs(desk.pipeline, known, { feeds: [], tables: ["customer", "invoice"] });
  const says = "not known of salesforce.accounts";
  expect(sources.find(({ source }) => source === "salesforce")).toEqual({
    ...{ source: "salesforce", as_of: null, says },
    feeds: [{ feed: "salesforce.accounts", as_of: null }],
  });
  expect(tables).toMatchObject([
    { table: "customer", as_of: null, says },
    { table: "invoice", as_of: expect.stringMatching(/^2026-.*Z$/), says: null },
  ]);
});
