import { Failure, messageOf } from "../kernel/problem.ts";
import { storeBusy, storeFailed, storeRefused, storeUnreachable } from "./problems.ts";

const TRANSIENT = /^(40|08|53|57|58)|^55P03$/;
const REFUSED = /^(28|3D000|42501)/;

/** The SQLSTATE of an error of the server; null for any other. */
export function sqlState(error: unknown): string | null {
  if (!(error instanceof Error) || !("severity" in error) || !("code" in error)) return null;
  return typeof error.code === "string" ? error.code : null;
}

const CONNECTION = /^(ECONN|ETIMEDOUT|ENOTFOUND|EAI_|EPIPE|EHOST|ENET)|terminated|not queryable|timeout|SSL|certificate/;

function isConnectionError(error: Error): boolean {
  return CONNECTION.test("code" in error && typeof error.code === "string" ? error.code : error.message);
}

/** What an error of the driver means, any other error stays itself; server messages may quote values, so only the SQLSTATE is kept. */
export function storeFailure(error: unknown): unknown {
  if (error instanceof Failure || !(error instanceof Error)) return error;
  const code = sqlState(error);
  if (code === null && !isConnectionError(error)) return error;
  if (code === null) return new Failure("retryable", storeUnreachable(messageOf(error)), { cause: error });
  if (TRANSIENT.test(code)) return new Failure("retryable", storeBusy(code));
  if (REFUSED.test(code)) return new Failure("usage", storeRefused(code));
  return new Failure("internal", storeFailed(code));
}
