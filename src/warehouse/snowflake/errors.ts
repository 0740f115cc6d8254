import { Failure, type FailureKind, type Problem } from "../../kernel/problem.ts";
import { statementFailed } from "../problems.ts";
import {
  cancelledStatement,
  deadlinePassed,
  duplicateMatch,
  lockTimeout,
  noWarehouse,
  rightMissing,
  sessionGone,
  signInRefused,
  unreachable,
} from "./problems.ts";

/** What the driver throws; its code is a number for the client's own errors and a text for the server's. */
interface DriverError {
  readonly code: string;
  readonly name: string;
  readonly says: string;
}

function driverError(error: unknown): DriverError {
  const { code, name, message } = (error ?? {}) as { code?: unknown; name?: unknown; message?: unknown };
  return { code: String(code ?? "unknown"), name: String(name ?? ""), says: String(message ?? error) };
}

/** Errors of a statement, by what they mean. Session codes: 390111–390115; the others are compilation and execution codes. */
export type Meaning =
  | "session"
  | "network"
  | "warehouse"
  | "right"
  | "lock"
  | "deadline"
  | "cancelled"
  | "duplicate"
  | "sign-in"
  | "sql";

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
};

/** Codes 3901xx to 3945xx are about who asks. */
const SIGN_IN = /^39[0-4]\d{3}$/;
/** Waiting for a lock ends with the statement cancelled (000604); only the text says why. */
const LOCK = /\block(?:s|ed)?\b.*(?:timed? ?out|waiters|not yet been released)|lock_?timeout/is;

/** What an error of the driver means. */
export function meaningOf(error: unknown): Meaning {
  const { code, name, says } = driverError(error);
  if (LOCK.test(says)) return "lock";
  const known = CODES[code];
  if (known) return known;
  if (SIGN_IN.test(code)) return "sign-in";
  return name === "NetworkError" || name === "RequestFailedError" ? "network" : "sql";
}

/** Execution errors (100000 and above) quote values of rows; what stands in quotes is not repeated. */
function withoutValues({ code, says }: DriverError): string {
  const line = says.replaceAll(/\s*\n\s*/g, " ").slice(0, 400);
  return /^1\d{5}$/.test(code) ? line.replaceAll(/'[^']*'/g, "'…'") : line;
}

interface Asked {
  readonly statement: string;
  readonly account: string;
  readonly user: string;
  readonly seconds: number;
}

/** The failure that an error of a statement is for whoever runs the program; neither credentials nor values of rows are in it. */
export function failureOf(error: unknown, asked: Asked): Failure {
  const found = driverError(error);
  const { code } = found;
  const { statement } = asked;
  const reason = withoutValues(found);
  const of: Readonly<Record<Meaning, readonly [FailureKind, Problem]>> = {
    session: ["retryable", sessionGone({ statement, code })],
    network: ["retryable", unreachable({ account: asked.account, code })],
    warehouse: ["usage", noWarehouse({ statement, code })],
    right: ["usage", rightMissing({ statement, reason })],
    lock: ["retryable", lockTimeout({ statement, code })],
    deadline: ["retryable", deadlinePassed({ statement, seconds: asked.seconds })],
    cancelled: ["retryable", cancelledStatement({ statement })],
    duplicate: ["blocked", duplicateMatch({ statement })],
    "sign-in": ["usage", signInRefused({ account: asked.account, user: asked.user, code })],
    sql: ["internal", statementFailed({ statement, reason })],
  };
  const [kind, problem] = of[meaningOf(error)];
  return new Failure(kind, problem, { cause: error });
}
