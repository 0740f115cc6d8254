import { Command } from "commander";
import type { Model, Pipeline } from "../config/pipeline.ts";
import { columnNames } from "../documents/pii.ts";
import { reachingRow, type ShownRow, type ToldRow } from "../documents/shown-row.ts";
import { jsonAmount } from "../kernel/json.ts";
import { Failure } from "../kernel/problem.ts";
import { type Finding, NO_WAY, type OfRow, type RecordWay, recordBytes, wayToRecord } from "../landing/find-record.ts";
import { type Manifest, readManifest } from "../landing/manifest.ts";
import { askInstants, asOfInputs } from "../lineage/as-of.ts";
import { curatedRow } from "../lineage/curated-row.ts";
import { type LedBack, leadBack } from "../lineage/lead-back.ts";
import { standingFindings } from "../lineage/row-facts.ts";
import { rowStories } from "../lineage/row-stories.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import { readingIn } from "../ports/reading.ts";
import { utcText } from "../quarantine/list-open.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { type CommandContext, type CommonOptions, pipelineOf, printJson, withCommonOptions } from "./context.ts";
import { bytesAlone, curatedRowUnknown, inputUnknown, keyOfOther, noRecordBytes, tableUnknown } from "./problems.ts";
import { shownRowText } from "./show-row-text.ts";

interface RowOptions extends CommonOptions {
  readonly bytes?: boolean;
  readonly feed?: string;
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

/** A row that leads to the key, its manifest, and what finds its record. */
interface Found {
  readonly back: LedBack;
  readonly of: OfRow;
  readonly manifest: Manifest | null;
  readonly finding: Finding;
}

/** The manifests of rows, each read once; null where one is gone, after its years. */
async function manifestsOf(objects: ObjectStore, rows: readonly LedBack[]): Promise<ReadonlyMap<string, Manifest>> {
  const keys = new Set(rows.flatMap(({ row }) => row["manifest"] ?? []));
  const found = new Map<string, Manifest>();
  for (const key of keys) {
    const batch = await readManifest(objects, key);
    if (batch) found.set(key, batch.manifest);
  }
  return found;
}

async function findRows(context: CommandContext, pipeline: Pipeline, rows: readonly LedBack[]): Promise<Found[]> {
  const objects = await context.app.look.objects(pipeline);
  const readers = await context.app.look.recordReaders(pipeline);
  const manifests = await manifestsOf(objects, rows);
  return rows.map((back) => {
    const { feed } = back.of;
    const { position, part = null, source_key: key, manifest: at } = back.row;
    const of = { feed, position: position ?? "", part, sourceKey: key ?? "" };
    return { back, of, manifest: manifests.get(at ?? "") ?? null, finding: { objects, reader: readers.get(feed.source) ?? {} } };
  });
}

function wayTo({ of, manifest, finding }: Found): Promise<RecordWay> | RecordWay {
  return manifest ? wayToRecord(finding, manifest, of) : { ...NO_WAY, says: "its manifest is gone" };
}

/** The curated row, and the rows that lead to it. */
async function lead(session: Session, dialect: Dialect, { pipeline, model, key }: Wanted) {
  const ask = (statement: Statement) => session.rows(statement);
  const [curated] = await ask(curatedRow(dialect, model, key));
  if (!curated) throw new Failure("usage", curatedRowUnknown({ table: model.table, key }));
  return { curated, ask, ...(await leadBack({ ask, dialect, pipeline }, { table: model, key })) };
}

async function look(context: CommandContext, wanted: Wanted): Promise<ShownRow> {
  const { pipeline, model, key } = wanted;
  const known = await readingIn(context.app, pipeline, async (session, dialect) => {
    const led = await lead(session, dialect, wanted);
    const stories = await rowStories({ session, dialect, pipeline }, led.rows);
    const instants = await askInstants(pipeline, led.ask, dialect);
    return { ...led, stories, instants, findings: await led.ask(standingFindings(dialect, model, key)) };
  });
  const told: ToldRow[] = [];
  for (const found of await findRows(context, pipeline, known.rows)) {
    told.push({ ...found, story: known.stories.get(found.back), way: await wayTo(found) });
  }
  const names = columnNames(pipeline);
  const deleted = known.curated["deleted_at"] ?? null;
  return {
    table: model.table,
    key,
    publication: known.curated["publication"] ?? "",
    deleted_at: deleted === null ? null : utcText(deleted),
    as_of: asOfInputs(pipeline, known.instants, { feeds: [], tables: [model.table] }),
    findings: known.findings.map((row) => ({
      rule: row["rule"] ?? "",
      since: utcText(row["since"]),
      publication_id: row["publication_id"] ?? "",
    })),
    rows: told.map((row) => reachingRow(names, row)),
    more: known.more.map(({ input, rows: count }) => ({ input, rows: jsonAmount(count) })),
  };
}

/** A record as it was received, and the row that it is of. */
interface Kept {
  readonly of: OfRow;
  readonly record: Uint8Array;
}

/** The record of the first row that has one. @param feed the only one whose rows are meant. */
async function recordOf(context: CommandContext, wanted: Wanted, feed: string | undefined): Promise<Kept> {
  const { pipeline, model } = wanted;
  const { rows } = await readingIn(context.app, pipeline, (session, dialect) => lead(session, dialect, wanted));
  const inputs = [...new Set(rows.map(({ of }) => of.feed.id))];
  if (feed !== undefined && !inputs.includes(feed))
    throw new Failure("usage", inputUnknown({ table: model.table, feed, inputs }));
  const meant = rows.filter(({ of }) => feed === undefined || of.feed.id === feed);
  for (const { of, manifest, finding } of await findRows(context, pipeline, meant)) {
    const record = manifest && (await recordBytes(finding, manifest, of));
    if (record) return { of, record };
  }
  throw new Failure("usage", noRecordBytes({ table: model.table }));
}

function refuseAlone({ bytes = false, json = false, feed }: RowOptions): void {
  if (bytes && json) throw new Failure("usage", bytesAlone("--json"));
  if (!bytes && feed !== undefined) throw new Failure("usage", bytesAlone("--feed"));
}

function printRecord(context: CommandContext, { of, record }: Kept, { feed }: RowOptions): void {
  if (feed === undefined) context.err(`a record of ${of.feed.id}; --feed names another input\n`);
  context.out(record);
}

/** `ledgerloop show row` */
export function showRowCommand(context: CommandContext): Command {
  const command = new Command("row")
    .description("lead a curated row back to the rows it was made of, and to the bytes that were received")
    .argument("<table>", "curated table, as in invoice")
    .argument("<key...>", "values of its key, in the key's order")
    .option("--bytes", "print the record as it was received and nothing else; personal values are in it")
    .option("--feed <feed>", "with --bytes: the input whose record is meant; the first that has one without it");
  return withCommonOptions(command, ["show row invoice in_1042", "show row invoice in_1042 --json"]).action(
    async (table: string, key: string[], options: RowOptions) => {
      refuseAlone(options);
      const pipeline = await pipelineOf(context, options);
      const wanted = { pipeline, model: modelOf(pipeline, table, key), key };
      if (options.bytes) return printRecord(context, await recordOf(context, wanted, options.feed), options);
      const shown = await look(context, wanted);
      if (options.json) return printJson(context, shown);
      context.out(shownRowText(shown));
    },
  );
}
