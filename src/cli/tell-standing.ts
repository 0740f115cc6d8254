import type { Pipeline } from "../config/pipeline.ts";
import { provenNow } from "../documents/proven.ts";
import { Failure } from "../kernel/problem.ts";
import { readingIn } from "../ports/reading.ts";
import { keepStanding } from "../store/operations/standing.ts";
import type { CommandContext } from "./context.ts";

/**
 * Tells the control store what comparisons and breaks come to now, so that `status` can say it. Comparisons need no control store: where it is
 * away, that is said and nothing more.
 */
export async function tellStanding(context: CommandContext, pipeline: Pipeline): Promise<void> {
  const { look } = context.app;
  try {
    const hasContents = await look.sourcesWithContents(pipeline);
    const now = new Date();
    const told = await readingIn(context.app, pipeline, (session, dialect) =>
      provenNow(session, dialect, { pipeline, hasContents, now }),
    );
    await look.withStore(pipeline, (store) => keepStanding(store, pipeline.name, told));
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    context.err(`\`ledgerloop status\` does not know of it: ${error.problems[0]?.says ?? "the control store is away"}\n`);
  }
}
