import { chmodSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Rule } from "../../src/contract/rule.ts";
import type { RunEvent } from "../../src/run/events.ts";
import { executeRun } from "../../src/run/execute.ts";
import { runRequest } from "../../src/run/request.ts";
import { acquireLease } from "../../src/store/operations/acquire-lease.ts";
import { requestCancel } from "../../src/store/operations/request-cancel.ts";
import { showRun } from "../../src/store/operations/show-run.ts";
import { UnknownOutcome, type Warehouse } from "../../src/warehouse/warehouse.ts";
import { openClaimsHouse as open } from "../support/claims-house.ts";
import { withRules } from "../support/desk-rows.ts";
import type { House } from "../support/engine.ts";

const HOUR = { start: new Date("2026-11-01T00:00:00Z"), end: new Date("2026-11-01T01:00:00Z") };

const entries = (house: House) => house.query("select entry_id, amount from curated.entry order by 1");
const failing = (gates: readonly { gate: string; verdict: string }[] = []) =>
  gates.filter((g) => g.verdict === "fail" || g.verdict === "error").map((g) => g.gate);

/** Does something once, when a stage starts. */
function atStage(house: House, stage: string, work: () => void): (event: RunEvent) => void {
  let done = false;
  return (event) => {
    house.events.push(event);
    if (event.event === "stage-started" && event.stage === stage && !done) {
      done = true;
      work();
    }
  };
}

function crash(): never {
  throw new Error("the process died here");
}

/** A warehouse whose n-th session is treated specially. */
function onSession(
  warehouse: Warehouse,
  turn: number,
  change: (session: Awaited<ReturnType<Warehouse["open"]>>) => Awaited<ReturnType<Warehouse["open"]>>,
): Warehouse {
  let opened = 0;
  return {
    dialect: warehouse.dialect,
    open: async (options) => {
      opened += 1;
      const session = await warehouse.open(options);
      return opened === turn ? change(session) : session;
    },
  };
}

describe("repeating a run", () => {
  test("a published window is not loaded again: exit 0, by whom", async () => {
    await using house = await open();
    expect((await house.run({ window: HOUR })).report).toMatchObject({
      outcome: "published",
      exit_code: 0,
      publication_id: "desk-1",
    });
    expect((await house.run({ window: HOUR })).report).toMatchObject({
      outcome: "already_published",
      exit_code: 0,
      message: "published by desk-1",
    });
    expect(await house.query("select count(*) as n from ops.publication")).toEqual([{ n: "1" }]);
  });

  test("after a crash the landed bytes are used again and published once", async () => {
    await using house = await open();
    await expect(house.run({ window: HOUR }, { emit: atStage(house, "judge", crash) })).rejects.toThrow("died");
    await house.source.query("update app.entries set amount = 999, chg = pg_current_xact_id()");
    const repeated = await house.run({ window: HOUR });
    expect(repeated.report?.stages.find((s) => s.stage === "extract")?.skipped).toBe("landed before");
    expect(await entries(house)).toEqual([
      { entry_id: "e1", amount: "100" },
      { entry_id: "e2", amount: "200" },
    ]);
    // What changed meanwhile lies above the horizon of the bytes that were used.
    await house.run();
    expect(await entries(house)).toEqual([
      { entry_id: "e1", amount: "999" },
      { entry_id: "e2", amount: "999" },
    ]);
  });

  test("a crash before everything is landed leaves nothing that is used", async () => {
    await using house = await open();
    await expect(house.run({ window: HOUR }, { emit: atStage(house, "extract", crash) })).rejects.toThrow("died");
    expect((await house.run({ window: HOUR })).report?.stages.find((s) => s.stage === "extract")?.skipped).toBeNull();
  });

  test("bytes whose base head is no longer the head are not used", async () => {
    await using house = await open();
    await expect(house.run({ window: HOUR }, { emit: atStage(house, "judge", crash) })).rejects.toThrow("died");
    await house.run();
    const repeated = await house.run({ window: HOUR });
    expect(repeated.report?.stages.find((s) => s.stage === "extract")?.skipped).toBeNull();
    expect(repeated.report?.outcome).toBe("published");
  });

  test("a blocked run extracts afresh next time; --same-extract judges the same bytes", async () => {
    await using house = await open();
    await house.source.query(
      "insert into app.entries (id, entry_id, account_id, amount, currency) values (3, 'e3', 'A', -5, 'USD')",
    );
    const strict = {
      ...house.pipeline,
      groups: new Map(
        [...house.pipeline.groups].map(([n, g]) => [n, { ...g, gates: { ...g.gates, quarantinedMinor: { "*": "1" } } }]),
      ),
    };
    const strictly = { pipeline: strict, reread: () => strict };
    const blocked = await house.run({ window: HOUR }, strictly);
    expect(blocked.report).toMatchObject({ outcome: "blocked", exit_code: 10, publication_id: null });
    expect(failing(blocked.report?.gates)).toEqual(["quarantined_money/app.entries/USD"]);
    const shown = await showRun(house.store, blocked.report?.run_id ?? "");
    expect(shown?.samples).toMatchObject([{ feed: "app.entries", rows: [{ reasons: ["amount.range"] }] }]);

    await house.source.query("update app.entries set amount = 5, chg = pg_current_xact_id() where id = 3");
    const same = await house.run({ window: HOUR, sameExtract: true }, strictly);
    expect(same.report?.outcome).toBe("blocked");
    expect((await house.run({ window: HOUR }, strictly)).report).toMatchObject({ outcome: "published" });
    expect(await entries(house)).toHaveLength(3);
  });
});

describe("two runs", () => {
  test("a run that begins while another is on its way takes over: the first changes nothing, exit 30", async () => {
    await using house = await open();
    const session = await house.engine.warehouse.open({ purpose: "test" });
    await session.close();
    let second: Promise<unknown> = Promise.resolve();
    const raise = () => {
      second = (async () => {
        const { raiseFence } = await import("../../src/ledger/fence.ts");
        const other = await house.engine.warehouse.open({ purpose: "other" });
        const d = house.engine.warehouse.dialect;
        await other.transaction(async () => {
          for (const s of raiseFence(d, { group: "desk", runId: "other", now: d.timestamp("2026-11-01T00:00:00Z") }))
            await other.run(s);
        });
        await other.close();
      })();
    };
    const waiting: Warehouse = {
      dialect: house.engine.warehouse.dialect,
      open: async (options) => {
        await second;
        return house.engine.warehouse.open(options);
      },
    };
    const first = await house.run({ window: HOUR }, { emit: atStage(house, "extract", raise), warehouse: waiting });
    expect(first.failure?.exitCode).toBe(30);
    expect(await house.query("select count(*) as n from ops.publication")).toEqual([{ n: "0" }]);
    expect(await house.query("select count(*) as n from curated.entry")).toEqual([{ n: "0" }]);
    expect((await house.run({ window: HOUR })).report?.outcome).toBe("published");
  });

  test("a live lease is not taken: exit 40, naming the run", async () => {
    await using house = await open();
    await house.run();
    await acquireLease(house.store, { group: "desk", runId: "run_0001", aboveToken: "0", seconds: 60 });
    const refused = await house.run();
    expect(refused.failure?.exitCode).toBe(40);
    expect(refused.failure?.message).toContain("run_0001");
  });

  test("a cancelled run stops before it publishes: exit 40", async () => {
    await using house = await open();
    let asked: Promise<unknown> = Promise.resolve();
    const emit = atStage(house, "extract", () => {
      asked = requestCancel(house.store, "run_0001", "tester");
    });
    const cancelled = await house.run({}, { emit, readerOf: async (source) => asked.then(() => house.engine.readerOf(source)) });
    expect(cancelled.failure?.exitCode).toBe(40);
    expect(await house.query("select count(*) as n from ops.publication")).toEqual([{ n: "0" }]);
    expect((await house.run()).report?.outcome).toBe("published");
  });
});

describe("the answer to COMMIT is lost", () => {
  const losing = (house: House, did: boolean): Warehouse =>
    onSession(house.engine.warehouse, 2, (session) => ({
      ...session,
      transaction: async (work) => {
        if (did) await session.transaction(work);
        throw new UnknownOutcome(new Error("connection reset"));
      },
    }));

  test("it had happened: the ledger says so, exit 0", async () => {
    await using house = await open();
    const ended = await house.run({ window: HOUR }, { warehouse: losing(house, true) });
    expect(ended.report).toMatchObject({ outcome: "published", exit_code: 0, publication_id: "desk-1" });
    expect(await entries(house)).toHaveLength(2);
    // What the transaction found is told from the ledger, though its answer never came.
    const { run, verdicts } = (await showRun(house.store, ended.report?.run_id ?? "")) ?? expect.fail();
    expect(run).toMatchObject({ outcome: "published", publicationId: "desk-1" });
    expect(verdicts.map(({ name }) => name)).toContain("identity_stock");
  });

  test("and a signal came meanwhile: it is looked up all the same, exit 0", async () => {
    await using house = await open();
    const stop = new AbortController();
    const { warehouse } = house.engine;
    let opened = 0;
    const ended = await executeRun(
      {
        ...house.engine,
        warehouse: {
          dialect: warehouse.dialect,
          open: async (options) => {
            opened += 1;
            if (options.signal?.aborted) throw new Error("a session whose statements are all refused");
            const session = await warehouse.open(options);
            if (opened !== 2) return session;
            const transaction: typeof session.transaction = async (work) => {
              await session.transaction(work);
              stop.abort();
              throw new UnknownOutcome(new Error("connection reset"));
            };
            return { ...session, transaction };
          },
        },
      },
      runRequest({ group: "desk", window: HOUR }),
      stop.signal,
    );
    expect(ended).toMatchObject({ outcome: "published", exit_code: 0 });
  });

  test("it had not: exit 40, and the repetition publishes the same bytes once", async () => {
    await using house = await open();
    const ended = await house.run({ window: HOUR }, { warehouse: losing(house, false) });
    expect(ended.failure?.exitCode).toBe(40);
    expect(await house.query("select count(*) as n from ops.publication")).toEqual([{ n: "0" }]);
    expect((await house.run({ window: HOUR })).report).toMatchObject({ outcome: "published", publication_id: "desk-1" });
  });
});

describe("what stops a run", () => {
  /** A run that died after landing, one bit of its entries flipped since. */
  async function withFlippedBit(house: House): Promise<void> {
    await expect(house.run({ window: HOUR }, { emit: atStage(house, "judge", crash) })).rejects.toThrow("died");
    const folder = join(house.folder, "objects/landing/app/entries");
    const [run = ""] = readdirSync(folder);
    const file = join(folder, run, "part-000.csv");
    const bytes = readFileSync(file);
    bytes[bytes.length - 3] = (bytes[bytes.length - 3] ?? 0) ^ 1;
    writeFileSync(file, bytes);
  }

  test("one flipped bit in a landed file: the bytes are not used, and that is reported", async () => {
    await using house = await open();
    await withFlippedBit(house);
    const afresh = await house.run({ window: HOUR });
    expect(afresh.report?.stages.find((s) => s.stage === "extract")?.skipped).toBeNull();
    expect(afresh.report?.gates.find((g) => g.gate.startsWith("evidence/"))?.verdict).toBe("warn");
    expect(afresh.report?.outcome).toBe("published");
  });

  test("asked for by name, bytes with a flipped bit stop the run with exit 20; the next run reads the source", async () => {
    await using house = await open();
    await withFlippedBit(house);
    expect((await house.run({ window: HOUR, sameExtract: true })).failure?.exitCode).toBe(20);
    expect((await house.run({ window: HOUR })).report?.outcome).toBe("published");
  });

  test("a truncated manifest does not stop later runs", async () => {
    await using house = await open();
    await house.run();
    const folder = join(house.folder, "objects/landing/app/entries");
    const [run = ""] = readdirSync(folder);
    chmodSync(join(folder, run, "manifest.json"), 0o644);
    writeFileSync(join(folder, run, "manifest.json"), '{"schema": 1, "run');
    const next = await house.run();
    expect(next.report?.outcome).toBe("published");
    expect(next.report?.gates.find((g) => g.gate === "evidence/app.entries")?.verdict).toBe("warn");
  });

  test.each([
    ["removed", "alter table app.entries drop column memo", ["drift/app.entries"]],
    ["renamed", "alter table app.entries rename column memo to note", ["drift/app.entries"]],
    ["retyped", "alter table app.entries alter column memo type varchar(10)", ["drift/app.entries"]],
    ["added", "alter table app.entries add column extra integer", []],
  ])("a column that is %s", async (kind, ddl, stops) => {
    await using house = await open();
    await house.run();
    await house.source.query(ddl);
    const ended = await house.run();
    expect(failing(ended.report?.gates)).toEqual(stops);
    expect(ended.report?.gates.find((g) => g.gate === "drift/app.entries")?.observed).toContain(`${kind}: `);
    expect(ended.report?.exit_code).toBe(stops.length > 0 ? 10 : 0);
  });

  test("a lost ledger beside full tables is never loaded over", async () => {
    await using house = await open();
    await house.run();
    const session = await house.engine.warehouse.open({ purpose: "sabotage" });
    await session.transaction(() => session.run({ name: "sabotage", sql: "delete from ops.batch" }));
    await session.close();
    const refused = await house.run();
    expect(refused.failure?.exitCode).toBe(20);
    expect(refused.failure?.message).toContain("no published cursor");
  });

  test("a warehouse of a newer version is not touched", async () => {
    await using house = await open();
    await house.run();
    const session = await house.engine.warehouse.open({ purpose: "newer" });
    await session.transaction(() => session.run({ name: "newer", sql: "insert into ops.schema_version values (999)" }));
    await session.close();
    expect((await house.run()).failure?.exitCode).toBe(2);
  });

  test("configuration that changes under the run: exit 40", async () => {
    await using house = await open();
    const other = withRules(house.pipeline, "app.entries", (rules) => rules.slice(1));
    const { contract } = other.feeds.get("app.entries") ?? expect.fail();
    const changed = {
      ...other,
      feeds: new Map(
        [...other.feeds].map(([id, f]) => [
          id,
          id === "app.entries" ? { ...f, contract: { ...contract, fingerprint: "other" } } : f,
        ]),
      ),
    };
    expect((await house.run({}, { reread: () => changed })).failure?.exitCode).toBe(40);
    expect(await house.query("select count(*) as n from ops.publication")).toEqual([{ n: "0" }]);
  });

  test("a rule that cannot run is found alone among many, and blocks", async () => {
    await using house = await open();
    const broken: Rule = {
      id: "memo_is_number",
      kind: "expression",
      expression: "cast(currency as integer) > 0",
      columns: ["currency"],
      severity: "quarantine",
      nulls: "pass",
      owner: "desk",
      fingerprint: "f",
    };
    const pipeline = withRules(house.pipeline, "app.entries", (rules) => [...rules.slice(0, 2), broken, ...rules.slice(2)]);
    const ended = await house.run({}, { pipeline, reread: () => pipeline });
    expect(failing(ended.report?.gates)).toEqual(["rule/app.entries/memo_is_number"]);
    expect(ended.report?.rules).toMatchObject({ errored: 1, failed: 0 });
    expect(ended.report?.exit_code).toBe(10);
  });

  test("a rule of severity `block` that is broken", async () => {
    await using house = await open();
    const strict: Rule = {
      id: "small",
      kind: "range",
      columns: ["amount"],
      max: { value: "150", exclusive: false },
      severity: "block",
      nulls: "pass",
      owner: "desk",
      fingerprint: "f",
    };
    const pipeline = withRules(house.pipeline, "app.entries", (rules) => [...rules, strict]);
    expect(failing((await house.run({}, { pipeline, reread: () => pipeline })).report?.gates)).toEqual([
      "rule/app.entries/small",
    ]);
  });

  test("a batch that was never landed is a usage error, and raises no fence", async () => {
    await using house = await open();
    await house.run();
    expect((await house.run({ replay: "b_nonsense" })).failure?.exitCode).toBe(2);
    expect(await house.query("select max(token) as token from ops.fence_token")).toEqual([{ token: "1" }]);
  });

  test("a window that has not ended is a usage error", async () => {
    await using house = await open();
    const far = { start: new Date("2090-01-01T00:00:00Z"), end: new Date("2090-01-01T01:00:00Z") };
    expect((await house.run({ window: far })).failure?.exitCode).toBe(2);
  });
});
