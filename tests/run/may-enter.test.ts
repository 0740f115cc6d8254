import { expect, test } from "vitest";
import type { Pipeline } from "../../src/config/pipeline.ts";
import { mayEnter, waitingByRule } from "../../src/quarantine/may-enter.ts";
import { ask } from "../../src/warehouse/questions.ts";
import { openClaimsHouse } from "../support/claims-house.ts";
import { withRules } from "../support/desk-rows.ts";
import type { House } from "../support/engine.ts";
import { inForce } from "../support/in-force.ts";

/** Amounts may be negative from now on. */
const loosened = (pipeline: Pipeline) =>
  withRules(pipeline, "app.entries", (rules) =>
    rules.map((rule) =>
      rule.kind === "range" ? { ...rule, min: { value: "-1000", exclusive: false }, fingerprint: "loosened" } : rule,
    ),
  );

async function entering(house: House, pipeline: Pipeline) {
  const { dialect } = house.engine.warehouse;
  const session = await house.engine.warehouse.open({ purpose: "plan", readOnly: true });
  try {
    const answer = await ask(session, { dialect, name: "t" }, [waitingByRule(dialect, "desk")]);
    return mayEnter(pipeline, answer("waiting-by-rule"));
  } finally {
    await session.close();
  }
}

test("rows that wait for a loosened rule are judged by a whole read and by nothing that reads only what is new", async () => {
  await using house = await openClaimsHouse();
  await house.source.query(
    `insert into app.entries (id, entry_id, account_id, amount, currency) values
      (3, 'e3', 'A', -3, 'USD'), (4, null, 'A', 4, 'USD'), (5, 'e5', 'Z', 5, 'USD'), (6, 'e1', 'A', 6, 'USD')`,
  );
  await house.run();
  // Two hours later the rows lie below the cursor's band.
  for (const id of [10, 11]) {
    await house.source.query(
      `insert into app.entries (id, entry_id, account_id, amount, currency) values (${id}, 'e${id}', 'A', 1, 'USD')`,
    );
    await house.run();
  }
  const mended = loosened(house.pipeline);
  expect(await entering(house, house.pipeline)).toEqual([]);
  // Not the row without a key, whose rule stands; not those that every run judges again.
  expect(await entering(house, mended)).toEqual([{ feed: "app.entries", rules: [expect.stringMatching(/^amount\./)], rows: 1n }]);
  const hour = await house.run({}, inForce(mended));
  expect(hour.report?.feeds.find((f) => f.feed === "app.entries")).toMatchObject({ inserted: 0 });
  expect(await entering(house, mended)).toHaveLength(1);

  const whole = await house.run({ full: true, feeds: ["app.entries"], reason: "rule mended" }, inForce(mended));
  expect(whole.report?.feeds.find((f) => f.feed === "app.entries")).toMatchObject({ inserted: 1 });
  expect(await house.query("select entry_id, amount from curated.entry where entry_id = 'e3'")).toEqual([
    { entry_id: "e3", amount: "-3" },
  ]);
  expect(await entering(house, mended)).toEqual([]);
});
