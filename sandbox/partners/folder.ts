import { createHash } from "node:crypto";
import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DAY_MS, HOUR_MS, STORY_START } from "../cast/hours.ts";
import type { Written } from "./dialects.ts";

/** Of an hour, with some to spare. */
const SECONDS = 3000;

/** The day of an instant, ISO 8601. */
export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** The name of the file of an hour of the story. */
export function hourStem(hour: number): string {
  return new Date(STORY_START + hour * HOUR_MS).toISOString().slice(0, 13);
}

/** The name of the file of the day before an hour of the story. */
export function dayStem(hour: number): string {
  return dayOf(STORY_START + hour * HOUR_MS - DAY_MS);
}

/** When the nth file is written, in an hour of the story: a second behind the one before. */
export function writtenAt(hour: number, nth: number): Date {
  return new Date(STORY_START + hour * HOUR_MS + (nth % SECONDS) * 1000);
}

/** Writes files with the instant at which they were written. */
export function put(folder: string, written: readonly Written[], at: Date): void {
  for (const { path, bytes } of written) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    utimesSync(file, at, at);
  }
}

/** Equal for files of one partner that have the same lines. */
export function contentOf(partner: string, lines: readonly string[]): string {
  return createHash("sha256")
    .update(JSON.stringify([partner, lines]))
    .digest("hex");
}
