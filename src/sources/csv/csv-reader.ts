import { isOrdered } from "../../config/landed-meta.ts";
import type { Feed } from "../../config/pipeline.ts";
import type { ColumnType } from "../../contract/contract.ts";
import { systemTimer } from "../../kernel/clock.ts";
import type { Json } from "../../kernel/json.ts";
import type { KeyTexts } from "../contents.ts";
import { rowFileColumns } from "../landed-text.ts";
import { landOnly } from "../only-keys.ts";
import type {
  Comparison,
  ControlTotal,
  Cursor,
  Extracted,
  ExtractRequest,
  FeedExtract,
  FeedRequest,
  SourceColumn,
  SourceReader,
  Witness,
} from "../source.ts";
import { type CsvParameters, csvDeriver, packingOf, SCOPES_NAME, scopesText } from "./csv-deriver.ts";
import { csvReading, csvSettings } from "./csv-kind.ts";
import { type Compared, compareFiles, listAll } from "./files/compare-files.ts";
import { dueFindings } from "./files/due-files.ts";
import { columnsOf, expectedOf, type FeedFiles, filesOf, patternOf, unknownTo } from "./files/feed-files.ts";
import { fileFindings } from "./files/file-findings.ts";
import type { FileEntry } from "./files/file-ledger.ts";
import { fileParts } from "./files/file-parts.ts";
import type { FilePattern } from "./files/file-pattern.ts";
import type { FilePlace, PlacedFile } from "./files/file-place.ts";
import { withPlace } from "./files/open-place.ts";
import { pendingFiles } from "./files/pending-files.ts";
import { SENDERS_WORDS } from "./files/senders-words.ts";
import { takeAgain } from "./files/take-again.ts";
import { lookAt, stateOf } from "./files/take-files.ts";
import { takeOnly } from "./files/take-only.ts";
import type { Looked, TakenFile, Taking } from "./files/taking.ts";
import { tryFiles } from "./files/try-files.ts";
import { keyOf } from "./scan/only-rows.ts";

/** One listing of a source, for all its feeds. */
interface Here {
  readonly request: ExtractRequest;
  readonly place: FilePlace;
  readonly now: Date;
  readonly files: readonly PlacedFile[];
  readonly patterns: readonly FilePattern[];
}

/** What the lines at the end of files count; `none` as soon as one of them does not. */
function witnessOf(taken: readonly TakenFile[], { layouts }: FeedFiles): { witness: Witness; totals: ControlTotal[] } {
  const counts = taken.map(({ facts }) => facts.trailer?.count ?? null);
  const isCounted =
    taken.length > 0
      ? counts.every((count) => count !== null)
      : layouts.every(({ layout, manifest }) => `${layout.footer} ${manifest?.pattern}`.includes("(?<count>"));
  if (!isCounted) return { witness: "none", totals: [] };
  const rows = counts.reduce((sum, count) => sum + BigInt(count ?? 0), 0n);
  return { witness: "trailer", totals: [{ currency: "*", rows: rows.toString(), minor: null, unreadable: "0" }] };
}

/** What one read of a feed is about to do. */
interface Plan extends Compared {
  readonly asked: FeedRequest;
  /** How many files this run may take; null for all. */
  readonly most: number | null;
}

async function planOf({ request, place, files, now }: Here, asked: FeedRequest): Promise<Plan> {
  const isKnown = asked.cursor !== null || asked.loading !== null;
  const compared = await compareFiles(request, filesOf(asked.feed), { place, files, now, isKnown });
  return { ...compared, asked, most: compared.all ? null : request.budget.requests };
}

function takingOf({ request, place }: Here, { of, ledger, all, lookedWith, decisions }: Plan): Taking {
  const { feed, layouts, spec } = of;
  const allows = (added: readonly SourceColumn[]) => request.accepts(feed, [...columnsOf(feed), ...added]);
  return {
    request,
    feed: feed.id,
    place,
    layouts,
    spec,
    currency: feed.money?.currency ?? null,
    isOrdered: isOrdered(feed),
    lookedWith,
    ledger,
    all,
    redelivery: of.reading.redelivery,
    decisions,
    allows,
  };
}

/** Instalments and backlogs move no cursor; a first load says since when it goes on, and ends with a cursor at that instant. */
function reached({ asked }: Plan, { later }: Looked, { now, request }: Here): Pick<FeedExtract, "cursor" | "loading"> {
  const since = asked.loading?.since ?? now.toISOString();
  const identity = csvSettings(request.source).name;
  if (later === 0) return { cursor: { kind: "listed", position: since, identity, horizon: null } };
  return asked.cursor ? { cursor: asked.cursor } : { cursor: null, loading: { since } };
}

/** The layouts that files were read by, each once, in the order in which they were needed. */
function layoutsOf(taken: readonly Pick<TakenFile, "layout">[]): CsvParameters["layouts"] {
  return [...new Set(taken.map(({ layout }) => layout))];
}

function parametersOf({ of }: Plan, { taken, otherEvidence, scopes }: Looked): CsvParameters {
  const layouts = layoutsOf(taken);
  const files = taken.map(({ path, order, layout }) => {
    return { path, packing: packingOf(path), order: isOrdered(of.feed) ? order : null, layout: layouts.indexOf(layout) };
  });
  return { ...of.spec, layouts, files: [...files, ...[...otherEvidence].map(() => null)], scopes: [...scopes] };
}

/** Lines of the ledger that the run changes: what it looked at, and what is no more. */
function changesOf({ ledger, sorted }: Plan, looked: ReadonlyMap<string, FileEntry>): Map<string, FileEntry> {
  const gone = sorted.gone.flatMap((path) => {
    const entry = ledger.get(path);
    return entry ? [[path, { ...entry, gone: true }] as const] : [];
  });
  return new Map([...looked, ...gone]);
}

async function landFeed(here: Here, plan: Plan): Promise<FeedExtract> {
  const { of, asked, ledger, sorted } = plan;
  const { request, now } = here;
  const { feed } = of;
  const taking = takingOf(here, plan);
  const looked = await lookAt(taking, { take: sorted.take, listing: plan.listing, most: plan.most });
  if (isOrdered(feed)) await takeAgain(taking, looked, feed.sourceKey);
  const parameters = parametersOf(plan, looked);
  const { taken, otherEvidence } = looked;
  const added = [...new Set(taken.flatMap(({ facts }) => facts.added))];
  const sourceColumns = columnsOf(feed, added);
  request.accepts(feed, sourceColumns);
  const changes = changesOf(plan, looked.entries);
  const found = { sorted, looked, ledger: new Map([...ledger, ...changes]), unknown: unknownTo(here.files, of, here.patterns) };
  const findings = [
    ...fileFindings(found),
    ...dueFindings({ ...expectedOf(of), ledger: found.ledger, unsettled: sorted.unsettled, decisions: plan.decisions, now }),
  ];
  const { scopes } = parameters;
  const scopesFile = scopes.length === 0 ? null : await request.sink(feed.id)(SCOPES_NAME, scopesText(scopes).bytes);
  return {
    feed: feed.id,
    request: { from: asked.cursor?.position ?? null, whole: false },
    files: await Promise.all(taken.map(({ rows }) => rows)),
    columns: rowFileColumns(feed),
    sourceColumns,
    ...witnessOf(taken, of),
    ...reached(plan, looked, here),
    asOf: now.toISOString(),
    state: stateOf(changes),
    findings,
    notes: { files: `${taken.length} taken` },
    ...(scopesFile && {
      scopes: { files: [{ ...scopesFile, rows: scopes.length }], columns: ["_scope"], rows: scopes.length },
    }),
    evidence: [...taken.map(({ evidence }) => evidence), ...otherEvidence.values()],
    deriver: { name: csvDeriver.name, version: csvDeriver.version, parameters: parameters as unknown as Json },
  };
}

/** Lands the rows of some keys: what the files in force had of them when they were taken. The folder is not asked. */
async function landKeys(here: Here, asked: FeedRequest, keys: KeyTexts): Promise<FeedExtract> {
  const { request, now } = here;
  const { feed } = asked;
  const plan = await planOf(here, asked);
  const taking = takingOf(here, plan);
  // What was never landed is in no file.
  const never = new Set((asked.neverSeen ?? []).map(keyOf));
  const landed = keys.filter((texts) => !never.has(keyOf(texts)));
  const taken = await takeOnly(taking, { key: feed.sourceKey, keys: landed });
  const layouts = layoutsOf(taken);
  const files = taken.map(({ path, order, layout, only }) => {
    return { path, packing: packingOf(path), order: taking.isOrdered ? order : null, layout: layouts.indexOf(layout), only };
  });
  const parameters: CsvParameters = { ...plan.of.spec, layouts, files, scopes: [] };
  const sourceColumns = columnsOf(feed);
  request.accepts(feed, sourceColumns);
  return {
    feed: feed.id,
    request: { from: null, whole: false },
    files: taken.map(({ rows }) => rows),
    columns: rowFileColumns(feed),
    sourceColumns,
    witness: "none",
    totals: [],
    cursor: null,
    asOf: now.toISOString(),
    state: [],
    findings: [],
    notes: { files: `rows of ${taken.length} read by their keys` },
    only: await landOnly(request.sink(feed.id), feed, keys),
    evidence: taken.map(({ evidence }) => evidence),
    deriver: { name: csvDeriver.name, version: csvDeriver.version, parameters: parameters as unknown as Json },
  };
}

/** Types of keys whose text in the warehouse is the one that a file has. */
const READ_SO: readonly ColumnType["kind"][] = ["string", "integer"];

/** A key whose values are spelled in more than one way cannot be looked for in files by its text. */
function readsByKey({ sourceKey, contract }: Feed): boolean {
  const columns = contract.columns.filter(({ name }) => sourceKey.includes(name));
  return columns.every(({ type, format }) => READ_SO.includes(type.kind) && format === undefined);
}

async function extractFrom(place: FilePlace, request: ExtractRequest): Promise<Extracted> {
  const patterns = request.feeds.map(({ feed }) => patternOf(csvReading(feed)));
  const now = request.clock.now();
  const isByKey = request.feeds.every(({ only }) => only !== undefined);
  const here = { request, place, now, patterns, files: isByKey ? [] : await listAll(place, patterns) };
  const extracts: FeedExtract[] = [];
  for (const asked of request.feeds) {
    const extract = asked.only ? landKeys(here, asked, asked.only) : landFeed(here, await planOf(here, asked));
    extracts.push(await extract);
  }
  return { extracts, refused: [] };
}

/** The ledger knows which files were read, so positions are only the instants of their listings. */
function compare(_feed: Feed, published: Cursor, found: Cursor): Comparison {
  if (published.identity !== found.identity) return "foreign";
  const [was, is] = [String(published.position), String(found.position)];
  return is === was ? "equal" : is > was ? "ahead" : "behind";
}

async function describeFrom(place: FilePlace, feeds: readonly Feed[]): Promise<Map<string, SourceColumn[]>> {
  const patterns = feeds.map((feed) => patternOf(csvReading(feed)));
  await listAll(place, patterns);
  return new Map(feeds.map((feed) => [feed.id, columnsOf(feed)]));
}

/** Reads folders and buckets of CSV files: every file that is new, or another than the one in force. */
export function csvReader(random: () => number = Math.random): SourceReader {
  const quick = { timer: systemTimer, random };
  return {
    extract: (request) => {
      const { source, signal, timer } = request;
      return withPlace(source, { signal, timer, random }, (place) => extractFrom(place, request));
    },
    compare,
    describe: (source, feeds) => withPlace(source, quick, (place) => describeFrom(place, feeds)),
    try: (request) => withPlace(request.source, quick, (place) => tryFiles(place, request)),
    pending: (request) => withPlace(request.source, quick, (place) => pendingFiles(place, request)),
    close: async () => undefined,
    parts: fileParts,
    readsByKey,
    words: SENDERS_WORDS,
    derivers: [csvDeriver],
  };
}
