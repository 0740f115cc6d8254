import { Failure, type Problem } from "../kernel/problem.ts";
import { deriveAgain } from "../landing/derive-again.ts";
import { storedFiles } from "../landing/extract-files.ts";
import { type Manifest, readManifest } from "../landing/manifest.ts";
import { verifyExtract } from "../landing/verify-extract.ts";
import type { Digest, ObjectStore } from "../objects/object-store.ts";
import type { Deriver } from "../sources/deriver.ts";
import type { UpkeepEngine } from "./engine.ts";
import { type PublishedBatch, readPublished } from "./ledger-facts.ts";
import { BRING_BACK, manifestChanged, manifestGone } from "./problems.ts";
import { retainedUntil } from "./retention.ts";

/**
 * What a published extract turned out to be. `whole`: every byte is as its manifest says, and nothing of it was derived; `derived`:
 * its evidence gives its row files again, too; `unproven`: this version cannot tell, because manifest or deriver is of another one;
 * `expired`: gone after its retention; `broken`: not what was published.
 */
export type DeepState = "whole" | "derived" | "unproven" | "expired" | "broken";

/** A published extract that was looked into. */
export interface DeepFinding {
  readonly batch: PublishedBatch;
  readonly state: DeepState;
  /** What its manifest names: row files of every kind, and evidence. */
  readonly files: number;
  readonly bytes: number;
  /** What is wrong, or cannot be proved. */
  readonly problems: readonly Problem[];
}

export interface DeepOptions {
  /** How many published extracts are looked into, the newest first; null for all. */
  readonly limit: number | null;
  readonly derivers: ReadonlyMap<string, readonly Deriver[]>;
  readonly onProgress: (finding: DeepFinding, at: { readonly done: number; readonly of: number }) => void;
}

export interface DeepEngine extends Pick<UpkeepEngine, "pipeline" | "warehouse" | "clock"> {
  readonly objects: ObjectStore;
}

/** Replays share files, files share evidence: what was read once in this check is not read again. */
function readOnce(objects: ObjectStore): ObjectStore {
  const digests = new Map<string, Digest | null>();
  const digest = async (key: string): Promise<Digest | null> => {
    const known = digests.get(key);
    if (known !== undefined) return known;
    const found = await objects.digest(key);
    digests.set(key, found);
    return found;
  };
  return { ...objects, digest };
}

/** The manifest that was published, or what has become of it. */
async function publishedManifest({ objects, pipeline, clock }: DeepEngine, batch: PublishedBatch): Promise<Manifest | "expired"> {
  const found = await readManifest(objects, batch.manifest);
  if (found?.id === batch.id) return found.manifest;
  if (found) throw new Failure("incomplete", manifestChanged(batch.manifest));
  if (retainedUntil(batch.publishedAt, pipeline.retention.evidenceYears) <= clock.now()) return "expired";
  throw new Failure("incomplete", manifestGone(batch.manifest));
}

/** Problems that say something of this version and nothing of the extract. */
const OF_THIS_VERSION: ReadonlySet<string> = new Set(["landing.deriver_unknown", "landing.manifest_newer"]);

/** What a failure says of an extract. What it advises is for a run, which asks the source again; what was published has to come back. */
function judgedBy(error: unknown): Pick<DeepFinding, "state" | "problems"> {
  if (!(error instanceof Failure)) throw error;
  const { kind, problems } = error;
  if (problems.every(({ code }) => OF_THIS_VERSION.has(code))) return { state: "unproven", problems };
  if (kind !== "incomplete") throw error;
  return { state: "broken", problems: problems.map((found) => ({ ...found, next: BRING_BACK })) };
}

async function lookInto(engine: DeepEngine, batch: PublishedBatch, derivers: readonly Deriver[]): Promise<DeepFinding> {
  const nothing = { batch, files: 0, bytes: 0, problems: [] };
  let sizes = nothing;
  try {
    const manifest = await publishedManifest(engine, batch);
    if (manifest === "expired") return { ...nothing, state: "expired" };
    const named = storedFiles(manifest.extract);
    sizes = { ...nothing, files: named.length, bytes: named.reduce((sum, file) => sum + file.bytes, 0) };
    await verifyExtract(engine.objects, manifest);
    await deriveAgain(engine.objects, derivers, manifest);
    return { ...sizes, state: manifest.extract.deriver ? "derived" : "whole" };
  } catch (error) {
    return { ...sizes, ...judgedBy(error) };
  }
}

/**
 * Reads every byte of published extracts again, compares it with their manifests, and derives again what was derived. The warehouse
 * is closed before the first byte is read.
 * @throws Failure as warehouse and object store where they cannot be asked.
 */
export async function checkPublished(engine: DeepEngine, options: DeepOptions): Promise<DeepFinding[]> {
  const { warehouse } = engine;
  const session = await warehouse.open({ purpose: "deep check", readOnly: true });
  const batches = await readPublished(session, warehouse.dialect, options.limit).finally(() => session.close());
  const reading = { ...engine, objects: readOnce(engine.objects) };
  const findings: DeepFinding[] = [];
  for (const batch of batches) {
    const [source = ""] = batch.feed.split(".");
    const finding = await lookInto(reading, batch, options.derivers.get(source) ?? []);
    findings.push(finding);
    options.onProgress(finding, { done: findings.length, of: batches.length });
  }
  return findings;
}
