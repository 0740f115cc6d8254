import { stagedColumns } from "../contract/derived-column.ts";
import { unknownColumn } from "../contract/problems.ts";
import { namesIdentifier, relationsIn, selectFault } from "../contract/sql-tokens.ts";
import type { YamlPath } from "../contract/yaml-document.ts";
import type { Position } from "../kernel/problem.ts";
import type { Assembly } from "./assembly.ts";
import { stagingName } from "./link-feeds.ts";
import type { ModelHeader } from "./model-schema.ts";
import type { Feed, ModelInput, Touch } from "./pipeline.ts";
import { inconsistent, unknownName } from "./problems.ts";
import type { ModelFile } from "./read-model.ts";

/** What a model may refer to. */
export interface ModelContext {
  readonly feeds: ReadonlyMap<string, Feed>;
  /** Every feed that is written, also those that could not be linked: one mistake, one problem. */
  readonly declared: readonly string[];
  /** Which group lists each model. */
  readonly groupOf: ReadonlyMap<string, string>;
  /** The columns of every model's contract, by table; null where its contract is nowhere. */
  readonly tables: ReadonlyMap<string, readonly string[] | null>;
}

/** A model's file, the group it is in and what it may refer to. */
interface Linked {
  readonly file: ModelFile;
  readonly group: string;
  readonly context: ModelContext;
}

/** An input that `touched_by` names, as it is written there. */
interface WrittenInput {
  readonly written: string;
  readonly at: Position;
}

/** What an input is, as far as a touch looks at it; null where its own file is faulty, and says so. */
interface FoundInput {
  readonly input: ModelInput;
  /** For people: `the feed billing.invoices`. */
  readonly says: string;
  readonly group: string | undefined;
  readonly columns: readonly string[];
}

const CURATED = "curated.";

/** How the changes of each input reach a model's keys, as its file declares. */
export function linkTouches(assembly: Assembly, of: Linked): Touch[] {
  const { header, document } = of.file;
  return Object.entries(header.touched_by).flatMap(([written, how]) => {
    const path = ["touched_by", written];
    const found = findInput(assembly, of, { written, at: document.at(path, "key") });
    return found === null ? [] : linkTouch(assembly, of, { found, how, path });
  });
}

function findInput(assembly: Assembly, of: Linked, { written, at }: WrittenInput): FoundInput | null {
  const { declared, feeds } = of.context;
  if (!declared.includes(written) && written.startsWith(CURATED)) return findTable(assembly, of, { written, at });
  if (!declared.includes(written)) assembly.problems.push(unknownName(at, { kind: "feed", written }, declared));
  const feed = feeds.get(written);
  if (!feed) return null;
  const columns = stagedColumns(feed.contract).map((c) => c.name);
  return { input: { feed: written }, says: `the feed ${written}`, group: feed.group, columns };
}

function findTable(assembly: Assembly, { context }: Linked, { written, at }: WrittenInput): FoundInput | null {
  const table = written.slice(CURATED.length);
  const columns = context.tables.get(table);
  if (columns === undefined) {
    const known = [...context.tables.keys()].map((name) => `${CURATED}${name}`);
    assembly.problems.push(unknownName(at, { kind: "curated table", written }, known));
  }
  return columns ? { input: { table }, says: `the curated table ${table}`, group: context.groupOf.get(table), columns } : null;
}

interface TouchPart {
  readonly found: FoundInput;
  readonly how: ModelHeader["touched_by"][string];
  readonly path: YamlPath;
}

function linkTouch(assembly: Assembly, of: Linked, { found, how, path }: TouchPart): Touch[] {
  const { document, header } = of.file;
  if (found.group !== undefined && found.group !== of.group) {
    const says = `${found.says} is in group ${found.group}, the model ${header.table} in ${of.group}`;
    assembly.problems.push(
      inconsistent(document.at(path, "key"), says, "put a model and everything that it reads into one group"),
    );
  }
  return typeof how === "string"
    ? touchBySelect(assembly, { ...found.input, select: how }, document.at(path))
    : writtenLists(how, path).flatMap((list) => touchByColumns(assembly, of, { found, list }));
}

function touchBySelect(assembly: Assembly, touch: Touch & { readonly select: string }, at: Position): Touch[] {
  const fault =
    selectFault(touch.select) ?? (namesIdentifier(touch.select, "changed") ? undefined : "does not read from changed");
  if (fault === undefined) return [touch];
  assembly.problems.push(
    inconsistent(at, `the query ${fault}`, "write columns as a list, or SELECT the key columns FROM changed"),
  );
  return [];
}

interface ColumnList {
  readonly columns: readonly string[];
  readonly path: YamlPath;
}

/** The lists of columns of an input: one, or several where a row names keys in several places. */
function writtenLists(how: readonly string[] | readonly (readonly string[])[], path: YamlPath): ColumnList[] {
  const lists = how.flatMap((one, i) => (typeof one === "string" ? [] : [{ columns: one, path: [...path, i] }]));
  return lists.length > 0 ? lists : [{ columns: how.filter((one) => typeof one === "string"), path }];
}

function touchByColumns(
  assembly: Assembly,
  { file: { document, header } }: Linked,
  { found, list }: { readonly found: FoundInput; readonly list: ColumnList },
): Touch[] {
  const { columns, path } = list;
  const names = found.columns;
  const unknown = columns.flatMap((c, i) => (names.includes(c) ? [] : [unknownColumn(document.at([...path, i]), c, names)]));
  assembly.problems.push(...unknown);
  if (columns.length !== header.key.length) {
    const says = `the key has ${header.key.length} columns, the list ${columns.length}`;
    assembly.problems.push(inconsistent(document.at(path), says, "name one column of the input for each key column"));
  }
  return [{ ...found.input, columns }];
}

/** A relation that a query may read, by the name that it has in its schema. */
interface Readable {
  readonly schema: "staging" | "curated";
  /** Relation → what `touched_by` calls it. */
  readonly inputs: ReadonlyMap<string, string>;
}

/** A relation that is read but not declared as touching would silently leave stale rows. */
export function checkRelations(assembly: Assembly, file: ModelFile, { declared, tables }: ModelContext): void {
  const readable: readonly Readable[] = [
    { schema: "staging", inputs: new Map(declared.map((id) => [stagingName(id), id])) },
    { schema: "curated", inputs: new Map([...tables.keys()].map((table) => [table, `${CURATED}${table}`])) },
  ];
  const read = readable.flatMap((of) => relationsIn(file.select, of.schema).map((relation) => ({ ...of, relation })));
  if (read.length === 0) {
    const next = "select from staging.<source>_<feed>, or from curated.<table>";
    const says = "the query reads nothing from the schemas staging and curated";
    assembly.problems.push(inconsistent(file.selectAt, says, next));
  }
  for (const of of read) checkRelation(assembly, file, of);
}

function checkRelation(
  assembly: Assembly,
  { header, document, selectAt }: ModelFile,
  { schema, inputs, relation }: Readable & { readonly relation: string },
): void {
  const input = inputs.get(relation);
  if (input === undefined) {
    assembly.problems.push(unknownName(selectAt, { kind: `${schema} relation`, written: relation }, [...inputs.keys()]));
  } else if (input === `${CURATED}${header.table}`) {
    const says = `the query of ${header.table} reads its own table`;
    assembly.problems.push(inconsistent(selectAt, says, "read what the table is made of"));
  } else if (!(input in header.touched_by)) {
    const says = `the query reads ${schema}.${relation}, but touched_by does not name ${input}`;
    const next = `add ${input} to touched_by, or its changes never reach ${header.table}`;
    assembly.problems.push(inconsistent(document.at(["touched_by"], "key"), says, next));
  }
}
