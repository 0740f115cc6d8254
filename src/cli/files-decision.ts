import type { Pipeline } from "../config/pipeline.ts";
import type { FeedWithParts } from "../documents/known-parts.ts";
import type { UpkeepEngine } from "../upkeep/engine.ts";
import { type CommandContext, type DecisionOptions, pipelineOf, printJson } from "./context.ts";
import { feedsAsked } from "./files-of.ts";

/** A decision about files: how it is recorded, and how what was recorded is printed. */
interface FileDecision<T> {
  readonly record: (engine: UpkeepEngine) => Promise<T>;
  readonly document: (recorded: T) => unknown;
  readonly text: (recorded: T) => string;
}

/** Records a decision about files of a feed, or of any feed where none is named, and prints what was recorded. */
export async function recordDecision<T>(
  context: CommandContext,
  { options, feed }: { options: DecisionOptions; feed: string | null },
  decided: (pipeline: Pipeline, feeds: readonly FeedWithParts[]) => FileDecision<T> | Promise<FileDecision<T>>,
): Promise<void> {
  const pipeline = await pipelineOf(context, options);
  const { record, document, text } = await decided(pipeline, await feedsAsked(context, pipeline, feed));
  const recorded = await context.app.upkeep.withUpkeep(pipeline, (line) => context.err(`${line}\n`), record);
  if (options.json) printJson(context, document(recorded));
  else context.out(text(recorded));
}
