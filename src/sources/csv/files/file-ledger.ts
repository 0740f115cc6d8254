import { z } from "zod";
import type { Json } from "../../../kernel/json.ts";
import type { PartDecision } from "../../source.ts";
import type { Layout } from "../scan/layout.ts";
import type { PlacedFile } from "./file-place.ts";

/** The total that a file says of itself. */
const SAID = z.strictObject({
  /** In the text of the amount's type. */
  sum: z.string(),
  /** Null where its layout does not say in which currency all of it is. */
  currency: z.string().nullable(),
  /** The day that its name says, else that on which it was written, ISO 8601. */
  day: z.string(),
});

/** The content of a file whose rows are published. */
const IN_FORCE = z.strictObject({
  /** Of the bytes after unpacking. */
  sha256: z.string(),
  bytes: z.int(),
  /** Malformed ones too. */
  records: z.int(),
  malformed: z.int(),
  layout: z.string(),
  /** That layout as it was: what the file has is asked again when another loses a key, and when rows are read by their keys. */
  read_by: z.custom<Layout>().nullable(),
  /** What it says that it comes to, in its last line or in a file beside it; null where it says nothing. Lines of earlier versions lack it. */
  said: SAID.nullable().default(null),
  /** Where the file stands among the others of its feed: a text that is greater for later ones. */
  order: z.string(),
  /** The bytes as they were received. */
  evidence: z.strictObject({ key: z.string(), bytes: z.int(), sha256: z.string() }),
});

const ENTRY = z.strictObject({
  /** The version that was last looked at, in the words of the folder. */
  version: z.string(),
  state: z.enum(["in_force", "duplicate", "stopped", "held", "rejected"]),
  /** Of what was last looked at, after unpacking; empty where nothing was read of it. */
  sha256: z.string(),
  /** Of a duplicate: the file whose content it repeats. */
  of: z.string().nullable(),
  /** Of a stopped file: why, without values of its rows. */
  stopped: z.strictObject({ reason: z.string(), says: z.string() }).nullable(),
  /** The last decision of somebody that was followed; null without one. */
  decided: z.string().nullable(),
  /** What it was looked at with: layouts and columns of the contract. */
  looked_with: z.string(),
  /** Its rows are published: those of this content, whatever came since. */
  in_force: IN_FORCE.nullable(),
  /** Whether the file is no more where it was; its rows stay. */
  gone: z.boolean(),
});

/** What is published of a file. */
export type InForce = Readonly<z.output<typeof IN_FORCE>>;

/** A line of a feed's file ledger, under the file's path below the location. */
export type FileEntry = Readonly<z.output<typeof ENTRY>>;

/** A feed's file ledger by path. @throws ZodError for what no version of this program wrote. */
export function fileLedger(state: ReadonlyMap<string, Json>): Map<string, FileEntry> {
  return new Map([...state].map(([path, value]) => [path, ENTRY.parse(value)]));
}

/** A file as its folder lists it. */
export interface Listed {
  readonly path: string;
  readonly version: string;
  readonly bytes: number;
  readonly modifiedAt: Date;
  readonly partner: string | null;
  /** The day that its name says, ISO 8601. */
  readonly date: string | null;
  /** The file alone, without what lies beside it. */
  readonly file: PlacedFile;
  /** The manifests beside it, by the names of the layouts that want them. */
  readonly manifests: ReadonlyMap<string, PlacedFile>;
  /** No layout of its partner can do without the manifest that is not there. */
  readonly lacksManifest: boolean;
}

/** In place of the day of a name that says none. */
const NAMELESS = "0000-00-00";

/** Where a file stands among the others: by the day of its name, then by when it was written, then by path. */
export function orderOf({ date, modifiedAt, path }: Pick<Listed, "date" | "modifiedAt" | "path">): string {
  return `${date ?? NAMELESS} ${modifiedAt.toISOString()} ${path}`;
}

/** The day that a file's name says, else that on which it was written, by its place among the others. */
export function dayOf(order: string): string {
  const [named = "", written = ""] = order.split(" ");
  return named === NAMELESS ? written.slice(0, named.length) : named;
}

/** What a listing means to a feed. */
export interface Sorted {
  /** To be looked at, in the order in which they come. */
  readonly take: readonly Listed[];
  /** Paths of the ledger that are no more. */
  readonly gone: readonly string[];
  /** Written to just now, or in the future: left for the next run. */
  readonly unsettled: readonly Listed[];
  /** Without the manifest that its layout wants. */
  readonly incomplete: readonly Listed[];
}

interface SortOptions {
  readonly ledger: ReadonlyMap<string, FileEntry>;
  readonly lookedWith: string;
  readonly now: Date;
  /** How long a file must have been left alone; null where it is whole when it can be seen. */
  readonly settleSeconds: number | null;
  /** Everything is looked at again, also what is in force. */
  readonly all: boolean;
  /** By path, the newest decision about a file. */
  readonly decisions: ReadonlyMap<string, PartDecision>;
}

/** What somebody decided about the version of a file that is there; undefined where nobody did. */
export function decisionOn(decisions: ReadonlyMap<string, PartDecision>, { path, version }: Listed): PartDecision | undefined {
  const decision = decisions.get(path);
  return decision?.version === version ? decision : undefined;
}

/** A file that was taken with its manifest, which was cleared away since. */
function hasLostManifest({ file, lacksManifest }: Listed, { state, version }: FileEntry): boolean {
  return lacksManifest && state === "in_force" && version.startsWith(`${file.version}+`);
}

function isOpen(listed: Listed, { ledger, lookedWith, all, decisions }: SortOptions): boolean {
  const entry = ledger.get(listed.path);
  const decision = decisionOn(decisions, listed);
  if (decision && decision.id !== entry?.decided) return true;
  if (all || entry === undefined || entry.gone) return true;
  if (entry.version !== listed.version && !hasLostManifest(listed, entry)) return true;
  return entry.state === "stopped" && entry.looked_with !== lookedWith;
}

/** What both runs of one file each would have had comes in their order. */
function inOrder(a: Listed, b: Listed): number {
  return orderOf(a) < orderOf(b) ? -1 : 1;
}

/** Sorts a listing by what the ledger knows. What is in force already comes first, so that a copy of it stays the copy. */
export function sortListing(listing: readonly Listed[], options: SortOptions): Sorted {
  const { ledger, now, settleSeconds } = options;
  const open = listing.filter((listed) => isOpen(listed, options));
  const isWhole = ({ lacksManifest }: Listed) => !lacksManifest;
  const isOld = ({ modifiedAt }: PlacedFile) =>
    settleSeconds === null || now.getTime() - modifiedAt.getTime() >= settleSeconds * 1000;
  const settled = ({ file, manifests }: Listed) => [file, ...manifests.values()].every(isOld);
  const isHolder = (listed: Listed) => ledger.get(listed.path)?.state === "in_force";
  const paths = new Set(listing.map(({ path }) => path));
  return {
    take: open
      .filter((listed) => isWhole(listed) && settled(listed))
      .sort((a, b) => Number(isHolder(b)) - Number(isHolder(a)) || inOrder(a, b)),
    gone: [...ledger].filter(([path, entry]) => !(paths.has(path) || entry.gone)).map(([path]) => path),
    unsettled: open.filter((listed) => isWhole(listed) && !settled(listed)),
    incomplete: open.filter((listed) => !isWhole(listed)),
  };
}
