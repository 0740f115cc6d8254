import { expect, test } from "vitest";
import type { Failure } from "../../../src/kernel/problem.ts";
import type { Warehouse } from "../../../src/warehouse/warehouse.ts";
import { expireLeases } from "../../support/crashing.ts";
import type { House } from "../../support/engine.ts";
import { type Around, aroundWarehouse, atMoment } from "../../support/fuse.ts";
import { FIRST, houseBefore, SECOND } from "../../support/hours.ts";
import { type Content, readContent } from "../../support/same-content.ts";
import { deploy } from "./deploy.ts";
import { type EngineSite, openEngineSite } from "./site.ts";

/** A house whose warehouse is the lane's, with what a reader sees of it. */
interface EngineHouse extends AsyncDisposable {
  readonly house: House;
  readonly warehouse: Warehouse;
  content(): Promise<Content>;
}

async function openEngineHouse(site: EngineSite, database: string): Promise<EngineHouse> {
  const house = await houseBefore(FIRST);
  const [group] = house.pipeline.groups.values();
  if (!group) expect.fail("the house has no group");
  const warehouse = site.warehouse(database);
  await deploy(warehouse, house.pipeline, { database });
  return {
    house,
    warehouse,
    content: () => readContent(warehouse, house.pipeline, group),
    [Symbol.asyncDispose]: () => house[Symbol.asyncDispose](),
  };
}

function signal(): { given: Promise<void>; give: () => void } {
  let give = () => {};
  const given = new Promise<void>((resolve) => {
    give = resolve;
  });
  return { given, give: () => give() };
}

/** A moment at which work stands still until it is let go. */
function gate(): { around: (moment: Parameters<typeof atMoment>[0]) => Around; reached: Promise<void>; open: () => void } {
  const [reached, opened] = [signal(), signal()];
  const act = async () => {
    reached.give();
    await opened.given;
  };
  return { around: (moment) => atMoment(moment, act), reached: reached.given, open: opened.give };
}

const window = FIRST.window;

test("a run publishes once; repeated it publishes nothing; a quiet hour adds to the ledger alone", async () => {
  const site = await openEngineSite();
  await using place = await openEngineHouse(site, "ONCE");
  const { house, warehouse } = place;
  const first = await house.run({ window }, { warehouse });
  expect(first.report).toMatchObject({ outcome: "published", exit_code: 0 });
  expect(first.report?.warehouse?.statements).toBeGreaterThan(20);
  expect(first.report?.warehouse?.bytes).toBeGreaterThan(0);
  const published = await place.content();
  const again = await house.run({ window }, { warehouse });
  expect(again.report).toMatchObject({ outcome: "already_published", exit_code: 0 });
  expect(await place.content()).toEqual(published);
  const quiet = await house.run({ window: SECOND.window }, { warehouse });
  expect(quiet.report?.outcome).toBe("published");
  const { "ops.publication": ledger = [], ...rest } = await place.content();
  expect(ledger).toHaveLength(2);
  expect(rest["curated.entry"]).toEqual(published["curated.entry"]);
});

test("a publisher that was overtaken changes nothing and says so", async () => {
  const site = await openEngineSite();
  await using place = await openEngineHouse(site, "OVERTAKEN");
  const { house, warehouse } = place;
  const still = gate();
  const paused = house.run(
    { window },
    { warehouse: aroundWarehouse(warehouse, still.around({ kind: "warehouse", at: 1, when: "before", what: "publish.fence" })) },
  );
  await still.reached;
  await expireLeases(house);
  expect((await house.run({ window }, { warehouse })).report?.outcome).toBe("published");
  const published = await place.content();
  still.open();
  const late = await paused;
  expect(late.failure).toMatchObject({ kind: "lost" } satisfies Partial<Failure>);
  expect(await place.content()).toEqual(published);
});

test("two publishers inside their transactions: one waits in vain for the fence and stops, the other publishes", async () => {
  const site = await openEngineSite();
  await using place = await openEngineHouse(site, "TOGETHER");
  const { house, warehouse } = place;
  // The second begins before the first takes the fence, so that the first is the overtaken one, and meets it inside.
  const still = gate();
  const inside = gate();
  const first = house.run(
    { window },
    { warehouse: aroundWarehouse(warehouse, still.around({ kind: "warehouse", at: 1, when: "before", what: "publish.fence" })) },
  );
  await still.reached;
  await expireLeases(house);
  const second = house.run(
    { window },
    { warehouse: aroundWarehouse(warehouse, inside.around({ kind: "warehouse", at: 1, when: "after", what: "publish.fence" })) },
  );
  await inside.reached;
  still.open();
  expect((await first).failure).toMatchObject({ kind: "retryable", problems: [{ code: "snowflake.lock_timeout" }] });
  inside.open();
  expect((await second).report?.outcome).toBe("published");
  expect((await house.run({ window }, { warehouse })).report?.outcome).toBe("already_published");
});

test("where nothing was deployed a run says what to type, and changes nothing", async () => {
  const site = await openEngineSite();
  await using house = await houseBefore(FIRST);
  const ended = await house.run({ window }, { warehouse: site.warehouse("BARE") });
  expect(ended.failure?.message).toMatch(/warehouse apply/);
  expect(ended.failure?.exitCode).toBe(2);
});
