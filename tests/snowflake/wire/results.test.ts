import { EventEmitter, once } from "node:events";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Session } from "../../../src/warehouse/warehouse.ts";
import { failureOf, openSession, shape } from "./session.ts";
import { Stub } from "./stub.ts";
import { type Column, changed, done, inChunks, rows, slow, table } from "./turns.ts";

let stub: Stub;
let session: Session;

beforeEach(async () => {
  stub = await Stub.start();
  session = await openSession(stub);
});

afterEach(async () => {
  await session.close();
  await stub[Symbol.asyncDispose]();
});

const ask = (name = "t") => session.rows({ name, sql: "SELECT x" });

describe("a value arrives as exact text", () => {
  test.each([
    ["an integer beyond 2^53", { type: "fixed", scale: 0 }, ["9007199254740993"]],
    ["a decimal with its zeros", { type: "fixed", scale: 2 }, ["1.10", "1.10"]],
    ["38 digits", { type: "fixed", scale: 0 }, ["12345678901234567890123456789012345678"]],
    ["38 digits with a scale", { type: "fixed", scale: 10 }, ["-1234567890123456789012345678.0123456789"]],
    ["a small decimal", { type: "fixed", scale: 9 }, ["0.000000001"]],
    ["zero", { type: "fixed", scale: 2 }, ["0.00"]],
    ["a real", { type: "real" }, ["0.1"]],
    ["a text", { type: "text" }, ["  a 'quoted' \\ text "]],
    ["the empty text", { type: "text" }, [""]],
    ["a text that says NULL", { type: "text" }, ["NULL"]],
    ["true", { type: "boolean" }, ["1", "true"]],
    ["false", { type: "boolean" }, ["0", "false"]],
    ["a date", { type: "date" }, ["20759", "2026-11-02"]],
    ["a date before 1970", { type: "date" }, ["-1", "1969-12-31"]],
    ["a timestamp with microseconds", { type: "timestamp_ntz", scale: 6 }, ["1793667600.123456", "2026-11-03 01:00:00.123456"]],
    ["a timestamp before 1970", { type: "timestamp_ntz", scale: 6 }, ["-1.500000", "1969-12-31 23:59:58.500000"]],
    ["JSON that a parser would change", { type: "variant" }, ['{"a":90071992547409931,"b":1.10}']],
    ["a VARIANT that is not JSON, which the driver would evaluate", { type: "variant" }, ["(() => { throw 1 })()"]],
    ["bytes", { type: "binary", scale: 0 }, ["00FF"]],
  ] as readonly [string, Omit<Column, "name">, readonly [sent: string, read?: string]][])(
    "%s",
    async (_, column, [sent, read = sent]) => {
      stub.on(/SELECT/, table([{ name: "V", ...column }], [[sent], [null]]));
      expect(await ask()).toEqual([{ v: read }, { v: null }]);
    },
  );

  test("names of columns come in lower case, in any number", async () => {
    stub.on(/SELECT/, rows([{ row_count: "1", minor: null, _position: "(0,1)" }]));
    expect(await ask()).toEqual([{ row_count: "1", minor: null, _position: "(0,1)" }]);
  });
});

describe("rows that a statement changed", () => {
  test.each([
    ["INSERT", changed("insert", [3]), 3n],
    ["INSERT of more than 2^53", changed("insert", [9007199254740993n]), 9007199254740993n],
    ["UPDATE", changed("update", [1, 0]), 1n],
    ["UPDATE, whose second number counts rows that several source rows matched", changed("update", [1, 4]), 1n],
    ["DELETE", changed("delete", [2]), 2n],
    ["MERGE", changed("merge", [1, 2, 3]), 6n],
    ["DML without effect", changed("insert", [0]), 0n],
    ["DDL", done(), 0n],
  ] as const)("%s", async (_, turn, expected) => {
    stub.on(/^THE STATEMENT/, turn);
    expect(await session.run({ name: "t", sql: "THE STATEMENT" })).toBe(expected);
  });
});

describe("a result is whole, or it is none", () => {
  const N: Column = { name: "N", type: "fixed", scale: 0 };
  const parts = (...numbers: number[]) => numbers.map((n) => `["${n}"]`).join(",");

  test("rows of several parts come in order", async () => {
    stub.on(
      /SELECT/,
      inChunks(
        N,
        ["1"],
        [
          { says: 2, body: parts(2, 3) },
          { says: 1, body: parts(4) },
        ],
      ),
    );
    expect((await ask()).map((row) => row["n"])).toEqual(["1", "2", "3", "4"]);
  });

  test.each([
    ["fewer rows than announced", table([N], [["1"], ["2"]], 3)],
    ["a part with fewer rows than announced", inChunks(N, ["1"], [{ says: 3, body: parts(2, 3) }])],
    ["an answer that names no part", inChunks(N, [], [])],
  ])("%s: exit 40", async (name, turn) => {
    const announcing = name.startsWith("an answer") && turn.does === "answer" ? { ...turn, says: 2 } : turn;
    stub.on(/SELECT/, announcing);
    expect(shape(await failureOf(ask()))).toEqual(["retryable", "snowflake.partial_result"]);
  });

  test("a part that is not there: exit 40", async () => {
    stub.on(/SELECT/, inChunks(N, ["1"], [{ says: 2, body: null }]));
    expect(shape(await failureOf(ask()))).toEqual(["retryable", "snowflake.unreachable"]);
  });

  test.each([
    ["half of", '["2"],["3'],
    ["nothing of", ""],
  ])("%s a part, on which the driver falls silent: exit 40 at our deadline", async (_, body) => {
    await session.close();
    session = await openSession(stub, { waits: { grace: 0.4 } });
    stub.on(/SELECT/, inChunks(N, ["1"], [{ says: 2, body }]));
    expect(shape(await failureOf(ask()))).toEqual(["retryable", "snowflake.deadline"]);
  });

  test("a statement that takes long is asked for until it is done", async () => {
    const gate = new EventEmitter();
    stub.on(/SELECT/, slow(once(gate, "open"), table([N], [["7"]])));
    const answer = ask();
    await stub.arrival("result", /^/, 2);
    gate.emit("open");
    expect(await answer).toEqual([{ n: "7" }]);
    expect(stub.count("statement", /SELECT/)).toBe(1);
  });
});

describe("the tag of a statement", () => {
  test("names run, publication, stage, statement, feed, rule and the version of this program; each statement has its own", async () => {
    let stage = "judge";
    const tagged = await openSession(stub, { tag: () => ({ run: "run_1", publication: "billing-7", stage, code: "1.2.3" }) });
    await tagged.rows({ name: "label.billing.invoices#amount.range", sql: "SELECT 1" });
    stage = "publish";
    await tagged.transaction(() => tagged.run({ name: "staging-insert.billing.invoices", sql: "INSERT INTO x SELECT 1" }));
    await tagged.close();
    const tags = new Map(
      stub.arrivals.filter((a) => a.kind === "statement").map((a) => [a.sql.split(" ")[0], JSON.parse(a.tag || "{}")]),
    );
    const base = { app: "ledgerloop", run: "run_1", publication: "billing-7", code: "1.2.3" };
    expect(tags.get("SELECT")).toEqual({
      ...base,
      stage: "judge",
      statement: "label",
      table: "billing.invoices",
      rule: "amount.range",
    });
    expect(tags.get("INSERT")).toEqual({ ...base, stage, statement: "staging-insert", table: "billing.invoices" });
    expect(tags.get("BEGIN")).toEqual({ ...base, stage, statement: "begin" });
    expect(tags.get("COMMIT")).toEqual({ ...base, stage, statement: "commit" });
  });

  test("is cut down to run and statement where it would be longer than Snowflake takes", async () => {
    await ask(`label.${"f".repeat(2000)}`);
    expect(JSON.parse(stub.arrivals.at(-1)?.tag ?? "")).toEqual({ app: "ledgerloop", statement: "label" });
  });
});
