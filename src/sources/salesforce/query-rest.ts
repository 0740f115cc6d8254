import { Failure } from "../../kernel/problem.ts";
import type { Answer, SalesforceApi } from "./api.ts";
import { notJson, pagesShort } from "./problems.ts";

/** What a query of REST gives a page at a time. */
export interface RestPage {
  readonly totalSize: number;
  readonly done: boolean;
  readonly next: string | null;
  readonly records: readonly Readonly<Record<string, unknown>>[];
}

export interface RestQuery {
  /** What it is for: `query Account`. */
  readonly name: string;
  readonly soql: string;
  /** Deleted records too. */
  readonly all?: boolean;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** @throws Failure `incomplete` where the answer is no page of records. */
function pageOf({ body }: Answer, source: string, name: string): RestPage {
  const { totalSize, done, nextRecordsUrl, records } = (isObject(body) ? body : {}) as Record<string, unknown>;
  const next = typeof nextRecordsUrl === "string" ? nextRecordsUrl : null;
  if (typeof totalSize !== "number" || typeof done !== "boolean" || !Array.isArray(records) || (!done && next === null)) {
    throw new Failure("incomplete", notJson({ source, name }));
  }
  return { totalSize, done, next, records: records as RestPage["records"] };
}

/** A query's place on the server is gone, so that its rest cannot be asked for: the query again. */
const LOST = "INVALID_QUERY_LOCATOR";

/** How the reading of a query ended. `lost`: the server forgot its place. `short`: it gave other records than it says. */
export type RestEnd =
  | { readonly is: "whole" }
  | { readonly is: "lost" }
  | { readonly is: "short"; readonly found: number; readonly said: number };

/** Asks a query and all its pages; `onPage` is told of each before the next is asked for. @throws Failure as `ask`. */
export async function eachRestPage(
  api: SalesforceApi,
  of: RestQuery & { source: string },
  onPage: (answer: Answer, page: RestPage) => Promise<void>,
): Promise<RestEnd> {
  const { name, soql, source, all = false } = of;
  let answer = await api.ask({ name, path: all ? "queryAll" : "query", query: { q: soql } });
  let page = pageOf(answer, source, name);
  const said = page.totalSize;
  let found = 0;
  for (;;) {
    found += page.records.length;
    await onPage(answer, page);
    if (page.done || page.next === null) break;
    answer = await api.ask({ name, path: page.next, accepts: [LOST] });
    if (answer.code === LOST) return { is: "lost" };
    page = pageOf(answer, source, name);
  }
  return found === said ? { is: "whole" } : { is: "short", found, said };
}

/** The few records of a query, all of them; numbers may have lost digits. @throws Failure as `ask`. */
export async function queryRows(
  api: SalesforceApi,
  source: string,
  query: RestQuery,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const rows: Readonly<Record<string, unknown>>[] = [];
  const end = await eachRestPage(api, { ...query, source }, async (_answer, { records }) => {
    rows.push(...records);
  });
  if (end.is === "whole") return rows;
  throw new Failure(
    "incomplete",
    pagesShort({ source, name: query.name, found: rows.length, said: "said" in end ? end.said : null }),
  );
}

/** How many records a query counts, deleted ones too; as many as there can be where that takes the server too long. */
export async function queryCount(api: SalesforceApi, source: string, { name, soql }: RestQuery): Promise<number> {
  const answer = await api.ask({ name, path: "queryAll", query: { q: soql }, accepts: ["QUERY_TIMEOUT"] });
  return answer.code === null ? pageOf(answer, source, name).totalSize : Number.POSITIVE_INFINITY;
}
