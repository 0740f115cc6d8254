import type { SnowflakeSettings } from "../../config/pipeline.ts";
import { Failure } from "../../kernel/problem.ts";
import type { Statement } from "../dialect.ts";
import { refuseInTransaction, statementClass } from "../statement-class.ts";
import type { OpenOptions } from "../warehouse.ts";
import { type Called, call, disconnect, type Link } from "./call.ts";
import { LostSession } from "./errors.ts";
import { cancelledStatement, readOnlySession, sentTwice, sessionGone } from "./problems.ts";
import { queryTag } from "./tag.ts";
import type { Waits } from "./waits.ts";

/** One session: its connection and what has become of it. */
export interface Line {
  readonly link: Link;
  readonly settings: SnowflakeSettings;
  readonly options: OpenOptions;
  readonly waits: Waits;
  /** After that nothing is sent on it any more. */
  isLost: boolean;
  inTransaction: boolean;
  /** What failed in the transaction under way, after which no COMMIT may be sent: the server undoes it and might still say yes. */
  spoiled: unknown;
  ended: Promise<void> | null;
  statements: number;
  bytes: number;
}

/** A line on a new connection. */
export function newLine(given: Pick<Line, "link" | "settings" | "options" | "waits">): Line {
  return { ...given, isLost: false, inTransaction: false, spoiled: null, ended: null, statements: 0, bytes: 0 };
}

/** Ends a line; ending it again waits for the first end. */
export function end(line: Line): Promise<void> {
  line.isLost = true;
  line.ended ??= disconnect(line.link, line.waits.goodbye);
  return line.ended;
}

/** Sends a statement of the adapter's own. A line that is lost by it is ended at once, so that its locks go. */
export async function send(
  line: Line,
  statement: Statement,
  limits: { seconds?: number; signal?: AbortSignal } = {},
): Promise<Called> {
  const { settings, options, waits } = line;
  if (line.isLost) throw new LostSession("retryable", sessionGone({ statement: statement.name, code: "it was given up before" }));
  const { account, user } = settings;
  line.statements += 1;
  try {
    return await call(line.link, statement, {
      tag: queryTag(options.tag?.() ?? {}, statement),
      asked: {
        statement: statement.name,
        account,
        user,
        seconds: limits.seconds ?? settings.statementTimeoutSeconds + waits.grace,
      },
      goodbyeSeconds: waits.goodbye,
      ...(limits.signal ? { signal: limits.signal } : {}),
    });
  } catch (error) {
    if (error instanceof LostSession) await end(line);
    throw error;
  }
}

/** What a caller may not ask, or not any more; found before anything is sent. */
function refuse({ options, inTransaction }: Line, statement: Statement): void {
  if (inTransaction) refuseInTransaction(statement);
  if (options.readOnly && statementClass(statement.sql) !== "query") {
    throw new Failure("internal", readOnlySession({ statement: statement.name }));
  }
  if (options.signal?.aborted) throw new Failure("retryable", cancelledStatement({ statement: statement.name }));
}

/**
 * Sends a statement of the caller. Queries may run twice; so may DDL and uploads, which replace what they made. DML may not.
 * @throws Failure `retryable` when the driver had to send DML again.
 */
export async function ask(line: Line, statement: Statement): Promise<Called> {
  try {
    refuse(line, statement);
    const { signal } = line.options;
    const answer = await send(line, statement, signal ? { signal } : {});
    if (answer.isRepeated && statementClass(statement.sql) === "dml") {
      throw new Failure("retryable", sentTwice({ statement: statement.name }));
    }
    return answer;
  } catch (error) {
    line.spoiled ??= error;
    throw error;
  }
}
