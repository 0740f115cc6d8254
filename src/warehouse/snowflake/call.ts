import type { Connection, FileAndStageBindStatement, RowStatement } from "snowflake-sdk";
import { Failure, type Problem } from "../../kernel/problem.ts";
import type { Statement } from "../dialect.ts";
import type { Answer, TextRow } from "../warehouse.ts";
import { type Asked, failureOf, LostSession } from "./errors.ts";
import { cancelledStatement, deadlinePassed, resultIncomplete } from "./problems.ts";
import type { Wire } from "./wire.ts";

/** A connection of the driver and what is seen of it on the wire. */
export interface Link {
  readonly connection: Connection;
  readonly wire: Wire;
}

/** How one statement is sent. */
export interface CallOptions {
  readonly tag: string;
  /** Its `seconds` are our own deadline: the driver by itself would repeat a failing request for a long time. */
  readonly asked: Asked;
  readonly goodbyeSeconds: number;
  readonly signal?: AbortSignal;
}

export interface Called extends Answer {
  /** Rows that a DML statement changed. */
  readonly changed: bigint;
  /** Whether the driver sent the statement again while nobody knew whether it had run. */
  readonly isRepeated: boolean;
}

type Driver = RowStatement | FileAndStageBindStatement;
type Rows = readonly Readonly<Record<string, unknown>>[];

function asText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** Unquoted names come back in upper case; this program's aliases are in lower case. */
function textRow(row: Readonly<Record<string, unknown>>): TextRow {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name.toLowerCase(), asText(value)]));
}

/** `NUMBER(38,0)`, `TIMESTAMP_NTZ`: the driver says `fixed`, and its digits apart. */
function columnsOf(driver: Driver): Answer["columns"] {
  const columns = ("getColumns" in driver ? driver.getColumns() : undefined) ?? [];
  return columns.map((column) => {
    const type = column.getType().toUpperCase();
    const digits = `NUMBER(${column.getPrecision()},${column.getScale()})`;
    return { name: column.getName().toLowerCase(), type: type === "FIXED" ? digits : type };
  });
}

/** DML answers one row of these counts. The driver (3.3.0) adds up all columns of it, multi-joined rows too, and in doubles. */
const COUNT = /^number of rows (?:inserted|updated|deleted)$/;

function changedRows(rows: readonly TextRow[]): bigint {
  const counts = Object.entries(rows[0] ?? {}).filter(([name]) => COUNT.test(name));
  return counts.reduce((sum, [, count]) => sum + BigInt(count ?? "0"), 0n);
}

/** Fewer rows than announced would be a wrong measurement, never a short one. */
function whole(statement: Statement, driver: Driver, rows: Rows): void {
  const announced = "getNumRows" in driver ? driver.getNumRows() : undefined;
  if (announced === undefined || announced === rows.length || announced < 0) return;
  throw new Failure("retryable", resultIncomplete({ statement: statement.name, rows: rows.length, announced }));
}

/** Calls back once, at the latest after so many seconds. */
function within(seconds: number, work: (done: () => void) => void): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, seconds * 1000);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    try {
      work(done);
    } catch {
      // There is nothing left to end.
      done();
    }
  });
}

/** What ends the waiting for an answer: `over` rejects when the deadline passes or the signal aborts. */
interface Patience {
  readonly over: Promise<never>;
  isOver(): boolean;
  end(): void;
}

function patience({ asked, signal }: CallOptions): Patience {
  let isOver = false;
  let end = () => {};
  const over = new Promise<never>((_, reject) => {
    const giveUp = (problem: Problem) => {
      isOver = true;
      reject(new LostSession("retryable", problem));
    };
    const timer = setTimeout(() => giveUp(deadlinePassed(asked)), asked.seconds * 1000);
    const onAbort = () => giveUp(cancelledStatement(asked));
    signal?.addEventListener("abort", onAbort, { once: true });
    end = () => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    };
  });
  return { over, isOver: () => isOver, end };
}

function execute(
  { connection, wire }: Link,
  statement: Statement,
  { tag, asked }: CallOptions,
): { driver: Driver; result: Promise<Rows> } {
  const settle: { resolve?: (rows: Rows) => void; reject?: (failure: Failure) => void } = {};
  const result = new Promise<Rows>((resolve, reject) => Object.assign(settle, { resolve, reject }));
  const driver = wire.run(() =>
    connection.execute({
      sqlText: statement.sql,
      parameters: { QUERY_TAG: tag },
      complete: (error, _, rows) => (error ? settle.reject?.(failureOf(error, asked)) : settle.resolve?.(rows ?? [])),
    }),
  );
  return { driver, result };
}

/**
 * Sends one statement and waits for its whole result as text.
 * @throws Failure by what the driver's error means.
 * @throws LostSession when the session or the way to it is gone, when the deadline passes or the signal aborts; in the last two
 * cases the statement was cancelled. Its connection must not be used again.
 */
export async function call(link: Link, statement: Statement, options: CallOptions): Promise<Called> {
  const { driver, result } = execute(link, statement, options);
  const waiting = patience(options);
  try {
    const rows = await Promise.race([result, waiting.over]);
    whole(statement, driver, rows);
    const texts = rows.map(textRow);
    const isRepeated = link.wire.wasRepeated(driver.getRequestId());
    return { columns: columnsOf(driver), rows: texts, changed: changedRows(texts), isRepeated };
  } catch (error) {
    if (waiting.isOver()) await within(options.goodbyeSeconds, (done) => link.wire.run(() => driver.cancel(done)));
    throw error;
  } finally {
    waiting.end();
  }
}

/** Ends a connection; the server rolls back what was open. Resolves whatever it answers, and nothing is sent after that. */
export async function disconnect({ connection, wire }: Link, seconds: number): Promise<void> {
  await within(seconds, (done) => wire.run(() => connection.destroy(done)));
  wire.hangUp();
}
