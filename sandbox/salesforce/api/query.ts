import { struckBy } from "../../simulator/switchboard.ts";
import type { Ids } from "../ids.ts";
import { aggregated, isAggregate, isBareCount } from "../soql/aggregate.ts";
import { columnOf } from "../soql/columns.ts";
import { matching, objectOf, type Plan, planOf, type Reach, selectedRows } from "../soql/execute.ts";
import { parseSoql } from "../soql/parse.ts";
import { type Writer, writerOf } from "../soql/render.ts";
import type { Fields } from "../values.ts";
import type { Answer, Asked, Org } from "./asked.ts";
import { invalidType, malformed, Refusal } from "./refusal.ts";

const MOST_IN_PAGE = 2000;
const LEAST_IN_PAGE = 200;
/** How long a locator is known, by the clock. */
const LIVES_MS = 2 * 24 * 3600 * 1000;

/** A query whose pages are not all read. Which rows it found is settled; what they are is read when their page is. */
interface Cursor {
  readonly soql: string;
  readonly found: readonly Fields[];
  readonly write: Writer;
  readonly size: number;
  readonly until: number;
}

/** The queries whose next pages may be asked for. */
export interface Cursors {
  keep(cursor: Cursor): string;
  find(id: string): Cursor | undefined;
}

/** A list of no queries. */
export function noCursors(ids: Ids): Cursors {
  const all = new Map<string, Cursor>();
  return {
    keep: (cursor) => {
      for (const [old, { until }] of all) if (until <= cursor.until - LIVES_MS) all.delete(old);
      const id = ids.next("01g");
      all.set(id, cursor);
      return id;
    },
    find: (id) => all.get(id),
  };
}

function sizeAsked(asked: Asked): number {
  const wanted = /batchSize=(\d+)/i.exec(asked.header("sforce-query-options") ?? "")?.[1];
  return wanted === undefined ? MOST_IN_PAGE : Math.min(MOST_IN_PAGE, Math.max(LEAST_IN_PAGE, Number(wanted)));
}

function resultBody(total: number, records: readonly string[], next: string | null): string {
  const more = next === null ? `"done":true` : `"done":false,"nextRecordsUrl":${JSON.stringify(next)}`;
  return `{"totalSize":${total},${more},"records":[${records.join(",")}]}`;
}

/** Rows as they are now: a later page shows what has become of them. */
function current(org: Org, row: Fields): Fields {
  return org.store.find(String(row["Id"]))?.fields ?? row;
}

function pageOf(asked: Asked, cursor: Cursor, more: { from: number; id: string | null }): Answer {
  const { org, version } = asked;
  const { found, size, write } = cursor;
  const page = found.slice(more.from, more.from + size).map((row) => current(org, row));
  const end = more.from + size;
  const id = end < found.length ? (more.id ?? org.cursors.keep(cursor)) : null;
  const next = id === null ? null : `/services/data/v${version}/query/${id}-${end}`;
  const shown = page.map((row) => String(row["Id"]));
  return { status: 200, body: resultBody(found.length, page.map(write), next), shown };
}

/** Some rows without one, where a fault says so. */
export function withoutLost(asked: Pick<Asked, "strikes" | "org">, rows: Fields[]): Fields[] {
  const lost = struckBy(asked.strikes, "row_lost");
  if (!lost || rows.length === 0) return rows;
  const at = lost.id === undefined ? asked.org.random.int(0, rows.length - 1) : rows.findIndex((row) => row["Id"] === lost.id);
  return at < 0 ? rows : rows.toSpliced(at, 1);
}

/** The rows of a plan as records; columns are checked before a row is read. */
function records(asked: Asked, plan: Plan, reach: Reach): Answer {
  const { sight, version, org } = asked;
  const columns = plan.soql.selected.flatMap((one) => (one.kind === "field" ? [columnOf(one.field, plan.object, sight)] : []));
  const write = writerOf(columns, plan.object, { sight, version });
  const found = withoutLost(asked, selectedRows(plan, reach));
  const until = org.clock.now().getTime() + LIVES_MS;
  const soql = asked.params.get("q") ?? "";
  return pageOf(asked, { soql, found, write, size: sizeAsked(asked), until }, { from: 0, id: null });
}

/** Answers a query; rows in the recycle bin are only read where `deleted` says so. */
export function query(asked: Asked, deleted: boolean): Answer {
  const text = asked.params.get("q");
  if (text === null) throw malformed("A query string has to be specified");
  const soql = parseSoql(text);
  const plan = planOf(soql, objectOf(soql, asked.sight, invalidType), asked.sight);
  const reach = { deleted: deleted && !struckBy(asked.strikes, "deleted_vanish"), whereIgnored: false };
  if (isBareCount(soql)) {
    const count = Math.min(matching(plan, reach).length, soql.limit ?? Number.MAX_SAFE_INTEGER);
    return { status: 200, body: resultBody(count, [], null) };
  }
  if (!isAggregate(soql)) return records(asked, plan, reach);
  const groups = aggregated(plan, reach);
  return { status: 200, body: resultBody(groups.length, groups, null) };
}

/** Answers the address of a next page. */
export function nextPage(asked: Asked): Answer {
  const [id = "", at = "0"] = asked.parts;
  const cursor = asked.org.cursors.find(id);
  const from = Number(at);
  if (!cursor || cursor.until <= asked.org.clock.now().getTime() || from >= cursor.found.length) throw badLocator();
  const again = struckBy(asked.strikes, "duplicate_page") ? cursor.size : 0;
  const page = pageOf(asked, cursor, { from: Math.max(0, from - again), id });
  if (again === 0) return page;
  return { ...page, body: String(page.body).replace(/-\d+","records"/, `-${from + cursor.size}","records"`) };
}

/** 400 for a locator that is none, or no longer. */
export function badLocator(): Refusal {
  return new Refusal(400, "INVALID_QUERY_LOCATOR", { message: "invalid query locator" });
}
