import { expect, test } from "vitest";
import type { Pipeline } from "../../src/config/pipeline.ts";
import { resultOf } from "../../src/reconcile/proof.ts";
import { proveWaiting } from "../../src/reconcile/waiting.ts";
import { changeByHand } from "../support/by-hand.ts";
import { openClaimsHouse } from "../support/claims-house.ts";
import { withFeed } from "../support/desk-rows.ts";
import type { House } from "../support/engine.ts";

const FEED = "app.entries";
const at = { file: "test", line: 1, column: 1 };

/** The contract of the feed in a later version, with other columns. */
function withColumns(pipeline: Pipeline, change: (columns: readonly Column[]) => readonly Column[]): Pipeline {
  return withFeed(pipeline, FEED, (feed) => ({
    ...feed,
    contract: { ...feed.contract, version: "2.0.0", columns: change(feed.contract.columns) },
  }));
}

type Column = NonNullable<ReturnType<Pipeline["feeds"]["get"]>>["contract"]["columns"][number];

async function waiting(house: House, pipeline: Pipeline) {
  const feed = pipeline.feeds.get(FEED) ?? expect.fail();
  const { warehouse } = house.engine;
  const session = await warehouse.open({ purpose: "test", readOnly: true });
  try {
    const proof = await proveWaiting(session, warehouse.dialect, { feed, currencies: pipeline.currencies });
    return [`${resultOf(proof)} ${proof.rows} ${proof.differing}`, proof.notProven];
  } finally {
    await session.close();
  }
}

test("rows that wait since an earlier version of their contract are proven by the columns that it had, or not proven where nobody knows these", async () => {
  await using house = await openClaimsHouse();
  await house.source.query(
    "insert into app.entries (id, entry_id, account_id, amount, currency) values (7, 'e7', 'A', -7, 'USD'), (8, 'e8', 'A', -8, 'USD')",
  );
  expect((await house.run()).report?.outcome).toBe("published");
  const score: Column = { name: "score", type: { kind: "string" }, required: false, pii: false, at };
  const added = withColumns(house.pipeline, (columns) => [score, ...columns]);
  const shown = withColumns(house.pipeline, (columns) => columns.map((column) => ({ ...column, pii: !column.pii })));
  const [dropped, turned] = [
    withColumns(house.pipeline, (columns) => columns.filter(({ name }) => name !== "memo")),
    withColumns(house.pipeline, (columns) => columns.toReversed()),
  ];
  const rows = await house.query("select count(*)::varchar as n from ops.open_quarantine");
  expect(rows).toEqual([{ n: "2" }]);
  for (const pipeline of [house.pipeline, added, shown]) expect(await waiting(house, pipeline)).toEqual(["equal 2 0", null]);
  for (const pipeline of [dropped, turned]) {
    expect(await waiting(house, pipeline)).toEqual([
      "not_proven 0 0",
      "2 rows wait since version 1.0.0 of the contract, whose columns are not known any more",
    ]);
  }
  const hand = (sql: string) => changeByHand(house.folder, [`update ops.quarantine_row set ${sql} where source_key = '7'`]);
  const both = [house.pipeline, added];
  await hand("minor = minor + 1");
  for (const pipeline of both) expect(await waiting(house, pipeline)).toEqual(["different 2 1", null]);
  await hand("minor = minor - 1, payload = replace(payload, '-7', '-9')");
  for (const pipeline of both) expect(await waiting(house, pipeline)).toEqual(["different 2 1", null]);
  await hand("payload = replace(payload, '\"amount\":', '\"amount_\":')");
  expect(await waiting(house, house.pipeline)).toEqual(["different 2 1", null]);
  // A text that is cut off is one that differs, and ends nothing.
  await hand("payload = substr(payload, 1, 12)");
  for (const pipeline of both) expect(await waiting(house, pipeline)).toEqual(["different 2 1", null]);
  await changeByHand(house.folder, [
    "insert into ops.quarantine_event (row_id, feed, event) select row_id, feed, 'superseded' from ops.quarantine_row where source_key = '8'",
  ]);
  expect(await waiting(house, house.pipeline)).toEqual(["different 1 2", null]);
});
