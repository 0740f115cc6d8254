import { readFileSync } from "node:fs";
import { Command } from "commander";
import { readWhole } from "../config/commands.ts";
import type { Contract } from "../contract/contract.ts";
import { isReachedByReading } from "../contract/contract-change.ts";
import { diffContracts } from "../contract/diff.ts";
import { parseContract } from "../contract/parse-contract.ts";
import { Failure } from "../kernel/problem.ts";
import { type CommandContext, type CommonOptions, pipelineOf, printJson, withCommonOptions } from "./context.ts";
import { paintVerdict } from "./paint.ts";
import { fileUnreadable } from "./problems.ts";
import { renderTable } from "./table.ts";

function readContract(file: string): Contract {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    throw new Failure("usage", fileUnreadable(file), { cause });
  }
  const { contract, problems } = parseContract({ file, text });
  if (!contract) throw new Failure("usage", problems);
  return contract;
}

/**
 * The command that brings a change to rows which were read before it; null where none is needed or a curated table's contract
 * changed. Two files can be compared without their pipeline: then no feed is named.
 */
async function readAgain(context: CommandContext, contract: Contract, choice: CommonOptions): Promise<string | null> {
  const pipeline = await pipelineOf(context, choice).catch(() => null);
  const isOf = (user: { readonly contract: Contract }) => user.contract.id === contract.id;
  const feeds = [...(pipeline?.feeds.values() ?? [])].filter(isOf);
  const [feed] = feeds;
  if (pipeline && feed) return readWhole(pipeline, { group: feed.group, feeds: feeds.map(({ id }) => id) });
  return [...(pipeline?.models.values() ?? [])].some(isOf) ? null : 'ledgerloop run --full --feeds FEED --reason "…"';
}

/** `ledgerloop contract diff` */
export function contractDiffCommand(context: CommandContext): Command {
  const command = new Command("diff")
    .description("compare two versions of a contract, change by change; exit code 10 when a change is breaking, else 0")
    .argument("<old>", "contract file")
    .argument("<new>", "contract file");
  return withCommonOptions(command, [
    "contract diff before.odcs.yaml pipeline/contracts/billing.invoices.odcs.yaml",
    "contract diff before.odcs.yaml after.odcs.yaml --json",
  ]).action(async (oldFile: string, newFile: string, options: CommonOptions) => {
    const [before, after] = [readContract(oldFile), readContract(newFile)];
    const changes = diffContracts(before, after);
    const compatible = changes.every((c) => c.compatible);
    context.exitCode = compatible ? 0 : 10;
    const next = changes.some(isReachedByReading) ? await readAgain(context, after, options) : null;
    const side = ({ id, version, fingerprint }: Contract) => ({ id, version, fingerprint });
    if (options.json) return printJson(context, { old: side(before), new: side(after), compatible, changes, next });
    if (changes.length === 0) return context.out(`${after.id} ${after.version}: no change\n`);
    const verdict = (ok: boolean) => paintVerdict(context.paint, ok ? "compatible" : "breaking");
    context.out(
      renderTable(
        changes.map((c) => ({
          verdict: verdict(c.compatible),
          element: c.element,
          says: c.says,
          effect: c.effect,
          consequence: c.consequence,
        })),
      ),
    );
    if (next !== null) context.out(`rows that were read before it, published or waiting: \`${next}\` once it is in force\n`);
    context.out(
      compatible
        ? "compatible: every row that was fit stays fit, every reader finds what it read\n"
        : "breaking: tell the readers, raise the major version, then `ledgerloop contract lint`\n",
    );
  });
}
