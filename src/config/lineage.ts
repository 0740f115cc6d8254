import type { Column, Lineage } from "../contract/contract.ts";
import { stagedColumns } from "../contract/derived-column.ts";
import { unknownColumn } from "../contract/problems.ts";
import { nearest } from "../kernel/nearest.ts";
import { asWarning, type Problem } from "../kernel/problem.ts";
import { isUnclear, type Made, type QueryColumn, type QueryColumns, type Unclear } from "../sql/made-of.ts";
import { queryColumns } from "../sql/query-columns.ts";
import { CURATED, inputRead } from "./find-input.ts";
import type { Feed, Model } from "./pipeline.ts";
import { badLineage } from "./problems.ts";
import { type ModelFile, placeIn } from "./read-model.ts";

/** What a model may read. */
interface Readable {
  readonly feeds: ReadonlyMap<string, Feed>;
  readonly models: ReadonlyMap<string, Model>;
}

/** The columns of an input, called as in `touched_by`; undefined where there is no such input. */
function inputColumns(input: string, { feeds, models }: Readable): string[] | undefined {
  const feed = feeds.get(input);
  if (feed) return stagedColumns(feed.contract).map(({ name }) => name);
  const table = input.startsWith(CURATED) ? models.get(input.slice(CURATED.length)) : undefined;
  return table?.contract.columns.map(({ name }) => name);
}

/** Names of a model's columns that are the first of several sources that is not NULL, each of one column. */
export function columnsInTurn(model: Model, { feeds, models }: Readable): string[] {
  const query = queryOf(model, { feeds, models });
  if (isUnclear(query)) return [];
  const inTurn = ({ made: { first, of } }: QueryColumn) =>
    of.length > 1 && first?.every((sources) => sources.length === 1) === true;
  const names = query.flatMap((column) => (inTurn(column) ? [column.name] : []));
  return model.contract.columns.flatMap(({ name }) => (names.includes(name.toLowerCase()) ? [name] : []));
}

function queryOf({ select }: Pick<Model, "select">, readable: Readable): QueryColumns {
  return queryColumns(select, (schema, relation) => {
    const input = inputRead(schema, relation, readable.feeds);
    if (input === undefined) return undefined;
    return inputColumns(input, readable)?.map((name) => ({ name, source: `${input}.${name}` }));
  });
}

/** The line to type: `transformSourceObjects: [billing.customers.email]`. */
function lineOf(sources: readonly string[]): string {
  const written = sources.map((source) => (/^[\w.]+$/.test(source) ? source : JSON.stringify(source)));
  return `transformSourceObjects: [${written.join(", ")}]`;
}

/** A model, its file and what it may read. */
interface Judged extends Readable {
  readonly model: Model;
  readonly file: ModelFile;
}

/** What is wrong with an entry by itself: it has to be a column of an input. */
function entryProblems({ of }: Lineage, { file, model, ...readable }: Judged): Problem[] {
  const inputs = Object.keys(file.header.touched_by);
  return of.flatMap(({ written, at }, i) => {
    if (of.findIndex((other) => other.written === written) < i)
      return [badLineage(at, `"${written}" is named twice`, "remove it")];
    const [input] = inputs.filter((name) => written.startsWith(`${name}.`)).sort((a, b) => b.length - a.length);
    if (input === undefined) {
      const all = inputs.flatMap((name) => (inputColumns(name, readable) ?? []).map((column) => `${name}.${column}`));
      const close = nearest(written, all);
      const next = `${close === undefined ? "" : `did you mean "${close}"? `}write a column of ${inputs.join(", ")}`;
      return [badLineage(at, `"${written}" is no column of what the model ${model.table} reads`, next)];
    }
    const columns = inputColumns(input, readable);
    const column = written.slice(input.length + 1);
    return !columns || columns.includes(column) ? [] : [unknownColumn(at, column, columns)];
  });
}

/** A column with what is said of it and what its query makes it of. */
interface Compared {
  readonly column: Column;
  readonly lineage: Lineage;
  readonly made: Made;
  readonly table: string;
}

function surplus({ column, lineage, made, table }: Compared): Problem[] {
  if (made.unclear.length > 0) return [];
  return lineage.of.flatMap(({ written, at }) => {
    const says = `"${column.name}" of ${table} is not made of ${written}`;
    return made.of.includes(written) ? [] : [badLineage(at, says, `write ${lineOf(made.of)}`)];
  });
}

function missing({ column, lineage, made, table }: Compared): Problem[] {
  const lacking = made.of.filter((source) => !lineage.of.some(({ written }) => written === source));
  if (lacking.length === 0) return [];
  const says = `"${column.name}" of ${table} is made of ${lacking.join(", ")}, which its lineage does not name`;
  const kept = lineage.of.map(({ written }) => written).filter((written) => made.of.includes(written));
  const next = made.first === null ? [...kept, ...lacking] : made.of;
  return [badLineage(lineage.at, says, `write ${lineOf(next)}`)];
}

/** Where a query takes the first value that is not NULL, the lineage has the sources in that order. */
function misplaced({ column, lineage, made, table }: Compared): Problem[] {
  const seen = new Set<string>();
  const ranks = (made.first ?? []).map((sources) => {
    const fresh = sources.filter((source) => !seen.has(source));
    for (const source of fresh) seen.add(source);
    return fresh.map((source) => lineage.of.findIndex(({ written }) => written === source));
  });
  const isOrdered = ranks.every((rank, i) => i === 0 || Math.min(...rank) > Math.max(...ranks.slice(0, i).flat()));
  if (isOrdered) return [];
  const says = `"${column.name}" of ${table} is the first of ${made.of.join(", ")} that is not NULL, and its lineage has another order`;
  return [badLineage(lineage.at, says, `write ${lineOf(made.of)}`)];
}

function untold(what: string, { at, says }: Unclear, file: ModelFile): Problem {
  const next = "write it in a form that docs/contracts.md names, or look yourself whether the contract is right";
  return asWarning(
    badLineage(placeIn(file, at), `the lineage of ${what} cannot be compared with the query, which ${says}`, next),
  );
}

function compared(of: Compared, file: ModelFile): Problem[] {
  const [first] = of.made.unclear;
  const found = [...surplus(of), ...missing(of)];
  const all = found.length > 0 ? found : misplaced(of);
  return first ? [...all, untold(`"${of.column.name}" of ${of.table}`, first, file)] : all;
}

function undeclared(column: Column, made: Made | undefined, table: string): Problem {
  const says = `"${column.name}" of ${table} has no lineage, and other columns of its contract have`;
  const isTold = made !== undefined && made.unclear.length === 0;
  const next = isTold ? `add ${lineOf(made.of)}` : "add transformSourceObjects with the columns that it is made of, [] for none";
  return badLineage(column.at, says, next);
}

function columnProblems(column: Column, query: readonly QueryColumn[] | null, judged: Judged): Problem[] {
  const { table } = judged.model;
  const made = query?.find(({ name }) => name === column.name.toLowerCase())?.made;
  if (!column.lineage) return [undeclared(column, made, table)];
  const found = entryProblems(column.lineage, judged);
  if (found.length > 0 || query === null) return found;
  if (made) return compared({ column, lineage: column.lineage, made, table }, judged.file);
  return [untold(`"${column.name}" of ${table}`, { at: 0, says: "has no column that is called so" }, judged.file)];
}

/**
 * Compares what a model's contract says of the lineage of its columns with its SELECT: each entry is a column of an input, a column names
 * all that stand in its expression and no other, in the order in which a coalesce asks them. A contract that says it of one column says it of all.
 * @returns errors, and warnings of what the query does not let be told.
 */
export function lineageProblems(judged: Judged): Problem[] {
  const { model, file } = judged;
  const { columns } = model.contract;
  if (columns.every(({ lineage }) => lineage === undefined)) return [];
  const query = queryOf(model, judged);
  const isWhole = !isUnclear(query);
  const found = columns.flatMap((column) => columnProblems(column, isWhole ? query : null, judged));
  return isWhole ? found : [...found, untold(model.table, query, file)];
}
