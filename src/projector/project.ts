import type { Pipeline } from "../config/pipeline.ts";
import { DAY_MS } from "../kernel/clock.ts";
import {
  feedsIn,
  flowIn,
  type NumberRange,
  type PublicationLine,
  parsePublications,
  publicationsIn,
  publishingRuns,
  verdictsIn,
} from "../ledger/publications.ts";
import {
  closePublished,
  type PublicationRecord,
  type PublishedRun,
  projectPublications,
} from "../store/operations/project-publication.ts";
import { forgetProjected, type Projected, readProjected } from "../store/operations/projected.ts";
import type { Store } from "../store/store.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import { ask } from "../warehouse/questions.ts";
import type { Session, TextRow } from "../warehouse/warehouse.ts";
import { publishedReport } from "./published-report.ts";
import { sampleRecords, samplesIn } from "./samples.ts";
import { publishedRecord } from "./verdict-records.ts";

/** Publications read at once; each has some hundred small rows. */
const CHUNK = 50n;

/** Kinds of publications that no run made. */
const NO_RUN = new Set(["rename"]);

/** What a projection works with. */
export interface Projecting {
  readonly session: Session;
  readonly dialect: Dialect;
  readonly store: Store;
  readonly pipeline: Pipeline;
  readonly now: Date;
  /** Who set the ledger back, where that is known. */
  readonly by?: string;
  /** Called after each chunk of publications with the last number that was told. */
  readonly onProgress?: (group: string, number: bigint) => void;
}

/** What the store was told of one group. */
export interface Projection {
  readonly group: string;
  /** Publications that it did not know. */
  readonly told: number;
  /** Runs of these that had no line in the journal: what only a lost store knew, such as blocked runs, is gone. */
  readonly rebuilt: number;
  /** Runs whose publications the ledger does not have any more. */
  readonly undone: number;
}

type Answer = (question: string) => readonly TextRow[];

/** One publication and the answers about it. */
interface Found {
  readonly group: string;
  readonly publication: PublicationLine;
  readonly answer: Answer;
}

/** The answers about one publication. */
function ofNumber(answer: Answer, number: bigint): Answer {
  return (question) => answer(question).filter((row) => row["number"] === number.toString());
}

function runOf({ pipeline }: Projecting, { group, publication, answer }: Found): PublishedRun {
  const { windowStart: start, windowEnd: end, startedAt, publishedAt, ...line } = publication;
  const window = start && end ? { start: new Date(start), end: new Date(end) } : null;
  const verdicts = answer("verdicts").map(publishedRecord);
  const isKeyPass = verdicts.some(({ name }) => name === "missing_keys");
  return {
    ...line,
    window,
    args: { kind: line.kind, window: null, keys: isKeyPass, rebuilt: true },
    startedAt: new Date(startedAt),
    publishedAt: new Date(publishedAt),
    result: publishedReport(pipeline, { group, publication, window, verdicts, flow: answer("flow"), feeds: answer("feeds") }),
    verdicts,
    samples: sampleRecords([...pipeline.feeds.values()], answer),
  };
}

/** Reads the publications of a range; samples only where they are still kept. */
async function readRange(projecting: Projecting, range: NumberRange): Promise<PublicationRecord[]> {
  const { session, dialect, pipeline, now } = projecting;
  const feeds = pipeline.groups.get(range.group)?.feeds ?? [];
  const sampled = feeds.flatMap((id) => pipeline.feeds.get(id) ?? []).map((feed) => samplesIn(dialect, feed, range));
  const answer = await ask(session, { dialect, name: "project" }, [
    publicationsIn(dialect, range),
    flowIn(dialect, range),
    verdictsIn(dialect, range),
    feedsIn(dialect, range),
    ...sampled,
  ]);
  const keptSince = now.getTime() - pipeline.retention.samplesDays * DAY_MS;
  return parsePublications(answer("publications")).map((publication) => {
    const mine = ofNumber(answer, publication.number);
    const run = NO_RUN.has(publication.kind) ? null : runOf(projecting, { group: range.group, publication, answer: mine });
    const { publicationId, number, runId } = publication;
    const isOld = Date.parse(publication.publishedAt) < keptSince;
    return { publicationId, number, runId, group: range.group, run: run && isOld ? { ...run, samples: [] } : run };
  });
}

/** Whether the ledger has the publication that was told last. */
async function isOfThisLedger({ session, dialect }: Projecting, group: string, last: Projected): Promise<boolean> {
  const range = { group, from: last.number, to: last.number };
  const answer = await ask(session, { dialect, name: "project.last" }, [publicationsIn(dialect, range)]);
  return parsePublications(answer("publications"))[0]?.runId === last.runId;
}

/** Marks what the ledger does not have any more. @returns how many runs. */
async function beginAnew({ session, dialect, store, by }: Projecting, group: string): Promise<number> {
  const published = await publishingRuns(session, dialect, group);
  return forgetProjected(store, { group, by: by ?? "a warehouse that was set back", published });
}

/**
 * Tells the control store of a group's publications that it does not know, in their order, and finishes the lines of runs that
 * published and died. What it writes follows from the ledger alone, so it may be repeated, and done by two at once.
 * @param head the group's last publication, as a statement of this session gave it. Where `told` are told, and the
 * caller leads from there, the ledger is not asked whether it is the one that they were told of.
 * @throws Failure `retryable` when the control store cannot be reached.
 */
export async function projectLedger(
  projecting: Projecting,
  { group, head, told: trusted = null }: { group: string; head: bigint; told?: bigint | null },
): Promise<Projection> {
  const { store, onProgress } = projecting;
  const last = await readProjected(store, group);
  const isKnown = last !== null && (last.number === trusted || (await isOfThisLedger(projecting, group, last)));
  const undone = isKnown ? 0 : await beginAnew(projecting, group);
  let number = isKnown ? (last?.number ?? 0n) : 0n;
  let [told, rebuilt] = [0, 0];
  while (number < head) {
    const to = number + CHUNK < head ? number + CHUNK : head;
    const publications = await readRange(projecting, { group, from: number + 1n, to });
    rebuilt += await projectPublications(store, publications);
    told += publications.length;
    number = to;
    onProgress?.(group, number);
  }
  await closePublished(store, group);
  return { group, told, rebuilt, undone };
}
