/**
 * What an error of the server means for whoever asked.
 *
 * - `repeat`: the same may succeed later without anybody's doing. Nothing else is worth a repetition.
 * - `lock`: a lock was not given in time; the same may succeed later.
 * - `connections`: no connection was free at the server; the same may succeed later.
 * - `login`, `right`: this login, database or right is refused.
 * - `timeout`: our own statement timeout.
 * - `limit`: a limit of the role, the database or the server; the same ends the same until it is raised.
 * - `text`: a stored text that cannot be handed out in UTF-8.
 * - `gone`: a table, column or schema went away while it was read.
 * - `unsupported`: the server does not know or do what reading needs.
 * - `row`: an expression of the source (a view, a generated column) fails on one of its own rows.
 * - `damaged`: files of the server are damaged or missing.
 * - `other`: everything that is not known to be one of these.
 */
export type Verdict =
  | "repeat"
  | "lock"
  | "connections"
  | "login"
  | "right"
  | "timeout"
  | "limit"
  | "text"
  | "gone"
  | "unsupported"
  | "row"
  | "damaged"
  | "other";

/** An error of the server: its code, and what is meant, in words that end a sentence. */
export interface ServerError {
  readonly code: string;
  readonly verdict: Verdict;
  readonly says: string;
}

type Meaning = readonly [verdict: Verdict, says: string];

const ENDED: Meaning = ["repeat", "the connection ended"];
const RECOVERY: Meaning = ["repeat", "the server gave way to another transaction, or on a standby to its recovery"];

/** By whole code; SQLSTATEs of PostgreSQL 18, appendix A. */
const CODES: Readonly<Record<string, Meaning>> = {
  "08P01": ["other", "the server or a pooler before it does not follow the protocol"],
  "22021": ["text", "a text holds bytes that are no characters in its encoding"],
  "22P05": ["text", "a text has a character that UTF-8 cannot be made of"],
  "25P03": ["limit", "idle_in_transaction_session_timeout passed while rows were not taken fast enough"],
  "25P04": ["limit", "transaction_timeout of the role, database or server passed"],
  "28000": ["login", "the server does not let this login in from here (pg_hba.conf), or not any more"],
  "28P01": ["login", "the password is wrong"],
  "3D000": ["login", "there is no such database"],
  "3F000": ["gone", "a schema does not exist"],
  "40000": RECOVERY,
  "40001": RECOVERY,
  "40P01": ["repeat", "the server ended a deadlock"],
  "40003": ["repeat", "the server does not say how a statement ended"],
  "42501": ["right", "a right is missing"],
  "42703": ["gone", "a column does not exist, or does not any more"],
  "42704": ["unsupported", "the server does not know a name of its own that reading needs"],
  "42883": [
    "unsupported",
    "a function is not known: it is of a newer server, or a function of the source names it without its schema",
  ],
  "42P01": ["gone", "a table does not exist, or does not any more"],
  "53000": ["limit", "a resource of the server is used up"],
  "53100": ["limit", "the server's disk is full"],
  "53200": ["limit", "the server has no memory for it (work_mem, or the machine's own)"],
  "53300": ["connections", "the server has no free connection (max_connections)"],
  "53400": ["limit", "a limit in the server's configuration passed (temp_file_limit or the like)"],
  "54000": ["limit", "a limit that is built into the server passed, as that of 1 GB for a row"],
  "54001": ["limit", "the statement is too complex for max_stack_depth, as with views over many views"],
  "54011": ["limit", "there are more columns than the server takes"],
  "54023": ["limit", "there are more arguments than the server takes"],
  "55000": ["other", "a relation is not in a state to be read, as a materialized view that was never filled"],
  "55P03": ["lock", "a lock was not given within lock_timeout"],
  "57014": ["timeout", "statement_timeout passed"],
  "57P01": ENDED,
  "57P02": ENDED,
  "57P03": ["repeat", "the server is starting, stopping or recovering"],
  "57P04": ["login", "the database was dropped"],
  "57P05": ["limit", "idle_session_timeout of the role, database or server passed"],
  "58P01": ["damaged", "the server misses a file of its own"],
  "58030": ["damaged", "the server could not read or write a file of its own"],
  "72000": ["repeat", "old rows were removed while they were read (old_snapshot_threshold)"],
  HV00N: ["repeat", "the server could not reach the one behind a foreign table"],
  XX001: ["damaged", "data of the server is damaged"],
  XX002: ["damaged", "an index of the server is damaged"],
};

/** By the first two characters, for codes that stand in no line above. */
const CLASSES: Readonly<Record<string, Meaning>> = {
  "08": ENDED,
  "0A": ["unsupported", "the server does not do what reading needs"],
  "0L": ["right", "a right is missing"],
  "0P": ["login", "a role is none"],
  "21": ["row", "an expression of the source gives several rows where it may give one"],
  "22": ["row", "an expression or a cast of the source fails on one of its rows"],
  "23": ["row", "a constraint of the source fails"],
  "25": ["other", "the transaction is in no state for it"],
  "28": ["login", "the server does not let this login in"],
  "38": ["row", "a function of the source fails on one of its rows"],
  "39": ["row", "a function of the source fails on one of its rows"],
  "42": ["other", "it does not fit the tables that are there"],
  "53": ["limit", "a resource of the server is used up"],
  "54": ["limit", "a limit that is built into the server passed"],
  "55": ["other", "a relation is in no state to be read"],
  "57": ["other", "the server was told to break it off"],
  "58": ["damaged", "the system under the server failed"],
  F0: ["other", "the server's configuration has an error"],
  HV: ["row", "a foreign table cannot be read"],
  P0: ["row", "a function of the source refuses one of its rows"],
  XX: ["damaged", "the server failed inside itself, as where a row passes its limit of 1 GB"],
};

const UNKNOWN: Meaning = ["other", "the server refused it"];

/** The function of the server that looks at the database of a login. */
const OF_DATABASE = "CheckMyDatabase";

/** Which limit was met: the functions of the server that say so have the same names in every language of its messages. */
const NO_CONNECTION: Readonly<Record<string, Meaning>> = {
  InitializeSessionUserId: ["limit", "the role's own CONNECTION LIMIT is reached (alter role … connection limit)"],
  [OF_DATABASE]: ["limit", "the database's own CONNECTION LIMIT is reached (alter database … connection limit)"],
};

/** What a pooler says in passing, all by one code. */
const POOLER_PASSING =
  /query_wait_timeout|no more connections|login has been failing|login_retry|conn(?:ection)? crashed|shut(?:ting)? ?down|cannot connect/i;
const BY_PERSON = /user request/i;

interface Said {
  readonly code: string;
  readonly message: string;
  readonly routine: string;
}

function meaningOf({ code, message, routine }: Said): Meaning {
  if (code === "53300") return NO_CONNECTION[routine] ?? CODES["53300"] ?? UNKNOWN;
  if (code === "55000" && routine === OF_DATABASE)
    return ["repeat", "the database takes no connections for now (alter database … allow_connections)"];
  if (code === "57014" && BY_PERSON.test(message)) return ["repeat", "somebody cancelled the statement at the server"];
  if (code === "08P01" && POOLER_PASSING.test(message)) return ["repeat", "the pooler has no connection to the server"];
  return CODES[code] ?? CLASSES[code.slice(0, 2)] ?? UNKNOWN;
}

const textOf = (error: object, key: string) => {
  const value = (error as Record<string, unknown>)[key];
  return typeof value === "string" ? value : "";
};

/** The SQLSTATE of an error of the server; null for any other. */
export function sqlState(error: unknown): string | null {
  if (!(error instanceof Error) || !("severity" in error)) return null;
  const code = textOf(error, "code");
  return /^[0-9A-Z]{5}$/.test(code) ? code : null;
}

/** What an error of the server means; null for any other error. Its own message can quote values of rows and is not kept. */
export function serverError(error: unknown): ServerError | null {
  const code = sqlState(error);
  if (code === null || !(error instanceof Error)) return null;
  const [verdict, says] = meaningOf({ code, message: error.message, routine: textOf(error, "routine") });
  return { code, verdict, says };
}
