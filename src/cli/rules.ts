import { Command } from "commander";
import type { Pipeline } from "../config/pipeline.ts";
import type { Contract } from "../contract/contract.ts";
import { type CoverageDocument, coverageDocument } from "../documents/coverage.ts";
import { ruleDocument } from "../documents/rule.ts";
import { Failure } from "../kernel/problem.ts";
import { type CommandContext, type CommonOptions, pipelineOf, printJson, withCommonOptions } from "./context.ts";
import { feedUnknown } from "./problems.ts";
import { renderTable } from "./table.ts";

/** Feeds, then curated tables, with their contracts. */
function targets(pipeline: Pipeline): Map<string, Contract> {
  return new Map([
    ...[...pipeline.feeds.values()].map((feed) => [feed.id, feed.contract] as const),
    ...[...pipeline.models.values()].map((model) => [model.table, model.contract] as const),
  ]);
}

/** How changes of feeds are seen, of those whose kind does not see all of them alike. */
function coverageOf({ feeds }: Pipeline, only: string | undefined): CoverageDocument[] {
  return [...feeds.values()]
    .filter(({ id }) => only === undefined || id === only)
    .flatMap((feed) => coverageDocument(feed) ?? []);
}

function coverageText({ feed, changes, absence, unseen, nets }: CoverageDocument): string {
  const again = nets.length === 0 ? "" : ` Read again by nets (\`run --nets\`): ${nets.join("; ")}.`;
  return `${feed}: ${changes}. Absent from a complete read: ${absence}. Not seen by an hourly run: ${unseen}.${again}\n`;
}

/** `ledgerloop rules` */
export function rulesCommand(context: CommandContext): Command {
  const command = new Command("rules")
    .description("list every rule with its kind, columns, severity, null policy, owner and fingerprint")
    .option("--feed <id>", "only rules of this feed or curated table");
  return withCommonOptions(command, ["rules --feed billing.invoices", "rules --json"]).action(
    async (options: CommonOptions & { feed?: string }) => {
      const pipeline = await pipelineOf(context, options);
      const all = targets(pipeline);
      const { feed } = options;
      if (feed !== undefined && !all.has(feed)) throw new Failure("usage", feedUnknown(feed, [...all.keys()]));
      const rules = [...all]
        .filter(([name]) => feed === undefined || name === feed)
        .flatMap(([name, contract]) => contract.rules.map((rule) => ({ feed: name, ...ruleDocument(rule) })));
      const seen = coverageOf(pipeline, feed);
      if (options.json) return printJson(context, { rules, coverage: seen });
      context.out(seen.map(coverageText).join(""));
      context.out(
        renderTable(
          rules.map((r) => ({
            feed: r.feed,
            rule: r.id,
            kind: r.kind,
            columns: r.columns.join(", "),
            severity: r.severity,
            nulls: r.nulls,
            owner: r.owner,
            fingerprint: r.fingerprint,
          })),
        ),
      );
      context.out(`${rules.length} rules\nnext: \`ledgerloop contract show ID\` shows their parameters\n`);
    },
  );
}
