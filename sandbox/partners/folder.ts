import { createHash } from "node:crypto";
import { mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DAY_MS, HOUR_MS, STORY_START } from "../cast/hours.ts";
import type { FeedId } from "../feed.ts";
import type { SentFile } from "../world/sent-file.ts";
import type { Truth } from "../world/truth.ts";
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
function writtenAt(hour: number, nth: number): Date {
  return new Date(STORY_START + hour * HOUR_MS + (nth % SECONDS) * 1000);
}

/** Writes files with the instant at which they were written. */
function put(folder: string, written: readonly Written[], at: Date): void {
  for (const { path, bytes } of written) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    utimesSync(file, at, at);
  }
}

/** Equal for files of one partner that have the same lines. */
function contentOf(partner: string, lines: readonly string[]): string {
  return createHash("sha256")
    .update(JSON.stringify([partner, lines]))
    .digest("hex");
}

/** Where a partner sends to, and who knows what it has sent. */
export interface Sender {
  readonly folder: string;
  readonly feed: FeedId;
  readonly truth: Truth;
  /** The hour of the story. */
  readonly hour: number;
}

/** A file that is sent, and what lies beside it. Its name without the ending begins with the day that it is of. */
export interface Sending extends Pick<SentFile, "path" | "records" | "stops" | "fault"> {
  readonly partner: string;
  readonly stem: string;
  /** Its lines, without header and trailer. */
  readonly lines: readonly string[];
  readonly written: readonly Written[];
}

/** Sends a file, in place of the one of its path, and says so to the truth. */
export function send({ folder, feed, truth, hour }: Sender, { partner, stem, lines, written, ...file }: Sending): void {
  const at = writtenAt(hour, truth.files(feed).length);
  put(folder, written, at);
  const order = `${stem.slice(0, 10)} ${at.toISOString()} ${file.path}`;
  truth.apply([{ does: "send", feed, files: [{ ...file, order, content: contentOf(partner, lines) }] }]);
}
