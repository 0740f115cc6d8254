import type { Column, ColumnType, Contract } from "../contract/contract.ts";
import { unknownColumn } from "../contract/problems.ts";
import type { YamlDocument, YamlPath } from "../contract/yaml-document.ts";
import { asWarning, type Problem } from "../kernel/problem.ts";
import type { Assembly } from "./assembly.ts";
import { inconsistent } from "./problems.ts";
import type { ColumnUse, LinkedFeed } from "./source-kind.ts";
import type { FeedEntry } from "./source-schema.ts";

/** A feed as it is written, beside the contract whose columns it names. */
export interface FeedPlace {
  readonly entry: FeedEntry;
  readonly linked: LinkedFeed;
  readonly contract: Contract;
  readonly path: YamlPath;
  readonly document: YamlDocument;
}

/** Checks every column that a feed names: it exists, has a fitting type, and keys are never NULL. */
export function checkFeedColumns(place: FeedPlace, assembly: Assembly): void {
  assembly.problems.push(...[...usesOf(place.entry), ...place.linked.uses].flatMap((use) => checkUse(use, place)));
  assembly.problems.push(...checkBeside(place));
  const renamed = place.linked.knowsPhysicalNames ? [] : otherNames(place.contract);
  assembly.problems.push(...checkBusinessKey(place), ...renamed);
  assembly.warnings.push(...checkIdentity(place), ...checkCurrencies(place, assembly));
}

/** Columns that are called otherwise in files: a feed's and a table's are read and written by their names. */
export function otherNames(contract: Contract): Problem[] {
  return contract.columns.flatMap(({ name, physicalName, at }) => {
    if (physicalName === undefined) return [];
    const says = `the physicalName of "${name}" is another name, "${physicalName}"`;
    return [inconsistent(at, says, "use one name in the contract of a feed or a table; a model can rename")];
  });
}

/** Formats and derived columns in the contract of a table, whose values are typed already and come from a SELECT. */
export function formatted(contract: Contract): Problem[] {
  const formats = contract.columns.flatMap(({ name, format, at }) =>
    format
      ? [inconsistent(at, `"${name}" of a curated table has a format`, "say it in the contract of the feed that brings it")]
      : [],
  );
  const derived = contract.derived.map(({ name, at }) =>
    inconsistent(
      at,
      `"${name}" of a curated table is derived`,
      "let the model's SELECT give it, or derive it in the contract of a feed",
    ),
  );
  return [...formats, ...derived];
}

/** A column as a posting date. */
export function postingDateUse(name: string): ColumnUse {
  return { name, at: ["posting_date"], types: ["date", "timestamp"] };
}

function usesOf(entry: FeedEntry): ColumnUse[] {
  const { source_key, business_key, version, money, posting_date } = entry;
  const keys = (names: readonly string[] | undefined, key: string): ColumnUse[] =>
    (names ?? []).map((name, i) => ({ name, at: [key, i], required: true }));
  const amounts: ColumnType["kind"][] = money?.unit === "minor" ? ["integer"] : ["decimal", "integer"];
  const optional: (ColumnUse | undefined)[] = [
    version === undefined ? undefined : { name: version, at: ["version"], types: ["integer", "timestamp"] },
    money && { name: money.amount, at: ["money", "amount"], types: amounts },
    money?.currency === undefined ? undefined : { name: money.currency, at: ["money", "currency"], types: ["string"] },
    posting_date === undefined ? undefined : postingDateUse(posting_date),
  ];
  return [...keys(source_key, "source_key"), ...keys(business_key, "business_key"), ...optional.filter((u) => u !== undefined)];
}

/** Checks a column that a feed or a model names in its own file, at a path of it: it exists, and has what its use needs. */
export function checkUse(
  use: ColumnUse,
  { contract, document, path }: Pick<FeedPlace, "contract" | "document" | "path">,
): Problem[] {
  const at = document.at([...path, ...use.at]);
  const column: Column | undefined = contract.columns.find((c) => c.name === use.name);
  if (!column)
    return [
      unknownColumn(
        at,
        use.name,
        contract.columns.map((c) => c.name),
      ),
    ];
  if (use.types && !use.types.includes(column.type.kind)) {
    const says = `"${use.name}" is of type ${column.type.kind}; ${String(use.at[0])} needs ${use.types.join(" or ")}`;
    return [inconsistent(at, says, `correct the column, or its logicalType in ${contract.file}`)];
  }
  if (column.format && (use.required || use.types) && use.at[0] !== "posting_date") {
    const says = `"${use.name}" has a format, and ${String(use.at[0])} compares it as it is landed`;
    return [inconsistent(at, says, `name a column without a format, or take the format out of ${contract.file}`)];
  }
  if (use.zone !== undefined && column.isLocal) {
    return [inconsistent(at, `"${use.name}" is a timestamp without a zone: nothing says whose clock it shows`, use.zone)];
  }
  if (use.required && !column.required) {
    return [inconsistent(at, `the key column "${use.name}" may be NULL`, `add required: true to it in ${contract.file}`)];
  }
  return [];
}

function checkBeside({ linked, contract, path, document }: FeedPlace): Problem[] {
  const faults = linked.beside?.(contract) ?? [];
  return faults.map(({ at, says, next }) => inconsistent(document.at([...path, ...at]), says, next));
}

/** Two rows with one business key must be caught, so a unique rule has to stand on exactly these columns. */
function checkBusinessKey({ entry, contract, document, path }: FeedPlace): Problem[] {
  const key = [...entry.business_key].sort().join("\n");
  const unique = contract.rules.some((rule) => rule.kind === "unique" && [...rule.columns].sort().join("\n") === key);
  if (unique) return [];
  const says = `no unique rule stands on the business key (${entry.business_key.join(", ")})`;
  return [inconsistent(document.at([...path, "business_key"]), says, `mark it with primaryKey: true in ${contract.file}`)];
}

function checkIdentity({ entry, linked, document, path }: FeedPlace): Problem[] {
  const isNamed = entry.source_key !== undefined || linked.recordKey !== undefined || linked.namesRecords === true;
  if (isNamed || entry.version !== undefined || linked.reads === "whole") return [];
  const says = "without a physical key and a version, duplicates across hours look like updates";
  return [asWarning(inconsistent(document.at(path, "key"), says, "declare source_key or version, or have it read whole"))];
}

function checkCurrencies({ entry, contract, document, path }: FeedPlace, assembly: Assembly): Problem[] {
  const column = entry.money?.currency;
  const known = Object.keys(assembly.main.value.currencies);
  const accepted = contract.rules.flatMap((r) =>
    r.kind === "accepted" && column !== undefined && r.columns[0] === column ? r.values : [],
  );
  const unknown = accepted.filter((c) => !known.includes(c));
  if (unknown.length === 0) return [];
  const says = `the contract accepts currencies without a declared exponent: ${unknown.join(", ")}`;
  return [asWarning(inconsistent(document.at([...path, "money", "currency"]), says, "add them to currencies in pipeline.yaml"))];
}
