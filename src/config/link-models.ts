import { unknownColumn } from "../contract/problems.ts";
import { namesIdentifier, relationsIn, selectFault } from "../contract/sql-tokens.ts";
import type { YamlPath } from "../contract/yaml-document.ts";
import { fingerprint } from "../kernel/fingerprint.ts";
import type { Position } from "../kernel/problem.ts";
import { type Assembly, findContract, uniqueBy } from "./assembly.ts";
import { formatted, otherNames } from "./feed-columns.ts";
import { stagingName } from "./link-feeds.ts";
import type { ModelHeader } from "./model-schema.ts";
import type { Feed, Model, Touch } from "./pipeline.ts";
import { inconsistent, unknownName } from "./problems.ts";
import type { ModelFile } from "./read-model.ts";

/** What a model may refer to. */
export interface ModelContext {
  readonly feeds: ReadonlyMap<string, Feed>;
  /** Every feed that is written, also those that could not be linked: one mistake, one problem. */
  readonly declared: readonly string[];
  readonly groupOf: ReadonlyMap<string, string>;
}

/** The models of an assembly by table; checks keys, touches and that every relation read is also declared as touching. */
export function linkModels(assembly: Assembly, context: ModelContext): Map<string, Model> {
  const of = { kind: "model", name: (m: ModelFile) => m.header.table, at: (m: ModelFile) => m.document.at(["table"]) };
  const files = uniqueBy(assembly.models, of, assembly.problems);
  const models = [...files].flatMap(([table, file]) => {
    const model = linkModel(assembly, file, context);
    return model ? [[table, model] as const] : [];
  });
  return new Map(models);
}

function linkModel(assembly: Assembly, file: ModelFile, context: ModelContext): Model | undefined {
  const { header, document, select } = file;
  const { table, key } = header;
  const at = document.at(["table"], "key");
  const contract = findContract(assembly, header.contract, document.at(["contract"]));
  const group = context.groupOf.get(table);
  if (group === undefined) {
    assembly.problems.push(
      inconsistent(at, `the model ${table} is in no group`, "list it under groups.<name>.models in pipeline.yaml"),
    );
  }
  if (!contract || group === undefined) return undefined;
  const own = contract.columns.find(({ name }) => name.toLowerCase() === "deleted_at");
  if (own) {
    const says = `a curated column cannot be named "${own.name}": the engine marks tombstones there`;
    assembly.problems.push(inconsistent(own.at, says, "give the model's column another name, such as removed_at"));
  }
  if (contract.object !== table) {
    const says = `the contract ${contract.id} describes "${contract.object}", not "${table}"`;
    assembly.problems.push(inconsistent(document.at(["contract"]), says, "give the table and the schema object one name"));
  }
  if (contract.primaryKey.join("\n") !== key.join("\n")) {
    const says = `the key (${key.join(", ")}) is not the contract's primary key (${contract.primaryKey.join(", ")})`;
    assembly.problems.push(inconsistent(document.at(["key"]), says, "write the same columns in the same order in both"));
  }
  const touches = Object.entries(header.touched_by).flatMap(([feed, how]) =>
    linkTouch(assembly, { file, feed, how, group, context }),
  );
  assembly.problems.push(...otherNames(contract), ...formatted(contract));
  checkRelations(assembly, file, context.declared);
  const meaning = { select, key, touches, contract: contract.fingerprint };
  return { table, key, contract, select, touches, group, fingerprint: modelFingerprint(meaning), at };
}

/** What a model means, as publications record it; `contract` is the fingerprint of its contract. */
export function modelFingerprint({
  select,
  key,
  touches,
  contract,
}: Pick<Model, "select" | "key" | "touches"> & { readonly contract: string }): string {
  return fingerprint({ select, key, touches, contract });
}

interface TouchPart {
  readonly file: ModelFile;
  readonly feed: string;
  readonly how: ModelHeader["touched_by"][string];
  readonly group: string;
  readonly context: ModelContext;
}

function linkTouch(assembly: Assembly, part: TouchPart): Touch[] {
  const { file, feed, how, group, context } = part;
  const { document } = file;
  const path = ["touched_by", feed];
  const target = context.feeds.get(feed);
  if (!context.declared.includes(feed)) {
    assembly.problems.push(unknownName(document.at(path, "key"), { kind: "feed", written: feed }, context.declared));
  }
  if (!target) return [];
  if (target.group !== group) {
    const says = `the feed ${feed} is in group ${target.group}, the model ${file.header.table} in ${group}`;
    assembly.problems.push(
      inconsistent(document.at(path, "key"), says, "put a model and all feeds that it reads into one group"),
    );
  }
  return typeof how === "string"
    ? touchBySelect(assembly, { feed, select: how }, document.at(path))
    : writtenLists(how, path).flatMap((list) => touchByColumns(assembly, { ...part, target, list }));
}

function touchBySelect(assembly: Assembly, touch: { feed: string; select: string }, at: Position): Touch[] {
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

/** The lists of columns of a feed: one, or several where a row names keys in several places. */
function writtenLists(how: readonly string[] | readonly (readonly string[])[], path: YamlPath): ColumnList[] {
  const lists = how.flatMap((one, i) => (typeof one === "string" ? [] : [{ columns: one, path: [...path, i] }]));
  return lists.length > 0 ? lists : [{ columns: how.filter((one) => typeof one === "string"), path }];
}

function touchByColumns(
  assembly: Assembly,
  { file, feed, target, list }: TouchPart & { readonly target: Feed; readonly list: ColumnList },
): Touch[] {
  const { columns, path } = list;
  const { document, header } = file;
  const names = target.contract.columns.map((c) => c.name);
  const unknown = columns.flatMap((c, i) => (names.includes(c) ? [] : [unknownColumn(document.at([...path, i]), c, names)]));
  assembly.problems.push(...unknown);
  if (columns.length !== header.key.length) {
    const says = `the key has ${header.key.length} columns, the list ${columns.length}`;
    assembly.problems.push(inconsistent(document.at(path), says, "name one column of the feed for each key column"));
  }
  return [{ feed, columns }];
}

/** A relation that is read but not declared as touching would silently leave stale rows. */
function checkRelations(assembly: Assembly, file: ModelFile, declared: readonly string[]): void {
  const feeds = new Map(declared.map((id) => [stagingName(id), id]));
  const relations = relationsIn(file.select, "staging");
  if (relations.length === 0) {
    const next = "select from staging.<source>_<feed>";
    assembly.problems.push(inconsistent(file.selectAt, "the query reads nothing from the schema staging", next));
  }
  for (const relation of relations) {
    const feed = feeds.get(relation);
    if (feed === undefined) {
      assembly.problems.push(unknownName(file.selectAt, { kind: "staging relation", written: relation }, [...feeds.keys()]));
    } else if (!(feed in file.header.touched_by)) {
      const says = `the query reads staging.${relation}, but touched_by does not name ${feed}`;
      const next = `add ${feed} to touched_by, or its changes never reach ${file.header.table}`;
      assembly.problems.push(inconsistent(file.document.at(["touched_by"], "key"), says, next));
    }
  }
}
