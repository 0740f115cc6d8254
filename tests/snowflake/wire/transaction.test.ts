import { EventEmitter, once } from "node:events";
import { describe, expect, test } from "vitest";
import type { Failure } from "../../../src/kernel/problem.ts";
import { type Session, UnknownOutcome } from "../../../src/warehouse/warehouse.ts";
import { failureOf, openSession, shape, type Wired } from "./session.ts";
import { Stub } from "./stub.ts";
import { changed, cutAfter, cutBefore, refuse, slow, status, table } from "./turns.ts";

const HELD = "Statement '01b6' has locked table 'FENCE__BILLING' in transaction 17 and this lock has not yet been released.";
const TOO_MANY = refuse(
  "000625",
  `${HELD}\nYour statement was aborted because the number of waiters for this lock exceeds the 20 statements limit.`,
);
const WAITED = refuse("000604", "SQL execution canceled: lock wait timed out");

const FENCE = { name: "publish.fence", sql: "UPDATE OPS.FENCE SET RUN_ID = 'r'" };
const WRITE = { name: "staging-insert.app.entries", sql: "INSERT INTO STAGING.T SELECT 1" };
const READ = { name: "after", sql: "SELECT 1" };

/** A publication in three statements. */
async function publication(session: Session): Promise<string> {
  await session.run(FENCE);
  await session.run(WRITE);
  await session.rows(READ);
  return "published";
}

/** First words of what arrived after the session's set-up. */
const words = (stub: Stub) => stub.asked.map((sql) => sql.split(" ")[0]);
const PLAYED = ["BEGIN", "UPDATE", "INSERT", "SELECT"];

async function at(work: (stub: Stub, session: Session) => Promise<void>, wired: Wired = {}): Promise<void> {
  await using stub = await Stub.start();
  const session = await openSession(stub, wired);
  await work(stub, session);
  await session.close();
}

/** How a transaction ended that may have been committed. */
async function unknown(work: Promise<unknown>): Promise<Failure> {
  const ended = await work.then(String, (error: unknown) => error);
  if (ended instanceof UnknownOutcome) return ended.cause as Failure;
  throw ended;
}

describe("what a transaction holds", () => {
  test("one session, BEGIN first and COMMIT last", () =>
    at(async (stub, session) => {
      expect(await session.transaction(() => publication(session))).toBe("published");
      expect(words(stub)).toEqual([...PLAYED, "COMMIT"]);
      expect(new Set(stub.executed.map((e) => e.session)).size).toBe(1);
    }));

  test.each([
    "CREATE TEMPORARY TABLE x (a VARCHAR)",
    "ALTER TABLE x ADD COLUMN b VARCHAR",
    "TRUNCATE TABLE x",
    "COMMIT",
    "BEGIN",
    "PUT 'file:///x' @s",
    "INSERT INTO x SELECT 1; DROP TABLE x",
    "-- SELECT\nDROP TABLE x",
    "CALL p()",
    "USE SCHEMA x",
  ])("%s: refused before it is sent, and rolled back", (sql) =>
    at(async (stub, session) => {
      const failure = await failureOf(session.transaction(() => session.run({ name: "t", sql })));
      expect(shape(failure)).toEqual(["internal", "warehouse.not_in_transaction"]);
      expect(words(stub)).toEqual(["BEGIN", "ROLLBACK"]);
    }),
  );

  test("no transaction in a transaction: Snowflake would take no notice of the inner BEGIN", () =>
    at(async (stub, session) => {
      const failure = await failureOf(session.transaction(() => session.transaction(() => publication(session))));
      expect(shape(failure)).toEqual(["internal", "warehouse.not_in_transaction"]);
      expect(words(stub)).toEqual(["BEGIN", "ROLLBACK"]);
    }));

  test("a session that only reads sends nothing else", () =>
    at(
      async (stub, session) => {
        expect(shape(await failureOf(session.run(WRITE)))).toEqual(["internal", "snowflake.read_only"]);
        await session.rows(READ);
        expect(words(stub)).toEqual(["SELECT"]);
      },
      { readOnly: true },
    ));
});

describe("ROLLBACK is sent on every error", () => {
  test.each([
    [
      "a statement's",
      refuse("100038", "Numeric value 'x' is not recognized", "22018"),
      ["internal", "warehouse.statement_failed"],
    ],
    ["a missing right", refuse("003001", "Insufficient privileges", "42501"), ["usage", "snowflake.right_missing"]],
    [
      "the server's own timeout",
      refuse("000630", "Statement reached its statement timeout"),
      ["retryable", "snowflake.deadline"],
    ],
    ["somebody cancelled it", refuse("000604", "SQL execution canceled"), ["retryable", "snowflake.cancelled"]],
    ["no compute warehouse", refuse("000606", "No active warehouse selected", "57P03"), ["usage", "snowflake.no_warehouse"]],
    [
      "a duplicate match",
      refuse("100090", 'Duplicate row detected during DML action\nRow Values: [12, "Ann"]', "42P18"),
      ["blocked", "snowflake.duplicate_match"],
    ],
  ] as const)("%s", (_, turn, expected) =>
    at(async (stub, session) => {
      stub.on(/^INSERT/, turn);
      const failure = await failureOf(session.transaction(() => publication(session)));
      expect(shape(failure)).toEqual(expected);
      expect(failure.message).not.toMatch(/Ann|'x'/);
      expect(words(stub)).toEqual(["BEGIN", "UPDATE", "INSERT", "ROLLBACK"]);
      // The session is as good as before.
      expect(await session.transaction(() => publication(session))).toBe("published");
    }),
  );

  test("of ours: whatever the work throws goes through", () =>
    at(async (stub, session) => {
      const mine = new Error("the head moved");
      await expect(session.transaction(() => session.run(FENCE).then(() => Promise.reject(mine)))).rejects.toBe(mine);
      expect(words(stub)).toEqual(["BEGIN", "UPDATE", "ROLLBACK"]);
    }));

  test("that the work itself has swallowed: the server has undone the transaction and would answer COMMIT with success", () =>
    at(async (stub, session) => {
      stub.on(/^INSERT/, refuse("002003", "Object does not exist", "02000"));
      const work = async () => {
        await session.run(WRITE).catch(() => undefined);
        return session.run(FENCE);
      };
      expect(shape(await failureOf(session.transaction(work)))).toEqual(["usage", "snowflake.right_missing"]);
      expect(words(stub)).toEqual(["BEGIN", "INSERT", "UPDATE", "ROLLBACK"]);
    }));

  test("a ROLLBACK that fails ends the session, which rolls back as well", () =>
    at(async (stub, session) => {
      stub.on(/^INSERT/, refuse("002003", "Object does not exist", "02000"));
      stub.on(/^ROLLBACK/, refuse("000603", "SQL execution internal error", "XX000"));
      expect(shape(await failureOf(session.transaction(() => publication(session))))).toEqual([
        "usage",
        "snowflake.right_missing",
      ]);
      expect(stub.count("delete")).toBe(1);
      expect(shape(await failureOf(session.rows(READ)))).toEqual(["retryable", "snowflake.session_gone"]);
    }));
});

describe("a lock that cannot be had", () => {
  test.each([
    ["waited for too long, at the fence", /^UPDATE/, WAITED],
    ["waited for by too many, in the middle", /^INSERT/, TOO_MANY],
  ] as const)("%s: the whole transaction is played again, the fence first", (_, pattern, turn) =>
    at(async (stub, session) => {
      stub.on(pattern, turn);
      expect(await session.transaction(() => publication(session))).toBe("published");
      const broken = PLAYED.slice(0, PLAYED.indexOf(String(pattern).slice(2, 8)) + 1);
      expect(words(stub)).toEqual([...broken, "ROLLBACK", ...PLAYED, "COMMIT"]);
    }),
  );

  test("is given up after three times: exit 40, nothing committed", () =>
    at(async (stub, session) => {
      stub.on(/^INSERT/, TOO_MANY, WAITED, TOO_MANY, TOO_MANY);
      const failure = await failureOf(session.transaction(() => publication(session)));
      expect(shape(failure)).toEqual(["retryable", "snowflake.lock_timeout"]);
      expect(words(stub)).toEqual([1, 2, 3].flatMap(() => ["BEGIN", "UPDATE", "INSERT", "ROLLBACK"]));
    }));

  test("a run that is abandoned while it waits for its next try does not try again", () => {
    const abandoned = new AbortController();
    return at(
      async (stub, session) => {
        stub.on(/^INSERT/, TOO_MANY);
        const failed = failureOf(session.transaction(() => publication(session)));
        await stub.arrival("statement", /^ROLLBACK/);
        await stub.quiet();
        abandoned.abort();
        expect(shape(await failed)).toEqual(["retryable", "snowflake.lock_timeout"]);
        expect(words(stub)).toEqual(["BEGIN", "UPDATE", "INSERT", "ROLLBACK"]);
      },
      { signal: abandoned.signal, waits: { replay: 50 } },
    );
  });
});

describe.concurrent("the answer is lost and the driver sends again by itself", () => {
  test("a query: its answer counts, once", () =>
    at(async (stub, session) => {
      stub.on(/^SELECT/, cutAfter(), table([{ name: "N", type: "fixed", scale: 0 }], [["1"]]));
      expect(await session.rows(READ)).toEqual([{ n: "1" }]);
      expect(new Set(stub.arrivals.filter((a) => a.sql === READ.sql).map((a) => a.requestId)).size).toBe(1);
    }));

  test.each([
    ["which ran twice", cutAfter(changed("insert", [5])), 2],
    ["which ran once", cutBefore, 1],
    ["after an HTTP 503", status(503), 1],
  ] as const)("DML in a transaction, %s: nothing of it is kept, and all is played again", (_, turn, times) =>
    at(async (stub, session) => {
      stub.on(/^INSERT/, turn, changed("insert", [5]));
      expect(await session.transaction(() => publication(session))).toBe("published");
      expect(words(stub)).toEqual(["BEGIN", "UPDATE", "INSERT", "INSERT", "ROLLBACK", ...PLAYED, "COMMIT"]);
      const first = stub.executed.findIndex((e) => e.sql === "ROLLBACK");
      expect(stub.executed.slice(0, first).filter((e) => e.sql === WRITE.sql)).toHaveLength(times);
    }),
  );

  test("DML in a transaction of a server that knows the request again: also played again, which changes nothing", () =>
    at(async (stub, session) => {
      stub.remembersRequests = true;
      stub.on(/^INSERT/, cutAfter(changed("insert", [5])), changed("insert", [6]));
      const inserted: bigint[] = [];
      await session.transaction(async () => inserted.push(await session.run(WRITE)));
      expect(inserted).toEqual([6n]);
    }));

  test("DML outside a transaction: exit 40", () =>
    at(async (stub, session) => {
      stub.on(/^INSERT/, cutAfter(changed("insert", [5])));
      expect(shape(await failureOf(session.run(WRITE)))).toEqual(["retryable", "snowflake.sent_twice"]);
    }));

  test("BEGIN and DDL that replaces what it made: as if nothing had been", () =>
    at(async (stub, session) => {
      stub.on(/^BEGIN/, cutAfter());
      await session.run({ name: "t", sql: "CREATE OR REPLACE TEMPORARY TABLE X (A VARCHAR)" });
      expect(await session.transaction(() => publication(session))).toBe("published");
    }));
});

describe.concurrent("the answer to COMMIT is lost", () => {
  test.each([
    ["before it happened", cutBefore],
    ["after it happened", cutAfter()],
  ] as const)("%s: success of the second COMMIT proves nothing, so the outcome is not known", (_, turn) =>
    at(async (stub, session) => {
      stub.on(/^COMMIT/, turn);
      const cause = await unknown(session.transaction(() => publication(session)));
      expect(shape(cause)).toEqual(["retryable", "snowflake.sent_twice"]);
      expect(words(stub).slice(-3)).toEqual(["COMMIT", "COMMIT", "ROLLBACK"]);
      expect(shape(await failureOf(session.rows(READ)))).toEqual(["retryable", "snowflake.session_gone"]);
    }),
  );

  test.each([
    ["the session is gone", refuse("390111", "Session no longer exists.", null), "snowflake.session_gone"],
    ["an error", refuse("000603", "SQL execution internal error", "XX000"), "warehouse.statement_failed"],
    ["a lock", WAITED, "snowflake.lock_timeout"],
  ] as const)("%s instead of an answer: not known, never played again", (_, turn, code) =>
    at(async (stub, session) => {
      stub.on(/^COMMIT/, turn);
      expect((await unknown(session.transaction(() => publication(session)))).problems[0]?.code).toBe(code);
      expect(words(stub).filter((word) => word === "BEGIN")).toHaveLength(1);
    }),
  );

  test("no answer until our deadline for it: cancelled, not known, and the session ended", () =>
    at(
      async (stub, session) => {
        stub.on(/^COMMIT/, slow(new Promise(() => undefined), table([], [])));
        const cause = await unknown(session.transaction(() => publication(session)));
        expect(shape(cause)).toEqual(["retryable", "snowflake.deadline"]);
        expect([stub.count("abort"), stub.count("delete")]).toEqual([1, 1]);
      },
      { waits: { commit: 0.3 } },
    ));

  test("the server is gone: not known, and closing neither hangs nor throws", () =>
    at(
      async (stub, session) => {
        stub.on(/^COMMIT/, slow(new Promise(() => undefined), table([], [])));
        const ending = unknown(session.transaction(() => publication(session)));
        await stub.arrival("statement", /^COMMIT/);
        await stub.stop();
        expect((await ending).kind).toBe("retryable");
      },
      { waits: { commit: 0.5, goodbye: 0.2 } },
    ));
});

describe("tokens that end in mid-run", () => {
  test("a session token: renewed by the driver, nobody notices, and DML sent after it counts once", () =>
    at(async (stub, session) => {
      stub.on(/^INSERT/, changed("insert", [5]));
      const inserted = await session.transaction(async () => {
        await session.run(FENCE);
        stub.expireSessions();
        return session.run(WRITE);
      });
      expect(inserted).toBe(5n);
      expect(stub.count("renew")).toBe(1);
      expect(words(stub)).toEqual(["BEGIN", "UPDATE", "INSERT", "INSERT", "COMMIT"]);
      expect(stub.executed.filter((e) => e.sql === WRITE.sql)).toHaveLength(1);
    }));

  test("a session token while a statement runs: it is not sent again", () =>
    at(async (stub, session) => {
      const gate = new EventEmitter();
      stub.on(/^SELECT/, slow(once(gate, "open"), table([{ name: "N", type: "fixed", scale: 0 }], [["1"]])));
      const answer = session.rows(READ);
      await stub.arrival("statement", /^SELECT/);
      stub.expireSessions();
      await stub.arrival("result", /^/, 2);
      gate.emit("open");
      expect(await answer).toEqual([{ n: "1" }]);
      expect(stub.count("statement", /^SELECT/)).toBe(1);
    }));

  test.each([
    ["the master token too", (stub: Stub) => [stub.expireSessions(), stub.expireMasters()]],
    ["the session is not known any more", (stub: Stub) => [stub.forgetSessions()]],
  ] as const)("%s: exit 40, and nothing is asked of the session again", (_, end) =>
    at(async (stub, session) => {
      const work = async () => {
        await session.run(FENCE);
        end(stub);
        return session.run(WRITE);
      };
      const failure = await failureOf(session.transaction(work));
      expect(shape(failure)).toEqual(["retryable", "snowflake.session_gone"]);
      const arrived = stub.statements.length;
      expect(shape(await failureOf(session.rows(READ)))).toEqual(["retryable", "snowflake.session_gone"]);
      expect(stub.statements).toHaveLength(arrived);
      expect(stub.executed.map((e) => e.sql)).not.toContain(WRITE.sql);
    }),
  );
});
