import { present } from "../contract/present.ts";
import { fingerprint } from "../kernel/fingerprint.ts";
import type { Problem } from "../kernel/problem.ts";
import { joinsIn } from "../sql/joins.ts";
import { notAsView } from "./as-view.ts";
import { type Assembly, contractNamed, findContract, uniqueBy } from "./assembly.ts";
import { fanOuts } from "./fan-out.ts";
import { checkUse, formatted, otherNames, postingDateUse } from "./feed-columns.ts";
import type { ModelContext } from "./find-input.ts";
import { lineageProblems } from "./lineage.ts";
import { checkRelations, linkTouches } from "./link-touches.ts";
import { nullJoins } from "./null-joins.ts";
import type { Model } from "./pipeline.ts";
import { inconsistent, unknownName } from "./problems.ts";
import type { ModelFile } from "./read-model.ts";

/** The models of an assembly by table; checks keys, touches and that every relation read is also declared as touching. */
export function linkModels(assembly: Assembly, written: Omit<ModelContext, "tables">): Map<string, Model> {
  const of = { kind: "model", name: (m: ModelFile) => m.header.table, at: (m: ModelFile) => m.document.at(["table"]) };
  const files = uniqueBy(assembly.models, of, assembly.problems);
  const context = { ...written, tables: columnsOf(assembly, files) };
  const models = [...files].flatMap(([table, file]) => {
    const model = linkModel(assembly, file, context);
    return model ? [[table, model] as const] : [];
  });
  const linked = new Map(models);
  for (const [table, file] of files) {
    const model = linked.get(table);
    if (!model) continue;
    checkJoins(assembly, file, { model, models: linked, feeds: context.feeds });
    checkView(assembly, file, { model, feeds: context.feeds });
    report(assembly, lineageProblems({ model, file, models: linked, feeds: context.feeds }));
  }
  return linked;
}

function report({ problems, warnings }: Assembly, found: readonly Problem[]): void {
  problems.push(...found.filter(({ severity }) => severity === "error"));
  warnings.push(...found.filter(({ severity }) => severity === "warning"));
}

/** Refuses joins that may double rows; what is meant to has to be an input, or a query that is joined. */
function checkJoins(
  assembly: Assembly,
  { header, document, select, selectAt }: ModelFile,
  { model, ...others }: { model: Model; models: ReadonlyMap<string, Model>; feeds: ModelContext["feeds"] },
): void {
  const meant = header.fans_out ?? [];
  const inputs = Object.keys(header.touched_by);
  const queries = joinsIn(select).flatMap(({ schema, relation }) => (schema === null ? [relation] : []));
  const known = [...inputs, ...queries];
  const unknown = meant.flatMap((written, i) => {
    const at = document.at(["fans_out", i]);
    return known.includes(written) ? [] : [unknownName(at, { kind: "input", written }, known)];
  });
  const found = unknown.length > 0 ? unknown : fanOuts(model.table, { select, selectAt, inputs, meant }, others);
  assembly.problems.push(...found);
}

function isView(asked: ModelFile["header"]["materialized"], model: Model, feeds: ModelContext["feeds"]): boolean {
  return asked === "view" || (asked === "auto" && notAsView(model, feeds) === undefined);
}

/** Refuses a view of a query that is none of one row of staging for each of its own. */
function checkView(
  { problems }: Assembly,
  { document }: ModelFile,
  { model, feeds }: { model: Model; feeds: ModelContext["feeds"] },
): void {
  const why = model.asView ? notAsView(model, feeds) : undefined;
  if (why === undefined) return;
  const says = `the model ${model.table} cannot be a view: its query ${why}`;
  problems.push(
    inconsistent(
      document.at(["materialized"]),
      says,
      "write `materialized: table`, or make the query a list of columns of one feed",
    ),
  );
}

function columnsOf({ contracts }: Assembly, files: ReadonlyMap<string, ModelFile>): ModelContext["tables"] {
  const of = ({ header }: ModelFile) => contractNamed(contracts, header.contract)?.columns ?? null;
  return new Map([...files].map(([table, file]) => [table, of(file)]));
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
  const touches = linkTouches(assembly, { file, group, context });
  assembly.warnings.push(...nullJoins(file, touches));
  assembly.problems.push(...otherNames(contract), ...formatted(contract));
  const dated = header.posting_date;
  if (dated !== undefined) assembly.problems.push(...checkUse(postingDateUse(dated), { contract, document, path: [] }));
  checkRelations(assembly, file, context);
  const meaning = { select, key, touches, contract: contract.fingerprint };
  const facts = { table, key, contract, select, touches, group, fingerprint: modelFingerprint(meaning), at };
  const model = { ...facts, ...present({ postingDate: dated }) };
  return isView(header.materialized, model, context.feeds) ? { ...model, asView: true } : model;
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
