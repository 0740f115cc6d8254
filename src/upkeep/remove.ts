import { Failure } from "../kernel/problem.ts";
import { removeLandedSet } from "../landing/landed-sets.ts";
import type { StoredObject } from "../objects/object-store.ts";
import type { UpkeepEngine } from "./engine.ts";
import { evidenceFinding, evidenceInUse, type JudgedEvidence } from "./evidence-retention.ts";
import type { JudgedSet } from "./retention.ts";

/** Removes something; or why it stays: a store may lock what it holds for longer than any age that is declared here. */
async function lockOf(remove: () => Promise<void>): Promise<string | null> {
  try {
    await remove();
    return null;
  } catch (error) {
    const [problem] = error instanceof Failure ? error.problems : [];
    if (problem?.code !== "objects.locked") throw error;
    return problem.says;
  }
}

/** Removes the landings that are to go; each finding as it turned out. */
export async function removeLandings({ objects, emit }: UpkeepEngine, landings: readonly JudgedSet[]): Promise<JudgedSet[]> {
  const done: JudgedSet[] = [];
  for (const judged of landings) {
    const { set, finding } = judged;
    const lock = finding.action === "remove" ? await lockOf(() => removeLandedSet(objects, set)) : null;
    if (lock !== null) emit(`kept ${finding.subject}: ${lock}`);
    else if (finding.action === "remove") emit(`removed ${finding.subject}`);
    done.push(lock === null ? judged : { set, finding: { ...finding, action: "keep", reason: lock } });
  }
  return done;
}

/** Removes the objects of one finding; what stays of them, for a lock or a manifest that turned out to stay, as one of its own. */
async function removeGroup(engine: UpkeepEngine, judged: JudgedEvidence, inUse: ReadonlySet<string>): Promise<JudgedEvidence[]> {
  const { objects, emit, clock } = engine;
  const { subject, reason } = judged.finding;
  const gone: StoredObject[] = [];
  const kept: { object: StoredObject; why: string }[] = [];
  for (const object of judged.objects) {
    const { key } = object;
    const why = inUse.has(key) ? "a landing that stays names it" : await lockOf(() => objects.remove(key));
    if (why === null) gone.push(object);
    else kept.push({ object, why });
  }
  const [first] = kept;
  if (first) emit(`kept ${kept.length} objects, ${subject}: ${first.why}`);
  if (gone.length > 0) emit(`removed ${gone.length} objects, ${subject}`);
  const as = (some: readonly StoredObject[], fate: { action: "keep" | "remove"; reason: string }): JudgedEvidence[] =>
    some.length === 0 ? [] : [{ objects: some, finding: evidenceFinding(some, { subject, ...fate }, clock.now()) }];
  const stay = kept.map(({ object }) => object);
  return [...as(gone, { action: "remove", reason }), ...as(stay, { action: "keep", reason: first?.why ?? "" })];
}

/**
 * Removes the evidence that is to go, after the landings: while a manifest stands, what it names is there. `landings` are as they
 * turned out; one that is locked keeps its evidence.
 */
export async function removeEvidence(
  engine: UpkeepEngine,
  evidence: readonly JudgedEvidence[],
  landings: readonly JudgedSet[],
): Promise<JudgedEvidence[]> {
  const inUse = evidenceInUse(landings);
  const done: JudgedEvidence[] = [];
  for (const judged of evidence)
    done.push(...(judged.finding.action === "keep" ? [judged] : await removeGroup(engine, judged, inUse)));
  return done;
}
