import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { COMPANY_HOURS } from "../../support/company-hours.ts";
import { openDesk, type Played } from "../../support/desk.ts";
import { LANDED_HOURS } from "../../support/landing-feed.ts";
import { RECOMPUTED_HOURS } from "../../support/linked-hours.ts";
import { ORDERED_HOURS } from "../../support/ordered-desk.ts";
import { type Content, readContent } from "../../support/same-content.ts";
import { SCOPED_HOURS } from "../../support/scoped-desk.ts";
import { strictDuckdb } from "../../support/strict.ts";
import { HOURS } from "../../support/two-hours.ts";
import { UNITED_HOURS } from "../../support/united-hours.ts";
import { UNPLACED_HOURS } from "../../support/unplaced-desk.ts";
import { deploy } from "./deploy.ts";
import { openEngineSite } from "./site.ts";

const PIPELINE = join(import.meta.dirname, "../../fixtures/pipelines/billing");

/** What an hour came to, in words of no engine. */
function outcome({ classes, outcome: found, judgement }: Played) {
  return {
    classes: [...classes].sort(),
    outcome: found,
    rules: judgement.feeds.map((f) => ({
      feed: f.input.feed.id,
      rules: f.rules,
      batch: f.batchRules.map((b) => [b.rule.id, b.holds]),
    })),
    tally: [...judgement.tally]
      .map((line) => JSON.stringify(line, (_, v: unknown) => (typeof v === "bigint" ? v.toString() : v)))
      .sort(),
  };
}

const CASES = [
  {
    about: "two hours that take every path",
    database: "TWO_HOURS",
    fixture: "billing",
    directory: PIPELINE,
    hours: HOURS,
    fills: true,
  },
  {
    about: "two hours of records with faults",
    database: "FAULTS",
    fixture: "claims",
    directory: undefined,
    hours: LANDED_HOURS,
    fills: false,
  },
  {
    about: "three hours of rows without positions",
    database: "UNPLACED",
    fixture: "claims",
    directory: undefined,
    hours: UNPLACED_HOURS,
    fills: false,
  },
  {
    about: "three hours of scopes and deletes",
    database: "SCOPES",
    fixture: "claims",
    directory: undefined,
    hours: SCOPED_HOURS,
    fills: false,
  },
  {
    about: "five hours of files that have an order",
    database: "ORDERED",
    fixture: "claims",
    directory: undefined,
    hours: ORDERED_HOURS,
    fills: false,
  },
  {
    about: "six hours of tables over tables, two of them computed again",
    database: "LINKED",
    fixture: "linked",
    directory: undefined,
    hours: RECOMPUTED_HOURS,
    fills: false,
  },
  {
    about: "a table that unites feeds under derived keys",
    database: "UNITED",
    fixture: "united",
    directory: undefined,
    hours: UNITED_HOURS,
    fills: false,
  },
  {
    about: "one company in four systems",
    database: "COMPANY",
    fixture: "company",
    directory: join(import.meta.dirname, "../../../examples/company"),
    hours: COMPANY_HOURS,
    fills: false,
  },
];

test.each(CASES)("$about give the same classes, verdicts, identities and rows on both engines", async (c) => {
  const site = await openEngineSite();
  const snowflake = site.warehouse(c.database);
  const folder = mkdtempSync(join(tmpdir(), "ledgerloop-both-"));
  const duckdb = strictDuckdb({ path: join(folder, "wh.duckdb"), memoryLimit: "256MB" });
  await using desk = openDesk(c.fixture, c.directory);
  await using other = openDesk(c.fixture, c.directory);
  const [group] = desk.pipeline.groups.values();
  if (!group) expect.fail();
  try {
    const pipeline = c.hours.reduce((found, { adjust }) => adjust?.(found) ?? found, desk.pipeline);
    await deploy(snowflake, pipeline, { database: c.database });
    for (const hour of c.hours) {
      const played: unknown[] = [];
      for (const [warehouse, on] of [
        [duckdb, desk],
        [snowflake, other],
      ] as const) {
        const session = await warehouse.open({ purpose: "hour" });
        played.push(outcome(await on.play(hour, { session, dialect: warehouse.dialect })));
        await session.close();
      }
      expect(played[1]).toEqual(played[0]);
    }
    const [here, there]: Content[] = [
      await readContent(duckdb, desk.pipeline, group),
      await readContent(snowflake, desk.pipeline, group),
    ];
    expect(there).toEqual(here);
    // The partners' feed has no rows in those hours: files that have an order are a case of their own.
    const empty = Object.entries(here ?? {}).flatMap(([name, rows]) => (rows.length === 0 ? [name] : []));
    if (c.fills) expect(empty.filter((name) => !name.includes("partners"))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
