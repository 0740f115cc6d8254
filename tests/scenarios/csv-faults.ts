import { renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { FilesHouse } from "../support/files-house.ts";
import { CONTENT_FAULTS, type FileFault, PLACE_FAULTS } from "./file-faults.ts";

/** A house over files in a folder. */
export interface FolderHouse extends FilesHouse {
  readonly folder: string;
  /** A file was written to a moment ago, however slow the run is. */
  touch(path: string): void;
}

/** What folders do, beside what their files are like. */
export const CSV_FAULTS: readonly FileFault<FolderHouse>[] = [
  ...CONTENT_FAULTS,
  ...PLACE_FAULTS,
  {
    fault: "folder_away",
    says: "the folder is not there",
    on: async (of) => {
      renameSync(of.folder, `${of.folder}.away`);
      return { about: [], off: async () => renameSync(`${of.folder}.away`, of.folder) };
    },
  },
  {
    fault: "no_folder",
    says: "a file stands where the folder was",
    on: async (of) => {
      renameSync(of.folder, `${of.folder}.away`);
      writeFileSync(of.folder, "");
      const off = async () => {
        rmSync(of.folder);
        renameSync(`${of.folder}.away`, of.folder);
      };
      return { about: [], off };
    },
  },
  {
    fault: "unreadable",
    says: "a file cannot be opened: a link to what is away",
    on: async (of, { acme }) => {
      const path = join(of.folder, acme.path);
      renameSync(path, `${of.folder}.file`);
      symlinkSync(join(of.folder, "away"), path);
      const off = async () => {
        rmSync(path);
        renameSync(`${of.folder}.file`, path);
      };
      return { about: [acme.path], off };
    },
  },
  {
    fault: "written_to",
    says: "a file was written to just now",
    on: async (of, { acme }) => {
      of.touch(acme.path);
      return { about: [acme.path], off: () => of.deliver(acme) };
    },
  },
];
