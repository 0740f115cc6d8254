import type { Command } from "commander";
import type { Pipeline } from "../config/pipeline.ts";
import { type FeedWithParts, feedsWithParts, type KnownPart, readParts } from "../documents/known-parts.ts";
import type { PartsThere } from "../documents/pending.ts";
import { nearest } from "../kernel/nearest.ts";
import { Failure } from "../kernel/problem.ts";
import type { AskWarehouse } from "../ports/reading.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import type { CommandContext, CommonOptions } from "./context.ts";
import { feedUnknown, feedWithoutFiles, fileOfSeveral, fileUnknown, noFiles } from "./problems.ts";

/** Options of commands about one file. */
export interface FileOptions extends CommonOptions {
  readonly feed?: string;
}

/** Adds the file's path and `--feed` to a command about one file. */
export function withFile(command: Command): Command {
  return command
    .argument("<path>", "the file's path below the source's location, as `ledgerloop files` lists it")
    .option("--feed <id>", "the feed that it is of, where several know it");
}

/**
 * The feed that was asked for, or all that have files.
 * @throws Failure `usage` for one that is not configured, or has none.
 */
export async function feedsAsked(context: CommandContext, pipeline: Pipeline, feed: string | null): Promise<FeedWithParts[]> {
  const feeds = await feedsWithParts(context.app, pipeline);
  if (feed === null) return feeds;
  const known = feeds.map((one) => one.feed.id);
  if (!pipeline.feeds.has(feed)) throw new Failure("usage", feedUnknown(feed, known));
  const asked = feeds.filter((one) => one.feed.id === feed);
  if (asked.length === 0) throw new Failure("usage", feedWithoutFiles(feed, known));
  return asked;
}

/** What is there is left out: only what runs have looked at is asked for. */
export const NOT_ASKED: PartsThere = { parts: new Map(), failure: null };

/** A file that is asked for by its path. */
export interface FileAsked {
  readonly feeds: readonly FeedWithParts[];
  readonly path: string;
  readonly there: PartsThere;
}

/**
 * One file by its path.
 * @throws Failure `usage` for one that is not there and that no run has looked at, and for one that several feeds know. Where it may be
 * there and a source could not be asked, what it failed by.
 */
export async function fileOf(ask: AskWarehouse, dialect: Dialect, { feeds, path, there }: FileAsked): Promise<KnownPart> {
  if (feeds.length === 0) throw new Failure("usage", noFiles());
  const known = await readParts(ask, dialect, { feeds, there: there.parts });
  const [found, ...others] = known.filter(({ part }) => part.part === path);
  if (found === undefined) {
    if (there.failure !== null) throw there.failure;
    const paths = known.map(({ part }) => part.part);
    throw new Failure("usage", fileUnknown(path, nearest(path, paths)));
  }
  if (others.length > 0)
    throw new Failure(
      "usage",
      fileOfSeveral(
        path,
        [found, ...others].map(({ feed }) => feed.id),
      ),
    );
  return found;
}
