import { Command } from "commander";
import type { Feed, Model, Pipeline } from "../config/pipeline.ts";
import { columnNames } from "../documents/pii.ts";
import { reachingRow, type ShownRow, type ToldRow } from "../documents/shown-row.ts";
import { jsonAmount } from "../kernel/json.ts";
import { Failure } from "../kernel/problem.ts";
import { type Finding, NO_WAY, type OfRow, type RecordWay, recordBytes, wayToRecord } from "../landing/find-record.ts";
import { type Manifest, readManifest } from "../landing/manifest.ts";
import { askInstants, asOfInputs } from "../lineage/as-of.ts";
import { curatedRow, reachingRows } from "../lineage/curated-row.ts";
import { type LedBack, leadBack } from "../lineage/lead-back.ts";
import { standingFindings } from "../lineage/row-facts.ts";
import { rowStories } from "../lineage/row-stories.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import { readingIn } from "../ports/reading.ts";
import { utcText } from "../quarantine/list-open.ts";
import type { Dialect, Statement } from "../warehouse/dialect.ts";
import type { Session } from "../warehouse/warehouse.ts";
import { type CommandContext, type CommonOptions, pipelineOf, printJson, withCommonOptions } from "./context.ts";
import { bytesAlone, inputUnknown, keyOfOther, noRecordBytes, publishedRowUnknown, tableUnknown } from "./problems.ts";
import { shownRowText } from "./show-row-text.ts";

interface RowOptions extends CommonOptions {
  readonly bytes?: boolean;
  readonly feed?: string;
}

/** What somebody asks for: a key of a curated table, or the source key of a feed. */
interface Wanted {
  readonly pipeline: Pipeline;
  readonly of: { readonly model: Model } | { readonly feed: Feed };
  readonly key: readonly string[];
}

const nameOf = ({ of }: Pick<Wanted, "of">) => ("model" in of ? `curated.${of.model.table}` : of.feed.id);

function wantedOf(pipeline: Pipeline, name: string, key: readonly string[]): Wanted {
  const { models, feeds } = pipeline;
  const [model, feed] = [models.get(name), feeds.get(name)];
  const of = model ? { model } : feed && { feed };
  if (!of) throw new Failure("usage", tableUnknown(name, [...models.keys(), ...feeds.keys()]));
  const names = "model" in of ? of.model.key : of.feed.sourceKey;
  if (names.length !== key.length)
    throw new Failure("usage", keyOfOther({ name, of: nameOf({ of }), key: names, given: key.length }));
  return { pipeline, of, key };
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

/** A published row, and the rows of feeds that lead to it; a feed's row is one of these itself. */
async function lead(session: Session, dialect: Dialect, wanted: Wanted) {
  const { pipeline, of, key } = wanted;
  const ask = (statement: Statement) => session.rows(statement);
  const unknown = () => new Failure("usage", publishedRowUnknown({ of: nameOf(wanted), key }));
  if ("feed" in of) {
    const itself = { feed: of.feed, ways: [{ columns: of.feed.sourceKey }] };
    const rows = await ask(reachingRows(dialect, itself, key));
    const [row] = rows;
    if (!row) throw unknown();
    return { row, ask, rows: rows.map((one): LedBack => ({ of: itself, row: one, through: [] })), more: [] };
  }
  const [row] = await ask(curatedRow(dialect, of.model, key));
  if (!row) throw unknown();
  return { row, ask, ...(await leadBack({ ask, dialect, pipeline }, { table: of.model, key })) };
}

async function look(context: CommandContext, wanted: Wanted): Promise<ShownRow> {
  const { pipeline, of, key } = wanted;
  const known = await readingIn(context.app, pipeline, async (session, dialect) => {
    const led = await lead(session, dialect, wanted);
    const stories = await rowStories({ session, dialect, pipeline }, led.rows);
    const instants = await askInstants(pipeline, led.ask, dialect);
    const findings = "model" in of ? await led.ask(standingFindings(dialect, of.model, key)) : [];
    return { ...led, stories, instants, findings };
  });
  const told: ToldRow[] = [];
  for (const found of await findRows(context, pipeline, known.rows)) {
    told.push({ ...found, story: known.stories.get(found.back), way: await wayTo(found) });
  }
  const names = columnNames(pipeline);
  const deleted = known.row["deleted_at"] ?? null;
  const what = "model" in of ? { feeds: [], tables: [of.model.table] } : { feeds: [of.feed.id], tables: [] };
  return {
    table: "model" in of ? of.model.table : of.feed.id,
    key,
    publication: known.row["publication"] ?? "",
    deleted_at: deleted === null ? null : utcText(deleted),
    as_of: asOfInputs(pipeline, known.instants, what),
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
  const { pipeline } = wanted;
  const { rows } = await readingIn(context.app, pipeline, (session, dialect) => lead(session, dialect, wanted));
  const inputs = [...new Set(rows.map(({ of }) => of.feed.id))];
  if (feed !== undefined && !inputs.includes(feed))
    throw new Failure("usage", inputUnknown({ of: nameOf(wanted), feed, inputs }));
  const meant = rows.filter(({ of }) => feed === undefined || of.feed.id === feed);
  for (const { of, manifest, finding } of await findRows(context, pipeline, meant)) {
    const record = manifest && (await recordBytes(finding, manifest, of));
    if (record) return { of, record };
  }
  throw new Failure("usage", noRecordBytes({ of: nameOf(wanted) }));
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
    .description(
      "lead a curated row back to the rows it was made of, or a feed's row to its read, and to the bytes that were received",
    )
    .argument("<table>", "curated table, as in invoice, or a feed with its source key, as in billing.invoices")
    .argument("<key...>", "values of its key, in the key's order")
    .option("--bytes", "print the record as it was received and nothing else; personal values are in it")
    .option("--feed <feed>", "with --bytes: the input whose record is meant; the first that has one without it");
  return withCommonOptions(command, ["show row invoice in_1042", "show row billing.invoices 42 --json"]).action(
    async (table: string, key: string[], options: RowOptions) => {
      refuseAlone(options);
      const pipeline = await pipelineOf(context, options);
      const wanted = wantedOf(pipeline, table, key);
      if (options.bytes) return printRecord(context, await recordOf(context, wanted, options.feed), options);
      const shown = await look(context, wanted);
      if (options.json) return printJson(context, shown);
      context.out(shownRowText(shown));
    },
  );
}
