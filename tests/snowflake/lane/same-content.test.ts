import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openDesk, type Played } from "../../support/desk.ts";
import { HISTORIES } from "../../support/histories.ts";
import { landedBreaks, openInParts } from "../../support/landed-proofs.ts";
import { type Content, readContent } from "../../support/same-content.ts";
import { strictDuckdb } from "../../support/strict.ts";
import { deploy } from "./deploy.ts";
import { openEngineSite } from "./site.ts";

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

test.each(HISTORIES)("$about give the same classes, verdicts, identities and rows on both engines", async (c) => {
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
    const session = await snowflake.open({ purpose: "proof" });
    const on = { session, dialect: snowflake.dialect };
    expect(await landedBreaks(other, on)).toEqual([]);
    expect(await openInParts(other, 1, on)).toEqual([]);
    await session.close();
    // The partners' feed has no rows in those hours: files that have an order are a case of their own.
    const empty = Object.entries(here ?? {}).flatMap(([name, rows]) => (rows.length === 0 ? [name] : []));
    if (c.fills) expect(empty.filter((name) => !name.includes("partners"))).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
