import { type Problem, problem } from "../../kernel/problem.ts";

/** What the server refused, and which feed it was asked for; without one it was asked for none or for all. */
interface Refusal {
  readonly source: string;
  readonly feed: string | undefined;
  /** SQLSTATE. */
  readonly code: string;
  /** What it stands for, in words that end a sentence. */
  readonly says: string;
}

const AGAIN = "repeat the same `ledgerloop run`";

function refused({ source, feed, code, says }: Refusal, parts: { code: string; next: string }): Problem {
  const what = feed === undefined ? `The source ${source}` : `The feed ${feed} of the source ${source}`;
  return problem({
    code: parts.code,
    says: `${what} was not read: ${says} (SQLSTATE ${code}). Nothing of it was kept.`,
    next: parts.next,
  });
}

export function interrupted(of: Refusal): Problem {
  return refused(of, { code: "source.interrupted", next: AGAIN });
}

export function lockNotGiven(of: Refusal): Problem {
  const next = `end the session that changes or locks the table (pg_locks at the source), or wait, then ${AGAIN}`;
  return refused(of, { code: "source.lock", next });
}

export function noConnection(of: Refusal): Problem {
  const next = `end idle sessions at the source or raise max_connections there, or wait, then ${AGAIN}`;
  return refused(of, { code: "source.connections", next });
}

export function refusedLogin(of: Refusal): Problem {
  const next = `correct connection.url in sources/${of.source}.yaml, then \`ledgerloop doctor\``;
  return refused(of, { code: "source.login", next });
}

export function noRight({ source, feed }: Refusal, role: string): Problem {
  const what = feed === undefined ? `every row of every table of the source ${source}` : `every row of the feed ${feed}`;
  return problem({
    code: "source.right",
    says: `The role ${role} may not read ${what} (no SELECT right, or row-level security; SQLSTATE 42501).`,
    next: `grant select on the feeds' tables to ${role} (and bypassrls where policies exist), then \`ledgerloop doctor\``,
  });
}

export function statementTimeout(of: Refusal, seconds: number): Problem {
  const limit = `statement_timeout_seconds of sources/${of.source}.yaml (${seconds})`;
  const says = `a statement took longer than ${limit}`;
  const next = `raise statement_timeout_seconds in sources/${of.source}.yaml, then \`ledgerloop run\``;
  return refused({ ...of, says }, { code: "source.statement_timeout", next });
}

export function limitMet(of: Refusal): Problem {
  if (of.code === "53300") {
    const next =
      "raise or lift that CONNECTION LIMIT at the source, or end the login's other sessions there, then `ledgerloop run`";
    return refused(of, { code: "source.limit", next });
  }
  const next =
    "raise that limit at the source (`show all` there lists its settings), or make the feed smaller, then `ledgerloop run`";
  return refused(of, { code: "source.limit", next });
}

/** The server would not hand a text out because its bytes are none in UTF-8. */
export function notUtf8(of: Refusal): Problem {
  const next =
    "correct the row at the source (in a SQL_ASCII database: where convert_from(convert_to(<column>, 'SQL_ASCII'), 'UTF8') fails), then run again";
  return refused(of, { code: "source.not_utf8", next });
}

export function readGone(of: Refusal): Problem {
  return refused(of, { code: "source.gone", next: "`ledgerloop plan` compares the configuration with what is there now" });
}

export function serverLacks(of: Refusal): Problem {
  const next =
    "point connection.url at the PostgreSQL server itself, of a version that docs/operations.md names, then `ledgerloop doctor`";
  return refused(of, { code: "source.unsupported", next });
}

export function rowFailed(of: Refusal): Problem {
  const next = "select the feed's table at the source, which says why, and correct the view or the row; then `ledgerloop run`";
  return refused(of, { code: "source.row_failed", next });
}

export function serverDamaged(of: Refusal): Problem {
  return refused(of, { code: "source.server", next: "the server's log says more; have it repaired, then `ledgerloop run`" });
}

export function queryFailed(of: Refusal): Problem {
  const next = "`ledgerloop plan` shows the columns asked for; `ledgerloop doctor` compares them with the source";
  return refused(of, { code: "source.query", next });
}

export function unanswered(source: string): Problem {
  return problem({
    code: "source.unanswered",
    says: `The source ${source} took the connection and gave no answer to its first statement: a pooler without a free server, most likely.`,
    next: `give the pool of this login more servers, or wait, then ${AGAIN}`,
  });
}
