import { Command } from "commander";
import type { Model, Pipeline } from "../config/pipeline.ts";
import { reachingRow, type ShownRow, type ToldRow } from "../documents/shown-row.ts";
import { jsonAmount } from "../kernel/json.ts";
import { Failure } from "../kernel/problem.ts";
import { type Finding, NO_WAY, type OfRow, recordBytes, wayToRecord } from "../landing/find-record.ts";
import { type Manifest, readManifest } from "../landing/manifest.ts";
import { askInstants, asOfInputs } from "../lineage/as-of.ts";
import { curatedRow } from "../lineage/curated-row.ts";
import { type LedBack, leadBack } from "../lineage/lead-back.ts";
import { standingFindings } from "../lineage/row-facts.ts";
import { type RowStory, rowStories } from "../lineage/row-stories.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import { readingIn } from "../ports/reading.ts";
import { utcText } from "../quarantine/list-open.ts";
import type { Statement } from "../warehouse/dialect.ts";
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

/** A row that leads to the key, and what finds its record. */
interface Found extends ToldRow {
  readonly of: OfRow;
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

async function findWays(
  context: CommandContext,
  pipeline: Pipeline,
  { rows, stories }: { rows: readonly LedBack[]; stories: ReadonlyMap<LedBack, RowStory> },
): Promise<Found[]> {
  const objects = await context.app.look.objects(pipeline);
  const readers = await context.app.look.recordReaders(pipeline);
  const manifests = await manifestsOf(objects, rows);
  const found: Found[] = [];
  for (const back of rows) {
    const { feed } = back.of;
    const { position, part = null, source_key: key, manifest: at } = back.row;
    const of = { feed, position: position ?? "", part, sourceKey: key ?? "" };
    const manifest = manifests.get(at ?? "") ?? null;
    const finding = { objects, reader: readers.get(feed.source) ?? {} };
    const way = manifest ? await wayToRecord(finding, manifest, of) : { ...NO_WAY, says: "its manifest is gone" };
    found.push({ back, story: stories.get(back), manifest, way, of, finding });
  }
  return found;
}

async function look(context: CommandContext, { pipeline, model, key }: Wanted): Promise<{ shown: ShownRow; found: Found[] }> {
  const known = await readingIn(context.app, pipeline, async (session, dialect) => {
    const [curated] = await session.rows(curatedRow(dialect, model, key));
    if (!curated) throw new Failure("usage", curatedRowUnknown({ table: model.table, key }));
    const ask = (statement: Statement) => session.rows(statement);
    const origins = await leadBack({ ask, dialect, pipeline }, { table: model, key });
    const stories = await rowStories({ session, dialect, pipeline }, origins.rows);
    const instants = await askInstants(pipeline, ask, dialect);
    return { curated, ...origins, stories, instants, findings: await session.rows(standingFindings(dialect, model, key)) };
  });
  const found = await findWays(context, pipeline, known);
  const deleted = known.curated["deleted_at"] ?? null;
  const shown: ShownRow = {
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
    rows: found.map((told) => reachingRow(pipeline, told)),
    more: known.more.map(({ input, rows: count }) => ({ input, rows: jsonAmount(count) })),
  };
  return { shown, found };
}

/** A record as it was received, and the row that it is of. */
interface Kept {
  readonly of: OfRow;
  readonly record: Uint8Array;
}

/** The record of the first row that has one. @param feed the only one whose rows are meant. */
async function recordOf(found: readonly Found[], table: string, feed: string | undefined): Promise<Kept> {
  const inputs = [...new Set(found.map(({ of }) => of.feed.id))];
  if (feed !== undefined && !inputs.includes(feed)) throw new Failure("usage", inputUnknown({ table, feed, inputs }));
  for (const { of, manifest, finding } of found) {
    if (feed !== undefined && of.feed.id !== feed) continue;
    const record = manifest && (await recordBytes(finding, manifest, of));
    if (record) return { of, record };
  }
  throw new Failure("usage", noRecordBytes({ table }));
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
      const { shown, found } = await look(context, wanted);
      if (options.bytes) return printRecord(context, await recordOf(found, table, options.feed), options);
      if (options.json) return printJson(context, shown);
      context.out(shownRowText(shown));
    },
  );
}
