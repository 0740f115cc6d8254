import { Failure } from "../kernel/problem.ts";
import { connectionFailure } from "../postgres/connection-fault.ts";
import { serverError } from "../postgres/sqlstates.ts";
import { OWNER } from "./owner.ts";
import { storeBusy, storeFailed, storeLimit, storeRefused } from "./problems.ts";

/** What an error of the driver means, any other error stays itself; server messages may quote values, so only the SQLSTATE is kept. */
export function storeFailure(error: unknown): unknown {
  if (error instanceof Failure) return error;
  const found = serverError(error);
  if (found === null) return connectionFailure(error, OWNER);
  const { code, verdict, says } = found;
  switch (verdict) {
    case "repeat":
    case "lock":
    case "connections":
    // An operation is a few rows: what makes it slow is what else the server does.
    case "timeout":
      return new Failure("retryable", storeBusy(code, says));
    case "login":
    case "right":
      return new Failure("usage", storeRefused(code, says));
    case "limit":
      return new Failure("incomplete", storeLimit(code, says));
    default:
      return new Failure("internal", storeFailed(code, says));
  }
}
