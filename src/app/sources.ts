import type { Environment, Pipeline, Source } from "../config/pipeline.ts";
import type { SourceKind } from "../config/source-kind.ts";
import { BILLING_CLUSTER, clusterUrl } from "../embedded/clusters.ts";
import { systemClock, systemTimer } from "../kernel/clock.ts";
import type { RecordReader } from "../landing/find-record.ts";
import { csvKind } from "../sources/csv/csv-kind.ts";
import type { Deriver } from "../sources/deriver.ts";
import type { PendingParts, PendingRequest } from "../sources/pending.ts";
import { postgresKind } from "../sources/postgres/postgres-kind.ts";
import { ownRates } from "../sources/rate.ts";
import { salesforceKind } from "../sources/salesforce/salesforce-kind.ts";
import type { PartReader, SourceColumn, SourceReader, Tried, TryRequest } from "../sources/source.ts";
import type { Standing } from "../sources/standing.ts";
import { stripeKind } from "../sources/stripe/stripe-kind.ts";
import { stateFolder } from "./places.ts";

/** A kind of source, and its reader, imported when it is needed. */
interface SourceAdapter {
  readonly kind: SourceKind;
  readonly reader: () => Promise<SourceReader>;
}

/** A new kind of source is a folder of its own and a line here. */
const SOURCE_ADAPTERS: readonly SourceAdapter[] = [
  { kind: postgresKind, reader: async () => (await import("../sources/postgres/postgres-reader.ts")).postgresReader() },
  { kind: csvKind, reader: async () => (await import("../sources/csv/csv-reader.ts")).csvReader() },
  { kind: stripeKind, reader: async () => (await import("../sources/stripe/stripe-reader.ts")).stripeReader() },
  {
    kind: salesforceKind,
    reader: async () => (await import("../sources/salesforce/salesforce-reader.ts")).salesforceReader(),
  },
];

/** The kinds that a source file may be of. */
export const SOURCE_KINDS: readonly SourceKind[] = SOURCE_ADAPTERS.map(({ kind }) => kind);

function adapterOf(source: Source): SourceAdapter {
  const adapter = SOURCE_ADAPTERS.find(({ kind }) => kind.kind === source.kind);
  if (!adapter) throw new Error(`no adapter reads sources of kind ${source.kind}`);
  return adapter;
}

/** A new reader of a source. */
export async function readerOf(source: Source): Promise<SourceReader> {
  return adapterOf(source).reader();
}

/** A source that names the embedded cluster gets its address, which changes when its port was taken. */
async function resolveSource(source: Source, environment: Environment): Promise<Source> {
  const { kind } = adapterOf(source);
  if (!source.embedded || !kind.resolved) return source;
  const url = await clusterUrl(stateFolder(environment), BILLING_CLUSTER.name);
  return { ...source, settings: kind.resolved(source.settings, url), embedded: false };
}

/** The pipeline with the addresses that its sources have now. */
export async function resolveSources(pipeline: Pipeline): Promise<Pipeline> {
  const sources = new Map<string, Source>();
  for (const [id, source] of pipeline.sources) sources.set(id, await resolveSource(source, pipeline.environment));
  return { ...pipeline, sources };
}

/** See `LookPort.describeSources`. */
export async function describeSources(pipeline: Pipeline): Promise<Map<string, SourceColumn[]>> {
  const resolved = await resolveSources(pipeline);
  const found = new Map<string, SourceColumn[]>();
  for (const source of resolved.sources.values()) {
    const reader = await readerOf(source);
    try {
      const feeds = [...resolved.feeds.values()].filter((feed) => feed.source === source.id);
      for (const [feed, columns] of await reader.describe(source, feeds)) found.set(feed, columns);
    } finally {
      await reader.close();
    }
  }
  return found;
}

/** Asks a new reader of a source, and closes it. */
async function withReader<T>(source: Source, ask: (reader: SourceReader) => T | Promise<T>): Promise<T> {
  const reader = await readerOf(source);
  try {
    return await ask(reader);
  } finally {
    await reader.close();
  }
}

type Asked = Pick<TryRequest, "source" | "feeds" | "state">;

/** Asks a new reader without a run: rates are this process's own, and nobody breaks it off. */
function askReader<T>(
  { environment, currencies }: Pipeline,
  { source, ...asked }: Asked,
  ask: (reader: SourceReader, request: TryRequest) => Promise<T>,
): Promise<T> {
  return withReader(source, async (reader) => {
    const request = { ...asked, source: await resolveSource(source, environment), currencies };
    const alone = { clock: systemClock, timer: systemTimer, rate: ownRates(systemTimer), signal: new AbortController().signal };
    return await ask(reader, { ...request, ...alone });
  });
}

/** See `LookPort.trySource`. */
export function trySource(pipeline: Pipeline, asked: Asked): Promise<Tried | null> {
  return askReader(pipeline, asked, async (reader, request) => (await reader.try?.(request)) ?? null);
}

/** See `LookPort.standing`. */
export function standing(pipeline: Pipeline, asked: Asked): Promise<Standing | null> {
  return askReader(pipeline, asked, async (reader, request) => (await reader.standing?.(request)) ?? null);
}

/** See `LookPort.pendingParts`. */
export function pendingParts(
  { environment }: Pipeline,
  { source, ...asked }: Omit<PendingRequest, "clock">,
): Promise<Map<string, PendingParts[]>> {
  return withReader(source, async (reader) => {
    const request = { ...asked, source: await resolveSource(source, environment), clock: systemClock };
    return (await reader.pending?.(request)) ?? new Map();
  });
}

/** See `LookPort.partReaders`. */
export async function partReaders({ sources }: Pipeline): Promise<Map<string, PartReader>> {
  const found = new Map<string, PartReader>();
  for (const source of sources.values()) {
    const { parts, words } = await withReader(source, (reader) => reader);
    if (parts && words) found.set(source.id, { parts, words });
  }
  return found;
}

/** See `LookPort.recordReaders`. */
export async function recordReaders({ sources }: Pipeline): Promise<Map<string, RecordReader>> {
  const found = new Map<string, RecordReader>();
  for (const source of sources.values()) found.set(source.id, await withReader(source, (reader) => reader));
  return found;
}

/** See `LookPort.sourcesWithContents`. */
export async function sourcesWithContents({ sources }: Pipeline): Promise<Set<string>> {
  const found = new Set<string>();
  for (const source of sources.values()) {
    if (await withReader(source, (reader) => reader.contents !== undefined)) found.add(source.id);
  }
  return found;
}

/** See `LookPort.feedsReadByKey`. */
export async function feedsReadByKey({ sources, feeds }: Pipeline): Promise<Set<string>> {
  const found = new Set<string>();
  for (const source of sources.values()) {
    const own = [...feeds.values()].filter((feed) => feed.source === source.id);
    const read = await withReader(source, ({ readsByKey }) => own.filter((feed) => readsByKey?.(feed)));
    for (const { id } of read) found.add(id);
  }
  return found;
}

/** See `LookPort.derivers`. */
export async function deriversOf({ sources }: Pipeline): Promise<Map<string, readonly Deriver[]>> {
  const found = new Map<string, readonly Deriver[]>();
  for (const source of sources.values()) found.set(source.id, await withReader(source, ({ derivers }) => derivers ?? []));
  return found;
}
