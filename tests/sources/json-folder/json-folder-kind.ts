import { z } from "zod";
import type { Feed, Source } from "../../../src/config/pipeline.ts";
import type { LinkedFeed, Reading, SourceEntries, SourceKind } from "../../../src/config/source-kind.ts";

/**
 * A source of another nature than PostgreSQL, for the conformance suite alone: folders of JSON files. It has no snapshot and no
 * columns, its cursor is an instant, it keeps a ledger of files, a file is a complete scope, and files name deleted rows.
 */
const KIND = "json_folder";

const SOURCE = z.strictObject({
  folder: z.string().describe("Folder with one folder for each feed"),
  token: z.string().describe("Must stand in the folder's file .token; give a variable"),
});

const FEED = z.strictObject({
  files: z.string().describe("Folder of the feed"),
  deletions: z.boolean().default(false).describe("Files name deleted rows"),
  mode: z.enum(["changes", "whole"]).default("changes"),
});

export interface FolderReading extends Reading {
  readonly files: string;
  readonly deletions: boolean;
}

export interface FolderSettings {
  readonly folder: string;
  readonly token: string;
}

function linkFeed({ files, deletions, mode }: z.output<typeof FEED>): LinkedFeed {
  const reading: FolderReading = { kind: KIND, files, deletions };
  return { reading, reads: mode, origin: files, how: "new files", needs: [], uses: [], lands: ["_scope"], deletes: deletions };
}

export const jsonFolderKind: SourceKind<typeof SOURCE, typeof FEED, FolderSettings> = {
  kind: KIND,
  source: SOURCE,
  feed: FEED,
  link: ({ source, feeds, absolute }: SourceEntries<typeof SOURCE, typeof FEED>) => ({
    settings: { folder: absolute(source.folder), token: source.token },
    feeds: new Map([...feeds].map(([name, entry]) => [name, linkFeed(entry)])),
  }),
};

export const folderReading = (feed: Feed): FolderReading => feed.reading as FolderReading;
export const folderSettings = (source: Source): FolderSettings => source.settings as FolderSettings;
