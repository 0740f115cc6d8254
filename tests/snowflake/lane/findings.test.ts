import { expect, test } from "vitest";
import type { Rule } from "../../../src/contract/rule.ts";
import { judgedBy, memoKnown, memoOnce, small } from "../../support/findings-hours.ts";
import { FIRST, houseBefore } from "../../support/hours.ts";
import { inForce } from "../../support/in-force.ts";
import { deploy } from "./deploy.ts";
import { openEngineSite } from "./site.ts";

test("what breaks a rule of a curated table stands on Snowflake too, is mended, and stops a run whose rule is an error", async () => {
  const site = await openEngineSite();
  await using house = await houseBefore(FIRST);
  const database = "FINDINGS";
  const warehouse = site.warehouse(database);
  await deploy(warehouse, house.pipeline, { database });
  const run = async (...rules: readonly Rule[]) => {
    const { report } = await house.run({}, { warehouse, ...inForce(judgedBy(...rules)(house.pipeline)) });
    const gates = report?.gates.filter(({ name, observed }) => name === "curated_rule" && !observed.startsWith("0 ")) ?? [];
    return [report?.outcome, ...gates.map(({ gate, observed }) => `${gate}: ${observed}`)];
  };
  const [limit, known] = ["curated_rule/entry/small", "curated_rule/entry/memo_known"];
  expect(await run(small("warn", 100), memoOnce, memoKnown)).toEqual(["published", `${limit}: 2 rows`, `${known}: 2 rows`]);
  await house.source.query("update app.entries set amount = 1, chg = pg_current_xact_id() where id = 1");
  expect(await run(small("warn", 100), memoKnown)).toEqual(["published", `${limit}: 1 rows`, `${known}: 2 rows`]);
  expect(await run(small("block", 100))).toEqual(["blocked", `${limit}: 1 rows; e2`]);
  await house.source.query("update app.entries set amount = 2, chg = pg_current_xact_id() where id = 2");
  expect(await run(small("block", 100))).toEqual(["published"]);
});
