import { type Problem, problem } from "../../kernel/problem.ts";

export function driverMissing(p: { driver: string }): Problem {
  return problem({
    code: "snowflake.driver_missing",
    says: "this environment's warehouse is Snowflake, and its driver is not installed",
    next: `npm install --save-exact ${p.driver}`,
  });
}

export function signInRefused(p: { account: string; user: string; code: string }): Problem {
  return problem({
    code: "snowflake.sign_in",
    says: `Snowflake did not accept the sign-in of ${p.user} at ${p.account} (${p.code})`,
    next: "compare sign_in, user and role in pipeline.yaml with `DESCRIBE USER` and its network policy, as docs/snowflake.md shows; then `ledgerloop doctor`",
  });
}

export function keyUnreadable(p: { path: string }): Problem {
  return problem({
    code: "snowflake.key",
    says: `the private key ${p.path} cannot be read or decrypted`,
    next: "give its passphrase, if it has one; `openssl pkcs8 -topk8 -in KEY -out KEY.p8` makes the form that is read: docs/snowflake.md",
  });
}

export function unreachable(p: { account: string; code: string }): Problem {
  return problem({
    code: "snowflake.unreachable",
    says: `Snowflake account ${p.account} could not be reached (${p.code})`,
    next: "run the same command again; `ledgerloop doctor` shows whether address, proxy and network policy let this machine through",
  });
}

export function sessionGone(p: { statement: string; code: string }): Problem {
  return problem({
    code: "snowflake.session_gone",
    says: `the Snowflake session ended during statement ${p.statement} (${p.code}); its transaction, if any, is rolled back`,
    next: "run the same command again: landed bytes are reused",
  });
}

export function noWarehouse(p: { statement: string; code: string }): Problem {
  return problem({
    code: "snowflake.no_warehouse",
    says: `statement ${p.statement} found no compute warehouse it may use: none is named, it is suspended, or its quota is used up (${p.code})`,
    next: "`SHOW WAREHOUSES` and `SHOW RESOURCE MONITORS` in Snowflake; name the warehouse in pipeline.yaml and grant USAGE on it",
  });
}

export function rightMissing(p: { statement: string; reason: string }): Problem {
  return problem({
    code: "snowflake.right_missing",
    says: `statement ${p.statement} was refused: an object is not there, or the role may not use it: ${p.reason}`,
    next: "`ledgerloop warehouse apply` creates what the pipeline needs; then grant as `ledgerloop warehouse ddl --dialect snowflake` shows",
  });
}

export function lockTimeout(p: { statement: string; code: string }): Problem {
  return problem({
    code: "snowflake.lock_timeout",
    says: `statement ${p.statement} waited too long for a lock that another transaction holds (${p.code})`,
    next: "run the same command again; `SHOW LOCKS IN ACCOUNT` shows the holder, `SELECT SYSTEM$ABORT_TRANSACTION(<id>)` ends a dead one",
  });
}

export function deadlinePassed(p: { statement: string; seconds: number }): Problem {
  return problem({
    code: "snowflake.deadline",
    says: `statement ${p.statement} was cancelled: no answer within ${p.seconds} s`,
    next: "run the same command again, with a larger warehouse or statement_timeout_seconds in pipeline.yaml if it comes back",
  });
}

export function cancelledStatement(p: { statement: string }): Problem {
  return problem({
    code: "snowflake.cancelled",
    says: `statement ${p.statement} was cancelled`,
    next: "run the same command again: landed bytes are reused",
  });
}

/** A request is repeated when its answer was lost; whether it had been executed is not known. */
export function sentTwice(p: { statement: string }): Problem {
  return problem({
    code: "snowflake.sent_twice",
    says: `the answer to statement ${p.statement} was lost and the driver sent it again, so it may have run twice; nothing of it is kept`,
    next: "run the same command again: landed bytes are reused",
  });
}

export function driverFailed(p: { statement: string; reason: string }): Problem {
  return problem({
    code: "snowflake.driver",
    says: `Snowflake's driver failed at statement ${p.statement}: ${p.reason}`,
    next: "run the same command again; if it comes back, `ledgerloop doctor`",
  });
}

export function duplicateMatch(p: { statement: string }): Problem {
  return problem({
    code: "snowflake.duplicate_match",
    says: `statement ${p.statement} found several new rows for one published row (100090); nothing was published`,
    next: "`ledgerloop show RUN` shows the run; keep its landed batch as evidence and report it",
  });
}

/** The same bytes would be refused again. */
export function textTooLong(p: { statement: string; reason: string }): Problem {
  return problem({
    code: "snowflake.text_too_long",
    says: `statement ${p.statement} met a text that is longer than its column takes: ${p.reason}; a VARCHAR of this program takes 16 MiB`,
    next: "shorten the text at the source, or take its column out of the feed's contract, then `ledgerloop run`: docs/limits.md",
  });
}

export function readOnlySession(p: { statement: string }): Problem {
  return problem({
    code: "snowflake.read_only",
    says: `statement ${p.statement} would write in a session that only reads`,
    next: "nothing was sent; ask with one `SELECT`",
  });
}

export function uploadFailed(p: { file: string; status: string }): Problem {
  return problem({
    code: "snowflake.upload",
    says: `the upload of ${p.file} to Snowflake's stage ended as "${p.status}"`,
    next: "run the same command again: landed bytes are reused; `ledgerloop doctor` checks the way to the account",
  });
}

export function loadIncomplete(p: { file: string; loaded: string; landed: number }): Problem {
  return problem({
    code: "snowflake.load",
    says: `Snowflake loaded ${p.loaded} rows of ${p.file}, its manifest says ${p.landed}`,
    next: "run the same command again; if it comes back, `ledgerloop doctor` compares the landed bytes with their manifests",
  });
}

export function resultIncomplete(p: { statement: string; rows: number; announced: number }): Problem {
  return problem({
    code: "snowflake.partial_result",
    says: `statement ${p.statement} announced ${p.announced} rows and ${p.rows} came`,
    next: "run the same command again: landed bytes are reused",
  });
}
