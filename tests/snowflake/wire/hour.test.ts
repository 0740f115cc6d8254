import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { type Lead, lookUp, type PublicationOutcome } from "../../../src/publish/publication.ts";
import { duckdbDialect } from "../../../src/warehouse/duckdb/dialect.ts";
import { snowflakeDialect } from "../../../src/warehouse/snowflake/dialect.ts";
import type { Session } from "../../../src/warehouse/warehouse.ts";
import { type Desk, openDesk, type Played } from "../../support/desk.ts";
import { type Recorded, recording } from "../../support/recorded.ts";
import { HOURS } from "../../support/two-hours.ts";
import { answerAsRecorded } from "./recorded-hour.ts";
import { failureOf, openSession, shape, type Wired } from "./session.ts";
import { Stub } from "./stub.ts";
import { changed, cutAfter, cutBefore, done, refuse, rows, silent } from "./turns.ts";

/** An hour of billing's feeds through the adapter and the real driver; the answers are those that DuckDB gave to it. */
const PIPELINE = join(import.meta.dirname, "../../fixtures/pipelines/billing");
const [HOUR = { rows: {} }] = HOURS;

const recorded: Recorded[] = [];
let played: Played;

beforeAll(async () => {
  await using desk = openDesk("billing", PIPELINE);
  const session = await desk.open();
  played = await desk.play(HOUR, { session: recording(session, recorded), dialect: duckdbDialect });
  await session.close();
});

interface Bench {
  readonly stub: Stub;
  readonly session: Session;
  readonly answered: () => number;
  play(): Promise<Played>;
}

async function at(work: (bench: Bench) => Promise<void>, wired: Wired = {}): Promise<void> {
  await using stub = await Stub.start();
  await using desk = openDesk("billing", PIPELINE);
  const { answered } = answerAsRecorded(stub, recorded, HOUR);
  const session = await openSession(stub, { settings: { load: "stage" }, ...wired });
  await work({ stub, session, answered, play: () => desk.play(HOUR, { session, dialect: snowflakeDialect }) });
  await session.close();
}

/** The names of what arrived, transaction by transaction. */
function transactions(stub: Stub): string[][] {
  const all: string[][] = [];
  let isOpen = false;
  for (const { name } of stub.arrivals.filter((a) => a.kind === "statement")) {
    if (name === "begin") all.push([]);
    isOpen ||= name === "begin";
    if (isOpen) all.at(-1)?.push(name);
    if (name === "commit" || name === "rollback") isOpen = false;
  }
  return all;
}

test("the hour publishes as on DuckDB, in two transactions that begin with the fence", () =>
  at(async ({ stub, play, answered }) => {
    const { outcome } = await play();
    expect(outcome).toEqual(played.outcome);
    expect(outcome.outcome).toBe("published");
    expect(answered()).toBe(recorded.length);
    expect(transactions(stub).map((all) => [all[1], all.at(-1)])).toEqual([
      ["begin.fence", "commit"],
      ["publish.fence", "commit"],
    ]);
  }));

test("from the first label scan to COMMIT a first hour of four feeds sends at most 41 statements, loading, BEGIN and COMMIT aside", () =>
  at(async ({ stub, play }) => {
    await play();
    const names = stub.arrivals.filter((a) => a.kind === "statement").map((a) => a.name);
    const between = names.slice(
      names.findIndex((name) => name.startsWith("label.")),
      names.lastIndexOf("commit") + 1,
    );
    const sent = between.filter((name) => !/^(raw|copy|test)\.|^(begin|commit)$/.test(name));
    expect(sent.length).toBeGreaterThan(30);
    expect(sent.length).toBeLessThanOrEqual(41);
  }));

describe("a lock that the publication cannot have", () => {
  const LOCK = refuse("000625", "the number of waiters for this lock exceeds the 20 statements limit");

  test.each(["publish.fence", "staging-insert.billing.invoices", "ledger.verdict"])(
    "at %s: all is played again, published once",
    (name) =>
      at(async ({ stub, play }) => {
        stub.on(name, LOCK);
        expect((await play()).outcome).toEqual(played.outcome);
        const [, first = [], second = []] = transactions(stub);
        expect(first.slice(-2)).toEqual([name, "rollback"]);
        expect(second.slice(0, first.length - 1)).toEqual(first.slice(0, -1));
        expect(second.at(-1)).toBe("commit");
      }),
  );

  test("three times over: exit 40, and nothing is committed but the fence's token", () =>
    at(async ({ stub, play }) => {
      stub.always("ledger.batch", () => LOCK);
      expect(shape(await failureOf(play()))).toEqual(["retryable", "snowflake.lock_timeout"]);
      expect(transactions(stub).map((all) => all.at(-1))).toEqual(["commit", "rollback", "rollback", "rollback"]);
    }));
});

describe.concurrent("what else ends a publication", () => {
  test("several new rows for one published row: exit 10, rolled back, not played again", () =>
    at(async ({ stub, play }) => {
      stub.on("staging-insert.billing.invoices", refuse("100090", "Duplicate row detected during DML action", "42P18"));
      expect(shape(await failureOf(play()))).toEqual(["blocked", "snowflake.duplicate_match"]);
      expect(transactions(stub).map((all) => all.at(-1))).toEqual(["commit", "rollback"]);
    }));

  test("an insert whose answer was lost: played again, published once", () =>
    at(async ({ stub, play }) => {
      stub.on("staging-insert.billing.invoices", cutAfter(changed("insert", [4])));
      expect((await play()).outcome).toEqual(played.outcome);
      expect(transactions(stub).map((all) => all.at(-1))).toEqual(["commit", "rollback", "commit"]);
    }));

  test("a signal in it: the query is cancelled, exit 40, and the session's end rolls back", async () => {
    const stop = new AbortController();
    await at(
      async ({ stub, play }) => {
        stub.on("staging-insert.billing.invoices", silent());
        const ended = failureOf(play());
        await stub.arrival("statement", "staging-insert.billing.invoices");
        stop.abort();
        expect(shape(await ended)).toEqual(["retryable", "snowflake.cancelled"]);
        expect([stub.count("abort"), stub.count("delete"), stub.count("statement", "commit")]).toEqual([1, 1, 1]);
      },
      { signal: stop.signal },
    );
  });
});

describe.concurrent("the answer to the publication's COMMIT is lost", () => {
  test.each([
    ["before it happened", cutBefore],
    ["after it happened", cutAfter()],
  ])("%s: the outcome is not known; the session is ended, so that its locks go", (_, turn) =>
    at(async ({ stub, session, play }) => {
      stub.on("commit", done(), turn);
      await expect(play()).rejects.toThrow("no second session to look a lost answer up");
      await session.close();
      expect(stub.count("delete")).toBe(1);
    }),
  );
});

describe("the look-up after it, on a session of its own", () => {
  const BATCHES = ["b_1_billing.customers", "b_1_billing.invoices"];

  /** What a look-up reads of a publication's plan. */
  function lead(desk: Desk): Lead {
    const [group] = desk.pipeline.groups.values();
    if (!group) throw new Error("the pipeline has no group");
    const writing = { now: snowflakeDialect.timestamp("2026-11-01T01:00:00Z") };
    return { group, writing, baseHead: 0n, token: 1n, runId: "run_1", batchIds: BATCHES };
  }

  async function lookedUp(
    stub: Stub,
    { head, published, own = [] }: { head: string; published: readonly string[]; own?: readonly string[] },
  ): Promise<PublicationOutcome | null> {
    await using desk = openDesk("billing", PIPELINE);
    const found = published.map((batch) => ({ head, token: "1", batch_id: batch, publication_id: "pub_1" }));
    stub.on("publish.fence", changed("update", [1, 0]));
    stub.on("publish.head", rows(found.length > 0 ? found : [{ head, token: "1", batch_id: null, publication_id: null }]));
    stub.on("publication-lookup", rows(own.map((id) => ({ publication_id: id }))));
    const session = await openSession(stub);
    try {
      return await lookUp(session, snowflakeDialect, lead(desk));
    } finally {
      await session.close();
    }
  }

  test.each([
    [
      "all batches are there, in a publication of this run: it had happened",
      { head: "1", published: BATCHES, own: ["pub_1"] },
      { outcome: "already", publicationIds: ["pub_1"], isMine: true },
    ],
    [
      "all batches are there, in a publication of another run: it published the same bytes",
      { head: "1", published: BATCHES, own: [] },
      { outcome: "already", publicationIds: ["pub_1"], isMine: false },
    ],
    ["none is, and the head is as before: it had not", { head: "0", published: [] }, null],
    [
      "none is, and the head has moved: another run was first",
      { head: "1", published: [] },
      { outcome: "lost", head: 1n, token: 1n },
    ],
    [
      "one of two is: that cannot be",
      { head: "1", published: BATCHES.slice(0, 1) },
      { outcome: "partial", found: BATCHES.slice(0, 1) },
    ],
  ])("%s", async (_, found, outcome) => {
    await using stub = await Stub.start();
    expect(await lookedUp(stub, found)).toEqual(outcome);
    const asked = found.published.length === BATCHES.length ? ["publication-lookup"] : [];
    expect(transactions(stub)).toEqual([["begin", "publish.fence", "publish.head", ...asked, "rollback"]]);
  });

  test("the old transaction still holds the fence: it is waited for, and asked again", async () => {
    await using stub = await Stub.start();
    const ended = lookedUp(stub, { head: "1", published: BATCHES });
    stub.on("publish.fence", refuse("000604", "SQL execution canceled: lock wait timed out"));
    expect(await ended).toMatchObject({ outcome: "already" });
    expect(transactions(stub).map((all) => all.length)).toEqual([3, 5]);
  });
});
