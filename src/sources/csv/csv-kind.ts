import { z } from "zod";
import type { Feed, Source } from "../../config/pipeline.ts";
import { S3_SERVICE } from "../../config/s3-schema.ts";
import {
  type Fault,
  type LinkedFeed,
  type LinkedSource,
  type PartFields,
  type PartTotals,
  type Reading,
  readingOf,
  type SourceEntries,
  type SourceKind,
  settingsOf,
} from "../../config/source-kind.ts";
import { present } from "../../contract/present.ts";
import { type S3Address, s3Address } from "../../s3/address.ts";
import { type Calendar, CalendarSchema } from "./files/calendar.ts";
import { filePattern } from "./files/file-pattern.ts";
import { sharedPath } from "./files/pattern-overlap.ts";
import { type LayoutEntry, LayoutSchema, layoutFaults, layoutLacks, layoutUses } from "./layout-schema.ts";

const KIND = "csv";

/** The column that names a record of a file: the file, the record's content and which of its copies it is. */
export const RECORD = "_record";

const SOURCE = z.strictObject({
  location: z
    .string()
    .min(1)
    .describe("Folder of the files, relative to this folder or absolute, or s3://bucket/prefix/: docs/partner-files.md"),
  ...S3_SERVICE,
});

const FEED = z.strictObject({
  files: z
    .string()
    .min(1)
    .describe("Pattern of the files below the location: remittances/{partner}/{date:yyyy-MM-dd}*.csv{,.gz}"),
  layouts: z.record(z.string().regex(/^[a-z][a-z0-9_-]*$/, "a name of lower-case letters, digits, - and _"), LayoutSchema),
  redelivery: z
    .enum(["replace", "hold"])
    .default("replace")
    .describe(
      "What becomes of a file that comes again with other content: it replaces what was published, or waits for somebody",
    ),
  calendar: CalendarSchema.optional().describe("When files are due; each partner of a layout is expected to send one a day"),
  settle_seconds: z
    .int()
    .min(0, "0 or more")
    .default(60)
    .describe("A file that was written to since then is left for the next run; objects in S3 are whole when they can be seen"),
});

type FeedEntry = z.output<typeof FEED>;

/** Where a line of the file ledger has what `ops.source_file` shows. */
const LEDGER_FIELDS: PartFields = {
  state: ["state"],
  why: ["stopped", "reason"],
  copy_of: ["of"],
  version: ["version"],
  sha256: ["sha256"],
};

/** Where it has what a file says of itself. */
const SAID: PartTotals = {
  sum: ["in_force", "said", "sum"],
  currency: ["in_force", "said", "currency"],
  day: ["in_force", "said", "day"],
};

/** A layout as it is written, under its name. */
export interface NamedLayout {
  readonly name: string;
  /** The `{partner}` of the files that it is of. */
  readonly partner: string;
  readonly entry: LayoutEntry;
}

export interface CsvReading extends Reading {
  readonly files: string;
  /** In the order in which they are tried. */
  readonly layouts: readonly NamedLayout[];
  readonly settleSeconds: number;
  /** Whether a file that comes again with other content replaces what was published, or waits for somebody. */
  readonly redelivery: "replace" | "hold";
  readonly calendar: Calendar | null;
}

/** Files in a folder, by its absolute path. */
interface FolderLocation {
  readonly kind: "folder";
  readonly folder: string;
}

/** Files in a bucket. Credentials are found by the driver and never stand here. */
export interface S3Location {
  readonly kind: "s3";
  readonly address: S3Address;
  /** Absent: AWS. */
  readonly endpoint?: string;
  readonly region?: string;
  readonly pathStyle: boolean;
}

export interface CsvSettings {
  readonly location: FolderLocation | S3Location;
  /** As it is written in the source file: what the files are of, wherever the folder of the pipeline is. */
  readonly name: string;
}

/** What of the keys that all kinds have decides how files are read. */
interface CommonKeys {
  readonly source_key?: readonly string[];
  readonly version?: string;
}

/** Whether files of a layout say what they come to. */
const saysSum = ({ footer, manifest }: LayoutEntry) => `${footer} ${manifest?.pattern}`.includes("(?<sum>");

function linkFeed({
  files,
  layouts,
  settle_seconds: settleSeconds,
  redelivery,
  calendar,
  source_key: key,
}: FeedEntry & CommonKeys): LinkedFeed {
  const named = Object.entries(layouts).map(([name, entry]) => ({ name, partner: entry.partner ?? name, entry }));
  const reading: CsvReading = { kind: KIND, files, layouts: named, settleSeconds, redelivery, calendar: calendar ?? null };
  return {
    reading,
    reads: "changes",
    origin: files,
    how: "new files",
    needs: [],
    uses: Object.entries(layouts).flatMap(([name, entry]) => layoutUses(entry, ["layouts", name])),
    beside: ({ columns }) => named.flatMap(({ name, entry }) => layoutLacks({ name, entry, at: ["layouts", name] }, columns)),
    lands: ["_scope", ...(key === undefined ? [] : (["_order"] as const)), "_fault", "_payload", "_unconverted"],
    deletes: false,
    parts: LEDGER_FIELDS,
    ...(named.some(({ entry }) => saysSum(entry)) && { totals: SAID }),
    ...(key === undefined ? { recordKey: RECORD } : {}),
    knowsPhysicalNames: true,
  };
}

function faultsOf(name: string, entry: FeedEntry & CommonKeys): Fault[] {
  const at = ["feeds", name];
  const faults: Fault[] = [];
  if (filePattern(entry.files) === null)
    faults.push({
      at: [...at, "files"],
      says: `"${entry.files}" is no pattern of files`,
      next: "write a path below the location with {partner}, {date:yyyy-MM-dd}, *, {,.gz}",
    });
  if (entry.calendar && !entry.files.includes("{date:"))
    faults.push({
      at: [...at, "calendar"],
      says: "the files have no {date} in their names, so nothing says which day they are of",
      next: "add {date:yyyy-MM-dd} to files, or remove calendar",
    });
  if (Object.keys(entry.layouts).length === 0)
    faults.push({ at: [...at, "layouts"], says: "no layout is declared", next: "declare one for each partner" });
  if (entry.version !== undefined)
    faults.push({
      at: [...at, "version"],
      says: "files are ordered by the day in their name, then by when they were written: a version beside that would be a second order",
      next: "remove version; with source_key the later file of a key wins",
    });
  return [
    ...faults,
    ...Object.entries(entry.layouts).flatMap(([layout, written]) => layoutFaults(written, [...at, "layouts", layout])),
  ];
}

/** Two feeds that would both load one file. */
function overlaps(feeds: readonly (readonly [name: string, entry: FeedEntry])[]): Fault[] {
  return feeds.flatMap(([name, { files }], i) =>
    feeds.slice(0, i).flatMap(([other, { files: theirs }]) => {
      const isPattern = filePattern(files) !== null && filePattern(theirs) !== null;
      const path = isPattern ? sharedPath(files, theirs) : null;
      if (path === null) return [];
      const says = `a file may be of two feeds, and its rows would be loaded twice: ${path} fits the files of ${name} and of ${other}`;
      return [{ at: ["feeds", name, "files"], says, next: "give each feed a folder of its own, or names that differ" }];
    }),
  );
}

type Located = Pick<z.output<typeof SOURCE>, "location" | keyof typeof S3_SERVICE>;

const isInS3 = (location: string) => location.startsWith("s3:");

function locationOf(source: Located, absolute: (path: string) => string): CsvSettings["location"] {
  const { location, endpoint, region, path_style: pathStyle = endpoint !== undefined } = source;
  if (!isInS3(location)) return { kind: "folder", folder: absolute(location) };
  const address = s3Address(location) ?? { bucket: "", prefix: "" };
  return { kind: "s3", address, pathStyle, ...present({ endpoint, region }) };
}

function locationFaults(source: Located): Fault[] {
  if (isInS3(source.location)) {
    const says = "location is no bucket with a prefix";
    const next = "write s3://bucket/prefix/; credentials come from the environment";
    return s3Address(source.location) === null ? [{ at: ["location"], says, next }] : [];
  }
  const extra = Object.keys(S3_SERVICE).filter((key) => key in source);
  const next = "remove it, or write location: s3://bucket/prefix/";
  return extra.map((key) => ({ at: [key], says: `${key} is of a bucket, and location is a folder`, next }));
}

function link({ source, feeds, absolute }: SourceEntries<typeof SOURCE, typeof FEED>): LinkedSource<CsvSettings> {
  const entries = [...feeds];
  return {
    settings: { location: locationOf(source, absolute), name: source.location },
    feeds: new Map(entries.map(([name, entry]) => [name, linkFeed(entry)])),
    faults: [...locationFaults(source), ...entries.flatMap(([name, entry]) => faultsOf(name, entry)), ...overlaps(entries)],
  };
}

/** CSV files that partners put into a folder or a bucket. */
export const csvKind: SourceKind<typeof SOURCE, typeof FEED, CsvSettings> = { kind: KIND, source: SOURCE, feed: FEED, link };

/** How a feed of this kind is read. @throws Error for a feed of another kind: the program mixed up its readers. */
export function csvReading(feed: Pick<Feed, "id" | "reading">): CsvReading {
  return readingOf<CsvReading>(KIND, feed);
}

/** Where a source of this kind is. @throws Error for a source of another kind: the program mixed up its readers. */
export function csvSettings(source: Pick<Source, "id" | "kind" | "settings">): CsvSettings {
  return settingsOf<CsvSettings>(KIND, source);
}
