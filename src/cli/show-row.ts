import { Command } from "commander";
import type { Model, Pipeline } from "../config/pipeline.ts";
import { type ReachingRow, reachingRow, type ShownRow } from "../documents/shown-row.ts";
import { jsonAmount } from "../kernel/json.ts";
import { Failure } from "../kernel/problem.ts";
import { readStored } from "../landing/evidence.ts";
import { type Batch, readManifest } from "../landing/manifest.ts";
import { curatedRow, MOST } from "../lineage/curated-row.ts";
import { leadBack } from "../lineage/lead-back.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import { reading } from "../ports/reading.ts";
import { utcText } from "../quarantine/list-open.ts";
import type { TextRow } from "../warehouse/warehouse.ts";
import { type CommandContext, type CommonOptions, pipelineOf, printJson, withCommonOptions } from "./context.ts";
import { curatedRowUnknown, keyOfOther, noRecordBytes, tableUnknown } from "./problems.ts";

interface RowOptions extends CommonOptions {
  readonly bytes?: boolean;
}

/** A curated key that somebody asks for. */
interface Wanted {
  readonly pipeline: Pipeline;
  readonly model: Model;
  readonly key: readonly string[];
}

function modelOf({ models }: Pipeline, table: string, key: readonly string[]): Model {
  const model = models.get(table);
  if (!model) throw new Failure("usage", tableUnknown(table, [...models.keys()]));
  if (model.key.length !== key.length) throw new Failure("usage", keyOfOther({ table, key: model.key, given: key.length }));
  return model;
}

/** What the manifest of a row's batch says of its part; null where the manifest is gone, after its years. */
async function evidenceOf(objects: ObjectStore, row: TextRow) {
  const manifest: Batch | null = row["manifest"] ? await readManifest(objects, row["manifest"]) : null;
  return manifest?.manifest.extract.evidence?.find(({ name }) => name === row["part"]) ?? null;
}

async function look(context: CommandContext, { pipeline, model, key }: Wanted): Promise<ShownRow> {
  const found = await reading(context.app, pipeline, async (ask, dialect) => {
    const [curated] = await ask(curatedRow(dialect, model, key));
    if (!curated) throw new Failure("usage", curatedRowUnknown({ table: model.table, key }));
    return { curated, ...(await leadBack({ ask, dialect, pipeline }, { table: model, key })) };
  });
  const objects = await context.app.look.objects(pipeline);
  const rows: ReachingRow[] = [];
  for (const back of found.rows) rows.push(reachingRow(pipeline, back, await evidenceOf(objects, back.row)));
  const deleted = found.curated["deleted_at"] ?? null;
  return {
    table: model.table,
    key,
    publication: found.curated["publication"] ?? "",
    deleted_at: deleted === null ? null : utcText(deleted),
    rows,
    more: found.more.map(({ input, rows: count }) => ({ input, rows: jsonAmount(count) })),
  };
}

function rowText(row: ReachingRow): string[] {
  const { evidence } = row;
  return [
    `  ${row.feed}${row.deleted_at === null ? "" : `, gone since ${row.deleted_at}`}`,
    ...row.through.map(({ table, key }) => `    through     curated.${table} ${key.map((value) => value ?? "none").join(", ")}`),
    `    key         ${row.source_key ?? "none"}, published by number ${row.publication}`,
    `    landed      batch ${row.batch_id}, ${row.position === "" ? "no position" : `position ${row.position}`}`,
    ...(evidence
      ? [
          `    received    ${evidence.name}, ${evidence.bytes} bytes, sha256 ${evidence.sha256}`,
          `    kept as     ${evidence.key}`,
        ]
      : [`    manifest    ${row.manifest ?? "gone"}`]),
  ];
}

function render({ table, key, publication, deleted_at: deleted, rows, more }: ShownRow): string {
  const state = deleted === null ? `as publication ${publication} left it` : `a tombstone since ${deleted}`;
  const hasBytes = rows.some(({ evidence }) => evidence !== null);
  const next = hasBytes
    ? `\`ledgerloop show row ${table} ${key.join(" ")} --bytes\`, which shows its record as it was sent`
    : null;
  const lines = [
    `curated.${table} ${key.join(", ")}: ${state}, made of`,
    ...(rows.length === 0 ? ["  no row of a feed that leads to it by its own columns"] : rows.flatMap(rowText)),
    ...more.map(
      ({ input, rows: count }) => `  ${input} has ${count} rows that lead to it, the first ${MOST} of them were followed`,
    ),
    ...(next === null ? [] : [`next: ${next}`]),
  ];
  return `${lines.join("\n")}\n`;
}

/** The record of the newest row that has one, as it was received. */
async function recordBytes(context: CommandContext, { pipeline, model }: Wanted, { rows }: ShownRow): Promise<Uint8Array> {
  const derivers = await context.app.look.derivers(pipeline);
  const objects = await context.app.look.objects(pipeline);
  for (const { feed, evidence, position } of rows) {
    const source = pipeline.feeds.get(feed)?.source ?? "";
    const deriver = derivers.get(source)?.find(({ record }) => record !== undefined);
    if (!(evidence && deriver?.record)) continue;
    const record = await deriver.record({ name: evidence.name, open: () => readStored(objects, evidence) }, position);
    if (record) return record;
  }
  throw new Failure("usage", noRecordBytes({ table: model.table }));
}

/** `ledgerloop show row` */
export function showRowCommand(context: CommandContext): Command {
  const command = new Command("row")
    .description("lead a curated row back to the rows it was made of, and to the bytes that were received")
    .argument("<table>", "curated table, as in invoice")
    .argument("<key...>", "values of its key, in the key's order")
    .option("--bytes", "print the record as it was received and nothing else; personal values are in it");
  return withCommonOptions(command, ["show row invoice in_1042", "show row invoice in_1042 --json"]).action(
    async (table: string, key: string[], options: RowOptions) => {
      const pipeline = await pipelineOf(context, options);
      const wanted = { pipeline, model: modelOf(pipeline, table, key), key };
      const shown = await look(context, wanted);
      if (options.bytes) return context.out(await recordBytes(context, wanted, shown));
      if (options.json) return printJson(context, shown);
      context.out(render(shown));
    },
  );
}
