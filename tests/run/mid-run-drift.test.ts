import { expect, test } from "vitest";
import type { Engine } from "../../src/run/engine.ts";
import { postgresSettings } from "../../src/sources/postgres/postgres-kind.ts";
import { postgresReader } from "../../src/sources/postgres/postgres-reader.ts";
import { openClaimsHouse } from "../support/claims-house.ts";
import type { House } from "../support/engine.ts";

/** A change of the source's table, what takes it back, and how the first run that sees it ends. */
const CHANGES = [
  {
    kind: "added",
    ddl: "alter table app.entries add column extra text",
    undo: "alter table app.entries drop column extra",
    exit: 0,
  },
  {
    kind: "removed",
    ddl: "alter table app.entries drop column memo",
    undo: "alter table app.entries add column memo text",
    exit: 10,
  },
  {
    kind: "renamed",
    ddl: "alter table app.entries rename column memo to remark",
    undo: "alter table app.entries rename column remark to memo",
    exit: 10,
  },
  {
    kind: "retyped",
    ddl: "alter table app.entries alter column amount type text using amount::text",
    undo: "alter table app.entries alter column amount type numeric using amount::numeric",
    exit: 10,
  },
  { kind: "removed", ddl: "alter table app.entries rename to away", undo: "alter table app.away rename to entries", exit: 10 },
] as const;

/** A reader that several connections serve; `hook` is called when the table's columns have been read and its rows not yet. */
function reading(house: House, hook: () => void): Partial<Engine> {
  const sources = new Map(
    [...house.pipeline.sources].map(([id, source]) => [
      id,
      { ...source, settings: { ...postgresSettings(source), parallel: 4 } },
    ]),
  );
  const pipeline = { ...house.pipeline, sources };
  const reader = postgresReader();
  const readerOf: Engine["readerOf"] = async () => ({
    ...reader,
    extract: (request) =>
      reader.extract({
        ...request,
        accepts: (feed, columns) => {
          if (feed.id === "app.entries") hook();
          return request.accepts(feed, columns);
        },
      }),
  });
  return { pipeline, reread: () => house.pipeline, readerOf };
}

let made = 100;
async function addRow(house: House): Promise<void> {
  made += 1;
  const sql = "insert into app.entries (id, entry_id, account_id, amount, currency) values ($1, $2, 'A', 1, 'USD')";
  await house.source.query(sql, [made, `e${made}`]);
}

const counted = async (house: House, sql: string) => Number((await house.query(`select count(*) as n from ${sql}`))[0]?.["n"]);

/** What a run that meets a change must do: report and publish, or stop with the gate that names it and publish nothing. */
async function meets(house: House, change: (typeof CHANGES)[number]): Promise<void> {
  const publications = await counted(house, "ops.publication");
  const { report, failure } = await house.run();
  expect(failure?.message).toBeUndefined();
  expect(report?.exit_code).toBe(change.exit);
  expect(report?.gates.find((g) => g.gate === "drift/app.entries")?.observed).toContain(`${change.kind}:`);
  expect(await counted(house, "ops.publication")).toBe(publications + (change.exit === 0 ? 1 : 0));
}

test("columns change between the reading of the schema and of the rows: the run reads what it described, the next one meets it", async () => {
  await using house = await openClaimsHouse();
  await house.run();
  for (const change of CHANGES) {
    await addRow(house);
    let changing: Promise<unknown> = Promise.resolve();
    const engine = reading(house, () => {
      changing = house.source.query(change.ddl);
    });
    // The tables are locked from before the snapshot on: the change waits, and the run reads what it has described.
    const { report, failure } = await house.run({ full: true, reason: "test" }, engine);
    expect(failure?.message, change.ddl).toBeUndefined();
    expect(report?.outcome, change.ddl).toBe("published");
    await changing;
    expect(await counted(house, `curated.entry where entry_id = 'e${made}'`), change.ddl).toBe(1);
    await meets(house, change);
    await house.source.query(change.undo);
  }
});

test("a change that commits while the run waits for the tables is met by that run", async () => {
  await using house = await openClaimsHouse();
  await house.run();
  for (const change of CHANGES) {
    await house.source.query("begin");
    await house.source.query(change.ddl);
    const meeting = meets(house, change);
    // The run stands before the lock when the catalog shows a lock that is not granted.
    for (;;) {
      const { rowCount } = await house.source.query("select from pg_locks where not granted and mode = 'AccessShareLock'");
      if (rowCount !== 0) break;
    }
    await house.source.query("commit");
    await meeting;
    await house.source.query(change.undo);
    expect((await house.run()).report?.outcome).toBe("published");
  }
});
