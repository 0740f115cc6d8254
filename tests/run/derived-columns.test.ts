import { expect, test } from "vitest";
import type { Pipeline } from "../../src/config/pipeline.ts";
import { sealContract } from "../../src/contract/parse-contract.ts";
import { evolveTables } from "../../src/schema/evolve.ts";
import { duckdbDialect } from "../../src/warehouse/duckdb/dialect.ts";
import { openClaimsHouse as open } from "../support/claims-house.ts";
import { withFeed, withRules } from "../support/desk-rows.ts";
import type { House } from "../support/engine.ts";
import { aroundWarehouse } from "../support/fuse.ts";
import { inForce, withModel } from "../support/in-force.ts";

const insert = (house: House, id: number, amount = id) =>
  house.source.query(
    `insert into app.entries (id, entry_id, account_id, amount, currency) values (${id}, 'e${id}', 'A', ${amount}, 'USD')`,
  );

/** The pipeline with one derived column of the entries, or none. */
const derived = (pipeline: Pipeline, name: string | null, text = "k:"): Pipeline =>
  withFeed(pipeline, "app.entries", ({ contract, ...feed }) => {
    const parts = [{ text }, { column: "entry_id", ends: null }];
    const made = name === null ? [] : [{ name, template: `${text}{entry_id}`, pii: false, at: feed.at, parts }];
    return { ...feed, contract: sealContract({ ...contract, derived: made }) };
  });

const keys = async (house: House, name: string) =>
  (await house.query(`select "${name}" as k from staging.app_entries order by entry_id`)).map((row) => row["k"]);

test("a derived column that comes later is filled in every row before anything is published with it", async () => {
  await using house = await open();
  await house.run();
  await insert(house, 3);
  const { report } = await house.run({}, inForce(derived(house.pipeline, "key_id")));
  expect(report?.outcome).toBe("published");
  expect(await keys(house, "key_id")).toEqual(["k:e1", "k:e2", "k:e3"]);
  const [declared, ...more] = await house.query("select subject, detail from ops.audit_event where detail = 'k:{entry_id}'");
  expect([declared?.["subject"], more]).toEqual([expect.stringMatching(/^staging\.app_entries.*\.key_id$/), []]);
});

test("broken off before it is filled, and behind rows of a former configuration, it is filled all the same", async () => {
  await using house = await open();
  await house.run();
  const pipeline = derived(house.pipeline, "key_id");
  const before = (_: unknown, what: string) => {
    if (what.startsWith("derive.")) throw new Error("killed");
  };
  const warehouse = aroundWarehouse(house.engine.warehouse, { before, after: () => undefined });
  await expect(house.run({}, { ...inForce(pipeline), warehouse })).rejects.toThrow("killed");
  // Whoever deploys makes the column; an hour of the former configuration knows nothing of it.
  const session = await house.engine.warehouse.open({ purpose: "apply" });
  const origin = { id: "apply_1", group: null, actor: "t", reason: null, ticket: null, codeVersion: "t", at: new Date() };
  await evolveTables(session, duckdbDialect, { pipeline, accept: [], origin, beforeChange: async () => undefined });
  await session.close();
  await insert(house, 3);
  expect((await house.run()).report?.outcome).toBe("published");
  expect(await keys(house, "key_id").catch(() => null)).not.toEqual(["k:e1", "k:e2", "k:e3"]);
  expect((await house.run({}, inForce(pipeline))).report?.outcome).toBe("published");
  expect(await keys(house, "key_id")).toEqual(["k:e1", "k:e2", "k:e3"]);
});

test("one that takes the name of a former column is made anew for all rows", async () => {
  await using house = await open();
  await house.source.query("update app.entries set memo = 'from the source', chg = pg_current_xact_id()");
  await house.run();
  const without = withFeed(house.pipeline, "app.entries", (feed) => ({
    ...feed,
    contract: { ...feed.contract, columns: feed.contract.columns.filter(({ name }) => name !== "memo") },
  }));
  const selected = withModel(without, "entry", ({ contract }) => ({
    select: "select entry_id, account_id, amount, currency, memo from staging.app_entries",
    contract,
  }));
  const { failure } = await house.run({}, inForce(derived(selected, "memo")));
  expect(failure?.message).toBeUndefined();
  expect(await keys(house, "memo")).toEqual(["k:e1", "k:e2"]);
  expect(await house.query("select memo from curated.entry order by 1")).toEqual([{ memo: "k:e1" }, { memo: "k:e2" }]);
});

test("what published rows have stays: another template, and none, are refused; a blocked run holds nobody to its own", async () => {
  await using house = await open();
  await house.run();
  const blocking = (pipeline: Pipeline) =>
    withRules(pipeline, "app.entries", (rules) =>
      rules.map((rule) => (rule.kind === "range" ? { ...rule, severity: "block", fingerprint: "block" } : rule)),
    );
  await insert(house, 3, -1);
  const typo = blocking(derived(house.pipeline, "key_id", "kk:"));
  expect((await house.run({}, inForce(typo))).report?.outcome).toBe("blocked");
  expect((await house.run()).report?.outcome).toBe("published");
  const mended = derived(house.pipeline, "key_id");
  expect((await house.run({}, inForce(mended))).report?.outcome).toBe("published");
  expect(await keys(house, "key_id")).toEqual(["k:e1", "k:e2"]);
  const other = await house.run({}, inForce(derived(house.pipeline, "key_id", "x:")));
  expect([other.failure?.exitCode, other.failure?.problems]).toMatchObject([
    10,
    [
      {
        code: "schema.derived_changed",
        says: expect.stringContaining("is made as k:{entry_id}, and the contract now says x:{entry_id}"),
      },
    ],
  ]);
  const none = await house.run();
  expect(none.failure?.problems[0]?.says).toContain("the contract does not name it any more: later rows would have none");
  expect((await house.run({}, inForce(mended))).report?.outcome).toBe("published");
});
