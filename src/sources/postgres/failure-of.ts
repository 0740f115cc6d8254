import type { Source } from "../../config/pipeline.ts";
import { Failure, type FailureKind, type Problem } from "../../kernel/problem.ts";
import { connectionFailure } from "../../postgres/connection-fault.ts";
import { type ServerError, serverError } from "../../postgres/sqlstates.ts";
import { postgresSettings } from "./postgres-kind.ts";
import {
  interrupted,
  limitMet,
  lockNotGiven,
  noConnection,
  noRight,
  notUtf8,
  queryFailed,
  readGone,
  refusedLogin,
  rowFailed,
  serverDamaged,
  serverLacks,
  statementTimeout,
  unanswered,
} from "./server-problems.ts";
import { isUnanswered, ownerOf, roleOf } from "./session.ts";

/** Whose statement failed; a feed where the statement read one. */
export interface Asking {
  readonly source: Source;
  readonly feed?: string;
}

type Told = readonly [FailureKind, Problem];

function told(error: ServerError, { source, feed }: Asking): Told {
  const of = { source: source.id, feed, code: error.code, says: error.says };
  switch (error.verdict) {
    case "repeat":
      return ["retryable", interrupted(of)];
    case "lock":
      return ["retryable", lockNotGiven(of)];
    case "connections":
      return ["retryable", noConnection(of)];
    case "login":
      return ["incomplete", refusedLogin(of)];
    case "right":
      return ["incomplete", noRight(of, roleOf(source))];
    case "timeout":
      return ["incomplete", statementTimeout(of, postgresSettings(source).statementTimeoutSeconds)];
    case "limit":
      return ["incomplete", limitMet(of)];
    case "text":
      return ["incomplete", notUtf8(of)];
    case "gone":
      return ["incomplete", readGone(of)];
    case "unsupported":
      return ["incomplete", serverLacks(of)];
    case "row":
      return ["incomplete", rowFailed(of)];
    case "damaged":
      return ["incomplete", serverDamaged(of)];
    case "other":
      return ["incomplete", queryFailed(of)];
  }
}

/**
 * What an error of the driver means; any other error, e.g. of the object store, stays itself.
 * Server messages can quote row values, so only their SQLSTATE and what it stands for is kept.
 */
export function failureOf(error: unknown, asking: Asking): unknown {
  if (error instanceof Failure) return error;
  if (isUnanswered(error)) return new Failure("retryable", unanswered(asking.source.id));
  const found = serverError(error);
  if (found === null) return connectionFailure(error, ownerOf(asking.source));
  const [kind, problem] = told(found, asking);
  return new Failure(kind, problem);
}

/** Does work for one feed, whose failures then name it. */
export async function forFeed<T>(asking: Required<Asking>, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw failureOf(error, asking);
  }
}
