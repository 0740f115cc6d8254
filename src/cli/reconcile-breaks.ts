import { Command, Option } from "commander";
import type { Pipeline } from "../config/pipeline.ts";
import { type BreaksDocument, breakDocument } from "../documents/breaks.ts";
import { DAY_MS } from "../kernel/clock.ts";
import { EXIT_CODES } from "../kernel/problem.ts";
import { readingIn } from "../ports/reading.ts";
import { BREAK_CLASSES, type BreakClass } from "../reconcile/break-class.ts";
import { type Break, breaksIn, isAccepted, readEvents } from "../reconcile/kept-breaks.ts";
import { requireKept } from "../reconcile/kept-proofs.ts";
import { type RollForward, rollForward } from "../reconcile/roll-forward.ts";
import { BREAK_COLUMNS, breakLine, bySize, openMoney, rollLine } from "./breaks-text.ts";
import { type CommandContext, type CommonOptions, pipelineOf, printJson, withCommonOptions } from "./context.ts";
import { instantArgument } from "./instant-arguments.ts";
import { comparedSubjects, requireKnown } from "./known-subject.ts";
import { limitArgument } from "./limit-argument.ts";
import { renderTable, toCsv } from "./table.ts";

/** Breaks that are listed unasked, and at most: they are held in memory. */
const [USUAL, MOST] = [50, 999_999];

/** Days of a roll-forward that nobody says the beginning of. */
const DAYS = 28;

interface BreaksOptions extends CommonOptions {
  readonly feed?: string;
  readonly class?: readonly BreakClass[];
  readonly cleared?: boolean;
  readonly csv?: boolean;
  readonly since?: string;
  readonly limit: number;
}

interface Found {
  readonly listed: readonly Break[];
  readonly all: readonly Break[];
  readonly since: string;
  readonly rolls: readonly RollForward[];
  readonly now: Date;
}

function render(context: CommandContext, pipeline: Pipeline, { listed, all, since, rolls, now }: Found): void {
  if (listed.length === 0) context.out("there is no break\n");
  else context.out(renderTable(listed.map((one) => breakLine(pipeline, one, now))));
  const more = all.length - listed.length;
  if (more > 0) context.out(`and ${more} more: --limit ${all.length}\n`);
  if (rolls.length > 0) context.out(`\nsince ${since.slice(0, 10)}\n${renderTable(rolls.map(rollLine))}`);
  const open = all.filter((one) => one.isOpen && !isAccepted(one, now));
  const accepted = all.filter((one) => isAccepted(one, now)).length;
  if (open.length + accepted === 0) return;
  const money = openMoney(pipeline, open);
  const beside = accepted === 0 ? "" : `, and ${accepted} accepted`;
  context.out(`\n${open.length} open${beside}${money.length > 0 ? `, source less published: ${money.join(", ")}` : ""}\n`);
  context.out(`next: \`ledgerloop reconcile explain ${listed[0]?.id ?? "BREAK"}\`\n`);
}

function documentOf({ listed, all, since, rolls }: Found): BreaksDocument {
  return { breaks: listed.map(breakDocument), more: all.length - listed.length, since, roll_forward: rolls };
}

/** `ledgerloop reconcile breaks` */
export function reconcileBreaksCommand(context: CommandContext): Command {
  const command = new Command("breaks")
    .description("list what differs, key by key, with its class and its money, and how it came to be as many as they are")
    .option("--feed <id>", "only of this feed, curated table or tie")
    .addOption(new Option("--class <classes...>", "only of these classes").choices(BREAK_CLASSES))
    .option("--cleared", "also those that were found equal since")
    .option("--since <instant>", `the roll-forward's beginning; ${DAYS} days ago without it`, instantArgument)
    .option("--limit <n>", "the first so many, by money", limitArgument(MOST), USUAL)
    .option("--csv", "print CSV");
  return withCommonOptions(command, ["reconcile breaks", "reconcile breaks --class amount currency --csv"]).action(
    async (options: BreaksOptions) => {
      const pipeline = await pipelineOf(context, options);
      const { feed, class: classes = BREAK_CLASSES, cleared = false, limit } = options;
      requireKnown(feed, comparedSubjects(pipeline));
      const since = options.since ?? new Date(Date.now() - DAYS * DAY_MS).toISOString();
      const where = feed === undefined ? {} : { subject: feed };
      const events = await readingIn(context.app, pipeline, async (session, dialect) => {
        await requireKept(session, dialect);
        return readEvents(session, dialect, where);
      });
      const now = new Date();
      const all = bySize(
        breaksIn(events).filter((one) => (cleared || one.isOpen) && classes.includes(one.class)),
        now,
      );
      const rolls = rollForward(events, since).filter((one) => classes.includes(one.class));
      const found = { listed: all.slice(0, limit), all, since, rolls, now };
      context.exitCode = all.some((one) => one.isOpen && !isAccepted(one, now)) ? EXIT_CODES.blocked : 0;
      if (options.json) return printJson(context, documentOf(found));
      if (options.csv)
        return context.out(
          toCsv(
            found.listed.map((one) => breakLine(pipeline, one, now)),
            BREAK_COLUMNS,
          ),
        );
      render(context, pipeline, found);
    },
  );
}
