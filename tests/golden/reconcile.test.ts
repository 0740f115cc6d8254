import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { feedsOf, modelsOf } from "../../src/config/groups.ts";
import type { Tie } from "../../src/config/pipeline.ts";
import { allRows, liveRows } from "../../src/publish/recompute.ts";
import { waitingByAge } from "../../src/quarantine/waiting-ages.ts";
import { EVERYTHING } from "../../src/reconcile/extent.ts";
import { proveHistory } from "../../src/reconcile/history.ts";
import { readEvents } from "../../src/reconcile/kept-breaks.ts";
import { readEquations } from "../../src/reconcile/kept-equations.ts";
import { readLooks } from "../../src/reconcile/kept-looks.ts";
import { lastProofs } from "../../src/reconcile/kept-proofs.ts";
import { readTies } from "../../src/reconcile/kept-ties.ts";
import { isEqual, type Proof } from "../../src/reconcile/proof.ts";
import { readComparison } from "../../src/reconcile/recheck.ts";
import { rollUp } from "../../src/reconcile/rolled-up.ts";
import { proveMoney, stockOf } from "../../src/reconcile/stock.ts";
import { differingRows, proveTable } from "../../src/reconcile/tables.ts";
import { proveTie } from "../../src/reconcile/ties.ts";
import { feedThen, isInOrder, proveWaiting } from "../../src/reconcile/waiting.ts";
import type { Dialect } from "../../src/warehouse/dialect.ts";
import type { Session } from "../../src/warehouse/warehouse.ts";
import { type Desk, openDesk } from "../support/desk.ts";
import { fileTie } from "../support/file-tie.ts";
import { HOURS } from "../support/two-hours.ts";
import { DIALECTS, expectGolden, expectHouseRules, nothingWritten, writeBoth } from "./golden-files.ts";

const HERE = import.meta.dirname;
const written = nothingWritten();
const proofs: Proof[] = [];

/** Invoices beside themselves. */
function tieOf(feed: string): Tie {
  const gives = `SELECT invoice_id, id, currency, amount_due_minor AS amount_minor, issued_on AS on_day FROM staging.${feed.replace(".", "_")}`;
  const at = { file: "ties.yaml", line: 1, column: 1 };
  const side = { gives, addsUp: false, lagsDays: 2, hasFee: false, at };
  const sides = ["one", "other", "third"].map((name) => ({ name, ...side }));
  return {
    name: "invoices",
    about: "invoices",
    owner: "finance",
    group: "billing",
    reads: new Set([feed]),
    key: ["invoice_id"],
    sides,
  };
}

async function proveAll(session: Session, dialect: Dialect, { pipeline }: Desk): Promise<void> {
  for (const group of pipeline.groups.values()) {
    const feeds = feedsOf(pipeline, group);
    for (const feed of feeds) {
      proofs.push(await stockOf(session, dialect, { feed, group }));
      proofs.push(await proveMoney(session, dialect, { feed, pipeline, rows: 0n }));
      proofs.push(await proveWaiting(session, dialect, { feed, currencies: pipeline.currencies }));
      const of = { feed, version: "0.1.0" };
      expect([await feedThen(session, dialect, of), await isInOrder(session, dialect, of)]).toEqual([null, false]);
    }
    for (const model of modelsOf(pipeline, group)) {
      proofs.push(await proveTable(session, dialect, { model, pipeline, extent: EVERYTHING }));
      const sides = { made: allRows(dialect, model), live: liveRows(dialect, model) };
      expect(await differingRows(session, dialect, { model, sides })).toEqual([]);
      proofs.push(await proveHistory(session, dialect, { model, extent: EVERYTHING }));
    }
  }
  const files = [...pipeline.feeds.values()].filter(({ totals }) => totals);
  for (const tie of [tieOf("billing.invoices"), ...files.map(fileTie)])
    proofs.push(await proveTie(session, dialect, { tie, currencies: pipeline.currencies, today: "2026-11-05" }));
  expect(await readTies(session, dialect)).toEqual([]);
  const last = await lastProofs(session, dialect, { pipeline, hasContents: new Set(["billing"]) });
  expect(last.filter((proof) => proof.last !== null)).toEqual([]);
  expect(await readEquations(session, dialect)).toEqual([]);
  expect(await rollUp(session, dialect, "2026-11-01")).toEqual([]);
  await session.rows(waitingByAge(dialect, new Date("2026-11-05T06:00:00Z")));
  for (const proof of proofs.slice(0, 1)) expect(await readLooks(session, dialect, proof)).toEqual([]);
  expect(await readEvents(session, dialect, { subject: "invoice", id: "brk_1" })).toEqual([]);
  await expect(readComparison(session, dialect, "reconcile_1/item/1/1")).rejects.toThrow("is kept in ops.proof");
}

beforeAll(async () => {
  await using desk = openDesk("billing", join(HERE, "../fixtures/pipelines/billing"));
  for (const hour of HOURS) await desk.play(hour);
  const session = await desk.open();
  try {
    await writeBoth(written, session, (on, dialect) => proveAll(on, dialect, desk));
  } finally {
    await session.close();
  }
});

describe.each(DIALECTS)("%s", (name) => {
  test("every statement of a comparison stands in its golden file", () => {
    expectGolden(join(HERE, "reconcile", name), written[name]);
  });
});

test("two hours that were published are equal to what they should be", () => {
  expect(proofs.filter((proof) => !isEqual(proof))).toEqual([]);
  expect(proofs.length).toBeGreaterThan(20);
});

test("the Snowflake text keeps the house rules, but for the models' own SELECTs", () => {
  const own = [...written.snowflake].filter(([name]) => !name.startsWith("reconcile.differing"));
  expectHouseRules({ ...written, snowflake: new Map(own) });
});
