import type { Pipeline } from "../config/pipeline.ts";
import { readingIn } from "../ports/reading.ts";
import { publishedKey } from "../reconcile/break-key.ts";
import { planHeal } from "../reconcile/heal.ts";
import { type BreakStory, readBreak } from "../reconcile/kept-breaks.ts";
import { nextCommands } from "./breaks-text.ts";
import type { CommandContext } from "./context.ts";

/** A break, all that was told of it, and the commands that lead out of it. */
export interface ExplainedBreak {
  readonly story: BreakStory;
  readonly next: readonly string[];
}

/**
 * A break by its id, with what leads out of it.
 * @throws Failure as `readBreak`.
 */
export async function explainedBreak({ app }: CommandContext, pipeline: Pipeline, id: string): Promise<ExplainedBreak> {
  const readByKey = await app.look.feedsReadByKey(pipeline);
  return readingIn(app, pipeline, async (session, dialect) => {
    const story = await readBreak(session, dialect, id);
    const asked = { pipeline, readByKey, reason: null, ticket: null, breaks: [story.broken] };
    const { healing } = await planHeal(session, dialect, asked);
    return {
      story,
      next: nextCommands(story.broken, {
        canHeal: healing.length > 0,
        rowKey: publishedKey(pipeline, story.broken),
        pipeline,
        now: new Date(),
      }),
    };
  });
}
