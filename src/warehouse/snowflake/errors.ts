import { Failure, type FailureKind, type Problem } from "../../kernel/problem.ts";
import { statementFailed } from "../problems.ts";
import { type DriverError, driverError } from "./driver-error.ts";
import {
  cancelledStatement,
  deadlinePassed,
  driverFailed,
  duplicateMatch,
  lockTimeout,
  noWarehouse,
  rightMissing,
  sessionGone,
  signInRefused,
  textTooLong,
  unreachable,
} from "./problems.ts";
import { reasonOf } from "./reason.ts";

/** A failure after which nothing can be asked of the session any more; the server rolls back what was open. */
export class LostSession extends Failure {}

/** What an error means, and so what is to be done. */
type Meaning =
  | "session"
  | "network"
  | "warehouse"
  | "right"
  | "lock"
  | "deadline"
  | "cancelled"
  | "duplicate"
  | "too-long"
  | "sign-in"
  | "driver"
  | "sql";

/** 3901xx: sessions and their tokens; 40xxxx: the driver's own; the others: compilation and execution. */
const CODES: Readonly<Record<string, Meaning>> = {
  "390111": "session",
  "390112": "session",
  "390113": "session",
  "390114": "session",
  "390115": "session",
  "390104": "session",
  "401004": "session",
  "407002": "session",
  "401001": "network",
  "401002": "network",
  "401003": "network",
  "402001": "network",
  "402002": "network",
  "000606": "warehouse",
  "000608": "warehouse",
  "090073": "warehouse",
  "003001": "right",
  "002003": "right",
  "002043": "right",
  "090105": "right",
  "090106": "right",
  "000625": "lock",
  "000630": "deadline",
  "000604": "cancelled",
  "100090": "duplicate",
  "100078": "too-long",
  "100082": "too-long",
};

/** Codes 3901xx to 3945xx are about who asks. */
const SIGN_IN = /^39[0-4]\d{3}$/;
/** Waiting for a lock ends with the statement cancelled (000604); only the text says why. */
const LOCK = /\block(?:s|ed)?\b.*(?:timed? ?out|waiters|not yet been released)|lock_?timeout|\bdeadlock\b/is;

function meaningOf({ code, name, says }: DriverError): Meaning {
  // Values of rows stand in execution errors, and could look like anything.
  if (!/^1\d{5}$/.test(code) && LOCK.test(says)) return "lock";
  const known = CODES[code];
  if (known) return known;
  if (SIGN_IN.test(code)) return "sign-in";
  if (name === "NetworkError" || name === "RequestFailedError") return "network";
  // An answer that is not Snowflake's: a proxy's page, half a document.
  if (name === "OperationFailedError" && code === "unknown") return "network";
  return /^\d{6}$/.test(code) ? "sql" : "driver";
}

/** What is kept of a driver's error: its data and response hold values of rows, addresses and tokens. */
class DriverFault extends Error {
  readonly code: string;
  readonly queryId: string | null;

  constructor(found: DriverError) {
    super(reasonOf(found));
    this.name = found.name || "Error";
    this.code = found.code;
    this.queryId = found.queryId;
  }
}

/** Who asked for what. */
export interface Asked {
  readonly statement: string;
  readonly account: string;
  readonly user: string;
  readonly seconds: number;
}

/** The failure that an error of a statement is for whoever runs the program; neither credentials nor values of rows are in it. */
export function failureOf(error: unknown, asked: Asked): Failure {
  const found = driverError(error);
  const { code } = found;
  const { statement, account, user, seconds } = asked;
  const reason = reasonOf(found);
  const of: Readonly<Record<Meaning, readonly [FailureKind, Problem]>> = {
    session: ["retryable", sessionGone({ statement, code })],
    network: ["retryable", unreachable({ account, code: reason })],
    warehouse: ["usage", noWarehouse({ statement, code })],
    right: ["usage", rightMissing({ statement, reason })],
    lock: ["retryable", lockTimeout({ statement, code })],
    deadline: ["retryable", deadlinePassed({ statement, seconds })],
    cancelled: ["retryable", cancelledStatement({ statement })],
    duplicate: ["blocked", duplicateMatch({ statement })],
    "too-long": ["incomplete", textTooLong({ statement, reason })],
    "sign-in": ["usage", signInRefused({ account, user, code })],
    driver: ["internal", driverFailed({ statement, reason })],
    sql: ["internal", statementFailed({ statement, reason })],
  };
  const meaning = meaningOf(found);
  const [kind, problem] = of[meaning];
  const isLost = meaning === "session" || meaning === "network";
  return new (isLost ? LostSession : Failure)(kind, problem, { cause: new DriverFault(found) });
}

/** Whether a failure has this problem. */
export function isProblem(error: unknown, code: string): boolean {
  return error instanceof Failure && error.problems.some((problem) => problem.code === code);
}
