import type { Feed } from "../config/pipeline.ts";
import { Failure } from "../kernel/problem.ts";
import { formatInstant, type Window } from "../kernel/window.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import type { Extracted, ExtractRequest, FeedExtract, Sink, SourceReader } from "../sources/source.ts";
import { evidenceSink, readStored } from "./evidence.ts";
import { gzipped } from "./gzipped.ts";
import { extractFolder, manifestKey } from "./layout.ts";
import { type Batch, batchId, type Manifest, manifestText } from "./manifest.ts";
import { manifestExists } from "./problems.ts";

/** What a manifest says about the run that landed it. */
export interface LandingRun {
  readonly runId: string;
  readonly group: string;
  readonly asked: Manifest["asked"];
  readonly window: Window | null;
  readonly baseHead: string;
  readonly extractSeq: number;
  readonly startedAt: Date;
  readonly codeVersion: string;
}

export interface LandOptions {
  readonly reader: SourceReader;
  readonly objects: ObjectStore;
  readonly run: LandingRun;
  readonly request: Omit<ExtractRequest, "sink" | "evidence" | "openEvidence">;
  /** Hash of what decides the bytes: columns, keys, predicate. */
  readonly configFingerprint: (feed: Feed) => string;
}

export interface Landed {
  readonly batches: Batch[];
  readonly refused: Extracted["refused"];
  readonly leftOut: NonNullable<Extracted["leftOut"]>;
}

/** The first attempt that has left nothing behind for any of the feeds. */
async function freeAttempt(objects: ObjectStore, runId: string, feeds: readonly string[]): Promise<number> {
  for (let attempt = 1; ; attempt += 1) {
    const found = await Promise.all(feeds.map((feed) => objects.list(`${extractFolder(feed, runId, attempt)}/`)));
    if (found.every((keys) => keys.length === 0)) return attempt;
  }
}

/** Puts row files into a folder, packed where the store has them so. */
export function sinkInto(objects: ObjectStore, folder: string): Sink {
  return async (name, bytes) => {
    const packed = objects.compression === "gzip";
    const key = `${folder}/${name}${packed ? ".gz" : ""}`;
    return { key, ...(await objects.put(key, packed ? gzipped(bytes) : bytes)) };
  };
}

function manifestOf(
  run: LandingRun,
  parts: Pick<Manifest, "attempt" | "together" | "configFingerprint"> & { extract: FeedExtract },
): Manifest {
  const { window, startedAt, ...rest } = run;
  return {
    schema: 2,
    ...rest,
    window: window && { start: formatInstant(window.start), end: formatInstant(window.end) },
    startedAt: startedAt.toISOString(),
    ...parts,
    extract: structuredClone(parts.extract) as Manifest["extract"],
  };
}

async function writeManifest(objects: ObjectStore, key: string, manifest: Manifest): Promise<Batch> {
  const text = manifestText(manifest);
  if (!(await objects.putIfAbsent(key, text))) throw new Failure("lost", manifestExists(key));
  return { id: batchId(text), key, manifest };
}

/**
 * Extracts feeds of one source into the object store. The manifests are written when every file of every feed is
 * complete; until the last of them is there, nothing of it is found.
 * @throws Failure as the reader, `lost` when another process landed under the same run id meanwhile.
 */
export async function landExtract(options: LandOptions): Promise<Landed> {
  const { reader, objects, run, request, configFingerprint } = options;
  const attempt = await freeAttempt(
    objects,
    run.runId,
    request.feeds.map(({ feed }) => feed.id),
  );
  const sink = (feed: string) => sinkInto(objects, extractFolder(feed, run.runId, attempt));
  const {
    extracts,
    refused,
    leftOut = [],
  } = await reader.extract({
    ...request,
    sink,
    evidence: () => evidenceSink(objects),
    openEvidence: (evidence) => readStored(objects, evidence),
  });
  const together = extracts.map((extract) => extract.feed);
  const batches: Batch[] = [];
  for (const { feed } of request.feeds) {
    const extract = extracts.find((e) => e.feed === feed.id);
    if (!extract) continue;
    const manifest = manifestOf(run, { attempt, together, configFingerprint: configFingerprint(feed), extract });
    batches.push(await writeManifest(objects, manifestKey(feed.id, run.runId, attempt), manifest));
  }
  return { batches, refused, leftOut };
}

/** Old bytes say nothing about where the source stands, nor about how far a load or an adapter has come. */
function withoutCursor({
  loading: _,
  state: __,
  below: ___,
  findings: ____,
  complete: _____,
  ...extract
}: Manifest["extract"]): FeedExtract {
  return { ...extract, cursor: null } as FeedExtract;
}

/**
 * Makes a new batch of the bytes of an old one, on today's head. It carries no cursor.
 * @throws Failure `lost` when another process did the same under this run id.
 */
export async function landReplay(objects: ObjectStore, of: Batch, run: LandingRun): Promise<Batch> {
  const { extract, configFingerprint } = of.manifest;
  const attempt = await freeAttempt(objects, run.runId, [extract.feed]);
  const manifest = manifestOf(run, {
    attempt,
    together: [extract.feed],
    configFingerprint,
    extract: withoutCursor(extract),
  });
  return writeManifest(objects, manifestKey(extract.feed, run.runId, attempt), {
    ...manifest,
    replayOf: of.manifest.replayOf ?? of.id,
  });
}
