import { stagedColumns } from "../contract/derived-column.ts";
import type { YamlPath } from "../contract/yaml-document.ts";
import type { Position, Problem } from "../kernel/problem.ts";
import { isUnclear, type QueryColumn } from "../sql/made-of.ts";
import { queryColumns } from "../sql/query-columns.ts";
import { relationsIn, selectFault } from "../sql/tokens.ts";
import { type Assembly, checkOwner } from "./assembly.ts";
import { inputRead } from "./find-input.ts";
import { stagingName } from "./link-feeds.ts";
import type { Feed, Model, Tie, TieSide } from "./pipeline.ts";
import { inconsistent, unknownName } from "./problems.ts";
import type { TiesFile } from "./ties-schema.ts";

/** What ties may read. */
interface Readable {
  readonly feeds: ReadonlyMap<string, Feed>;
  readonly models: ReadonlyMap<string, Model>;
}

/** Columns that every side gives beside the tie's key. */
const NEEDED = ["id", "currency", "amount_minor", "on_day"] as const;
const FEE = "fee_minor";

/** What a column is made of that holds personal values. */
const PERSONAL = "personal";

type WrittenTie = TiesFile["ties"][string];

/** A side as it is written, its tie's key, and where its SELECT stands. */
interface Written {
  readonly tie: string;
  readonly key: readonly string[];
  readonly side: WrittenTie["sides"][number];
  readonly at: Position;
}

/** The feed or curated table that a query reads under a name: what it is called, its group and its columns. */
function relationOf(schema: string, relation: string, { feeds, models }: Readable) {
  const input = inputRead(schema, relation, feeds);
  const feed = input === undefined ? undefined : feeds.get(input);
  if (feed) return { id: feed.id, group: feed.group, columns: stagedColumns(feed.contract) };
  const model = schema === "curated" ? models.get(relation) : undefined;
  return model && { id: model.table, group: model.group, columns: model.contract.columns };
}

function unknownRelations({ side, at }: Written, { feeds, models }: Readable): Problem[] {
  const known = { staging: [...feeds.keys()].map(stagingName), curated: [...models.keys()] };
  return (["staging", "curated"] as const).flatMap((schema) =>
    relationsIn(side.select, schema)
      .filter((relation) => !known[schema].includes(relation))
      .map((relation) => unknownName(at, { kind: `${schema} relation`, written: relation }, known[schema])),
  );
}

/** What a side reads. */
function relationsRead({ side }: Written, readable: Readable) {
  return (["staging", "curated"] as const).flatMap((schema) =>
    relationsIn(side.select, schema).flatMap((relation) => relationOf(schema, relation, readable) ?? []),
  );
}

function columnsOf({ side }: Written, readable: Readable) {
  return queryColumns(side.select, (schema, relation) =>
    relationOf(schema, relation, readable)?.columns.map(({ name, pii }) => ({ name, source: pii ? PERSONAL : name })),
  );
}

/** Why a column that is shown may not be: it is made of personal values, or nobody can tell of what. */
function hiddenProblem(where: string, at: Position, { name, made }: QueryColumn): Problem[] {
  const [unclear] = made.unclear;
  if (made.of.includes(PERSONAL)) {
    const says = `${where} gives ${name}, which is made of personal values`;
    return [inconsistent(at, says, "take a column that is not personal: it is shown")];
  }
  if (!unclear) return [];
  const next = "write it in a form that docs/contracts.md names: it is shown, and may be personal";
  return [inconsistent(at, `what ${where} gives as ${name} cannot be told: it ${unclear.says}`, next)];
}

function columnProblems({ tie, key, side, at }: Written, columns: readonly QueryColumn[]): Problem[] {
  const needed = [...key, ...NEEDED];
  const names = columns.map(({ name }) => name);
  const shown = columns.filter(({ name }) => name !== null && [...needed, FEE].includes(name));
  const where = `side ${side.name} of the tie ${tie}`;
  const lacking = needed.filter((name) => !names.includes(name));
  return [
    ...lacking.map((name) =>
      inconsistent(at, `${where} gives no column ${name}`, `name one of its columns so: \`… as ${name}\``),
    ),
    ...shown.flatMap((column) => hiddenProblem(where, at, column)),
  ];
}

/** What is wrong with the SELECT of a side. */
function selectProblems(written: Written, readable: Readable): { problems: Problem[]; hasFee: boolean } {
  const { tie, side, at } = written;
  const fault = selectFault(side.select);
  const where = `the query of side ${side.name} of the tie ${tie}`;
  if (fault !== undefined) return { problems: [inconsistent(at, `${where} ${fault}`, "write one SELECT")], hasFee: false };
  const unknown = unknownRelations(written, readable);
  if (unknown.length > 0) return { problems: unknown, hasFee: false };
  const columns = columnsOf(written, readable);
  if (isUnclear(columns)) return { problems: [inconsistent(at, `${where} ${columns.says}`, "name its columns")], hasFee: false };
  return { problems: columnProblems(written, columns), hasFee: columns.some(({ name }) => name === FEE) };
}

function linkTie(assembly: Assembly, name: string, readable: Readable): Tie | null {
  const file = assembly.ties;
  const written = file?.value.ties[name];
  if (!file || !written) return null;
  const place = (...path: YamlPath) => file.document.at(["ties", name, ...path]);
  const before = assembly.problems.length;
  checkOwner(assembly, written.owner, place("owner"));
  const names = written.sides.map((side) => side.name);
  const twice = names.find((one, i) => names.indexOf(one) < i);
  if (twice !== undefined)
    assembly.problems.push(
      inconsistent(place("sides"), `two sides of the tie ${name} are called ${twice}`, "give each a name of its own"),
    );
  const [groups, reads] = [new Set<string>(), new Set<string>()];
  const sides = written.sides.map((side, i): TieSide => {
    const own: Written = { tie: name, key: written.key, side, at: place("sides", i, "select") };
    const { problems, hasFee } = selectProblems(own, readable);
    assembly.problems.push(...problems);
    for (const { id, group } of relationsRead(own, readable)) {
      groups.add(group);
      reads.add(id);
    }
    const { select, adds_up: addsUp, lags_days: lagsDays } = side;
    return { name: side.name, select, addsUp, lagsDays, hasFee, at: own.at };
  });
  const [group, ...others] = groups;
  const isSound = assembly.problems.length === before;
  if (isSound && (group === undefined || others.length > 0)) {
    const says = group === undefined ? "reads nothing" : `reads what the groups ${[...groups].join(" and ")} publish`;
    assembly.problems.push(inconsistent(place("sides"), `the tie ${name} ${says}`, "let it read feeds and tables of one group"));
  }
  if (group === undefined || assembly.problems.length > before) return null;
  return { name, about: written.about, owner: written.owner, key: written.key, group, reads, sides };
}

/** The ties of a pipeline by their names; checks what their SELECTs read and give. */
export function linkTies(assembly: Assembly, readable: Readable): Map<string, Tie> {
  const names = Object.keys(assembly.ties?.value.ties ?? {});
  const taken = new Set([...readable.feeds.keys(), ...readable.models.keys()]);
  const ties = names.flatMap((name): [string, Tie][] => {
    if (taken.has(name) && assembly.ties) {
      const at = assembly.ties.document.at(["ties", name], "key");
      assembly.problems.push(inconsistent(at, `the tie ${name} has the name of a table`, "give it a name of its own"));
    }
    const tie = linkTie(assembly, name, readable);
    return tie ? [[name, tie]] : [];
  });
  return new Map(ties);
}
