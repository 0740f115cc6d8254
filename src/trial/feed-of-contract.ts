import { withRecord } from "../config/landed-meta.ts";
import { withSourceKey } from "../config/link-feeds.ts";
import type { Feed, Money } from "../config/pipeline.ts";
import type { LandedMeta } from "../config/source-kind.ts";
import type { Contract } from "../contract/contract.ts";
import { sealContract } from "../contract/parse-contract.ts";
import { present } from "../contract/present.ts";
import type { Rule } from "../contract/rule.ts";

/** What row files of files say of their records. */
const LANDS: readonly LandedMeta[] = ["_fault", "_payload", "_unconverted"];

/** A feed of which nothing was ever published and nothing will be. */
function unpublished(source: string, contract: Contract): Feed {
  const key = contract.primaryKey.length > 0 ? contract.primaryKey : contract.columns.map(({ name }) => name);
  return {
    id: `${source}.${contract.object}`,
    source,
    name: contract.object,
    contract,
    sourceKey: key,
    businessKey: key,
    reading: { kind: "csv" },
    reads: "whole",
    origin: contract.object,
    how: "whole",
    needs: [],
    lands: LANDS,
    deletes: false,
    required: true,
    absence: "nothing",
    gates: {},
    scoped: false,
    group: source,
    at: { file: contract.file, line: 1, column: 1 },
  };
}

/**
 * The contract as a feed of it would be judged: a record that could not be read waits, one key has one content, and amounts must be
 * readable. Without a primary key a row is known by all of its columns, so that copies are seen.
 */
export function feedOfContract(contract: Contract): Feed {
  const keyed = contract.primaryKey.length === 0 ? contract : withSourceKey(contract, contract.primaryKey);
  const [money, ...moneyBeside] = contract.columns.flatMap(({ name, money: of }): Money[] =>
    of ? [{ amount: name, ...of }] : [],
  );
  return { ...unpublished("check", withRecord(keyed, LANDS)), moneyBeside, ...present({ money }) };
}

export type ForeignKey = Extract<Rule, { kind: "foreign_key" }>;

/** The foreign keys of a contract, in its order. */
export function foreignKeysOf({ rules }: Contract): ForeignKey[] {
  return rules.filter((rule): rule is ForeignKey => rule.kind === "foreign_key");
}

const PARENTS = "reference";

/** The feed of a foreign key's parents: their keys, in the types of the columns that refer to them. */
export function parentFeed(contract: Contract, key: ForeignKey, nth: number): Feed {
  const columns = key.columns.flatMap((name, i) => {
    const column = contract.columns.find((c) => c.name === name);
    return column ? [{ name: key.parent.columns[i] ?? name, type: column.type, required: true, pii: true, at: column.at }] : [];
  });
  const names = columns.map(({ name }) => name);
  return unpublished(PARENTS, sealContract({ ...contract, object: `key_${nth}`, columns, primaryKey: names, rules: [] }));
}

/** The contract with foreign keys that refer to the feeds of their parents; without those that have none. */
export function withParents(contract: Contract, parents: ReadonlyMap<string, Feed>): Contract {
  const rules = contract.rules.flatMap((rule): Rule[] => {
    if (rule.kind !== "foreign_key") return [rule];
    const parent = parents.get(rule.id);
    return parent ? [{ ...rule, parent: { ...rule.parent, object: parent.id } }] : [];
  });
  return sealContract({ ...contract, rules });
}
