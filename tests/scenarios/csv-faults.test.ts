import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { openFilesHouse } from "../support/files-house.ts";
import { ofToday } from "../support/sampled.ts";
import { CSV_FAULTS, type FolderHouse } from "./csv-faults.ts";
import { playFileFaults } from "./play-files.ts";
import { CSV } from "./sections.ts";

const HOUR_MS = 3_600_000;

async function openFolderHouse(): Promise<FolderHouse> {
  const folder = mkdtempSync(join(tmpdir(), "ledgerloop-files-"));
  const stamp = (path: string, at: number) => utimesSync(join(folder, path), new Date(at), new Date(at));
  const house = await openFilesHouse({
    place: `location: "${folder}"`,
    put: async (path, content) => {
      const file = join(folder, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, content);
      stamp(path, Date.now() - HOUR_MS);
    },
    remove: async (path) => rmSync(join(folder, path)),
    dispose: async () => rmSync(folder, { recursive: true, force: true }),
  });
  return { ...house, folder, touch: (path) => stamp(path, Date.now() + HOUR_MS) };
}

playFileFaults(CSV, ofToday(CSV_FAULTS), openFolderHouse);
