import { isOrdered } from "../../../config/landed-meta.ts";
import type { Feed } from "../../../config/pipeline.ts";
import { present } from "../../../contract/present.ts";
import type { SourceColumn } from "../../source.ts";
import type { SharedSpec } from "../csv-deriver.ts";
import { type CsvReading, csvReading, RECORD } from "../csv-kind.ts";
import { layoutOf } from "../layout-schema.ts";
import type { Listed } from "./file-ledger.ts";
import { type FilePattern, filePattern } from "./file-pattern.ts";
import type { PlacedFile } from "./file-place.ts";
import { manifestPath } from "./manifest-file.ts";
import { layoutsFor, type PartnersLayout } from "./partners-layout.ts";

/** A feed with all that its files are read by. */
export interface FeedFiles {
  readonly feed: Feed;
  readonly reading: CsvReading;
  readonly pattern: FilePattern;
  readonly layouts: readonly PartnersLayout[];
  readonly spec: SharedSpec;
}

/** The pattern of a feed's files. */
export function patternOf(reading: CsvReading): FilePattern {
  const pattern = filePattern(reading.files);
  if (pattern === null) throw new Error(`the pattern ${reading.files} passed the configuration and is none`);
  return pattern;
}

/** A feed with what its configuration says of its files. */
export function filesOf(feed: Feed): FeedFiles {
  const reading = csvReading(feed);
  const own = feed.contract.columns.filter(({ name }) => name !== RECORD);
  const hasPartners = reading.files.includes("{partner}");
  const layouts = reading.layouts.map(({ name, partner, entry }) => ({
    partner: hasPartners ? partner : null,
    layout: layoutOf(name, entry, own),
    manifest: entry.manifest ?? null,
  }));
  const columns = feed.contract.columns.map(({ name, type, format }) => ({ name, type, ...present({ format }) }));
  const spec = { columns, amount: feed.money?.amount ?? null, record: isOrdered(feed) ? null : RECORD };
  return { feed, reading, pattern: patternOf(reading), layouts, spec };
}

/** Whose files are expected. */
export function expectedOf({ reading, layouts, pattern }: FeedFiles) {
  return { calendar: reading.calendar, pattern, partners: [...new Set(layouts.map(({ partner }) => partner))] };
}

/** Every file has all columns of the contract: a file without one is stopped. */
export function columnsOf(feed: Feed, added: readonly string[] = []): SourceColumn[] {
  const names = [...feed.contract.columns.map(({ name }) => name), ...added];
  return names.map((name) => ({ name, type: "text", nullable: true }));
}

/** What a listing has of a feed, each file with the manifests beside it. */
export function listed(files: readonly PlacedFile[], { pattern, layouts }: FeedFiles): Listed[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return files.flatMap((file) => {
    const named = pattern.match(file.path);
    if (named === null) return [];
    const fitting = layoutsFor(layouts, named);
    const beside = fitting.flatMap(({ layout, manifest }) => {
      const found = manifest && byPath.get(manifestPath(file.path, manifest));
      return found ? [[layout.name, found] as const] : [];
    });
    const manifests = new Map(beside);
    const isReady = ({ layout, manifest }: PartnersLayout) => manifest === null || manifests.has(layout.name);
    const version = [file, ...new Set(manifests.values())].map((one) => one.version).join("+");
    return [{ ...file, ...named, version, file, manifests, lacksManifest: fitting.length > 0 && !fitting.some(isReady) }];
  });
}

/** What the listing has below a feed's folder that is of no feed of the source. */
export function unknownTo(files: readonly PlacedFile[], { pattern, layouts }: FeedFiles, all: readonly FilePattern[]): string[] {
  const manifests = new Set(
    files.flatMap(({ path }) => layouts.flatMap(({ manifest }) => (manifest ? [manifestPath(path, manifest)] : []))),
  );
  const ofNone = ({ path }: PlacedFile) =>
    path.startsWith(pattern.base) && !manifests.has(path) && all.every((p) => p.match(path) === null);
  return files.filter(ofNone).map(({ path }) => path);
}
