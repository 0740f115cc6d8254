import { describe, expect, test } from "vitest";
import type { Session } from "../../../src/warehouse/warehouse.ts";
import { failureOf, openSession, shape, type Wired } from "./session.ts";
import { Stub } from "./stub.ts";
import { changed, refuse, silent, slow, status, table } from "./turns.ts";

const SLOW = { name: "label.app.entries", sql: "SELECT SLOW" };
const OTHER = { name: "after", sql: "SELECT OTHER" };
const WRITE = { name: "staging-insert.app.entries", sql: "INSERT INTO STAGING.T SELECT 1" };
const NEVER = new Promise<unknown>(() => undefined);

async function at(work: (stub: Stub, session: Session) => Promise<void>, wired: Wired = {}): Promise<void> {
  await using stub = await Stub.start();
  const session = await openSession(stub, wired);
  await work(stub, session);
  await session.close();
}

const SHORT = { waits: { grace: 0.3 } };

/** A statement was cancelled, its session ended, and nothing is asked of it any more. */
async function expectGivenUp(stub: Stub, session: Session): Promise<void> {
  expect([stub.count("abort"), stub.count("delete")]).toEqual([1, 1]);
  const arrived = stub.statements.length;
  expect((await failureOf(session.rows(OTHER))).kind).toBe("retryable");
  expect((await failureOf(session.transaction(() => session.run(WRITE)))).kind).toBe("retryable");
  expect(stub.statements).toHaveLength(arrived);
}

describe("our own deadline", () => {
  test("no answer at all: the statement is cancelled by its request, exit 40", () =>
    at(async (stub, session) => {
      stub.on(/SLOW/, silent());
      expect(shape(await failureOf(session.rows(SLOW)))).toEqual(["retryable", "snowflake.deadline"]);
      const asked = await stub.arrival("statement", /SLOW/);
      const abort = await stub.arrival("abort");
      expect(abort.body).toEqual({ requestId: asked.requestId });
      await expectGivenUp(stub, session);
    }, SHORT));

  test("a statement on its way for too long: cancelled by its query id, and not asked for any more", () =>
    at(async (stub, session) => {
      stub.on(/SLOW/, slow(NEVER, table([], [])));
      expect(shape(await failureOf(session.rows(SLOW)))).toEqual(["retryable", "snowflake.deadline"]);
      await expectGivenUp(stub, session);
      await stub.quiet();
    }, SHORT));

  test("5xx without end, which the driver would ask again for minutes", () =>
    at(async (stub, session) => {
      stub.always(/SLOW/, () => status(503));
      expect(shape(await failureOf(session.rows(SLOW)))).toEqual(["retryable", "snowflake.deadline"]);
      await expectGivenUp(stub, session);
    }, SHORT));

  test("in a transaction: no ROLLBACK is sent on a session that does not answer; its end rolls back", () =>
    at(async (stub, session) => {
      stub.on(/^INSERT/, silent());
      expect(shape(await failureOf(session.transaction(() => session.run(WRITE))))).toEqual(["retryable", "snowflake.deadline"]);
      expect(stub.statements).not.toContain("ROLLBACK");
      await expectGivenUp(stub, session);
    }, SHORT));

  test.each([
    ["is refused", refuse("000605", "Statement not found", "02000")],
    ["is not answered", silent()],
  ])("a cancellation that %s changes nothing", (_, turn) =>
    at(
      async (stub, session) => {
        stub.on(/SLOW/, silent());
        stub.instead.abort = turn;
        expect(shape(await failureOf(session.rows(SLOW)))).toEqual(["retryable", "snowflake.deadline"]);
      },
      { waits: { grace: 0.3, goodbye: 0.2 } },
    ),
  );

  test("the message names the deadline, not the statement's text", () =>
    at(async (stub, session) => {
      stub.on(/SLOW/, silent());
      const { message } = await failureOf(session.rows(SLOW));
      expect(message).toContain("label.app.entries was cancelled: no answer within 0.3 s");
      expect(message).not.toContain("SELECT");
    }, SHORT));
});

describe("the signal", () => {
  test("cancels what runs: exit 40", async () => {
    const stop = new AbortController();
    await at(
      async (stub, session) => {
        stub.on(/SLOW/, silent());
        const ended = failureOf(session.rows(SLOW));
        await stub.arrival("statement", /SLOW/);
        stop.abort();
        expect(shape(await ended)).toEqual(["retryable", "snowflake.cancelled"]);
        await expectGivenUp(stub, session);
      },
      { signal: stop.signal },
    );
  });

  test("between two statements: nothing more is sent but ROLLBACK, and the session stays", async () => {
    const stop = new AbortController();
    await at(
      async (stub, session) => {
        const work = async () => {
          await session.run(WRITE);
          stop.abort();
          return session.rows(OTHER);
        };
        expect(shape(await failureOf(session.transaction(work)))).toEqual(["retryable", "snowflake.cancelled"]);
        expect(stub.asked).toEqual(["BEGIN TRANSACTION", WRITE.sql, "ROLLBACK"]);
        expect([stub.count("abort"), stub.count("delete")]).toEqual([0, 0]);
      },
      { signal: stop.signal },
    );
  });

  test("never cancels a COMMIT", async () => {
    const stop = new AbortController();
    await at(
      async (stub, session) => {
        let go: (value: unknown) => void = () => undefined;
        stub.on(/^INSERT/, changed("insert", [1]));
        stub.on(/^COMMIT/, slow(new Promise((resolve) => (go = resolve)), table([], [])));
        const published = session.transaction(() => session.run(WRITE));
        await stub.arrival("statement", /^COMMIT/);
        stop.abort();
        go(null);
        expect(await published).toBe(1n);
        expect(stub.count("abort")).toBe(0);
      },
      { signal: stop.signal },
    );
  });

  test("that came before everything: nothing is sent", async () => {
    await at(
      async (stub, session) => {
        expect(shape(await failureOf(session.rows(OTHER)))).toEqual(["retryable", "snowflake.cancelled"]);
        expect(stub.asked).toEqual([]);
      },
      { signal: AbortSignal.abort() },
    );
  });
});

describe("the end of a session", () => {
  test("is sent once, however often it is closed", () =>
    at(async (stub, session) => {
      await Promise.all([session.close(), session.close()]);
      await session.close();
      expect(stub.count("delete")).toBe(1);
    }));

  test.each([
    ["is refused", refuse("390111", "Session no longer exists.", null)],
    ["fails", status(500)],
    ["is not answered", silent()],
    ["is answered by a proxy", status(200, "<html></html>", "text/html")],
  ])("%s: closing resolves all the same", (_, turn) =>
    at(
      async (stub, session) => {
        stub.instead.delete = turn;
        await session.close();
        await stub.quiet();
      },
      { waits: { goodbye: 0.2 } },
    ),
  );

  test("the server is gone: closing resolves", () =>
    at(
      async (stub, session) => {
        await stub.stop();
        await session.close();
      },
      { waits: { goodbye: 0.2 } },
    ));

  test("the server goes in the middle of a statement: exit 40 at our deadline, and closing resolves", () =>
    at(
      async (stub, session) => {
        stub.on(/SLOW/, silent());
        const ended = failureOf(session.rows(SLOW));
        await stub.arrival("statement", /SLOW/);
        await stub.stop();
        expect((await ended).kind).toBe("retryable");
      },
      { waits: { grace: 0.5, goodbye: 0.2 } },
    ));
});

describe("an answer that is not Snowflake's", () => {
  test.each([
    ["a page of a proxy", status(200, "<html>Sign in to the network</html>", "text/html")],
    ["nothing", status(200, "", "application/json")],
    ["half a document", status(200, '{"data": {"rows', "application/json")],
    ["a refusal of a gateway", status(403, "<html></html>", "text/html")],
  ])("%s: exit 40", (_, turn) =>
    at(async (stub, session) => {
      stub.always(/SLOW/, () => turn);
      expect(shape(await failureOf(session.rows(SLOW)))).toEqual(["retryable", "snowflake.unreachable"]);
    }),
  );
});
