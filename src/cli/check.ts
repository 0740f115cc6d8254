import { Command } from "commander";
import { trialDocument } from "../documents/trial.ts";
import { Failure } from "../kernel/problem.ts";
import type { TrialAsked } from "../trial/trial.ts";
import { trialProgress } from "./check-progress.ts";
import { trialText } from "./check-text.ts";
import { type CommandContext, printJson } from "./context.ts";
import { checkContract, checkLayout, checkReference } from "./problems.ts";

interface CheckOptions {
  readonly contract?: string;
  readonly feed?: string;
  readonly layout?: string;
  readonly reference?: readonly string[];
  readonly quarantineDir?: string;
  readonly json?: boolean;
}

function referencesOf(written: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const text of written) {
    const at = text.indexOf("=");
    const [name, path] = [text.slice(0, at), text.slice(at + 1)];
    if (at < 1 || path === "" || found.has(name)) throw new Failure("usage", checkReference(text));
    found.set(name, path);
  }
  return found;
}

function askedFor(files: readonly string[], options: CheckOptions): TrialAsked {
  const { contract, feed, layout, reference = [], quarantineDir = null } = options;
  if (contract === undefined) throw new Failure("usage", checkContract());
  if ((feed === undefined) !== (layout === undefined)) throw new Failure("usage", checkLayout());
  return {
    files,
    contract,
    layout: feed === undefined || layout === undefined ? null : { file: feed, layout },
    references: referencesOf(reference),
    quarantine: quarantineDir,
  };
}

const EXAMPLES = [
  "check payments.csv --contract payments.odcs.yaml",
  "check in/*.csv.gz --contract payments.odcs.yaml --feed pipeline/sources/partners.yaml --layout acme",
  "check payments.csv --contract payments.odcs.yaml --reference customers=customers.csv --quarantine-dir bad --json",
];

const add = (value: string, earlier: readonly string[] = []) => [...earlier, value];

/** `ledgerloop check` */
export function checkCommand(context: CommandContext): Command {
  return new Command("check")
    .description(
      "judge CSV files by a contract as a run would, without a server, a pipeline or a warehouse; exit code 10 when a row is not valid or a file is stopped",
    )
    .argument("<file...>", "CSV files, also packed (.gz)")
    .option("--contract <file>", "contract that the rows have to keep (required)")
    .option(
      "--feed <file>",
      "source file of kind csv with the layout that the files are written in; plain CSV in UTF-8 without it",
    )
    .option("--layout <name>", "layout of the source file: LAYOUT, or FEED.LAYOUT")
    .option(
      "--reference <name=file>",
      "CSV file with the keys of an object that a foreign key refers to; may be given again",
      add,
    )
    .option("--quarantine-dir <dir>", "write the bytes of rows that are not valid, and a table of why, into a folder")
    .option("--json", "print one JSON document on standard output")
    .addHelpText("after", `\nExamples:\n${EXAMPLES.map((e) => `  $ ledgerloop ${e}`).join("\n")}`)
    .action(async (files: string[], options: CheckOptions) => {
      const asked = askedFor(files, options);
      const { tell, done } = trialProgress(context);
      const trial = await context.app.look.tryFiles(asked, tell).finally(done);
      context.exitCode = trial.ok ? 0 : 10;
      if (options.json) return printJson(context, trialDocument(trial));
      context.out(trialText(context.paint, trial));
    });
}
