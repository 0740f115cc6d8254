import { join } from "node:path";
import { expect, test } from "vitest";
import { newRulesOverPublished } from "../../src/checks/published-breaking.ts";
import { duckdbDialect } from "../../src/warehouse/duckdb/dialect.ts";
import { COMPANY_HOURS } from "../support/company-hours.ts";
import { openDesk } from "../support/desk.ts";
import { withRules } from "../support/desk-rows.ts";

test("new rules are asked of published rows of files and of APIs, whose row files say more of records than their tables", async () => {
  await using desk = openDesk("company", join(import.meta.dirname, "../../examples/company"));
  for (const hour of COMPANY_HOURS) await desk.play(hour);
  for (const feed of ["partners.remittances", "stripe.charges", "salesforce.accounts"]) {
    const required = desk.pipeline.feeds.get(feed)?.contract.rules.find(({ kind }) => kind === "required")?.id;
    const changed = withRules(desk.pipeline, feed, (rules) =>
      rules.map((rule) => (rule.id === required ? { ...rule, fingerprint: "another" } : rule)),
    );
    const session = await desk.open();
    try {
      expect(await newRulesOverPublished(session, duckdbDialect, changed)).toMatchObject([
        { feed, rule: required, publishedBreaking: 0n },
      ]);
    } finally {
      await session.close();
    }
  }
});
