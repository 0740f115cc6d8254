import type { Retention } from "../config/pipeline.ts";
import { DAY_MS, isoDay } from "../kernel/clock.ts";
import { storedFiles } from "../landing/extract-files.ts";
import type { LandedSet } from "../landing/landed-sets.ts";
import type { RunRow } from "../store/operations/list-runs.ts";
import type { LedgerFacts } from "./ledger-facts.ts";

/** Something that upkeep looked at, and why it goes or stays. */
export interface Finding {
  readonly kind: "landing" | "evidence" | "raw" | "samples" | "warehouse";
  readonly subject: string;
  readonly files: number;
  readonly bytes: number;
  /** Null where age plays no part. */
  readonly ageDays: number | null;
  readonly action: "remove" | "keep";
  readonly reason: string;
}

/** A landing with what is to become of it. */
export interface JudgedSet {
  readonly set: LandedSet;
  readonly finding: Finding;
}

export interface RetentionContext {
  readonly facts: LedgerFacts;
  /** The journal's lines of the runs that landed something, by run id. */
  readonly runs: ReadonlyMap<string, RunRow>;
  readonly groups: ReadonlySet<string>;
  readonly retention: Retention;
  /** Whether evidence beyond its retention goes too, which somebody has decided and given a reason for. */
  readonly expired: boolean;
  readonly now: Date;
}

interface Verdict {
  readonly action: Finding["action"];
  readonly reason: string;
}

const keep = (reason: string): Verdict => ({ action: "keep", reason });
const remove = (reason: string): Verdict => ({ action: "remove", reason });

/** The batches that a landing made. */
export function batchesOf(set: LandedSet) {
  return set.folders.flatMap(({ batch }) => (batch ? [batch] : []));
}

/** When the landing was made, as its manifests say; without one, when its last byte was written. */
function landedAt(set: LandedSet): Date {
  const [first] = batchesOf(set);
  if (first) return new Date(first.manifest.startedAt);
  const times = set.folders.flatMap((f) => f.objects.map((o) => o.modifiedAt.getTime()));
  return new Date(Math.max(0, ...times));
}

/** The instant until which evidence of a publication stays. */
export function retainedUntil(publishedAt: string, years: number): Date {
  const date = new Date(publishedAt);
  date.setUTCFullYear(date.getUTCFullYear() + years);
  return date;
}

/** What keeps a landing whatever its age. */
function neededBy(set: LandedSet, { facts, runs, groups }: RetentionContext): string | null {
  const batches = batchesOf(set);
  const strange = batches.find((b) => !groups.has(b.manifest.group));
  const heads = batches.filter((b) => facts.cursorManifests.has(b.key)).map((b) => b.manifest.extract.feed);
  const open = batches.reduce((sum, b) => sum + (facts.openRows.get(b.id) ?? 0n), 0n);
  const unreadable = set.folders.find((f) => f.unreadable !== null);
  if (runs.get(set.runId)?.alive) return "its run is running";
  if (unreadable) return `${unreadable.folder}/manifest.json cannot be read: \`ledgerloop doctor\``;
  if (strange) return `group ${strange.manifest.group} is not in pipeline.yaml`;
  if (heads.length > 0) return `the published cursor stands on it: ${heads.join(", ")}`;
  return open > 0n ? `${open} open quarantine rows lead back to it` : null;
}

function judgePublished(publishedAt: string, { retention, expired, now }: RetentionContext): Verdict {
  const until = retainedUntil(publishedAt, retention.evidenceYears);
  const day = isoDay(until);
  if (now < until) return keep(`evidence of a publication until ${day}`);
  return expired
    ? remove(`evidence beyond its retention, which ended ${day}`)
    : keep(`retention ended ${day}; \`ledgerloop clean --expired --reason …\` removes it`);
}

function judgeUnpublished(set: LandedSet, { facts, runs, retention, now }: RetentionContext): Verdict {
  const run = runs.get(set.runId);
  if (run?.publicationId && run.undoneBy === null)
    return keep(`the journal says ${run.publicationId} published it, the ledger does not: look at both`);
  const isOvertaken = ({ manifest }: ReturnType<typeof batchesOf>[number]) =>
    (facts.newestSeq.get(manifest.extract.feed) ?? -1) > manifest.extractSeq;
  if (set.whole && !batchesOf(set).every(isOvertaken)) {
    return keep("unpublished, and nothing newer is published: may be repeated (--same-extract, --replay)");
  }
  const what = set.whole ? `unpublished (${run?.outcome ?? "died"}) and overtaken` : "torn: its landing was never finished";
  const goes = landedAt(set).getTime() + retention.failedRunsDays * DAY_MS;
  return goes > now.getTime() ? keep(`${what}; goes ${isoDay(new Date(goes))}`) : remove(what);
}

function judgeSet(set: LandedSet, context: RetentionContext): Verdict {
  const needed = neededBy(set, context);
  if (needed !== null) return keep(needed);
  const { publishedAt, publishedManifests } = context.facts;
  // A removal that was killed has left bytes whose manifest is gone: the ledger still names it.
  const published = [
    ...batchesOf(set).flatMap((b) => publishedAt.get(b.id) ?? []),
    ...set.folders.flatMap(({ folder }) => publishedManifests.get(`${folder}/manifest.json`) ?? []),
  ];
  const [latest] = published.sort().reverse();
  return latest === undefined ? judgeUnpublished(set, context) : judgePublished(latest, context);
}

/** Which batch of the landings that stay uses an object. */
function usersOf(judged: readonly JudgedSet[]): ReadonlyMap<string, string> {
  const users = new Map<string, string>();
  for (const { set, finding } of judged) {
    if (finding.action === "remove") continue;
    for (const { id, manifest } of batchesOf(set)) for (const { key } of storedFiles(manifest.extract)) users.set(key, id);
  }
  return users;
}

/** What a manifest that cannot be read uses, nobody knows: it may be a replay of any landing of its feed. */
function keepUnclear(judged: readonly JudgedSet[]): JudgedSet[] {
  const unreadable = judged.flatMap(({ set }) => set.folders.filter((folder) => folder.unreadable !== null));
  return judged.map((j) => {
    const by = unreadable.find(({ feed }) => j.set.folders.some((folder) => folder.feed === feed));
    if (j.finding.action === "keep" || !by) return j;
    return { ...j, finding: { ...j.finding, ...keep(`${by.folder}/manifest.json cannot be read, and may name its bytes`) } };
  });
}

/**
 * A landing stays while a batch that stays uses its bytes: a replayed batch has a manifest of its own and the files of the first
 * one. What stays for that keeps in turn what its own manifests name.
 */
function keepReferenced(judged: readonly JudgedSet[]): JudgedSet[] {
  const users = usersOf(judged);
  const after = judged.map((j) => {
    const key = j.set.folders.flatMap((f) => f.objects).find((o) => users.has(o.key))?.key;
    if (j.finding.action === "keep" || key === undefined) return j;
    return { ...j, finding: { ...j.finding, ...keep(`its bytes are those of batch ${users.get(key)}`) } };
  });
  return after.every((j, i) => j === judged[i]) ? after : keepReferenced(after);
}

/** Decides for every landing whether it goes, by declared ages and by what still needs it. Pure: removes nothing. */
export function judgeLandings(sets: readonly LandedSet[], context: RetentionContext): JudgedSet[] {
  const judged = sets.map((set) => {
    const objects = set.folders.flatMap((f) => f.objects);
    const finding: Finding = {
      kind: "landing",
      subject: `${set.runId}${set.attempt === 1 ? "" : `.${set.attempt}`}: ${set.folders.map((f) => f.feed).join(", ")}`,
      files: objects.length,
      bytes: objects.reduce((sum, o) => sum + o.bytes, 0),
      ageDays: Math.floor((context.now.getTime() - landedAt(set).getTime()) / DAY_MS),
      ...judgeSet(set, context),
    };
    return { set, finding };
  });
  return keepReferenced(keepUnclear(judged));
}
