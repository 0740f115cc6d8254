import type { Connection, FileAndStageBindStatement, RowStatement } from "snowflake-sdk";
import { Failure } from "../../kernel/problem.ts";
import type { Statement } from "../dialect.ts";
import type { TextRow } from "../warehouse.ts";
import { failureOf } from "./errors.ts";
import { cancelledStatement, deadlinePassed, resultIncomplete } from "./problems.ts";

/** How one statement is sent. */
export interface CallOptions {
  readonly tag: string;
  readonly account: string;
  readonly user: string;
  /** Ours: the driver itself would repeat a failing request for hours. */
  readonly deadlineSeconds: number;
  readonly signal?: AbortSignal;
}

export interface Answer {
  readonly rows: TextRow[];
  /** Rows that a DML statement changed. */
  readonly changed: bigint;
  readonly queryId: string;
}

type Driver = RowStatement | FileAndStageBindStatement;

function asText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Unquoted names come back in upper case; this program's aliases are in lower case. */
function textRow(row: Readonly<Record<string, unknown>>): TextRow {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name.toLowerCase(), asText(value)]));
}

/** The driver counts updated rows of all DML kinds; -1 stands for a statement that changes none. */
function changedRows(statement: Driver): bigint {
  const count = "getNumUpdatedRows" in statement ? (statement.getNumUpdatedRows() ?? 0) : 0;
  return count > 0 ? BigInt(count) : 0n;
}

/** Fewer rows than announced would be a wrong measurement, never a short one. */
function whole(statement: Statement, driver: Driver, rows: readonly unknown[]): void {
  const announced = "getNumRows" in driver ? driver.getNumRows() : undefined;
  if (announced === undefined || announced === rows.length || announced < 0) return;
  throw new Failure("retryable", resultIncomplete({ statement: statement.name, rows: rows.length, announced }));
}

function cancel(driver: Driver | undefined): void {
  // Nobody waits for the answer: the connection is given up with the statement.
  driver?.cancel(() => undefined);
}

/**
 * Sends one statement and waits for its whole result as text.
 * @throws Failure by what the driver's error means; `retryable` when the deadline passes or the signal aborts, and then the
 * statement was cancelled and its connection must not be used again.
 */
export async function call(connection: Connection, statement: Statement, options: CallOptions): Promise<Answer> {
  const { deadlineSeconds: seconds, signal } = options;
  const asked = { statement: statement.name, account: options.account, user: options.user, seconds };
  if (signal?.aborted) throw new Failure("retryable", cancelledStatement(asked));
  let driver: Driver | undefined;
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  try {
    const rows = await new Promise<readonly Record<string, unknown>[]>((resolve, reject) => {
      const giveUp = (failure: Failure) => {
        cancel(driver);
        reject(failure);
      };
      timer = setTimeout(() => giveUp(new Failure("retryable", deadlinePassed(asked))), seconds * 1000);
      onAbort = () => giveUp(new Failure("retryable", cancelledStatement(asked)));
      signal?.addEventListener("abort", onAbort, { once: true });
      driver = connection.execute({
        sqlText: statement.sql,
        parameters: { QUERY_TAG: options.tag },
        complete: (error, _statement, found) => (error ? reject(failureOf(error, asked)) : resolve(found ?? [])),
      });
    });
    if (driver === undefined) throw new Error(`${statement.name}: the driver returned no statement`);
    whole(statement, driver, rows);
    return { rows: rows.map(textRow), changed: changedRows(driver), queryId: driver.getQueryId() };
  } finally {
    clearTimeout(timer);
    if (onAbort) signal?.removeEventListener("abort", onAbort);
  }
}

/** Ends a connection; the server rolls back what was open. Resolves whatever it answers. */
export function disconnect(connection: Connection): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, 5000);
    try {
      connection.destroy(() => {
        clearTimeout(timer);
        resolve();
      });
    } catch {
      // It was never, or is no longer, connected.
      clearTimeout(timer);
      resolve();
    }
  });
}
