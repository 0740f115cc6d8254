import { expect, test } from "vitest";
import type { Engine } from "../../src/run/engine.ts";
import { FIRST, houseBefore, SECOND } from "../support/hours.ts";

const DECLARED = 5;

test("a full refresh over more rows than declared needs --allow-cost with a reason, which is recorded; an increment does not", async () => {
  await using house = await houseBefore(FIRST);
  const { environment } = house.pipeline;
  const pipeline = { ...house.pipeline, environment: { ...environment, fullRefreshRows: DECLARED } };
  const engine: Partial<Engine> = { pipeline, reread: () => pipeline };
  expect((await house.run({ window: FIRST.window }, engine)).report?.outcome).toBe("published");
  const recorded = () => house.query("SELECT actor, reason, ticket, detail FROM ops.audit_event WHERE event = 'cost.allowed'");
  await SECOND.live(house.source);

  const full = { window: SECOND.window, full: true };
  for (const request of [full, { ...full, allowCost: true }, { ...full, reason: "a check" }]) {
    const { failure } = await house.run(request, engine);
    expect(failure).toMatchObject({ kind: "usage", exitCode: 2, problems: [{ code: "run.cost" }] });
    expect(failure?.message).toMatch(/at most 5 .*--allow-cost --reason/s);
  }
  expect(await recorded()).toEqual([]);
  expect(await house.query("SELECT number FROM ops.publication")).toHaveLength(1);

  const allowed = { ...full, allowCost: true, reason: "year end", ticket: "FIN-9" };
  expect((await house.run(allowed, engine)).report?.outcome).toBe("published");
  expect(await recorded()).toEqual([
    { actor: "tester", reason: "year end", ticket: "FIN-9", detail: expect.stringMatching(/^\d+ published rows, declared 5$/) },
  ]);
});

test("where nothing is declared, or the rows are fewer, a full refresh needs no decision", async () => {
  await using house = await houseBefore(FIRST);
  expect((await house.run({ window: FIRST.window, full: true })).report?.outcome).toBe("published");
  expect((await house.run({ window: SECOND.window, full: true })).report?.outcome).toBe("published");
});
