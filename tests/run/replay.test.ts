import { expect, test } from "vitest";
import { openClaimsHouse as open } from "../support/claims-house.ts";
import { withRules } from "../support/desk-rows.ts";

test("--replay judges landed bytes again on today's head; rows that pass now enter once", async () => {
  await using house = await open();
  await house.source.query(
    "insert into app.entries (id, entry_id, account_id, amount, currency) values (3, 'e3', 'A', -5, 'USD')",
  );
  const first = await house.run();
  expect(first.report?.outcome).toBe("published");
  const [batch] = await house.query("select batch_id from ops.batch where feed = 'app.entries'");
  const relaxed = withRules(house.pipeline, "app.entries", (rules) => rules.filter((r) => r.id !== "amount.range"));
  const replayed = await house.run(
    { replay: batch?.["batch_id"] ?? "", reason: "rule was wrong" },
    { pipeline: relaxed, reread: () => relaxed },
  );
  expect(replayed.report?.feeds.find((f) => f.feed === "app.entries")).toMatchObject({ extracted: 3, unchanged: 2, inserted: 1 });
  expect(await house.query("select entry_id, amount from curated.entry order by 1")).toHaveLength(3);
  expect(
    await house.query(
      "select b.replay_of is not null as replayed, h.cursor_kind is null as no_cursor from ops.batch b join ops.feed_horizon h using (publication_id, feed) order by b.number desc limit 1",
    ),
  ).toEqual([{ replayed: "true", no_cursor: "true" }]);
  expect((await house.run()).report?.outcome).toBe("published");
});
