import { DAY_MS, isoDay } from "../kernel/clock.ts";
import { grouped } from "../kernel/grouped.ts";
import type { StoredObject } from "../objects/object-store.ts";
import { batchesOf, type Finding, type JudgedSet, type RetentionContext, retainedUntil } from "./retention.ts";

/** Objects of evidence that are looked at as one, with what is to become of them. */
export interface JudgedEvidence {
  readonly objects: readonly StoredObject[];
  readonly finding: Finding;
}

type Ages = Pick<RetentionContext, "facts" | "retention" | "now">;

/** Spread as arguments, a hundred thousand objects would not fit the stack. */
function latest(times: readonly number[]): number {
  return times.reduce((last, time) => Math.max(last, time), 0);
}

type Fate = Pick<Finding, "subject" | "action" | "reason">;

/** The finding about some objects; their age is that of the youngest, null where it plays no part. */
export function evidenceFinding(objects: readonly StoredObject[], fate: Fate, now: Date | null): Finding {
  const youngest = latest(objects.map((o) => o.modifiedAt.getTime()));
  return {
    kind: "evidence",
    ...fate,
    files: objects.length,
    bytes: objects.reduce((sum, o) => sum + o.bytes, 0),
    ageDays: now && Math.floor((now.getTime() - youngest) / DAY_MS),
  };
}

/** The keys of the evidence that manifests of these landings name, and the batch that names each. */
function namedBy(landings: readonly JudgedSet[]): Map<string, string> {
  const named = new Map<string, string>();
  for (const { id, manifest } of landings.flatMap(({ set }) => batchesOf(set)))
    for (const { key } of manifest.extract.evidence ?? []) named.set(key, id);
  return named;
}

/** The keys of the evidence that the landings which stay name. */
export function evidenceInUse(landings: readonly JudgedSet[]): ReadonlySet<string> {
  return new Set(namedBy(landings.filter(({ finding }) => finding.action === "keep")).keys());
}

/** What becomes of evidence that no manifest names which stays. */
function judgeUnnamed(objects: readonly StoredObject[], subject: string, { retention, now }: Ages): JudgedEvidence[] {
  const goes = (o: StoredObject) => o.modifiedAt.getTime() + retention.failedRunsDays * DAY_MS;
  const [old, young] = [objects.filter((o) => goes(o) <= now.getTime()), objects.filter((o) => goes(o) > now.getTime())];
  const judged: JudgedEvidence[] = [];
  if (old.length > 0) {
    const reason = `named by no manifest that stays, and older than ${retention.failedRunsDays} days`;
    judged.push({ objects: old, finding: evidenceFinding(old, { subject, action: "remove", reason }, now) });
  }
  if (young.length > 0) {
    const last = isoDay(new Date(latest(young.map(goes))));
    const reason = `an extract that was broken off may go on from it; all of it goes ${last}`;
    judged.push({ objects: young, finding: evidenceFinding(young, { subject, action: "keep", reason }, now) });
  }
  return judged;
}

/** Why nobody can tell what a manifest names that must be counted on; null where all can be read. */
function unclear(landings: readonly JudgedSet[], { facts, retention, now }: Ages): string | null {
  const folders = landings.flatMap(({ set }) => set.folders);
  const unreadable = folders.find((folder) => folder.unreadable !== null);
  if (unreadable) return `${unreadable.folder}/manifest.json cannot be read, and may name it: \`ledgerloop doctor\``;
  const there = new Set(folders.flatMap(({ batch }) => (batch ? [batch.key] : [])));
  const lost = [...facts.publishedManifests].find(
    ([key, publishedAt]) => !there.has(key) && retainedUntil(publishedAt, retention.evidenceYears) > now,
  );
  return lost ? `${lost[0]} is gone before its time, and may have named it: \`ledgerloop doctor --deep\`` : null;
}

/**
 * Decides for all evidence whether it goes once the landings are gone that are to go: what no manifest names any more, and is old
 * enough that no extract goes on from it. Pure: removes nothing.
 */
export function judgeEvidence(objects: readonly StoredObject[], landings: readonly JudgedSet[], ages: Ages): JudgedEvidence[] {
  const kept = (some: readonly StoredObject[], subject: string, reason: string): JudgedEvidence[] =>
    some.length === 0 ? [] : [{ objects: some, finding: evidenceFinding(some, { subject, action: "keep", reason }, null) }];
  const inUse = evidenceInUse(landings);
  const free = objects.filter(({ key }) => !inUse.has(key));
  const named = kept(
    objects.filter(({ key }) => inUse.has(key)),
    "evidence of landings that stay",
    "their manifests name it",
  );
  const why = unclear(landings, ages);
  if (why !== null) return [...named, ...kept(free, "evidence that no manifest names", why)];
  const owner = new Map<string, string>();
  for (const judged of landings) for (const key of namedBy([judged]).keys()) owner.set(key, judged.finding.subject);
  const subjectOf = ({ key }: StoredObject) => {
    const landing = owner.get(key);
    return landing === undefined ? "evidence that no manifest names" : `evidence of ${landing}`;
  };
  return [...named, ...[...grouped(free, subjectOf)].flatMap(([subject, some]) => judgeUnnamed(some, subject, ages))];
}
