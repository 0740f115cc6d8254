import { fingerprint } from "../../../kernel/fingerprint.ts";
import type { ExtractRequest, PartDecision } from "../../source.ts";
import { type FeedFiles, listed } from "./feed-files.ts";
import { type FileEntry, fileLedger, type Listed, type Sorted, sortListing } from "./file-ledger.ts";
import type { FilePattern } from "./file-pattern.ts";
import type { FilePlace, PlacedFile } from "./file-place.ts";

/** Everything below the folders that some patterns begin with, each folder once. */
export async function listAll(place: FilePlace, patterns: readonly FilePattern[]): Promise<PlacedFile[]> {
  const bases = [...new Set(patterns.map(({ base }) => base))];
  const needed = bases.filter((base) => !bases.some((other) => other !== base && base.startsWith(other)));
  const lists = await Promise.all(needed.map((base) => place.list(base)));
  return lists.flat();
}

/** A feed's files beside what its ledger knows of them. */
export interface Compared {
  readonly of: FeedFiles;
  readonly ledger: ReadonlyMap<string, FileEntry>;
  readonly listing: readonly Listed[];
  readonly sorted: Sorted;
  /** Files in force are taken again: what their layout is now decides. */
  readonly all: boolean;
  readonly lookedWith: string;
  /** By path, the newest decision about a file. */
  readonly decisions: ReadonlyMap<string, PartDecision>;
}

/** Compares a listing with a feed's ledger and with what people decided about its files. */
export async function compareFiles(
  request: Pick<ExtractRequest, "state" | "decisions">,
  of: FeedFiles,
  { place, files, now, isKnown }: { place: FilePlace; files: readonly PlacedFile[]; now: Date; isKnown: boolean },
): Promise<Compared> {
  const { feed, reading } = of;
  const ledger = fileLedger(await request.state(feed.id));
  const decisions = new Map((await request.decisions(feed.id)).map((decision) => [decision.part, decision]));
  const all = !isKnown && ledger.size > 0;
  const lookedWith = fingerprint([reading, of.spec]);
  const listing = listed(files, of);
  const settleSeconds = place.settles ? reading.settleSeconds : null;
  const sorted = sortListing(listing, { ledger, lookedWith, now, settleSeconds, all, decisions });
  return { of, ledger, listing, sorted, all, lookedWith, decisions };
}
