import { Command, InvalidArgumentError, Option } from "commander";
import type { Pipeline, Tie } from "../config/pipeline.ts";
import { tieDocument } from "../documents/ties.ts";
import { EXIT_CODES, Failure } from "../kernel/problem.ts";
import { TIE_CLASSES, type TieClass, UNTIED } from "../proofs/tie-class.ts";
import type { TieLine } from "../proofs/ties.ts";
import { resultOf } from "../reconcile/proof.ts";
import { type TieNow, tieNow } from "../reconcile/tie-keys.ts";
import { type CommandContext, type CommonOptions, pipelineOf, printJson, withCommonOptions } from "./context.ts";
import { limitArgument } from "./limit-argument.ts";
import { noTies, tieUnknown } from "./problems.ts";
import { exitCodeOf, RESULTS } from "./reconcile-text.ts";
import { untilStopped } from "./stop-signal.ts";
import { renderTable } from "./table.ts";
import { TIE_WORDS, tiedKeyLine, tiesCsv, tieTable } from "./ties-text.ts";

/** Keys that are listed unasked, and at most: they are held in memory. */
const [USUAL, MOST] = [20, 999_999];

interface TiesOptions extends CommonOptions {
  readonly by: "month" | "day";
  readonly period: string;
  readonly class?: readonly TieClass[];
  readonly limit: number;
  readonly csv?: boolean;
}

const isDay = (text: string) => text.length === "2026-10-31".length;

function periodArgument(text: string): string {
  const day = new Date(`${isDay(text) ? text : `${text}-01`}T00:00:00Z`);
  const isThere = /^\d{4}-\d{2}(-\d{2})?$/.test(text) && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
  if (!isThere) throw new InvalidArgumentError("a period is a month or a day, written as 2026-10 or 2026-10-31");
  return text;
}

/** A tie that was looked at, of the period that was asked for. */
interface Looked {
  readonly tie: Tie;
  readonly now: TieNow;
  /** Empty for all. */
  readonly period: string;
}

const ofPeriod = (lines: readonly TieLine[], period: string) => lines.filter((line) => line.period.startsWith(period));

function render(context: CommandContext, pipeline: Pipeline, { tie, now, period }: Looked): void {
  const sides = tie.sides.map(({ name }) => name);
  const { proof, lines, all, keys } = now;
  context.out(`${tie.name}, ${RESULTS[resultOf(proof)]}: ${tie.about} (${tie.owner})\n`);
  if (proof.notProven !== null) {
    context.out(`  ${proof.notProven}\n\n`);
    return;
  }
  const empty = `  no row on any side${period === "" ? "" : ` on a day of ${period}`}\n`;
  context.out(lines.length === 0 ? empty : renderTable(tieTable(pipeline, sides, lines)));
  if (keys.length > 0) context.out(`\n${renderTable(keys.map((key) => tiedKeyLine(pipeline, sides, key)))}`);
  const more = all - BigInt(keys.length);
  if (more > 0n) context.out(`and ${more} more: --limit ${all}\n`);
  const classes = [...new Set(keys.map(({ class: is }) => is))];
  if (classes.length > 0) context.out(`${classes.map((is) => `${is}: ${TIE_WORDS[is]}`).join("; ")}\n`);
  context.out("\n");
}

const NEXT: Readonly<Record<number, string>> = {
  0: "what the sides say is the same, or differs for a reason that is named",
  [EXIT_CODES.blocked]:
    "next: `ledgerloop reconcile run --leg R3` keeps what is untied as breaks, `ledgerloop reconcile breaks` lists them",
  [EXIT_CODES.incomplete]: "next: mend in ties.yaml what is told above",
};

/** The ties that are named, or all. @throws Failure `usage` where there are none, or not that one. */
function tiesMeant({ ties }: Pipeline, names: readonly string[]): Tie[] {
  const known = [...ties.keys()];
  if (known.length === 0) throw new Failure("usage", noTies());
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new Failure("usage", tieUnknown(unknown, known));
  return [...ties.values()].filter(({ name }) => names.length === 0 || names.includes(name));
}

/** `ledgerloop reconcile ties [NAME]` */
export function reconcileTiesCommand(context: CommandContext): Command {
  const command = new Command("ties")
    .description("what several systems say of one thing, side by side and key by key, as ties.yaml names it; nothing is kept")
    .argument("[ties...]", "names of ties; all of them without one")
    .addOption(new Option("--by <period>", "how long the periods are").choices(["month", "day"]).default("month"))
    .option("--period <month>", "only this month, or this day, by day", periodArgument, "")
    .addOption(
      new Option("--class <classes...>", `list keys of these classes; without it of ${UNTIED.join(", ")}`).choices(TIE_CLASSES),
    )
    .option("--limit <n>", "keys of each tie, the most money first", limitArgument(MOST), USUAL)
    .option("--csv", "print the periods as CSV");
  return withCommonOptions(command, [
    "reconcile ties card_payments --period 2026-10 --by day",
    "reconcile ties card_payments --class timing_settlement fee --json",
  ]).action(async (names: readonly string[], options: TiesOptions) => {
    const pipeline = await pipelineOf(context, options);
    const wanted = tiesMeant(pipeline, names);
    const tools = await context.app.look.provingTools(pipeline);
    const { period, class: classes = UNTIED, limit } = options;
    const by = isDay(period) ? "day" : options.by;
    const looked: Looked[] = [];
    for (const tie of wanted) {
      const now = await untilStopped((signal) => tieNow(tools, { tie, by, classes, period, limit }, signal));
      looked.push({ tie, period, now: { ...now, lines: ofPeriod(now.lines, period) } });
    }
    context.exitCode = exitCodeOf(looked.map(({ now }) => now.proof));
    if (options.json) return printJson(context, { ties: looked.map(({ tie, now }) => tieDocument(tie, now)) });
    if (options.csv) return context.out(tiesCsv(looked.map(({ tie, now }) => ({ name: tie.name, lines: now.lines }))));
    for (const one of looked) render(context, pipeline, one);
    context.out(`${NEXT[context.exitCode] ?? ""}
`);
  });
}
