import type { Random } from "../../random.ts";
import { struckBy } from "../../simulator/switchboard.ts";
import { shuffle } from "../shuffle.ts";
import type { Column } from "../soql/columns.ts";
import { csvWriter, type Fields } from "../values.ts";
import type { Answer, Asked } from "./asked.ts";
import { DELIMITERS, type Job, jobIn } from "./jobs.ts";
import { Refusal } from "./refusal.ts";

const ROWS_IN_PIECE = 2000;

/** The lines of a page, in pieces: a page of a million rows is never one text. */
function* linesOf(job: Job, columns: readonly Column[], rows: readonly Fields[]): Iterable<string> {
  const delimiter = DELIMITERS[job.delimiter] ?? ",";
  const end = job.lineEnding === "CRLF" ? "\r\n" : "\n";
  const cells = columns.map(({ name, field }) => ({ name, write: csvWriter(field.type) }));
  let piece = columns.map(({ name }) => `"${name}"`).join(delimiter) + end;
  for (const [at, row] of rows.entries()) {
    for (const [i, { name, write }] of cells.entries()) piece += (i === 0 ? "" : delimiter) + write(row[name]);
    piece += end;
    if (at % ROWS_IN_PIECE !== ROWS_IN_PIECE - 1) continue;
    yield piece;
    piece = "";
  }
  if (piece !== "") yield piece;
}

const locatorOf = (at: number) => Buffer.from(String(at)).toString("base64").replace(/=+$/, "");

/** Where a locator leads. Refuses one that was not given out. */
function placeOf(locator: string | null, job: Job): number {
  if (locator === null || locator === "") return 0;
  const text = Buffer.from(locator, "base64").toString("utf8");
  const at = Number(text);
  if (!/^\d+$/.test(text) || at >= job.rows.length || locatorOf(at) !== locator) throw lostLocator(400);
  return at;
}

/** An answer to a locator that is none, or no longer. */
export function lostLocator(status: 400 | 404): Refusal {
  const errorCode = status === 400 ? "INVALIDLOCATOR" : "NOT_FOUND";
  return new Refusal(status, errorCode, { message: "The locator is not known" });
}

function sizeAsked({ params, org }: Asked): number {
  const asked = params.get("maxRecords");
  if (asked === null) return org.jobs.pageRows;
  if (!/^\d+$/.test(asked) || Number(asked) < 1)
    throw new Refusal(400, "API_ERROR", { message: "maxRecords is no positive number" });
  return Number(asked);
}

function lacking(rows: readonly Fields[], missing: number, random: Random): Fields[] {
  const left = [...rows];
  for (let gone = 0; gone < missing && left.length > 0; gone++) left.splice(random.int(0, left.length - 1), 1);
  return left;
}

/** Answers with a page of a job's results. */
export function results(asked: Asked): Answer {
  const { strikes, org } = asked;
  const job = jobIn(asked);
  // Documented since version 49.0: no error, but nothing at all.
  if (job.state !== "JobComplete") return { status: 204, body: "" };
  const size = sizeAsked(asked);
  const at = placeOf(asked.params.get("locator"), job);
  const from = struckBy(strikes, "duplicate_page") ? Math.max(0, at - size) : at;
  const page = job.rows.slice(from, from + size);
  const wrong = struckBy(strikes, "wrong_count");
  const rows = wrong ? lacking(page, wrong.missing ?? 1, org.random) : page;
  const columns = struckBy(strikes, "column_order") ? shuffle([...job.columns], org.random) : job.columns;
  const counted = wrong?.agree ? rows.length : page.length;
  return {
    status: 200,
    type: "text/csv",
    body: linesOf(job, columns, rows),
    shown: struckBy(strikes, "page_changed") ? rows.map((row) => String(row["Id"])) : [],
    headers: {
      "Sforce-Locator": at + size < job.rows.length ? locatorOf(at + size) : "null",
      ...(struckBy(strikes, "missing_count") ? {} : { "Sforce-NumberOfRecords": String(counted) }),
    },
  };
}
