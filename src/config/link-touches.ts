import type { YamlPath } from "../contract/yaml-document.ts";
import type { Position } from "../kernel/problem.ts";
import { namesIdentifier, relationsIn, selectFault } from "../sql/tokens.ts";
import type { Assembly } from "./assembly.ts";
import { CURATED, type FoundInput, findInput, type Linked, type ModelContext } from "./find-input.ts";
import { stagingName } from "./link-feeds.ts";
import { linkWays } from "./link-ways.ts";
import type { ModelHeader } from "./model-schema.ts";
import type { Touch } from "./pipeline.ts";
import { inconsistent, unknownName } from "./problems.ts";
import type { ModelFile } from "./read-model.ts";

/** How the changes of each input reach a model's keys, as its file declares. */
export function linkTouches(assembly: Assembly, of: Linked): Touch[] {
  const { header, document } = of.file;
  return Object.entries(header.touched_by).flatMap(([written, how]) => {
    const path = ["touched_by", written];
    const found = findInput(assembly, of, { written, at: document.at(path, "key") });
    return found === null ? [] : linkTouch(assembly, of, { found, how, path });
  });
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
    : linkWays(assembly, of, { found, how, path });
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
