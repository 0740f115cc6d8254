import type { Command } from "commander";
import picocolors from "picocolors";
import { EXIT_CODES, type FailureKind } from "../kernel/problem.ts";
import type { App } from "../ports/ports.ts";
import { buildProgram } from "./main.ts";

/** What each exit code means to a scheduler. */
const MEANINGS: Readonly<Record<FailureKind, string>> = {
  usage: "the command line or the configuration is wrong; nothing was done",
  blocked:
    "a gate, a contract, or a change that somebody has to decide about blocked the publication; `contract diff`: a change is breaking; `check`: a row is not valid, or a file or all of them are refused",
  incomplete: "the source cannot say what is complete, or gave less than it counts",
  lost: "another run took over: the lease was lost or the head moved; nothing was published by this one",
  retryable: "something was busy or unreachable; the same command may succeed later",
  internal: "something unexpected; `doctor`: a check failed; `demo`: the scoreboard is not perfect",
};

function exitCodeTable(): string {
  const rows = Object.entries(EXIT_CODES).sort(([, a], [, b]) => a - b);
  const lines = rows.map(([kind, code]) => `| ${code} | ${kind} | ${MEANINGS[kind as FailureKind]} |`);
  return [
    "| exit code | kind | meaning |",
    "|---|---|---|",
    "| 0 | | published, already published, or nothing to do |",
    ...lines,
  ].join("\n");
}

/** Commands with an action of their own, with the words that reach them: all that take options, for groups take none. */
function leaves(command: Command, words: readonly string[] = []): { words: string; command: Command }[] {
  return command.commands.flatMap((sub) => {
    const path = [...words, sub.name()];
    const own = sub.options.length > 0 ? [{ words: path.join(" "), command: sub }] : [];
    return [...own, ...leaves(sub, path)];
  });
}

/** The command line reference as Markdown, made from the program's own help. */
export function cliReference(app: App): string {
  let written = "";
  const write = (text: string | Uint8Array) => {
    written += text.toString();
  };
  const program = buildProgram({ app, exitCode: 0, out: write, err: write, paint: picocolors.createColors(false) });
  const helpOf = (command: Command) => {
    written = "";
    command.configureOutput({ writeOut: write, getOutHelpWidth: () => 100 });
    command.outputHelp();
    return written.trim();
  };
  const sections = leaves(program).map(
    ({ words, command }) => `## ledgerloop ${words}\n\n\`\`\`text\n${helpOf(command)}\n\`\`\``,
  );
  return `${[
    "# Command line",
    "Made from the program's own help by `npx tsx scripts/generate-cli-docs.ts`; do not edit by hand.",
    "Answers go to standard output, progress and failures to standard error. With `--json` standard output holds one document, whose shape [json.md](json.md) describes; when a command fails, it is empty. Values of columns that a contract classifies as personal are masked everywhere.",
    "## Exit codes",
    exitCodeTable(),
    "## Environment variables",
    [
      "| variable | meaning |",
      "|---|---|",
      "| `LEDGERLOOP_STATE` | absolute path of the folder with warehouse, landed files and embedded clusters; `pipeline/.state` by default. The sandbox's simulators are remembered there too; without it in a temporary folder |",
      "| `BILLING_URL`, `CONTROL_URL` | addresses of the billing database and the control store; the embedded clusters by default |",
      "| `STRIPE_URL`, `STRIPE_API_KEY` | address and key of Stripe for the pipeline `examples/stripe`; `ledgerloop sandbox start` prints those of a simulator |",
      "| `SALESFORCE_URL`, `SALESFORCE_CLIENT_ID`, `SALESFORCE_CLIENT_SECRET` | My Domain of the org and its connected app for the pipeline `examples/salesforce`; `ledgerloop sandbox start salesforce` prints those of a simulator |",
      "| `LEDGERLOOP_ACTOR` | who is recorded as having asked; the user's name by default |",
      "| `LEDGERLOOP_DEBUG` | any value: unexpected failures also print where they happened |",
      "| `NO_COLOR` | any value: no colours |",
    ].join("\n"),
    ...sections,
  ].join("\n\n")}\n`;
}
