import type { Feed } from "../config/pipeline.ts";
import { Failure } from "../kernel/problem.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import type { RecordAsked, RecordPlace, TablePlace } from "../sources/record-place.ts";
import type { Evidence, SourceReader } from "../sources/source.ts";
import { deriverOf, evidenceOf } from "./extract-evidence.ts";
import type { StoredFile } from "./extract-files.ts";
import { landedRow } from "./landed-row.ts";
import type { Manifest } from "./manifest.ts";

/** What a source's reader knows of the way to the records of landed rows. */
export type RecordReader = Pick<SourceReader, "derivers" | "tablePlace">;

/** With what records are found. */
export interface Finding {
  readonly objects: ObjectStore;
  /** The reader of the feed's source. */
  readonly reader: RecordReader;
}

/** A published row whose record is asked for. */
export interface OfRow {
  readonly feed: Feed;
  readonly position: string;
  readonly part: string | null;
  readonly sourceKey: string;
}

/** The way from a row to the bytes that were received. */
export interface RecordWay {
  /** The piece of evidence that its record stands in; null where the row files are what was received. */
  readonly evidence: Evidence | null;
  readonly place: RecordPlace | null;
  readonly table: TablePlace | null;
  /** Row files that were received as they are, one of which has the row; none where they were derived. */
  readonly files: readonly StoredFile[];
  /** Why there is no way; null where there is one. */
  readonly says: string | null;
}

/** No way at all. */
export const NO_WAY: RecordWay = { evidence: null, place: null, table: null, files: [], says: null };

/** What a deriver is asked about a row of an extract. */
function askedOf({ extract }: Manifest, { position, part }: OfRow): RecordAsked {
  return { position, part, parameters: extract.deriver?.parameters ?? null };
}

async function wayOf(finding: Finding, manifest: Manifest, row: OfRow): Promise<RecordWay> {
  const { objects, reader } = finding;
  const deriver = deriverOf(reader.derivers ?? [], manifest);
  const { files, evidence: pieces = [] } = manifest.extract;
  if (!deriver) return { ...NO_WAY, table: reader.tablePlace?.(row.feed, row.position) ?? null, files };
  const place = (await deriver.place?.(evidenceOf(objects, manifest), askedOf(manifest, row))) ?? null;
  const piece = pieces.find(({ name }) => name === (place?.piece ?? row.part)) ?? null;
  return { ...NO_WAY, evidence: piece, place, says: place ? null : "its extract does not say where its record stands" };
}

/** The way to the record of a row, without reading more than indexes. What is gone or of another version is said and stops nobody. */
export async function wayToRecord(finding: Finding, manifest: Manifest, row: OfRow): Promise<RecordWay> {
  try {
    return await wayOf(finding, manifest, row);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { ...NO_WAY, says: error.problems[0]?.says ?? error.message };
  }
}

/**
 * The bytes of the record of a row, as they were received; null where it has none of its own.
 * @throws Failure `incomplete` where they are gone or other ones, `usage` where a deriver of another version made the row.
 */
export async function recordBytes(finding: Finding, manifest: Manifest, row: OfRow): Promise<Uint8Array | null> {
  const { objects, reader } = finding;
  const deriver = deriverOf(reader.derivers ?? [], manifest);
  if (!deriver) {
    const wanted = { position: row.position, sourceKey: row.sourceKey, keyColumns: row.feed.sourceKey };
    return (await landedRow(objects, manifest.extract, wanted))?.bytes ?? null;
  }
  return (await deriver.record?.(evidenceOf(objects, manifest), askedOf(manifest, row))) ?? null;
}
