import type { Feed } from "../../config/pipeline.ts";
import type { Json } from "../../kernel/json.ts";
import { Failure } from "../../kernel/problem.ts";
import { toRead } from "../deriver.ts";
import { rowFileColumns } from "../landed-text.ts";
import { landOnly } from "../only-keys.ts";
import { cellSpecs } from "../pages/cells.ts";
import type { Route } from "../pages/page-rows.ts";
import { DELETES_NAME, type PagesParameters, pagesDeriver, SCOPES_NAME, UNDERWAY_NAME } from "../pages/pages-deriver.ts";
import { cancelled } from "../problems.ts";
import type { Evidence, ExtractedFile, FeedExtract, FeedRequest, RowFiles, StateChange } from "../source.ts";
import { COVERAGE, isInside, type Listed } from "./coverage.ts";
import type { CreatedRange } from "./read-down.ts";
import { ACCOUNT, type Here, isBesideCursor, isoOf, LAG, missingKey, NEXT, PATHS, type Reading, type Way } from "./readings.ts";
import { createdColumn, showsGone, stripeReading } from "./stripe-kind.ts";

/** Text in which nothing has a meaning to a regular expression. */
const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");

function routesOf(feed: Feed, { path }: Listed): Route[] {
  const line = COVERAGE[stripeReading(feed).object];
  const inside = line.changes === "parents" ? line.inside : null;
  const scope = inside === null ? null : "inside";
  const routes: Route[] = [
    { request: `^[^?]*${literal(path)}(?:\\?|$)`, list: "/data", inside, scope },
    { request: `^[^?]*${literal(path)}/([^/?]+)(?:\\?|$)`, list: null, inside, scope },
  ];
  return line.changes === "parents"
    ? [{ request: line.request, list: "/data", inside: null, scope: "request" }, ...routes]
    : routes;
}

/** What is gone by now: called deleted, or not there for the second time. */
function goneOf({ found, deleted, missingBefore }: Reading): Set<string> {
  const twice = [...found.missing].filter((id) => missingBefore.has(id));
  return new Set([...found.deleted, ...twice, ...deleted]);
}

function parametersOf({ feed, only }: FeedRequest, reading: Reading): PagesParameters {
  const { of } = reading;
  const { key, object } = stripeReading(feed);
  const isNested = isInside(object);
  const gone = goneOf(reading);
  for (const id of gone) of.positions.remove(id);
  return {
    columns: rowFileColumns(feed),
    cells: cellSpecs(feed.contract.columns),
    routes: routesOf(feed, of.line),
    key,
    id: "/id",
    deleted: "/deleted",
    dropped: of.positions.dropped,
    overruled: of.positions.overruled,
    // No version orders them: an object that is gone has no row beside. One that was asked for by its id is gone since it does not come.
    deletes: isNested || reading.way === "only" ? [] : [...gone].map((id) => [id, null]),
    emptied: isNested && reading.way !== "only" ? [...gone] : null,
    ...(isNested && only && { only: only.flatMap(([id]) => id ?? []) }),
    ...(reading.net && { underway: { column: isNested ? "_scope" : key, keys: [...reading.net.underway].sort() } }),
  };
}

/** The ranges that were read to their end: those of nets, and what an instalment has come down by; of a load that is begun anew rows are there. */
function rangesOf({ net, way, next, began, start }: Reading): readonly CreatedRange[] {
  if (net) return net.done;
  if (way === "changes" || way === "only" || next === (began ?? start)) return [];
  return [{ from: next, before: began ?? (way === "whole" ? Number.POSITIVE_INFINITY : start) }];
}

/** Of which ranges everything was brought; nothing where the contract does not say to the second when objects were created. */
function completeOf({ feed }: FeedRequest, reading: Reading): Pick<FeedExtract, "complete"> {
  const done = rangesOf(reading);
  const column = createdColumn(feed);
  if (column === null || isInside(stripeReading(feed).object) || done.length === 0) return {};
  const ranges = done.map(({ from, before }) => ({
    from: from === null ? null : isoOf(from),
    before: before === Number.POSITIVE_INFINITY ? null : isoOf(before),
  }));
  return { complete: { column, ranges } };
}

type Landed = Pick<FeedExtract, "files" | "scopes" | "deletes" | "underway">;

/** The files beside the rows, by their names: which member of an extract each is. */
const BESIDE = { [SCOPES_NAME]: "scopes", [DELETES_NAME]: "deletes", [UNDERWAY_NAME]: "underway" } as const;

const isBeside = (name: string): name is keyof typeof BESIDE => name in BESIDE;

function besideColumns(name: keyof typeof BESIDE, { key, underway }: PagesParameters): readonly string[] {
  const columns = { scopes: ["_scope"], deletes: [key, "_stamp"], underway: [underway?.column ?? key] };
  return columns[BESIDE[name]];
}

/** Makes the row files of a feed and lands them. */
async function landRows({ request }: Here, feed: Feed, from: { evidence: readonly Evidence[]; parameters: PagesParameters }) {
  const sink = request.sink(feed.id);
  const evidence = toRead(from.evidence, request.openEvidence);
  const files: ExtractedFile[] = [];
  const beside: Partial<Record<"scopes" | "deletes" | "underway", RowFiles>> = {};
  for await (const { name, bytes, rows } of pagesDeriver.derive(evidence, from.parameters as unknown as Json)) {
    if (request.signal.aborted) throw new Failure("retryable", cancelled(request.source.id));
    const file = { ...(await sink(name, bytes)), rows: rows() };
    if (isBeside(name)) beside[BESIDE[name]] = { files: [file], columns: besideColumns(name, from.parameters), rows: file.rows };
    else files.push(file);
  }
  const landed: Landed = { files, ...beside };
  return landed;
}

/** Where the feed stands afterwards. */
function reachedOf({ api }: Here, { way, next, start, reached }: Reading): Pick<FeedExtract, "cursor" | "loading"> {
  if (isBesideCursor(way)) return { cursor: null };
  if (way !== "changes" && next !== null) return { cursor: null, loading: { since: isoOf(start) } };
  const position = way === "changes" ? reached : start;
  const { account, livemode } = api.identity;
  return { cursor: { kind: "created", position, identity: { account, livemode }, horizon: isoOf(position) } };
}

/** Objects that were not there are asked for again by the next run of changes; where a load goes on, and in which account. */
function stateOf({ api }: Here, reading: Reading, feed: Feed): StateChange[] {
  const { way, next, found, missingBefore, deleted, paths, net } = reading;
  if (net) return net.state;
  const known = paths.news(feed);
  const seen = known === null ? [] : [{ key: PATHS, value: known }];
  if (way === "only") return seen;
  const missing = [...found.missing].filter((id) => way === "whole" || !missingBefore.has(id));
  const isSettled = (id: string) => !missing.includes(id) && (way === "whole" || found.done.has(id) || deleted.has(id));
  const settled = [...missingBefore].filter(isSettled).map((id) => ({ key: missingKey(id), value: null }));
  const waiting = missing.map((id) => ({ key: missingKey(id), value: true }));
  return [
    ...settled,
    ...waiting,
    ...seen,
    ...(way === "changes"
      ? []
      : [
          { key: NEXT, value: next },
          { key: ACCOUNT, value: next === null ? null : { ...api.identity } },
        ]),
  ];
}

type Findings = NonNullable<FeedExtract["findings"]>;

function loadingFinding({ way, start, next, began }: Reading): Findings {
  if (way === "changes" || isBesideCursor(way) || next === null) return [];
  const left = `what was created before ${isoOf(next)} is still to come`;
  const says = next < (began ?? start) ? left : `the budget ended before anything was complete; ${left}`;
  return [{ of: "loading", says }];
}

/** Seconds by which the API's clock may be ahead before people are told. */
const AHEAD = 60;

function clockFinding({ api, horizon }: Here): Findings {
  const ahead = api.now - LAG - horizon;
  const says = `the clock of the source is ${Math.round(ahead / 60)} min ahead of this machine's, beyond which nothing is read`;
  return ahead > AHEAD ? [{ of: "clock", says }] : [];
}

/** Why nets do not read all of a feed again. */
function netFindings({ feed }: FeedRequest, { net }: Reading): Findings {
  if (net === null) return [];
  const unseen = showsGone(feed) || isInside(stripeReading(feed).object);
  const gone = "which ones are gone, since the contract has no column of instants for /created";
  return [...net.left, ...(unseen ? [] : [gone])].map((left) => ({ of: "net", says: `not read again: ${left}` }));
}

/**
 * Objects that were asked for by their ids and are not found, though they were once: nobody says that they are deleted. What stands in
 * another one that is not found, or not shown, is not known either.
 */
function doubtedOf({ only = [], neverSeen = [], within }: FeedRequest, { found }: Reading): Set<string> {
  const never = new Set(neverSeen.map(([id]) => id));
  const isUnknown = (parent: string | undefined) =>
    parent !== undefined && (found.missing.has(parent) || found.forbidden.has(parent));
  const ids = within ? only.flatMap(([id], i) => (id != null && isUnknown(within[i]) ? [id] : [])) : [...found.missing];
  return new Set(ids.filter((id) => !never.has(id)));
}

/** What becomes of objects that are not there, and of which nobody says that they are deleted. */
const MISSING_WORDS: Partial<Readonly<Record<Way, string>>> = {
  net: "are published as if they were to change, and are not there: `ledgerloop run --full` says whether they are gone",
  only: "are not there, and nobody says that they are deleted: their rows stay, and `ledgerloop run --full` says whether they are gone",
};

function findingsOf(here: Here, asked: FeedRequest, reading: Reading): Findings {
  const { of, found, missingBefore, way } = reading;
  const missing =
    way === "only" ? doubtedOf(asked, reading).size : [...found.missing].filter((id) => !missingBefore.has(id)).length;
  const says = (count: number, what: string) => `${count} of ${of.name} ${what}`;
  const waits = MISSING_WORDS[way] ?? "changed and are not there; deleted if the next run finds none either";
  return [
    ...clockFinding(here),
    ...loadingFinding(reading),
    ...netFindings(asked, reading),
    ...(missing === 0 ? [] : [{ of: "objects_missing" as const, says: says(missing, waits) }]),
    ...(found.forbidden.size === 0
      ? []
      : [{ of: "objects_forbidden" as const, says: says(found.forbidden.size, "are not shown to this key") }]),
  ];
}

/** The ids that were asked for, but for those that are not found and were once: what does not come of these is gone. */
async function onlyOf({ request }: Here, asked: FeedRequest, reading: Reading): Promise<Pick<FeedExtract, "only">> {
  const { feed, only } = asked;
  if (!only) return {};
  const doubted = doubtedOf(asked, reading);
  return {
    only: await landOnly(
      request.sink(feed.id),
      feed,
      only.filter(([id]) => id != null && !doubted.has(id)),
    ),
  };
}

/** Lands what a reading brought of one of its feeds. */
export async function landReading(
  here: Here,
  reading: Reading,
  { asked, evidence }: { asked: FeedRequest; evidence: readonly Evidence[] },
): Promise<FeedExtract> {
  const { feed, cursor } = asked;
  const parameters = parametersOf(asked, reading);
  const { client, now } = here.api;
  return {
    feed: feed.id,
    request: { from: cursor?.position ?? null, whole: reading.way === "whole" },
    ...(await landRows(here, feed, { evidence, parameters })),
    columns: parameters.columns,
    sourceColumns: reading.paths.columns(feed),
    witness: "none",
    totals: [],
    ...reachedOf(here, reading),
    ...completeOf(asked, reading),
    ...(await onlyOf(here, asked, reading)),
    asOf: isoOf(now),
    state: stateOf(here, reading, feed),
    findings: findingsOf(here, asked, reading),
    notes: {
      api_version: stripeReading(feed).version,
      pages: String(reading.packs.count()),
      requests: String(client.budget.spent()),
    },
    evidence,
    deriver: { name: pagesDeriver.name, version: pagesDeriver.version, parameters: parameters as unknown as Json },
  };
}
