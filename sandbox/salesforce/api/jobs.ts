import { struckBy } from "../../simulator/switchboard.ts";
import type { Ids } from "../ids.ts";
import { shuffle } from "../shuffle.ts";
import { isAggregate } from "../soql/aggregate.ts";
import { type Column, columnOf } from "../soql/columns.ts";
import { objectOf, type Plan, planOf, selectedRows } from "../soql/execute.ts";
import { parseSoql } from "../soql/parse.ts";
import type { Soql } from "../soql/syntax.ts";
import type { Fields } from "../values.ts";
import { type Answer, type Asked, restInstant } from "./asked.ts";
import { withoutLost } from "./query.ts";
import { invalidType, notFound, Refusal } from "./refusal.ts";

/** What separates the columns of a job's results, by the name that the service has for it. */
export const DELIMITERS: Readonly<Record<string, string>> = {
  BACKQUOTE: "`",
  CARET: "^",
  COMMA: ",",
  PIPE: "|",
  SEMICOLON: ";",
  TAB: "\t",
};

const LIVES_MS = 7 * 24 * 3600 * 1000;

type State = "UploadComplete" | "InProgress" | "JobComplete" | "Failed" | "Aborted";

/** A query that is worked on. */
export interface Job {
  readonly id: string;
  readonly soql: string;
  readonly operation: "query" | "queryAll";
  readonly delimiter: string;
  readonly lineEnding: "LF" | "CRLF";
  readonly version: string;
  readonly created: number;
  readonly user: string;
  readonly object: string;
  readonly columns: readonly Column[];
  state: State;
  /** Its rows, from the instant on at which it is complete. */
  rows: readonly Fields[];
  changed: number;
  polls: number;
  error: string | null;
  /** Reads its rows. */
  readonly read: () => readonly Fields[];
}

/** The jobs that are known. */
export interface Jobs {
  /** How often a job's state is asked for before it is complete. */
  readonly polls: number;
  /** How many rows a page of results has where nobody says. */
  readonly pageRows: number;
  all(now: number): Job[];
  add(job: Omit<Job, "id">): Job;
  find(id: string, now: number): Job | undefined;
  drop(id: string): void;
}

/** A list of no jobs. They are forgotten, with their results, after seven days of the clock. */
export function noJobs(ids: Ids, { polls, pageRows }: { polls: number; pageRows: number }): Jobs {
  const jobs = new Map<string, Job>();
  const all = (now: number) => {
    for (const [id, { created }] of jobs) if (created + LIVES_MS <= now) jobs.delete(id);
    return [...jobs.values()];
  };
  return {
    polls,
    pageRows,
    all,
    add: (job) => {
      const added = { ...job, id: ids.next("750") };
      jobs.set(added.id, added);
      return added;
    },
    find: (id, now) => all(now).find((one) => one.id === id || one.id.slice(0, 15) === id),
    drop: (id) => void jobs.delete(id),
  };
}

const apiError = (message: string) => new Refusal(400, "API_ERROR", { message });

interface Wanted {
  readonly operation: "query" | "queryAll";
  readonly soql: string;
  readonly columnDelimiter: string;
  readonly lineEnding: "LF" | "CRLF";
}

function oneOf<T extends string>(value: unknown, field: string, allowed: readonly T[]): T {
  const found = allowed.find((one) => one === value);
  if (found === undefined) throw apiError(`Unknown value for ${field}: ${String(value)}`);
  return found;
}

function wantedIn(body: string): Wanted {
  let sent: Record<string, unknown>;
  try {
    sent = JSON.parse(body) as Record<string, unknown>;
  } catch {
    throw new Refusal(400, "JSON_PARSER_ERROR", { message: "the body is not JSON" });
  }
  oneOf(sent["contentType"] ?? "CSV", "contentType", ["CSV"]);
  return {
    operation: oneOf(sent["operation"], "operation", ["query", "queryAll"]),
    soql: String(sent["query"] ?? ""),
    columnDelimiter: oneOf(sent["columnDelimiter"] ?? "COMMA", "columnDelimiter", Object.keys(DELIMITERS)),
    lineEnding: oneOf(sent["lineEnding"] ?? "LF", "lineEnding", ["LF", "CRLF"]),
  };
}

function expectForBulk(soql: Soql, plan: Plan): void {
  if (isAggregate(soql)) throw apiError("Aggregate Relationships not supported in Bulk V2 Query with CSV content type");
  if (soql.offset !== null) throw apiError("OFFSET not supported in Bulk V2 Query");
  for (const one of soql.selected) {
    if (one.kind !== "field") continue;
    const { field, name } = columnOf(one.field, plan.object, plan.sight);
    if (field.type === "address") throw apiError(`Selecting compound data not supported in Bulk Query: ${name}`);
  }
}

function parsedForBulk(text: string): Soql {
  if (/\(\s*SELECT\b/i.test(text)) throw apiError("Aggregate Relationships not supported in Bulk V2 Query with CSV content type");
  if (/\bTYPEOF\b/i.test(text)) throw apiError("TYPEOF not supported in Bulk V2 Query");
  return parseSoql(text);
}

/** Values that a formula or another row gives are settled with the rows: a result does not change once it is there. */
function settled(rows: Fields[], columns: readonly Column[]): Fields[] {
  const moving = columns.filter(({ field, through }) => field.compute || through);
  if (moving.length === 0) return rows;
  return rows.map((row) => ({ ...row, ...Object.fromEntries(moving.map(({ name, read }) => [name, read(row)])) }));
}

/** Creates a job, once its query is found to be one. */
export function createJob(asked: Asked): Answer {
  const { org, sight, strikes, version } = asked;
  const wanted = wantedIn(asked.body);
  const soql = parsedForBulk(wanted.soql);
  const plan = planOf(soql, objectOf(soql, sight, invalidType), sight);
  expectForBulk(soql, plan);
  const columns = soql.selected.flatMap((one) => (one.kind === "field" ? [columnOf(one.field, plan.object, sight)] : []));
  const reach = {
    deleted: wanted.operation === "queryAll" && !struckBy(strikes, "deleted_vanish"),
    whereIgnored: struckBy(strikes, "where_ignored") !== undefined,
  };
  const now = org.clock.now().getTime();
  const job = org.jobs.add({
    soql: wanted.soql,
    operation: wanted.operation,
    delimiter: wanted.columnDelimiter,
    lineEnding: wanted.lineEnding,
    version,
    created: now,
    user: sight.user,
    object: plan.object.name,
    columns,
    state: "UploadComplete",
    rows: [],
    changed: now,
    polls: 0,
    error: null,
    read: () => {
      const rows = withoutLost({ org, strikes }, selectedRows(plan, reach));
      if (struckBy(strikes, "row_order") && soql.orderBy.length === 0) shuffle(rows, org.random);
      return settled(rows, columns);
    },
  });
  return { status: 200, body: infoOf(job, false) };
}

/** A job as it is shown; the version of the API is a number, and keeps its zero. */
function infoOf(job: Job, whole: boolean): string {
  const info = {
    id: job.id,
    operation: job.operation,
    object: job.object,
    createdById: job.user,
    createdDate: restInstant(job.created),
    systemModstamp: restInstant(job.changed),
    state: job.state,
    concurrencyMode: "Parallel",
    contentType: "CSV",
    apiVersion: "VERSION",
    ...(whole ? { jobType: "V2Query" } : {}),
    lineEnding: job.lineEnding,
    columnDelimiter: job.delimiter,
    ...(whole ? progressOf(job) : {}),
  };
  return JSON.stringify(info).replace('"VERSION"', job.version);
}

function progressOf(job: Job) {
  return {
    numberRecordsProcessed: job.rows.length,
    retries: 0,
    totalProcessingTime: job.state === "UploadComplete" ? 0 : 25 * (job.polls + 1),
    isPkChunkingSupported: true,
    ...(job.error === null ? {} : { errorMessage: job.error }),
  };
}

/** The job that an address names. Refuses with 404, and with 409 another version of the API than it was created with. */
export function jobIn(asked: Asked): Job {
  const job = asked.org.jobs.find(asked.parts[0] ?? "", asked.org.clock.now().getTime());
  if (!job) throw notFound();
  if (job.version !== asked.version) {
    const message = `job ${job.id} was created with version ${job.version} of the API`;
    throw new Refusal(409, "API_VERSION_MISMATCH", { message });
  }
  return job;
}

function moveTo(job: Job, state: State, now: number): void {
  job.state = state;
  job.changed = now;
}

function workOn(asked: Asked, job: Job): void {
  const now = asked.org.clock.now().getTime();
  if (job.state !== "UploadComplete" && job.state !== "InProgress") return;
  const failed = struckBy(asked.strikes, "job_failed");
  if (failed) {
    job.error = failed.message ?? "InternalServerError : the query could not be completed";
    moveTo(job, "Failed", now);
  } else if (struckBy(asked.strikes, "job_stuck")) {
    moveTo(job, "InProgress", now);
  } else if (job.polls < asked.org.jobs.polls) {
    job.polls += 1;
    moveTo(job, "InProgress", now);
  } else {
    job.rows = job.read();
    moveTo(job, "JobComplete", now);
  }
}

/** A job's state. It gets on by being asked for. */
export function jobState(asked: Asked): Answer {
  const job = jobIn(asked);
  workOn(asked, job);
  return { status: 200, body: infoOf(job, true) };
}

/** All jobs. */
export function listJobs({ org }: Asked): Answer {
  const records = org.jobs.all(org.clock.now().getTime()).map((job) => infoOf(job, false));
  return { status: 200, body: `{"done":true,"nextRecordsUrl":null,"records":[${records.join(",")}]}` };
}

const invalidState = (message: string) => new Refusal(400, "INVALIDJOBSTATE", { message });

/** Aborts a job that is not at its end. */
export function abortJob(asked: Asked): Answer {
  const job = jobIn(asked);
  const { state } = JSON.parse(asked.body || "{}") as { state?: unknown };
  oneOf(state, "state", ["Aborted"]);
  if (job.state !== "UploadComplete" && job.state !== "InProgress") {
    throw invalidState(`Aborting a job in state ${job.state} is not allowed`);
  }
  moveTo(job, "Aborted", asked.org.clock.now().getTime());
  return { status: 200, body: infoOf(job, false) };
}

/** Deletes a job and its results. */
export function deleteJob(asked: Asked): Answer {
  const job = jobIn(asked);
  if (job.state === "InProgress") throw invalidState("A job in state InProgress cannot be deleted");
  asked.org.jobs.drop(job.id);
  return { status: 204, body: "" };
}
