import type { Json } from "../../../kernel/json.ts";
import { Failure } from "../../../kernel/problem.ts";
import { cancelled } from "../../problems.ts";
import type { Evidence } from "../../source.ts";
import { partName } from "../csv-deriver.ts";
import { deriveFile } from "../scan/derive-file.ts";
import { malformedIn } from "../scan/file-facts.ts";
import type { Layout } from "../scan/layout.ts";
import { type ContentHolders, contentHolders } from "./content-holders.ts";
import { type Ahead, type Fetched, fetchAhead, SMALL } from "./fetch-ahead.ts";
import { dayOf, decisionOn, type FileEntry, type InForce, type Listed, orderOf } from "./file-ledger.ts";
import { FileLeft } from "./file-place.ts";
import { entryOf, judgeFile, type Verdict } from "./file-verdict.ts";
import { type Landing, landBehind } from "./land-behind.ts";
import { readManifest, type Stated } from "./manifest-file.ts";
import { layoutsFor, type PartnersLayout } from "./partners-layout.ts";
import { type Looked, specOfFile, type TakenFile, type Taking } from "./taking.ts";

/** In place of the currency of amounts that have none beside them. */
const NO_CURRENCY = "-";

/** Stops that another layout of the same partner may not have. */
const OTHER_LAYOUT = ["header", "encoding", "preamble"];

/** A file was read to its end, and its rows are not wanted: what was written of them goes. */
class NotTaken extends Error {}

/** The files of one feed while they are looked at. */
interface Looking {
  readonly taking: Taking;
  readonly holders: ContentHolders;
  readonly landing: Landing;
  readonly looked: Looked;
}

/** A file in its turn. */
interface InTurn {
  readonly listed: Listed;
  readonly fetched: Fetched;
}

/** What a file says that it comes to. Its layout gives all of it one currency, or nobody says in which the sum is. */
function saidOf({ currency }: Taking, { facts, layout, order }: Pick<TakenFile, "facts" | "layout" | "order">): InForce["said"] {
  const { saidSum: sum } = facts;
  const all = currency === null ? NO_CURRENCY : (layout.constants[currency] ?? null);
  return sum === null ? null : { sum, currency: all, day: dayOf(order) };
}

/** The content in force, of which the manifest that lies beside it may say something else by now. */
function saysNow(taking: Taking, { in_force: content, ...entry }: FileEntry, of: Pick<TakenFile, "facts" | "layout">): FileEntry {
  const isSame = content !== null && content.sha256 === of.facts.sha256;
  return { ...entry, in_force: isSame ? { ...content, said: saidOf(taking, { ...of, order: content.order }) } : content };
}

function inForceOf(taking: Taking, file: TakenFile): InForce {
  const { facts, layout, order, evidence: of } = file;
  const { key, bytes: received, sha256: received256 } = of;
  const { sha256, bytes, records } = facts;
  const evidence = { key, bytes: received, sha256: received256 };
  return {
    sha256,
    bytes,
    records,
    malformed: malformedIn(facts),
    layout: layout.name,
    read_by: layout,
    said: saidOf(taking, file),
    order,
    evidence,
  };
}

async function* judged(bytes: AsyncIterable<Uint8Array>, judge: (rowBytes: number) => Verdict): AsyncGenerator<Uint8Array> {
  let rowBytes = 0;
  for await (const chunk of bytes) {
    rowBytes += chunk.length;
    yield chunk;
  }
  if (!judge(rowBytes).isTaken) throw new NotTaken();
}

/** Begins the row file of a file; waits until the file is judged, and where it is not taken, or large, until that has ended. */
async function begin({ landing, looked }: Looking, bytes: AsyncIterable<Uint8Array>, judge: () => Verdict) {
  await landing.room();
  let [verdict, isSmall]: [Verdict | null, boolean] = [null, false];
  let tell = () => {};
  const isJudged = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const judgeAll = (rowBytes: number) => {
    verdict = judge();
    isSmall = rowBytes <= SMALL;
    tell();
    return verdict;
  };
  const written = landing.begin(partName(looked.taken.length), judged(bytes, judgeAll));
  try {
    await Promise.race([isJudged, written]);
    const found = verdict as Verdict | null;
    if (!(found?.isTaken && isSmall)) await written;
  } catch (error) {
    const found = verdict as Verdict | null;
    if (found === null || found.isTaken) throw error;
    return found.entry;
  }
  return { written };
}

/** Reads a file by one layout; its rows land where it is taken. */
async function readBy(
  looking: Looking,
  { listed, fetched: { evidence, openEvidence }, stated }: InTurn & { stated: Stated | null },
  layout: Layout,
): Promise<TakenFile | FileEntry> {
  const [{ path }, order] = [listed, orderOf(listed)];
  const spec = { ...specOfFile(looking.taking, { path, order, layout }), ...(stated && { stated }) };
  const derived = deriveFile(openEvidence(evidence), spec);
  const begun = await begin(looking, derived.bytes, () => judgeFile(looking, listed, derived.facts()));
  const facts = derived.facts();
  if (!("written" in begun)) return begun.state === "in_force" ? saysNow(looking.taking, begun, { facts, layout }) : begun;
  const rows = begun.written.then((written) => ({ ...written, rows: facts.records }));
  // Whoever lands row files says what failed.
  rows.catch(() => undefined);
  return { path, order, layout, evidence, facts, rows };
}

const isTakenFile = (of: TakenFile | FileEntry): of is TakenFile => "rows" in of;

/** Reads a file by one layout of its partner, and what the manifest beside it states. */
async function readAs(
  looking: Looking,
  { listed, fetched }: InTurn,
  { layout, manifest }: PartnersLayout,
): Promise<TakenFile | FileEntry> {
  const path = listed.manifests.get(layout.name)?.path;
  const beside = looking.looked.otherEvidence.get(path ?? "");
  const stated = manifest && (await readManifest(fetched, { evidence: fetched.evidence, beside, manifest }));
  const isAccepted = decisionOn(looking.taking.decisions, listed)?.does === "accept";
  if (typeof stated === "string" && isAccepted) return readBy(looking, { listed, fetched, stated: null }, layout);
  if (typeof stated === "string")
    return entryOf(looking, listed, { state: "stopped", sha256: "", stopped: { reason: "manifest", says: stated } });
  return readBy(looking, { listed, fetched, stated }, layout);
}

/** Reads a file by the layouts of its partner, until one has its header; null where only one that waits for its manifest may have it. */
async function readFile(looking: Looking, { listed, fetched }: InTurn): Promise<TakenFile | FileEntry | null> {
  const fitting = layoutsFor(looking.taking.layouts, listed).filter(
    ({ layout, manifest }) => manifest === null || listed.manifests.has(layout.name),
  );
  const tried: FileEntry[] = [];
  for (const of of fitting) {
    const read = await readAs(looking, { listed, fetched }, of);
    if (isTakenFile(read) || !OTHER_LAYOUT.includes(read.stopped?.reason ?? "")) return read;
    tried.push(read);
  }
  const [only] = tried;
  if (fitting.length < layoutsFor(looking.taking.layouts, listed).length) return null;
  return only && tried.length === 1 ? only : fitsNone(looking, listed, { fitting, tried });
}

/** A file that has the header of none of its partner's layouts. */
function fitsNone(
  looking: Looking,
  listed: Listed,
  { fitting, tried }: { fitting: readonly PartnersLayout[]; tried: readonly FileEntry[] },
): FileEntry {
  const why = fitting.map(({ layout: { name } }, i) => `${name}: ${tried[i]?.stopped?.says}`).join("; ");
  const [first] = tried;
  const stopped =
    first === undefined
      ? { reason: "no_layout", says: `no layout is declared for the partner ${listed.partner}` }
      : { reason: "header", says: `none of its partner's layouts fits: ${why}` };
  return entryOf(looking, listed, { state: "stopped", sha256: first?.sha256 ?? "", stopped });
}

function noteTaken({ holders, looked, ...looking }: Looking, listed: Listed, file: TakenFile): void {
  const { facts } = file;
  looked.taken.push(file);
  looked.otherEvidence.delete(listed.path);
  looked.scopes.add(listed.path);
  holders.set(listed.path, facts.sha256);
  const entry = entryOf(looking, listed, {
    state: "in_force",
    sha256: facts.sha256,
    in_force: inForceOf(looking.taking, file),
  });
  looked.entries.set(listed.path, entry);
}

function noteLeft({ taking, holders, looked }: Looking, of: { listed: Listed; evidence: Evidence }, entry: FileEntry): void {
  const { path } = of.listed;
  const isEmptied = entry.in_force === null && (taking.ledger.get(path)?.in_force ?? null) !== null;
  if (isEmptied) looked.scopes.add(path);
  if (isEmptied) holders.set(path, null);
  if (entry.state !== "in_force") looked.otherEvidence.set(path, of.evidence);
  looked.entries.set(path, entry);
}

/** A version that somebody rejected stays what it is; the one in force before it goes on. */
function reject({ taking, looked }: Looking, listed: Listed): void {
  const before = taking.ledger.get(listed.path);
  const sha256 = before?.version === listed.version ? before.sha256 : "";
  looked.entries.set(listed.path, entryOf({ taking }, listed, { state: "rejected", sha256 }));
}

const isRejected = ({ decisions }: Taking, listed: Listed) => decisionOn(decisions, listed)?.does === "reject";

async function look(looking: Looking, listed: Listed, fetch: () => Promise<Fetched | FileLeft>): Promise<void> {
  const { taking, looked } = looking;
  if (isRejected(taking, listed)) return reject(looking, listed);
  if (taking.request.signal.aborted) throw new Failure("retryable", cancelled(taking.place.source));
  const fetched = await fetch();
  if (fetched instanceof FileLeft) {
    looked.left.set(listed.path, fetched.why);
    return;
  }
  const { evidence, manifests } = fetched;
  for (const manifest of manifests) looked.otherEvidence.set(manifest.name, manifest);
  const read = await readFile(looking, { listed, fetched });
  if (read === null) looked.left.set(listed.path, "incomplete");
  else if (isTakenFile(read)) noteTaken(looking, listed, read);
  else noteLeft(looking, { listed, evidence }, read);
}

/** A duplicate of a content that no file in force has any more: its own rows are wanted now. */
function isReleased({ taking, holders, looked }: Looking, { path, version }: Listed): boolean {
  const entry = looked.entries.get(path) ?? taking.ledger.get(path);
  if (looked.left.has(path)) return false;
  return entry?.state === "duplicate" && entry.version === version && holders.other(entry.sha256, path) === undefined;
}

/** Looks at files in their order, at most so many that can be read today. */
async function lookInOrder(
  looking: Looking,
  files: readonly Listed[],
  options: { ahead: Ahead; most: number; note: (listed: Listed) => void },
) {
  const { looked } = looking;
  for (const [i, listed] of files.entries()) {
    // A file that cannot be read today uses up nothing of what a run may take.
    const until = Math.min(files.length, options.most + looked.left.size);
    if (i >= until) {
      looked.later = files.length - i;
      return;
    }
    await look(looking, listed, () => options.ahead.take(i, until));
    options.note(listed);
  }
}

/** Looks at files, one after the other, and at those that become wanted by that; `listing` is all there are. */
export async function lookAt(
  taking: Taking,
  { take, listing, most }: { take: readonly Listed[]; listing: readonly Listed[]; most: number | null },
): Promise<Looked> {
  const looked: Looked = {
    taken: [],
    otherEvidence: new Map(),
    entries: new Map(),
    scopes: new Set(),
    left: new Map(),
    later: 0,
  };
  const { request, feed } = taking;
  const landing = landBehind(request.sink(feed), (error) => !(error instanceof NotTaken));
  const looking: Looking = { taking, looked, landing, holders: contentHolders(taking.ledger) };
  let bytes = 0;
  const note = (listed: Listed) => {
    bytes += listed.bytes;
    request.onProgress(feed, bytes);
  };
  const lookAtAll = async (files: readonly Listed[]) => {
    const ahead = fetchAhead(taking, files, (listed) => !isRejected(taking, listed));
    try {
      await lookInOrder(looking, files, { ahead, most: most ?? Number.POSITIVE_INFINITY, note });
    } finally {
      await ahead.close();
    }
  };
  try {
    await lookAtAll(take);
    // What is taken now may have been noted as the copy of what another file held then. It holds its content itself from now on, so that
    // none before it in the listing is released by it.
    for (const listed of listing) if (isReleased(looking, listed)) await lookAtAll([listed]);
    await landing.end();
  } finally {
    await landing.close();
  }
  return looked;
}

/** The ledger's lines as the run writes them. */
export const stateOf = (entries: ReadonlyMap<string, FileEntry>) =>
  [...entries].map(([key, entry]) => ({ key, value: entry as unknown as Json }));
