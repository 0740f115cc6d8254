import type { Connection } from "snowflake-sdk";
import type { SnowflakeSettings } from "../../config/pipeline.ts";
import { Failure } from "../../kernel/problem.ts";
import type { Statement } from "../dialect.ts";
import { refuseInTransaction, statementClass } from "../statement-class.ts";
import { type OpenOptions, type Session, UnknownOutcome, type Warehouse } from "../warehouse.ts";
import { type Answer, call, disconnect } from "./call.ts";
import { connect, sessionSetup } from "./connect.ts";
import { snowflakeDialect } from "./dialect.ts";
import { meaningOf } from "./errors.ts";
import { loadStaged, loadUploaded, type Pack } from "./load.ts";
import { readOnlySession } from "./problems.ts";
import { queryTag } from "./tag.ts";

/** Time for the answer to come back after the server's own statement timeout. */
const GRACE_SECONDS = 60;
/** A lost answer to COMMIT is looked up, so nobody needs to wait for it longer. */
const COMMIT_SECONDS = 300;
/** How often a transaction is played from the start when a lock could not be had. */
const TRANSACTION_TRIES = 3;

/** After these nothing can be asked of the session any more. */
const LOSES_SESSION = new Set(["snowflake/deadline", "snowflake/cancelled", "snowflake/session-gone", "snowflake/unreachable"]);

interface Line {
  readonly connection: Connection;
  readonly settings: SnowflakeSettings;
  readonly options: OpenOptions;
  isLost: boolean;
  inTransaction: boolean;
  statements: number;
  bytes: number;
}

function lost(line: Line, error: unknown): void {
  if (error instanceof Failure && error.problems.some((p) => LOSES_SESSION.has(p.code))) line.isLost = true;
}

async function send(line: Line, statement: Statement, limits: { seconds?: number; signal?: AbortSignal } = {}): Promise<Answer> {
  const { settings, options } = line;
  line.statements += 1;
  try {
    return await call(line.connection, statement, {
      tag: queryTag(options.tag?.() ?? {}, statement),
      account: settings.account,
      user: settings.user,
      deadlineSeconds: limits.seconds ?? settings.statementTimeoutSeconds + GRACE_SECONDS,
      ...(limits.signal ? { signal: limits.signal } : {}),
    });
  } catch (error) {
    lost(line, error);
    throw error;
  }
}

/** A statement of the caller: held to the transaction's and the reader's rules before it is sent. */
async function ask(line: Line, statement: Statement): Promise<Answer> {
  if (line.inTransaction) refuseInTransaction(statement);
  if (line.options.readOnly && statementClass(statement.sql) !== "query") {
    throw new Failure("internal", readOnlySession({ statement: statement.name }));
  }
  const { signal } = line.options;
  return send(line, statement, signal ? { signal } : {});
}

/** The session may be gone; then the server rolls back by itself, and sooner when the connection is ended. */
async function rollback(line: Line): Promise<void> {
  if (line.isLost) return;
  try {
    await send(line, { name: "rollback", sql: "ROLLBACK" }, { seconds: GRACE_SECONDS });
  } catch {
    line.isLost = true;
  }
}

async function attempt<T>(line: Line, work: () => Promise<T>): Promise<T> {
  await send(line, { name: "begin", sql: "BEGIN TRANSACTION" });
  line.inTransaction = true;
  let result: T;
  try {
    result = await work();
  } catch (error) {
    await rollback(line);
    throw error;
  } finally {
    line.inTransaction = false;
  }
  try {
    await send(line, { name: "commit", sql: "COMMIT" }, { seconds: COMMIT_SECONDS });
  } catch (error) {
    line.isLost = true;
    throw new UnknownOutcome(error);
  }
  return result;
}

const isLockTimeout = (error: unknown) => error instanceof Failure && meaningOf(error.cause) === "lock";

/** Nothing of a transaction that could not get a lock has happened, so all of it is played again: fence and head are proved anew. */
async function transaction<T>(line: Line, work: () => Promise<T>): Promise<T> {
  for (let i = 1; ; i += 1) {
    try {
      return await attempt(line, work);
    } catch (error) {
      if (i === TRANSACTION_TRIES || line.isLost || !isLockTimeout(error)) throw error;
    }
  }
}

function sessionOf(line: Line, pack: Pack): Session {
  let isOpen = true;
  const own = (statement: Statement) => ask(line, statement);
  return {
    run: async (statement) => (await own(statement)).changed,
    rows: async (statement) => (await own(statement)).rows,
    transaction: (work) => transaction(line, work),
    loadRaw: async (batch) => {
      if (line.settings.load === "stage") await loadStaged(own, batch);
      else line.bytes += await loadUploaded(own, batch, pack);
    },
    usage: () => ({ statements: line.statements, bytes: line.bytes }),
    close: async () => {
      if (!isOpen) return;
      isOpen = false;
      await disconnect(line.connection);
    },
  };
}

/**
 * Snowflake as warehouse. A session is one connection: its work tables are temporary, so that no other run can see or replace
 * them, and end with it.
 */
export function snowflakeWarehouse(
  settings: SnowflakeSettings,
  { pack, role = settings.role }: { pack: Pack; role?: string | undefined },
): Warehouse {
  return {
    dialect: snowflakeDialect,
    open: async (options) => {
      const connection = await connect(settings, role);
      const line: Line = { connection, settings, options, isLost: false, inTransaction: false, statements: 0, bytes: 0 };
      try {
        await send(line, { name: "session", sql: sessionSetup(settings) }, { seconds: GRACE_SECONDS });
      } catch (error) {
        await disconnect(connection);
        throw error;
      }
      return sessionOf(line, pack);
    },
  };
}
