import { Command } from "commander";
import { columnsInTurn } from "../config/lineage.ts";
import type { Pipeline } from "../config/pipeline.ts";
import type { Contract } from "../contract/contract.ts";
import { type ContractDocument, contractDocument } from "../documents/contract.ts";
import { contractsOf } from "../documents/pii.ts";
import { Failure } from "../kernel/problem.ts";
import type { TextRow } from "../warehouse/warehouse.ts";
import { type CommandContext, type CommonOptions, pipelineOf, printJson, withCommonOptions } from "./context.ts";
import { contractUnknown } from "./problems.ts";
import { renderTable } from "./table.ts";

function find(pipeline: Pipeline, id: string): Contract {
  const contracts = contractsOf(pipeline);
  const found = contracts.get(id) ?? pipeline.feeds.get(id)?.contract ?? pipeline.models.get(id)?.contract;
  if (!found) throw new Failure("usage", contractUnknown(id, [...contracts.keys()]));
  return found;
}

/** A line for each source, the first of a column with what is said of it. */
function lineageRows({ columns }: ContractDocument): TextRow[] {
  return columns.flatMap(({ name, lineage }) => {
    if (!lineage) return [];
    const { of, first_wins, says } = lineage;
    const sources = of.length === 0 ? ["no column"] : of.map((source, i) => (i > 0 && first_wins ? `else ${source}` : source));
    return sources.map((source, i) => ({
      column: i === 0 ? name : null,
      "made of": source,
      "how, and what if null": i === 0 ? says : null,
    }));
  });
}

function render(shown: ContractDocument): string {
  const columns = shown.columns.map((c) => ({
    column: c.name,
    type: c.type,
    required: c.required ? "yes" : "",
    classification: c.classification,
  }));
  const rules = shown.rules.map((r) => ({
    rule: r.id,
    kind: r.kind,
    severity: r.severity,
    nulls: r.nulls,
    fingerprint: r.fingerprint,
    parameters: r.says,
  }));
  const lineage = lineageRows(shown);
  const levels = shown.service_levels.map(
    (l) => `  ${l.property}: ${l.value}${l.unit ?? ""}${l.element ? ` on ${l.element}` : ""}`,
  );
  return [
    `${shown.id} ${shown.version} (${shown.status}), owner ${shown.owner}, fingerprint ${shown.fingerprint}`,
    `${shown.file}, used by ${shown.used_by.join(", ")}`,
    `key: ${shown.primary_key.join(", ") || "none"}`,
    "",
    renderTable(columns),
    ...(lineage.length > 0 ? [renderTable(lineage)] : []),
    renderTable(rules),
    ...(levels.length > 0 ? ["service levels:", ...levels] : []),
    "",
  ].join("\n");
}

/** `ledgerloop contract show` */
export function contractShowCommand(context: CommandContext): Command {
  const command = new Command("show")
    .description("show a contract: columns, what they are made of, key, rules with their fingerprints, service levels")
    .argument("<id>", "contract id, feed or curated table");
  return withCommonOptions(command, ["contract show billing.invoices", "contract show invoice --json"]).action(
    async (id: string, options: CommonOptions) => {
      const pipeline = await pipelineOf(context, options);
      const contract = find(pipeline, id);
      const users = [
        ...[...pipeline.feeds.values()].map((f) => [f.id, f.contract.id]),
        ...[...pipeline.models.values()].map((m) => [m.table, m.contract.id]),
      ];
      const usedBy = users.flatMap(([name, used]) => (used === contract.id && name !== undefined ? [name] : []));
      const models = [...pipeline.models.values()].filter((model) => model.contract.id === contract.id);
      const firstOf = new Set(models.flatMap((model) => columnsInTurn(model, pipeline)));
      const shown = contractDocument(contract, { usedBy, firstOf });
      if (options.json) return printJson(context, shown);
      context.out(render(shown));
    },
  );
}
