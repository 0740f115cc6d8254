import { type StagedColumn, stagedColumns } from "../contract/derived-column.ts";
import type { Position } from "../kernel/problem.ts";
import type { Assembly } from "./assembly.ts";
import { stagingName } from "./link-feeds.ts";
import type { Feed, ModelInput } from "./pipeline.ts";
import { unknownName } from "./problems.ts";
import type { ModelFile } from "./read-model.ts";

/** A column of an input. */
export type InputColumn = Pick<StagedColumn, "name" | "type">;

/** What a model may refer to. */
export interface ModelContext {
  readonly feeds: ReadonlyMap<string, Feed>;
  /** Every feed that is written, also those that could not be linked: one mistake, one problem. */
  readonly declared: readonly string[];
  /** Which group lists each model. */
  readonly groupOf: ReadonlyMap<string, string>;
  /** The columns of every model's contract, by table; null where its contract is nowhere. */
  readonly tables: ReadonlyMap<string, readonly InputColumn[] | null>;
}

/** A model's file, the group it is in and what it may refer to. */
export interface Linked {
  readonly file: ModelFile;
  readonly group: string;
  readonly context: ModelContext;
}

/** An input that `touched_by` names, as it is written there. */
export interface WrittenInput {
  readonly written: string;
  readonly at: Position;
}

/** What an input is, as far as a touch looks at it; null where its own file is faulty, and says so. */
export interface FoundInput {
  readonly input: ModelInput;
  /** For people: `the feed billing.invoices`. */
  readonly says: string;
  readonly group: string | undefined;
  /** The names of its columns. */
  readonly columns: readonly string[];
  /** What each of them holds, by its name. */
  readonly types: ReadonlyMap<string, InputColumn["type"]>;
}

const known = (columns: readonly InputColumn[]): Pick<FoundInput, "columns" | "types"> => ({
  columns: columns.map(({ name }) => name),
  types: new Map(columns.map(({ name, type }) => [name, type])),
});

/** What the name of a curated table begins with where an input is written. */
export const CURATED = "curated.";

/** What an input is called where it is written, by the schema and the name that a query reads it under; undefined where that is none. */
export function inputRead(schema: string | null, relation: string, feeds: ReadonlyMap<string, Feed>): string | undefined {
  if (schema === "curated") return `${CURATED}${relation}`;
  return schema === "staging" ? [...feeds.keys()].find((id) => stagingName(id) === relation) : undefined;
}

/** The input that is written; what is wrong with its name is noted. */
export function findInput(assembly: Pick<Assembly, "problems">, of: Linked, { written, at }: WrittenInput): FoundInput | null {
  const { declared, feeds } = of.context;
  if (!declared.includes(written) && written.startsWith(CURATED)) return findTable(assembly, of, { written, at });
  if (!declared.includes(written)) assembly.problems.push(unknownName(at, { kind: "feed", written }, declared));
  const feed = feeds.get(written);
  if (!feed) return null;
  return { input: { feed: written }, says: `the feed ${written}`, group: feed.group, ...known(stagedColumns(feed.contract)) };
}

function findTable(assembly: Pick<Assembly, "problems">, { context }: Linked, { written, at }: WrittenInput): FoundInput | null {
  const table = written.slice(CURATED.length);
  const columns = context.tables.get(table);
  if (columns === undefined) {
    const names = [...context.tables.keys()].map((name) => `${CURATED}${name}`);
    assembly.problems.push(unknownName(at, { kind: "curated table", written }, names));
  }
  if (!columns) return null;
  return { input: { table }, says: `the curated table ${table}`, group: context.groupOf.get(table), ...known(columns) };
}
