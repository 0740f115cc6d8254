import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { EXIT_CODES, type Failure, type FailureKind, type Problem } from "../../src/kernel/problem.ts";
import { failureOf, LostSession } from "../../src/warehouse/snowflake/errors.ts";
import * as problems from "../../src/warehouse/snowflake/problems.ts";

const ASKED = { statement: "STATEMENT", account: "ACCOUNT", user: "USER", seconds: 1860 };

/** An error as the driver hands it over. */
function driverError(code: string | number, message: string, more: Record<string, unknown> = {}): Error {
  return Object.assign(new Error(message), { name: "OperationFailedError", code, ...more });
}

const found = (
  code: string | number,
  message = "MESSAGE",
  more: Record<string, unknown> = {},
): readonly [FailureKind, Problem] => {
  const { kind, problems: all } = failureOf(driverError(code, message, more), ASKED);
  const [first] = all;
  if (!first) throw new Error("a failure without a problem");
  return [kind, first];
};

/** What can happen, by whom it is noticed: the driver's error, or our own problem with the kind it is thrown with. */
const CASES: readonly (readonly [when: string, what: readonly [FailureKind, Problem]])[] = [
  ["the driver is not installed", ["usage", problems.driverMissing({ driver: "snowflake-sdk@VERSION" })]],
  ["the private key or its passphrase is wrong", ["usage", problems.keyUnreadable({ path: "KEY" })]],
  ["Snowflake does not accept the sign-in (390100, 390144, 390318, …)", found("390100")],
  [
    "no address, no answer, no way through proxy or network policy; an answer that is not Snowflake's",
    found(401001, "MESSAGE", { name: "NetworkError" }),
  ],
  ["the session or its master token has ended (390111, 390114, …)", found("390114")],
  ["no compute warehouse, or its quota is used up (000606, 000608, 090073)", found("000606")],
  ["an object is not there, or a right is missing (002003, 003001, …)", found("003001")],
  ["a lock could not be had, three times over (000625, `LOCK_TIMEOUT`)", found("000625")],
  [
    "the answer to an INSERT, UPDATE, DELETE or COPY was lost, three times over in a transaction",
    ["retryable", problems.sentTwice(ASKED)],
  ],
  ["no answer within our deadline, or Snowflake's own statement timeout (000630)", found("000630")],
  ["SIGTERM, SIGINT, or somebody cancelled the query (000604)", found("000604")],
  ["several new rows for one published row (100090)", found("100090")],
  ["a text is longer than its column takes (100078, 100082)", found("100078")],
  ["an upload (PUT) fails", ["retryable", problems.uploadFailed({ file: "FILE", status: "STATUS" })]],
  [
    "COPY loads other rows than the manifest says",
    ["incomplete", problems.loadIncomplete({ file: "FILE", loaded: "1", landed: 2 })],
  ],
  [
    "a result has fewer rows than announced",
    ["retryable", problems.resultIncomplete({ statement: "STATEMENT", rows: 1, announced: 2 })],
  ],
  ["any other error of a statement", found("001003")],
  ["any other error of the driver", found("unknown", "MESSAGE", { name: "TypeError" })],
  ["a session that only reads is asked to write", ["internal", problems.readOnlySession(ASKED)]],
];

const FILE = join(import.meta.dirname, "../../docs/snowflake-errors.md");

function document(): string {
  const rows = CASES.map(([when, [kind, { code, next }]]) => `| ${when} | ${EXIT_CODES[kind]} | \`${code}\` | ${next} |`);
  const [before = ""] = readFileSync(FILE, "utf8").split("| what happens |");
  return [`${before}| what happens | exit | problem | what to type |`, "|---|---|---|---|", ...rows, ""].join("\n");
}

describe("the table of docs/snowflake-errors.md", () => {
  test("says what the program says", () => {
    if (process.env["UPDATE_GOLDEN"]) writeFileSync(FILE, document());
    expect(existsSync(FILE)).toBe(true);
    expect(readFileSync(FILE, "utf8")).toBe(document());
  });

  test("has every problem of the adapter", () => {
    const source = readFileSync(join(import.meta.dirname, "../../src/warehouse/snowflake/problems.ts"), "utf8");
    const codes = [...source.matchAll(/code: "([^"]+)"/g)].map(([, code]) => code);
    expect(new Set(CASES.map(([, [, { code }]]) => code).filter((code) => code.startsWith("snowflake.")))).toEqual(
      new Set(codes),
    );
  });

  test.each(CASES)("%s: ends with what to type", (_, [, { next }]) => {
    expect(next).toMatch(/`[^`]+`|^npm install|^run the same command again/);
  });
});

describe("what an error means", () => {
  test.each([
    ["390112", "retryable", "snowflake.session_gone"],
    [407002, "retryable", "snowflake.session_gone"],
    [402002, "retryable", "snowflake.unreachable"],
    ["000608", "usage", "snowflake.no_warehouse"],
    ["002043", "usage", "snowflake.right_missing"],
    ["390422", "usage", "snowflake.sign_in"],
    ["000603", "internal", "warehouse.statement_failed"],
  ] as const)("%s: %s, %s", (code, kind, problem) => {
    expect(found(code)).toMatchObject([kind, { code: problem }]);
  });

  test.each([
    ["SQL execution canceled: lock timeout", "000604"],
    ["Statement 'a' has locked table 'T' in transaction 1 and this lock has not yet been released.", "000625"],
    ["Your statement was aborted because LOCK_TIMEOUT was reached", "000999"],
    ["Statement was aborted to resolve a deadlock", "000999"],
  ])("%s: a lock", (says, code) => {
    expect(found(code, says)).toMatchObject(["retryable", { code: "snowflake.lock_timeout" }]);
  });

  test("a value that speaks of locks is none", () => {
    expect(found("100038", "Numeric value 'the lock has timed out' is not recognized")).toMatchObject(["internal", {}]);
  });

  test.each(["390111", 401002, 407002])("%s: the session is lost", (code) => {
    expect(failureOf(driverError(code, "m"), ASKED)).toBeInstanceOf(LostSession);
  });

  test.each(["000625", "000604", "000630", "100090", "002003"])("%s: the session is as good as before", (code) => {
    expect(failureOf(driverError(code, "m"), ASKED)).not.toBeInstanceOf(LostSession);
  });
});

describe("what a message never holds", () => {
  const everywhere = (failure: Failure) => `${failure.message}\n${inspect(failure, { depth: 20, showHidden: true })}`;

  test.each([
    ["100038", "Numeric value 'Ann O'Hara' is not recognized"],
    ["100035", "Timestamp 'Ann' is not recognized"],
    ["100069", 'Error parsing JSON: unknown keyword "Ann", pos 4'],
    ["100071", "Failed to cast variant value Ann to DATE"],
    ["100078", "String 'Ann' is too long and would be truncated"],
    ["100090", 'Duplicate row detected during DML action\nRow Values: [4711, "Ann"]'],
    ["100999", "Something new about Ann"],
    ["100016", "Field delimiter ',' found while expecting record delimiter\n  Row 1, column NAME: Ann, 4711"],
  ])("%s: no value of a row", (code, says) => {
    const failure = failureOf(driverError(code, says, { data: { queryId: "01b6", rows: ["Ann"] } }), ASKED);
    expect(everywhere(failure)).not.toMatch(/Ann|Hara|4711/);
    if (code !== "100090") expect(failure.message).toContain("query 01b6");
  });

  test("no tokens, headers and addresses with signatures that the driver's error carries", () => {
    const error = driverError("unknown", "PUT https://bucket/x?X-Signature=SECRET failed", {
      name: "Error",
      data: { token: "SECRET" },
      response: { config: { headers: { Authorization: "SECRET" } }, body: "SECRET" },
      responseBody: "SECRET",
      cause: new Error("SECRET"),
    });
    const failure = failureOf(error, ASKED);
    expect(everywhere(failure)).not.toContain("SECRET");
    expect(failure.message).toContain("https://bucket/x?…");
  });
});
