import type { Contract } from "../contract/contract.ts";
import { sealContract } from "../contract/parse-contract.ts";
import { present } from "../contract/present.ts";
import { impliedId, sealRule } from "../contract/rule-draft.ts";
import type { Position } from "../kernel/problem.ts";
import { type Assembly, findContract, uniqueBy } from "./assembly.ts";
import { checkFeedColumns } from "./feed-columns.ts";
import { withRecord } from "./landed-meta.ts";
import { checkLimitCurrencies, writtenLimits } from "./link-gates.ts";
import type { LinkedFile } from "./link-sources.ts";
import type { Feed } from "./pipeline.ts";
import { inconsistent } from "./problems.ts";
import type { LinkedFeed } from "./source-kind.ts";
import type { FeedEntry } from "./source-schema.ts";

/** The feeds of an assembly by id, each with its contract; `groupOf` says which group lists a feed. */
export function linkFeeds(
  files: readonly LinkedFile[],
  assembly: Assembly,
  groupOf: ReadonlyMap<string, string>,
): Map<string, Feed> {
  const feeds = files.flatMap((source) =>
    Object.entries(source.value.feeds).flatMap(([name, entry]) => {
      const linked = source.linked.feeds.get(name);
      if (!linked) throw new Error(`the kind ${source.value.kind} linked no feed ${name}`);
      const feed = linkFeed(assembly, { source, name, entry, linked, groupOf });
      return feed ? [[feed.id, feed] as const] : [];
    }),
  );
  checkStagingNames(
    feeds.map(([, feed]) => feed),
    assembly,
  );
  return new Map(feeds);
}

interface FeedPart {
  readonly source: LinkedFile;
  readonly name: string;
  readonly entry: FeedEntry;
  readonly linked: LinkedFeed;
  readonly groupOf: ReadonlyMap<string, string>;
}

function linkFeed(assembly: Assembly, part: FeedPart): Feed | undefined {
  const { source, name, entry, linked, groupOf } = part;
  const { document } = source;
  const path = ["feeds", name];
  const id = `${source.value.source}.${name}`;
  const at = document.at(path, "key");
  const contract = findContract(assembly, entry.contract ?? id, document.at([...path, "contract"]));
  const group = groupOf.get(id);
  if (group === undefined) {
    assembly.problems.push(
      inconsistent(at, `the feed ${id} is in no group`, "list it under groups.<name>.feeds in pipeline.yaml"),
    );
  }
  if (!contract || group === undefined) return undefined;
  if (contract.object !== name) {
    const says = `the contract ${contract.id} describes "${contract.object}", not "${name}"`;
    assembly.problems.push(
      inconsistent(document.at([...path, "contract"]), says, "give the feed and the schema object one name"),
    );
  }
  checkFeedColumns({ entry, linked, contract, path, document }, assembly);
  checkLimitCurrencies(assembly, source, { entry: entry.gates, path: [...path, "gates"] });
  checkDeletes(assembly, part);
  checkTies(assembly, contract);
  const { recordKey, structured, absence = "vanished", ...rest } = linked;
  const { uses: _, beside: __, knowsPhysicalNames: ___, settlesDeletes: ____, namesRecords: _____, ...facts } = rest;
  const sourceKey = recordKey === undefined ? (entry.source_key ?? entry.business_key) : [recordKey];
  const dated = withPostingDate(contract, entry.posting_date);
  const named = recordKey === undefined ? withFixedKey(dated, entry) : withRecordKey(dated, recordKey, at);
  return {
    ...facts,
    id,
    source: source.value.source,
    name,
    contract: withRecord(withSourceKey(structured ? withTextTypes(named) : named, sourceKey), linked.lands),
    scoped: linked.lands.includes("_scope"),
    sourceKey,
    businessKey: entry.business_key,
    required: entry.required ?? source.value.required,
    absence: entry.absence ?? absence,
    gates: writtenLimits(entry.gates),
    group,
    at,
    ...present({ version: entry.version, money: moneyOf(entry), postingDate: entry.posting_date }),
  };
}

/** Of a row and a delete of one key the later one counts, and without a version nobody can say which that is. */
function checkDeletes(assembly: Assembly, { source, name, entry, linked }: FeedPart): void {
  if (!linked.deletes || linked.settlesDeletes || entry.version !== undefined) return;
  const says = `the feed ${source.value.source}.${name} may be told of deleted rows, but has no version to order them by`;
  const next = "declare version: the column that grows with every change of a row";
  assembly.problems.push(inconsistent(source.document.at(["feeds", name], "key"), says, next));
}

/** A batch knows one side; what two sides say stands in the table that a model makes of both. */
function checkTies(assembly: Assembly, { rules, id }: Contract): void {
  for (const rule of rules) {
    if (rule.kind !== "ties" || rule.at === undefined) continue;
    const says = `the rule ${rule.id} of kind ties judges a curated table, and ${id} is the contract of a feed`;
    assembly.problems.push(inconsistent(rule.at, says, "move it to the contract of a model that compares the two sides"));
  }
}

function moneyOf(entry: FeedEntry): Feed["money"] {
  if (!entry.money) return undefined;
  const { amount, currency, unit } = entry.money;
  return { amount, unit, ...present({ currency }) };
}

/** A published posting date never moves, whether or not the contract says so. */
function withPostingDate(contract: Contract, column: string | undefined): Contract {
  const said = contract.rules.some((rule) => rule.kind === "immutable" && rule.columns.includes(column ?? ""));
  if (column === undefined || said) return contract;
  const rule = sealRule({
    id: impliedId([column], "immutable"),
    kind: "immutable",
    columns: [column],
    severity: "quarantine",
    nulls: "pass",
    owner: contract.owner,
    ...present({ at: contract.columns.find((c) => c.name === column)?.at }),
  });
  return sealContract({ ...contract, rules: [...contract.rules, rule] });
}

/**
 * The business key of a source row does not change by itself: another one comes of a source key that was used twice, and would replace
 * the published row. Where re-keying is allowed such rows enter, and are counted.
 */
function withFixedKey(contract: Contract, { source_key, business_key, rekey }: FeedEntry): Contract {
  const mayChange = source_key !== undefined && business_key.some((name) => !source_key.includes(name));
  const isFixed = (name: string) =>
    contract.rules.some(({ kind, columns, severity }) => kind === "immutable" && severity !== "warn" && columns.includes(name));
  if (!mayChange || business_key.some(isFixed)) return contract;
  const rule = sealRule({
    id: impliedId(business_key, "immutable"),
    kind: "immutable",
    columns: business_key,
    severity: rekey === "allowed" ? "warn" : "quarantine",
    nulls: "fail",
    owner: contract.owner,
  });
  return sealContract({ ...contract, rules: [...contract.rules, rule] });
}

/** A structure is no text: where records may hold one, a column of texts has a type too. */
function withTextTypes(contract: Contract): Contract {
  const texts = contract.columns.filter(({ type, place }) => type.kind === "string" && place?.conversion !== "json");
  const rules = texts.map(({ name, at }) =>
    sealRule({
      id: impliedId([name], "type"),
      kind: "type",
      columns: [name],
      severity: "quarantine",
      nulls: "pass",
      owner: contract.owner,
      at,
    }),
  );
  return sealContract({ ...contract, rules: [...contract.rules, ...rules] });
}

/** The column by which a reader names each record stands behind those that people agreed on. */
function withRecordKey(contract: Contract, name: string, at: Position): Contract {
  const column = { name, type: { kind: "string" }, required: true, pii: false, at } as const;
  return sealContract({ ...contract, columns: [...contract.columns, column] });
}

/** Two contents of one physical row in one batch cannot both be right, whatever their business keys are. */
export function withSourceKey(contract: Contract, columns: readonly string[]): Contract {
  const isKey = (names: readonly string[]) => names.length === columns.length && names.every((name) => columns.includes(name));
  if (contract.rules.some((rule) => rule.kind === "unique" && !rule.normalise && isKey(rule.columns))) return contract;
  const rule = sealRule({
    id: impliedId(columns, "unique"),
    kind: "unique",
    columns,
    severity: "quarantine",
    nulls: "pass",
    owner: contract.owner,
  });
  return sealContract({ ...contract, rules: [...contract.rules, rule] });
}

/** The name of a feed's relation in the schema `staging`. */
export function stagingName(feedId: string): string {
  return feedId.replace(".", "_");
}

function checkStagingNames(feeds: readonly Feed[], assembly: Assembly): void {
  uniqueBy(feeds, { kind: "staging relation", name: (f) => stagingName(f.id), at: (f) => f.at }, assembly.problems);
}
