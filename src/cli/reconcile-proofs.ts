import { Command } from "commander";
import type { RolledUpDocument } from "../documents/rolled-up.ts";
import { DAY_MS } from "../kernel/clock.ts";
import { readingIn } from "../ports/reading.ts";
import { requireKept } from "../reconcile/kept-proofs.ts";
import { type Rolled, type RolledDay, rollUp } from "../reconcile/rolled-up.ts";
import { type CommandContext, type CommonOptions, pipelineOf, printJson, withCommonOptions } from "./context.ts";
import { instantArgument } from "./instant-arguments.ts";
import { comparedSubjects, requireKnown } from "./known-subject.ts";
import { renderTable, toCsv } from "./table.ts";

/** Days that are listed unasked. */
const DAYS = 7;

/** Digits of a hash that a table shows; `--csv` and `--json` have all. */
const SHOWN = 16;

const line = (day: string, of: string, { made, results, sha256 }: Rolled) => ({
  ...{ day, of, made: String(made), equal: String(results.equal), different: String(results.different) },
  ...{ "not proven": String(results.not_proven), sha256 },
});

const COLUMNS = ["day", "of", "made", "equal", "different", "not proven", "sha256"] as const;

/** A line for each day, and below it one for each feed, table and tie. */
function linesOf(days: readonly RolledDay[], only: string | undefined) {
  return days.flatMap((day) => [
    ...(only === undefined ? [line(day.day, "everything", day)] : []),
    ...day.subjects.map((own) => line(day.day, own.of, own)),
  ]);
}

interface ProofsOptions extends CommonOptions {
  readonly since?: string;
  readonly feed?: string;
  readonly csv?: boolean;
}

/** `ledgerloop reconcile proofs` */
export function reconcileProofsCommand(context: CommandContext): Command {
  const command = new Command("proofs")
    .description("how many comparisons were kept of what on each day, with a hash of all that is kept of them (ops.proof)")
    .option("--since <instant>", `from this day on, in UTC; the last ${DAYS} days without it`, instantArgument)
    .option("--feed <id>", "only of this feed, curated table or tie")
    .option("--csv", "print CSV, with whole hashes");
  return withCommonOptions(command, ["reconcile proofs", "reconcile proofs --since 2026-10-01 --csv"]).action(
    async (options: ProofsOptions) => {
      const pipeline = await pipelineOf(context, options);
      const { feed, csv } = options;
      requireKnown(feed, comparedSubjects(pipeline));
      const since = (options.since ?? new Date(Date.now() - (DAYS - 1) * DAY_MS).toISOString()).slice(0, 10);
      const days = await readingIn(context.app, pipeline, async (session, dialect) => {
        await requireKept(session, dialect);
        return rollUp(session, dialect, since);
      });
      const isMeant = ({ of }: { readonly of: string }) => feed === undefined || of === feed;
      const shown = days.map((day) => ({ ...day, subjects: day.subjects.filter(isMeant) }));
      if (options.json) return printJson(context, { since, days: shown } satisfies RolledUpDocument);
      const lines = linesOf(shown, feed);
      if (csv) return context.out(toCsv(lines, COLUMNS));
      if (lines.length === 0) return context.out(`no comparison was kept since ${since}; next: \`ledgerloop reconcile run\`\n`);
      context.out(renderTable(lines.map((own) => ({ ...own, sha256: own.sha256.slice(0, SHOWN) }))));
      context.out(
        "\na hash is another one once a row of ops.proof was changed, taken out or added; whole ones: --csv or --json\n",
      );
    },
  );
}
