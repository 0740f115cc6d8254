import { setTimeout as sleep } from "node:timers/promises";
import { Failure } from "../../kernel/problem.ts";
import { notInTransaction } from "../problems.ts";
import { UnknownOutcome } from "../warehouse.ts";
import { isProblem } from "./errors.ts";
import { end, type Line, send } from "./line.ts";
import { sentTwice } from "./problems.ts";

/** How often a transaction is played from the start. */
const TRIES = 3;

/** The session may be gone; then the server rolls back by itself. */
async function rollback(line: Line): Promise<void> {
  if (line.isLost) return;
  try {
    await send(line, { name: "rollback", sql: "ROLLBACK" }, { seconds: line.waits.grace });
  } catch {
    await end(line);
  }
}

/** Neither an error nor the answer to a COMMIT that was sent again says what became of the first one. */
async function commit(line: Line): Promise<void> {
  try {
    const { isRepeated } = await send(line, { name: "commit", sql: "COMMIT" }, { seconds: line.waits.commit });
    if (isRepeated) throw new Failure("retryable", sentTwice({ statement: "commit" }));
  } catch (error) {
    await rollback(line);
    line.isLost = true;
    throw new UnknownOutcome(error);
  }
}

async function attempt<T>(line: Line, work: () => Promise<T>): Promise<T> {
  await send(line, { name: "begin", sql: "BEGIN TRANSACTION" });
  line.inTransaction = true;
  line.spoiled = null;
  let result: T;
  try {
    result = await work();
    if (line.spoiled !== null) throw line.spoiled;
  } catch (error) {
    await rollback(line);
    throw error;
  } finally {
    line.inTransaction = false;
  }
  await commit(line);
  return result;
}

/** Nothing has happened of a transaction that could not get a lock or may have done something twice. */
const mayBePlayedAgain = (error: unknown) =>
  isProblem(error, "snowflake.lock_timeout") || isProblem(error, "snowflake.sent_twice");

/** Waits before the next time; false when the run is abandoned meanwhile. */
async function pause({ waits, options: { signal } }: Line, times: number): Promise<boolean> {
  try {
    await sleep(waits.replay * times * 1000, undefined, signal ? { signal } : {});
    return true;
  } catch (error) {
    if (signal?.aborted) return false;
    throw error;
  }
}

/** One transaction. It is played again as a whole: fence and head are proved anew. */
export async function transaction<T>(line: Line, work: () => Promise<T>): Promise<T> {
  // Snowflake takes no notice of a second BEGIN, and the first COMMIT would end both.
  if (line.inTransaction) throw new Failure("internal", notInTransaction({ statement: "begin", found: "transaction" }));
  for (let i = 1; ; i += 1) {
    try {
      return await attempt(line, work);
    } catch (error) {
      if (i === TRIES || line.isLost || !mayBePlayedAgain(error)) throw error;
      if (!(await pause(line, i))) throw error;
    }
  }
}
