import type { Pipeline } from "../config/pipeline.ts";
import { jsonAmount } from "../kernel/json.ts";
import { readManifest } from "../landing/manifest.ts";
import { type RecordedPart, readPartDecisions } from "../ledger/part-decisions.ts";
import { partOverTime, type StateLine, stateLine } from "../ledger/part-states.ts";
import { namesOf, readRecorded } from "../ledger/recorded.ts";
import type { App } from "../ports/ports.ts";
import type { AskWarehouse } from "../ports/reading.ts";
import {
  countPart,
  type PartLine,
  partLine,
  type RefusedRecord,
  type RefusedRows,
  refusedRecord,
  refusedRecords,
} from "../quarantine/part-rows.ts";
import type { FeedPart } from "../sources/source.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import type { KnownPart } from "./known-parts.ts";
import { moneyDocument } from "./money.ts";
import { decidedWord, partDocument } from "./part.ts";

/** So many places of malformed records are told; of the rest only how many there are. */
const MOST_PLACES = 20;

/** What a publication wrote of a part. */
interface Version {
  readonly line: StateLine;
  readonly part: FeedPart;
}

/** All that the warehouse says of one part. */
export interface PartStory {
  /** The oldest first. */
  readonly versions: readonly Version[];
  readonly decisions: readonly RecordedPart[];
  readonly lines: readonly PartLine[];
  readonly refused: readonly RefusedRecord[];
}

/** Reads what became of a part: of its records that wait those that are asked for. */
export async function readStory(
  ask: AskWarehouse,
  dialect: Dialect,
  { known, refused }: { known: KnownPart; refused: Omit<RefusedRows, "part"> },
): Promise<PartStory> {
  const { feed, part, reader } = known;
  const session = { rows: ask };
  const feeds = namesOf(await readRecorded(session, dialect, feed.group), feed.id);
  const written = (await ask(partOverTime(dialect, { group: feed.group, feeds, key: part.part }))).map(stateLine);
  const decisions = await readPartDecisions(session, dialect, feed.group);
  const lines = await ask(countPart(dialect, feed, part.part));
  const waiting = await ask(refusedRecords(dialect, feed, { ...refused, part: part.part }));
  return {
    versions: written.flatMap((line) => reader.parts(new Map([[line.key, line.value]])).map((of) => ({ line, part: of }))),
    decisions: decisions.filter((decision) => feeds.includes(decision.feed) && decision.part === part.part),
    lines: lines.map(partLine),
    refused: waiting.map(refusedRecord),
  };
}

/** The publication since which the content is published that is now: places of records that wait since then are places in it. */
export function contentSince({ versions }: Pick<PartStory, "versions">): bigint {
  const now = versions.at(-1)?.part.published?.sha256;
  const other = versions.findLastIndex(({ part }) => part.published?.sha256 !== now);
  return versions[other + 1]?.line.number ?? 0n;
}

/** Where the bytes are that were looked at last: what is in force has them itself, of others the manifest of their run says it. */
export async function evidenceOf(app: App, pipeline: Pipeline, { known, story }: { known: KnownPart; story: PartStory }) {
  const { part } = known;
  if (part.published && part.state === "in_force") return part.published.evidence;
  const objects = await app.look.objects(pipeline);
  const same = story.versions.filter((one) => one.part.version === part.version).reverse();
  for (const { line } of same) {
    if (line.manifest === null) continue;
    const batch = await readManifest(objects, line.manifest);
    const found = batch?.manifest.extract.evidence?.find(({ name }) => name === part.part);
    if (found) return { key: found.key, bytes: found.bytes, sha256: found.sha256 };
  }
  return null;
}

function versionDocument({ line, part }: Version) {
  // A version that is not in force says nothing of the content that is.
  const published = part.published?.sha256 === part.sha256 ? part.published : null;
  return {
    publication_id: line.publicationId,
    published_at: line.at,
    state: part.state,
    gone: part.gone,
    says: part.says,
    sha256: part.sha256,
    records: published?.records ?? null,
    malformed: published?.malformed ?? null,
    layout: published?.layout ?? null,
  };
}

function total(lines: readonly PartLine[]) {
  const money = new Map<string, bigint>();
  for (const { currency, minor } of lines) money.set(currency, (money.get(currency) ?? 0n) + minor);
  return { rows: jsonAmount(lines.reduce((sum, { rows }) => sum + rows, 0n)), money: moneyDocument(money) };
}

function rowsDocument(lines: readonly PartLine[]) {
  const of = (kind: PartLine["kind"]) => lines.filter((line) => line.kind === kind);
  const waits = lines.filter(({ kind }) => kind !== "live" && kind !== "tombstoned");
  const reasons = [...new Set(waits.map(({ kind, reasons }) => JSON.stringify([kind, reasons])))];
  return {
    live: total(of("live")),
    tombstoned: total(of("tombstoned")),
    waiting: {
      ...total(waits),
      reasons: reasons.map((text) => {
        const [kind, names] = JSON.parse(text) as [string, string[]];
        const alike = waits.filter((line) => JSON.stringify([line.kind, line.reasons]) === text);
        return { kind, reasons: names, ...total(alike) };
      }),
    },
  };
}

function malformedDocument({ reader }: KnownPart, story: PartStory) {
  const since = contentSince(story);
  const places = story.refused
    .filter(({ number, fault }) => fault !== null && number >= since)
    .flatMap(({ position, fault }) => {
      const place = reader.words.place(position);
      return place ? [{ ...place, says: reader.words.fault(fault ?? "") }] : [];
    });
  return places.sort((a, b) => a.record - b.record).slice(0, MOST_PLACES);
}

/** The whole story of a file. */
export function storyDocument(known: KnownPart, story: PartStory, evidence: Awaited<ReturnType<typeof evidenceOf>>) {
  const { published } = known.part;
  return {
    ...partDocument(known),
    in_force: published && {
      sha256: published.sha256,
      bytes: published.bytes,
      records: published.records,
      malformed: published.malformed,
      layout: published.layout,
      evidence: published.evidence,
    },
    evidence,
    versions: story.versions.map(versionDocument),
    decisions: story.decisions.map(({ does, version, actor, reason, ticket, at }) => {
      return { does: decidedWord(does), of_last_version: version === known.part.version, actor, reason, ticket, at };
    }),
    rows: rowsDocument(story.lines),
    malformed_at: malformedDocument(known, story),
  };
}

export type StoryDocument = ReturnType<typeof storyDocument>;
