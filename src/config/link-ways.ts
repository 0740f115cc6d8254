import { textOf } from "../contract/key-part.ts";
import { unknownColumn } from "../contract/problems.ts";
import type { YamlPath } from "../contract/yaml-document.ts";
import { asWarning, type Position, type Problem } from "../kernel/problem.ts";
import type { Assembly } from "./assembly.ts";
import { type FoundInput, findInput, type Linked } from "./find-input.ts";
import type { WrittenJoin, WrittenTouch, WrittenWays } from "./model-schema.ts";
import type { JoinStep, Touch } from "./pipeline.ts";
import { inconsistent, unknownName } from "./problems.ts";

/** One way of a changed row to keys, as it is written. */
interface Way {
  readonly how: readonly string[] | WrittenJoin;
  readonly path: YamlPath;
}

/** Where a way ends: columns of the rows that its joins lead to. */
interface Ending {
  readonly through: readonly JoinStep[];
  readonly columns: readonly string[];
}

const isJoin = (how: Way["how"]): how is WrittenJoin => !Array.isArray(how);

/** The ways of an input: one, or several where a row reaches keys in several places. */
function waysWritten(how: WrittenWays, path: YamlPath): Way[] {
  if (!Array.isArray(how)) return [{ how, path }];
  const several = how.flatMap((one, i) => (typeof one === "string" ? [] : [{ how: one, path: [...path, i] }]));
  return several.length > 0 ? several : [{ how: how.filter((one) => typeof one === "string"), path }];
}

/** How changed rows of an input reach keys by columns of their own, and by columns of rows that they join. */
export function linkWays(
  assembly: Assembly,
  of: Linked,
  { found, how, path }: { readonly found: FoundInput; readonly how: WrittenWays; readonly path: YamlPath },
): Touch[] {
  return waysWritten(how, path).flatMap((way): Touch[] =>
    isJoin(way.how)
      ? linkJoin(assembly, of, { found, join: way.how, path: way.path })
      : [{ ...found.input, columns: keyColumns(assembly, of, { found, way: { how: way.how, path: way.path } }) }],
  );
}

/** The columns of an input that are the key, looked at; texts in quotes stand for themselves. */
function keyColumns(
  assembly: Assembly,
  { file: { document, header } }: Linked,
  { found, way }: { readonly found: FoundInput; readonly way: { readonly how: readonly string[]; readonly path: YamlPath } },
): readonly string[] {
  const { how: columns, path } = way;
  const isKnown = (part: string) => textOf(part) !== undefined || found.columns.includes(part);
  const unknown = columns.flatMap((c, i) => (isKnown(c) ? [] : [unknownColumn(document.at([...path, i]), c, found.columns)]));
  assembly.problems.push(...unknown);
  if (columns.length !== header.key.length) {
    const says = `the key has ${header.key.length} columns, the list ${columns.length}`;
    assembly.problems.push(inconsistent(document.at(path), says, "name one column of the input for each key column"));
  }
  return columns;
}

interface JoinOf {
  readonly found: FoundInput;
  readonly join: WrittenJoin;
  readonly path: YamlPath;
}

/** What a join leads to, looked at; null where it is no input of the model. */
function joinedInput(assembly: Assembly, of: Linked, { found, join, path }: JoinOf): FoundInput | null {
  const { document, header } = of.file;
  const inputs = Object.keys(header.touched_by);
  if (!inputs.includes(join.join)) {
    assembly.problems.push(unknownName(document.at([...path, "join"]), { kind: "input", written: join.join }, inputs));
    return null;
  }
  const other = findInput({ problems: [] }, of, { written: join.join, at: document.at([...path, "join"]) });
  if (!other) return null;
  for (const [own, its] of Object.entries(join.on)) {
    const at = [...path, "on", own];
    if (!found.columns.includes(own)) assembly.problems.push(unknownColumn(document.at(at, "key"), own, found.columns));
    if (!other.columns.includes(its)) assembly.problems.push(unknownColumn(document.at(at), its, other.columns));
    assembly.problems.push(...unlike({ found, own }, { found: other, own: its }, document.at(at)));
  }
  return other;
}

interface SideOfPair {
  readonly found: FoundInput;
  readonly own: string;
}

/** What values are compared as. */
const COMPARED = {
  string: "text",
  integer: "a number",
  decimal: "a number",
  boolean: "a boolean",
  date: "a time",
  timestamp: "a time",
};

/** Columns whose values an engine compares by reading one as the other, which fails for the first text that is none. */
function unlike(left: SideOfPair, right: SideOfPair, at: Position): Problem[] {
  const [one, other] = [left, right].map(({ found, own }) => found.types.get(own)?.kind);
  if (!one || !other || COMPARED[one] === COMPARED[other]) return [];
  const says = `"${left.own}" of ${left.found.says} is ${COMPARED[one]}, "${right.own}" of ${right.found.says} ${COMPARED[other]}`;
  const next = "join columns of one type: derive one in the contract of its feed, or say the way by a SELECT";
  return [inconsistent(at, says, next)];
}

function linkJoin(assembly: Assembly, of: Linked, { found, join, path }: JoinOf): Touch[] {
  const other = joinedInput(assembly, of, { found, join, path });
  if (!other) return [];
  const step = stepTo(other, join);
  if (join.key) {
    const columns = keyColumns(assembly, of, { found: other, way: { how: join.key, path: [...path, "key"] } });
    assembly.warnings.push(...unreachedBy(of, { join: join.join, key: join.key, path }));
    return [{ ...found.input, columns, through: [step] }];
  }
  const endings = endingsOf(of, join.join, []);
  if (typeof endings === "string") {
    const says = `the join goes on as changes of ${join.join} do, ${endings}`;
    const next = `say key: [the columns of ${join.join} that are the key], where the join ends`;
    assembly.problems.push(inconsistent(of.file.document.at([...path, "join"]), says, next));
    return [];
  }
  return endings.map(({ through, columns }) => ({ ...found.input, columns, through: [step, ...through] }));
}

/** Rows that a join goes through have a part in the key where it ends: their own changes have to reach it too. */
function unreachedBy(of: Linked, { join, key, path }: { join: string; key: readonly string[]; path: YamlPath }): Problem[] {
  const { document, header } = of.file;
  const how = header.touched_by[join];
  if (how === undefined || typeof how === "string") return [];
  const reached = waysWritten(how, []).flatMap((way) => (isJoin(way.how) ? [] : [way.how.join("\n")]));
  if (reached.includes(key.join("\n"))) return [];
  const columns = `[${key.join(", ")}]`;
  const says = `rows of ${join} lead to the key in ${columns}, which their own changes do not reach`;
  return [
    asWarning(
      inconsistent(
        document.at([...path, "key"]),
        says,
        `add ${columns} to what touched_by says of ${join}, or rows stay as they were`,
      ),
    ),
  ];
}

function stepTo({ input }: FoundInput, { on }: WrittenJoin): JoinStep {
  return { to: input, on: Object.entries(on).map(([own, other]) => ({ own, other })) };
}

/** Where the ways of an input end; a text says why they cannot be followed. What is wrong with them is told where they are written. */
function endingsOf(of: Linked, written: string, before: readonly string[]): Ending[] | string {
  const how: WrittenTouch | undefined = of.file.header.touched_by[written];
  if (before.includes(written)) return `and ${[...before, written].join(", ")} lead to each other`;
  if (how === undefined || typeof how === "string") return `of which only a SELECT says where they lead`;
  const found: Ending[] = [];
  for (const way of waysWritten(how, [])) {
    const endings = isJoin(way.how) ? endingsBehind(of, way.how, [...before, written]) : [{ through: [], columns: way.how }];
    if (typeof endings === "string") return endings;
    found.push(...endings);
  }
  return found;
}

function endingsBehind(of: Linked, join: WrittenJoin, before: readonly string[]): Ending[] | string {
  const other = findInput({ problems: [] }, of, { written: join.join, at: of.file.document.at(["touched_by"]) });
  if (!other) return [];
  const endings = join.key ? [{ through: [], columns: join.key }] : endingsOf(of, join.join, before);
  if (typeof endings === "string") return endings;
  return endings.map(({ through, columns }) => ({ columns, through: [stepTo(other, join), ...through] }));
}
