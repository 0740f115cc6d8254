import { stagedColumns } from "../contract/derived-column.ts";
import type { YamlPath } from "../contract/yaml-document.ts";
import type { Position, Problem } from "../kernel/problem.ts";
import { isUnclear, type QueryColumn } from "../sql/made-of.ts";
import { queryColumns } from "../sql/query-columns.ts";
import { relationsIn, selectFault } from "../sql/tokens.ts";
import { type Assembly, checkOwner } from "./assembly.ts";
import { inputRead } from "./find-input.ts";
import { stagingName } from "./link-feeds.ts";
import type { Feed, Model, SideOfFiles, Tie, TieSide } from "./pipeline.ts";
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

/** A side as it is written, its tie's key, and where it stands. */
interface WrittenSide {
  readonly tie: string;
  readonly key: readonly string[];
  readonly side: WrittenTie["sides"][number];
  /** All sides of its tie. */
  readonly beside: WrittenTie["sides"];
  readonly at: Position;
}

/** A side that is a query. */
interface Written extends WrittenSide {
  readonly select: string;
}

/** The key of ties whose sides are files. */
const FILE = "file";

/** The feed or curated table that a query reads under a name: what it is called, its group and its columns. */
function relationOf(schema: string, relation: string, { feeds, models }: Readable) {
  const input = inputRead(schema, relation, feeds);
  const feed = input === undefined ? undefined : feeds.get(input);
  if (feed) return { id: feed.id, group: feed.group, columns: stagedColumns(feed.contract) };
  const model = schema === "curated" ? models.get(relation) : undefined;
  return model && { id: model.table, group: model.group, columns: model.contract.columns };
}

function unknownRelations({ select, at }: Written, { feeds, models }: Readable): Problem[] {
  const known = { staging: [...feeds.keys()].map(stagingName), curated: [...models.keys()] };
  return (["staging", "curated"] as const).flatMap((schema) =>
    relationsIn(select, schema)
      .filter((relation) => !known[schema].includes(relation))
      .map((relation) => unknownName(at, { kind: `${schema} relation`, written: relation }, known[schema])),
  );
}

/** What a side reads. */
function relationsRead({ select }: Written, readable: Readable) {
  return (["staging", "curated"] as const).flatMap((schema) =>
    relationsIn(select, schema).flatMap((relation) => relationOf(schema, relation, readable) ?? []),
  );
}

function columnsOf({ select }: Written, readable: Readable) {
  return queryColumns(select, (schema, relation) =>
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
  const { tie, side, select, at } = written;
  const fault = selectFault(select);
  const where = `the query of side ${side.name} of the tie ${tie}`;
  if (fault !== undefined) return { problems: [inconsistent(at, `${where} ${fault}`, "write one SELECT")], hasFee: false };
  const unknown = unknownRelations(written, readable);
  if (unknown.length > 0) return { problems: unknown, hasFee: false };
  const columns = columnsOf(written, readable);
  if (isUnclear(columns)) return { problems: [inconsistent(at, `${where} ${columns.says}`, "name its columns")], hasFee: false };
  return { problems: columnProblems(written, columns), hasFee: columns.some(({ name }) => name === FEE) };
}

/** What a side is linked to, the groups and relations that it reads, and what is wrong with it. */
interface Given {
  readonly problems: readonly Problem[];
  readonly gives: TieSide["gives"];
  readonly hasFee: boolean;
  readonly reads: readonly { readonly id: string; readonly group: string }[];
}

function queried(written: Written, readable: Readable): Given {
  return { ...selectProblems(written, readable), gives: written.select, reads: relationsRead(written, readable) };
}

/** What is wrong with a side that is a feed's files. */
function filesProblems({ tie, key, side, beside, at }: WrittenSide, written: string, { feeds }: Readable): Problem[] {
  const feed = feeds.get(written);
  if (!feed) return [unknownName(at, { kind: "feed", written }, [...feeds.keys()])];
  const where = `side ${side.name} of the tie ${tie}`;
  const needs = (says: string, next: string) => inconsistent(at, `${where} ${says}`, next);
  return [
    ...(feed.totals ? [] : [needs(`is of ${written}, which has no files that say what they come to`, "write a select")]),
    ...(feed.money ? [] : [needs(`is of ${written}, which has no money`, `name its amount: money of the feed ${written}`)]),
    ...(side.lags_days === 0 ? [] : [needs("lags behind, and both come with one publication", "remove lags_days")]),
    ...(side.rows_of === undefined || beside.some(({ files }) => files === written)
      ? []
      : [needs(`has the rows of files of ${written} that no side tells of`, `give another side files: ${written}`)]),
    ...(key.length === 1 && key[0] === FILE ? [] : [needs("is tied file by file", `write key: [${FILE}]`)]),
  ];
}

function ofFiles(
  of: WrittenSide,
  { feed: written, takes }: { feed: string; takes: SideOfFiles["takes"] },
  readable: Readable,
): Given {
  const problems = filesProblems(of, written, readable);
  const feed = readable.feeds.get(written);
  return {
    problems,
    gives: feed ? { feed, takes } : "",
    hasFee: false,
    reads: feed ? [{ id: feed.id, group: feed.group }] : [],
  };
}

/** What a side gives: by its query, or of a feed's files. */
function givenBy(of: WrittenSide, readable: Readable): Given {
  const { select, files, rows_of: rows } = of.side;
  const written = [select, files, rows].filter((one) => one !== undefined);
  if (written.length !== 1) {
    const says = `side ${of.side.name} of the tie ${of.tie} has ${written.length === 0 ? "nothing that says what it gives" : "several things that say what it gives"}`;
    const problems = [inconsistent(of.at, says, "write one of select, files, rows_of")];
    return { problems, gives: "", hasFee: false, reads: [] };
  }
  if (select !== undefined) return queried({ ...of, select }, readable);
  return ofFiles(of, { feed: files ?? rows ?? "", takes: files === undefined ? "rows" : "said" }, readable);
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
    const at = place("sides", i, side.select === undefined ? "name" : "select");
    const {
      problems,
      gives,
      hasFee,
      reads: read,
    } = givenBy({ tie: name, key: written.key, side, beside: written.sides, at }, readable);
    assembly.problems.push(...problems);
    for (const { id, group } of read) {
      groups.add(group);
      reads.add(id);
    }
    const { adds_up: addsUp, lags_days: lagsDays, rows_of: rows } = side;
    return { name: side.name, gives, addsUp: addsUp || rows !== undefined, lagsDays, hasFee, at };
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
