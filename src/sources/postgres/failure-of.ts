import { Failure, messageOf } from "../../kernel/problem.ts";
import { interrupted, noRight, queryFailed, refusedLogin, unreachable } from "../problems.ts";

/** Serialization, deadlock, lock and statement timeouts, recovery conflicts, shutdowns, too many connections, I/O at the server. */
const TRANSIENT = /^(40|08|53|57|58)|^55P03$|^25P0[234]$/;
const LOGIN = /^(28|3D000$)/;

/** The SQLSTATE of an error of the server; null for any other. */
export function sqlState(error: unknown): string | null {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return null;
  return "severity" in error && /^[0-9A-Z]{5}$/.test(error.code) ? error.code : null;
}

/** Whether the server could not convert a stored text into UTF-8. */
export function isNotUtf8(error: unknown): boolean {
  return sqlState(error) === "22021";
}

const CONNECTION = /^(ECONN|ETIMEDOUT|ENOTFOUND|EAI_|EPIPE|EHOST|ENET)|terminated|not queryable|timeout expired|SSL|certificate/;

function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return CONNECTION.test("code" in error && typeof error.code === "string" ? error.code : error.message);
}

/**
 * What an error of the driver means; any other error, e.g. of the object store, stays itself.
 * Server messages can quote row values, so only their SQLSTATE is kept.
 */
export function failureOf(error: unknown, source: string, role: string): unknown {
  if (error instanceof Failure) return error;
  const code = sqlState(error);
  if (code === null) {
    return isConnectionError(error) ? new Failure("retryable", unreachable(source, messageOf(error)), { cause: error }) : error;
  }
  if (TRANSIENT.test(code)) return new Failure("retryable", interrupted(source, code));
  if (LOGIN.test(code)) return new Failure("incomplete", refusedLogin(source, code));
  if (code === "42501") return new Failure("incomplete", noRight(source, role));
  return new Failure("incomplete", queryFailed(source, code));
}
