import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { BreaksDocument } from "../../src/documents/breaks.ts";
import type { HealDocument } from "../../src/documents/heal.ts";
import { acquireLease } from "../../src/store/operations/acquire-lease.ts";
import { releaseLease } from "../../src/store/operations/release-lease.ts";
import { openStore } from "../../src/store/store.ts";
import { atSource as runAtSource, unstamped as runUnstamped } from "./at-source.ts";
import { BILLING_PIPELINE, emptyPlace, type ProgramPlace, ROWS, SETTLED } from "./small-run.ts";

const CONTRACT = `apiVersion: v3.1.0
kind: DataContract
id: billing.plans
version: 1.0.0
status: active
name: plans
domain: finance
description: { purpose: What is sold. }
team: { name: data-engineering }
schema:
  - name: plans
    logicalType: object
    properties:
      - { name: id, logicalType: integer, physicalType: bigint, primaryKey: true, primaryKeyPosition: 1, required: true }
      - { name: label, logicalType: string, physicalType: text }
slaProperties:
  - { property: latency, value: 2, unit: h, element: plans.label }
  - { property: retention, value: 7, unit: y, element: plans.label }
`;

const FEED = `  plans:
    table: billing.plans
    contract: billing.plans
    source_key: [id]
    business_key: [id]
    cursor: { mode: xid, column: chg }
`;

let place: ProgramPlace;
let pipeline: string;

const atSource = (...statements: readonly string[]) => runAtSource(place, statements);
const here = (...args: string[]) => place.ledgerloop(...args, "--pipeline", pipeline);

async function document<T>(...args: string[]): Promise<T & { code: number }> {
  const { code, document: found } = await place.json(...args, "--pipeline", pipeline);
  return { code, ...(found as T) };
}

beforeAll(async () => {
  place = await emptyPlace();
  pipeline = join(place.folder, "pipeline");
  cpSync(BILLING_PIPELINE, pipeline, { recursive: true, filter: (path) => !path.includes(".state") });
  const change = (file: string, by: (text: string) => string) =>
    writeFileSync(join(pipeline, file), by(readFileSync(join(pipeline, file), "utf8")));
  change("pipeline.yaml", (yaml) =>
    yaml.replace(/^groups:\n/m, "groups:\n  plans:\n    owner: data-engineering\n    feeds: [billing.plans]\n"),
  );
  change("sources/billing.yaml", (yaml) => `${yaml.trimEnd()}\n${FEED}`);
  writeFileSync(join(pipeline, "contracts/billing.plans.odcs.yaml"), CONTRACT);
  await atSource(
    `${ROWS};${SETTLED}`,
    "create table billing.plans (id bigint primary key, label text, chg xid8 not null default pg_current_xact_id())",
    "insert into billing.plans (id, label) values (1, 'a'), (2, 'b')",
  );
  await here("up");
  for (const group of ["billing", "plans"]) {
    expect((await here("run", "--group", group, "--window", "2026-11-02T00:00:00Z/2026-11-03T00:00:00Z")).code).toBe(0);
  }
  return () => place[Symbol.asyncDispose]();
});

const left = async () => {
  const { breaks } = await document<BreaksDocument>("reconcile", "breaks");
  return breaks.map(({ of, key }) => `${of} ${key["id"]}`);
};

test("of a heal of two groups one is healed and compared again though a gate stops the other, and both are told", async () => {
  await runUnstamped(place, [
    "update billing.customers set legal_name = 'Other' where id = 3",
    "update billing.plans set label = 'other' where id = 1",
  ]);
  expect((await here("reconcile", "run", "--leg", "R1")).code).toBe(10);
  await atSource("alter table billing.plans rename to plans_elsewhere");
  const { code, out, err } = await here("reconcile", "heal", "--class", "attribute");
  expect([code, err]).toEqual([10, expect.stringContaining("drift/billing.plans: fail, removed")]);
  expect(out).toContain("billing.customers");
  expect(await left()).toEqual(["billing.plans 1"]);
  await atSource("alter table billing.plans_elsewhere rename to plans");
  const again = await document<HealDocument>("reconcile", "heal", "--class", "attribute");
  expect([again.code, again.healed.map(({ of }) => of)]).toEqual([0, ["billing.plans"]]);
  expect(await left()).toEqual([]);
});

test("of a heal of two groups one is healed and compared again though the other cannot begin, whose failure is told with the next command", async () => {
  await runUnstamped(place, [
    "update billing.customers set legal_name = 'Another' where id = 3",
    "update billing.plans set label = 'another' where id = 2",
  ]);
  expect((await here("reconcile", "run", "--leg", "R1")).code).toBe(10);
  const store = await openStore(place.env["CONTROL_URL"] ?? "");
  const lease = await acquireLease(store, { group: "billing", runId: "run_of_somebody", aboveToken: "0", seconds: 60 });
  if (!lease.acquired) throw new Error("the group is held");
  const { code, out, err } = await here("reconcile", "heal", "--class", "attribute");
  expect([code, err]).toEqual([
    40,
    expect.stringMatching(/run_of_somebody holds group billing[\s\S]*next: .*`ledgerloop cancel run_of_somebody`/),
  ]);
  expect(out).toContain("billing.plans");
  expect(await left()).toEqual(["billing.customers 3"]);
  await releaseLease(store, { group: "billing", token: lease.token });
  await store.close();
  const again = await document<HealDocument>("reconcile", "heal", "--class", "attribute");
  expect([again.code, again.healed.map(({ of }) => of)]).toEqual([0, ["billing.customers"]]);
  expect(await left()).toEqual([]);
});
