import { beforeAll, expect, test } from "vitest";
import type { RunChoice } from "../../src/run/request.ts";
import type { TestCluster } from "../support/cluster.ts";
import type { Ended } from "../support/engine.ts";
import { ownTestCluster } from "../support/postgres.ts";
import { openPostgresHouse, type PostgresHouse } from "../support/postgres-house.ts";
import { ofToday } from "../support/sampled.ts";
import { COLUMNS, type Column, struck, tellingPage } from "./matrix.ts";
import type { PostgresFault } from "./postgres-fault.ts";
import { POSTGRES_FAULTS } from "./postgres-faults.ts";
import { POSTGRES } from "./sections.ts";

const tell = tellingPage(POSTGRES);
let cluster: TestCluster;

beforeAll(async () => {
  cluster = await ownTestCluster();
});

/** The run that a column asks for: a night compares all keys. */
const choiceOf = (column: Column): Partial<RunChoice> => (column === "night" ? { keys: true } : {});

function expectExit(ended: Ended, exitCode: number): void {
  expect(ended.failure?.exitCode ?? ended.report?.exit_code, ended.failure?.message).toBe(exitCode);
}

/** A run under the fault, then runs without it until the source is loaded. */
async function under(of: PostgresHouse, one: PostgresFault, column: Column): Promise<string> {
  const { house } = of;
  const choice = choiceOf(column);
  const met = await one.on(of, { cluster, column });
  const outcome = await struck(house, () => house.run(choice, met.engine ?? {}));
  if (/^published(?!; \d+ waiting)/.test(outcome) && !one.comesLater) await of.expectSame();
  await met.off();
  const { byHand } = one;
  const needsHand = byHand && outcome !== "published";
  if (needsHand) {
    await struck(house, () => house.run(choice));
    expectExit(await house.run(byHand.choice), 0);
  }
  expectExit(await house.run(choice), 0);
  await of.expectSame();
  return needsHand ? `${outcome}, until ${byHand.says}` : outcome;
}

test.each(ofToday(POSTGRES_FAULTS).map((one) => [`${one.fault}: ${one.says}`, one] as const))("%s", async (_name, one) => {
  await using of = await openPostgresHouse();
  for (const column of COLUMNS) {
    if (column !== "first load") await of.hour();
    if (column === "night") await of.sql("delete from app.entries where id = 5");
    tell(one, column, await under(of, one, column));
  }
});
