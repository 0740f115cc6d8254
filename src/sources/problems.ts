import { type Problem, problem } from "../kernel/problem.ts";

export function cancelled(source: string): Problem {
  return problem({ code: "source.cancelled", says: `Reading the source ${source} was cancelled.`, next: "`ledgerloop run`" });
}

export function badUrl(source: string): Problem {
  return problem({
    code: "source.url",
    says: `The connection url of the source ${source} is not an address.`,
    next: `correct connection.url in sources/${source}.yaml, then \`ledgerloop doctor\``,
  });
}

export function tableMissing(feed: string): Problem {
  return problem({
    code: "source.table",
    says: `The table of the feed ${feed} does not exist at the source.`,
    next: "`ledgerloop doctor`",
  });
}

export function keyNotTellable(p: { feed: string; column: string; base: string; type: string }): Problem {
  return problem({
    code: "source.key_not_tellable",
    says: `${p.feed} cannot be read by key: ${p.column} is ${p.base} at the source and ${p.type} by its contract, so that a key that is not found need not be gone`,
    next: `\`ledgerloop run --full --restate --feeds ${p.feed} --reason "…"\` reads everything`,
  });
}

export function columnMissing(feed: string, column: string): Problem {
  return problem({
    code: "source.column",
    says: `The feed ${feed} needs the column "${column}" (key, cursor, version or money), which is not at the source.`,
    next: `\`ledgerloop contract show ${feed}\``,
  });
}

export function cursorColumn(feed: string, column: string, type: string): Problem {
  return problem({
    code: "source.cursor_column",
    says: `The cursor column "${column}" of the feed ${feed} has type ${type}, which cannot order changes.`,
    next: "use a timestamp column for updated_at, xid8 for xid, or mode whole, then `ledgerloop plan`",
  });
}

export function capNotReadable(source: string, role: string): Problem {
  return problem({
    code: "source.cap",
    says: `The role ${role} cannot see when other transactions of the source ${source} began, so no updated_at is known to be complete.`,
    next: `grant pg_read_all_stats to "${role}", then \`ledgerloop run\``,
  });
}

export function activityHidden(source: string): Problem {
  return problem({
    code: "source.track_activities",
    says: `Sessions of the source ${source} run with track_activities off, so no updated_at is known to be complete.`,
    next: "set track_activities = on at the source, then `ledgerloop run`",
  });
}

export function capOnStandby(source: string): Problem {
  return problem({
    code: "source.standby",
    says: `The source ${source} is a standby; open transactions, and so the end of an updated_at cursor, are known only on the primary.`,
    next: `point connection.url in sources/${source}.yaml at the primary, then \`ledgerloop run\``,
  });
}

export function cursorUnreadable(feed: string): Problem {
  return problem({
    code: "source.cursor",
    says: `The published cursor of the feed ${feed} is none of this kind of source.`,
    next: "`ledgerloop run --full --reason 'cursor replaced'` reads it whole and starts a new one",
  });
}

export function countsDiffer(feed: string, counted: bigint, read: bigint): Problem {
  return problem({
    code: "source.counts",
    says: `The feed ${feed} gave ${read} rows where the source counts ${counted} in the same snapshot.`,
    next: "repeat the same `ledgerloop run`; if it stays, `ledgerloop doctor`",
  });
}

/** A side of a comparison does not hash what is known as it should: it cannot attest anything. */
export function contentOtherwise(whose: string, values: string): Problem {
  return problem({
    code: "source.content",
    says: `Nothing can be attested of ${whose}: known values are hashed otherwise there: ${values}.`,
    next: "report it with the versions that `ledgerloop doctor` prints; until then compare with `ledgerloop reconcile run --leg R2 R4`",
  });
}

/** Which rows changed since what is published was read: without that no difference can be told from an hour's work. */
export function watermarkUnknown({ feed, why, next }: { feed: string; why: string; next: string }): Problem {
  return problem({
    code: "source.watermark",
    says: `Nobody can say which rows of ${feed} changed since it was published: ${why}.`,
    next,
  });
}

/** A row file is written by this program: what it cannot hold is a mistake in the reader that derived the row. */
function notWritten(says: string): Problem {
  return problem({
    code: "source.row",
    says: `A reader derived a row that no row file holds: ${says}.`,
    next: "this is a bug of the source's reader; nothing was published; `ledgerloop runs` shows the run to report it with",
  });
}

export function rowTooWide(cells: number, columns: number): Problem {
  return notWritten(`it has ${cells} cells for ${columns} columns`);
}

export function rowTooLong(bytes: number): Problem {
  return notWritten(`it is longer than ${bytes} bytes`);
}

export function textNotLandable(column: string): Problem {
  return notWritten(`its column "${column}" has a character without a text (U+0000, or half of a surrogate pair)`);
}

/** A request to an API, by names that may be shown: never its address, its headers or what was answered. */
interface ApiRequest {
  readonly source: string;
  readonly name: string;
}

export function apiUnreachable({ source, name, code }: ApiRequest & { code: string }): Problem {
  return problem({
    code: "source.unreachable",
    says: `The source ${source} cannot be reached to ${name} (${code}).`,
    next: "`ledgerloop doctor`, then repeat the same `ledgerloop run`",
  });
}

export function apiBusy({ source, name, status }: ApiRequest & { status: number }): Problem {
  return problem({
    code: "source.busy",
    says: `The source ${source} failed to ${name} (HTTP ${status}), and did so each time it was asked.`,
    next: "repeat the same `ledgerloop run` later",
  });
}

export function apiAsksToWait({ source, name, minutes }: ApiRequest & { minutes: number }): Problem {
  return problem({
    code: "source.asks_to_wait",
    says: `The source ${source} asks to come again in ${minutes} minutes, asked to ${name}.`,
    next: "repeat the same `ledgerloop run` then",
  });
}

export function apiThrottled({ source, name }: ApiRequest): Problem {
  return problem({
    code: "source.throttled",
    says: `The source ${source} takes no more requests for now (HTTP 429), asked to ${name}.`,
    next: "repeat the same `ledgerloop run` later; if it stays, lower the source's rate",
  });
}

export function rateTooSlow({ source, name, bucket }: ApiRequest & { bucket: string }): Problem {
  return problem({
    code: "source.rate",
    says: `The rate "${bucket}" of the source ${source} leaves no request to ${name} before the deadline.`,
    next: "repeat the same `ledgerloop run` later; if it stays, raise the source's rate or deadline",
  });
}

export function noPlace({ source, name, atOnce }: ApiRequest & { atOnce: number }): Problem {
  return problem({
    code: "source.at_once",
    says: `The ${atOnce} requests that the source ${source} is asked at once left no place to ${name} before the deadline.`,
    next: "repeat the same `ledgerloop run` later; if it stays, raise the source's deadline",
  });
}

export function rateUnknown({ source, name, bucket }: ApiRequest & { bucket: string }): Problem {
  return problem({
    code: "source.rate_unknown",
    says: `The reader of the source ${source} has no rate "${bucket}" to ${name}.`,
    next: "this is a bug of the source's reader; `ledgerloop runs` shows the run to report it with",
  });
}

/** The code of the problem that a budget of requests ended. */
export const BUDGET = "source.budget";

export function budgetUsedUp({ source, name, limit }: ApiRequest & { limit: number }): Problem {
  return problem({
    code: BUDGET,
    says: `The ${limit} requests that a run may make to the source ${source} are used up, before it could ${name}.`,
    next: "raise the source's request budget, then `ledgerloop run`",
  });
}

export function apiLogin({ source, name }: ApiRequest): Problem {
  return problem({
    code: "source.login",
    says: `The source ${source} does not accept the credentials, asked to ${name} (HTTP 401).`,
    next: `renew the credentials that sources/${source}.yaml names, then \`ledgerloop doctor\``,
  });
}

export function secretVariableMissing({ source, variable }: { source: string; variable: string }): Problem {
  return problem({
    code: "source.secret_variable",
    says: `The variable ${variable}, in which sources/${source}.yaml has a secret, is not set or empty.`,
    next: `export ${variable}=…, then \`ledgerloop doctor\``,
  });
}

export function secretFileUnreadable({ source, file, code }: { source: string; file: string; code: string }): Problem {
  return problem({
    code: "source.secret_file",
    says: `The file ${file}, in which sources/${source}.yaml has a secret, cannot be read (${code}).`,
    next: "write the secret into it, or correct its path or its rights, then `ledgerloop doctor`",
  });
}

export function secretFileEmpty({ source, file }: { source: string; file: string }): Problem {
  return problem({
    code: "source.secret_empty",
    says: `The file ${file}, in which sources/${source}.yaml has a secret, is empty.`,
    next: "write the secret into it, then `ledgerloop doctor`",
  });
}

/** What failed may quote a credential, so it is not told. */
export function credentialsNotReady({ source, name }: ApiRequest): Problem {
  return problem({
    code: "source.credentials",
    says: `The credentials of the source ${source} could not be made ready to ${name}.`,
    next: `correct the credentials that sources/${source}.yaml names, then \`ledgerloop doctor\``,
  });
}

export function apiForbidden({ source, name }: ApiRequest): Problem {
  return problem({
    code: "source.right",
    says: `The source ${source} does not let these credentials ${name} (HTTP 403).`,
    next: "give them the right at the source, then `ledgerloop doctor`",
  });
}

export function answerRefused({ source, name, status }: ApiRequest & { status: number }): Problem {
  return problem({
    code: "source.answer",
    says: `The source ${source} answered HTTP ${status}, asked to ${name}.`,
    next: `compare sources/${source}.yaml with what the API knows, then \`ledgerloop doctor\``,
  });
}

export function certificateRefused({ source, name, code }: ApiRequest & { code: string }): Problem {
  return problem({
    code: "source.certificate",
    says: `The source ${source} does not prove who it is (${code}), so it was not asked to ${name}.`,
    next: "correct the certificate, or name its authority by NODE_EXTRA_CA_CERTS, then `ledgerloop doctor`",
  });
}

export function requestRefused({ source, name }: ApiRequest): Problem {
  return problem({
    code: "source.request",
    says: `The request to ${name} cannot be sent to the source ${source}: a header or the address has characters that HTTP does not take.`,
    next: `correct the credentials and the address that sources/${source}.yaml names, then \`ledgerloop doctor\``,
  });
}

export function otherOrigin({ source, name }: ApiRequest): Problem {
  return problem({
    code: "source.other_origin",
    says: `To ${name}, the source ${source} points to another address than its own, which gets no credentials.`,
    next: `correct the address in sources/${source}.yaml, then \`ledgerloop doctor\``,
  });
}

export function answerTooLarge({ source, name, bytes }: ApiRequest & { bytes: number }): Problem {
  return problem({
    code: "source.answer_size",
    says: `The source ${source} answered more than ${bytes} bytes, asked to ${name}.`,
    next: "ask for smaller pages in the source's settings, then `ledgerloop run`",
  });
}

export function answerPacked({ source, name }: ApiRequest): Problem {
  return problem({
    code: "source.answer_packed",
    says: `The source ${source} packed its answer although it was asked not to, asked to ${name}; a cut one could not be told from a whole one.`,
    next: "switch compression off in the proxy before the API, then `ledgerloop doctor`",
  });
}

export function answerWithoutEnd({ source, name }: ApiRequest): Problem {
  return problem({
    code: "source.answer_end",
    says: `The source ${source} does not say where its answer ends, asked to ${name}; a cut one could not be told from a whole one.`,
    next: "have the proxy before the API send Content-Length or chunks, then `ledgerloop doctor`",
  });
}
