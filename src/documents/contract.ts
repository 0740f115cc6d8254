import type { Column, ColumnType, Contract } from "../contract/contract.ts";
import { ruleDocument } from "./rule.ts";

function typeText(type: ColumnType): string {
  if (type.kind === "integer") return `integer(${type.bits})`;
  if (type.kind === "decimal") return `decimal(${type.precision},${type.scale})`;
  return type.kind === "string" && type.maxLength !== undefined ? `string(${type.maxLength})` : type.kind;
}

/** What is known of a contract beside its file. */
interface Beside {
  /** Feeds and tables. */
  readonly usedBy: readonly string[];
  /** Columns that are the first of their sources that is not NULL. */
  readonly firstOf: ReadonlySet<string>;
}

function lineageDocument(column: Column, firstOf: ReadonlySet<string>) {
  const { lineage, transformed } = column;
  if (!lineage) return null;
  return { of: lineage.of.map(({ written }) => written), first_wins: firstOf.has(column.name), says: transformed ?? null };
}

/** A contract as `contract show` prints it. */
export function contractDocument(contract: Contract, { usedBy, firstOf }: Beside) {
  const { id, version, status, owner, object, primaryKey, file, fingerprint, serviceLevels } = contract;
  return {
    id,
    version,
    status,
    owner,
    object,
    used_by: usedBy,
    file,
    fingerprint,
    primary_key: primaryKey,
    columns: contract.columns.map((c) => ({
      name: c.name,
      type: typeText(c.type),
      required: c.required,
      classification: c.classification ?? null,
      pii: c.pii,
      money: c.money ?? null,
      description: c.description ?? null,
      lineage: lineageDocument(c, firstOf),
    })),
    derived: contract.derived.map(({ name, template, pii }) => ({ name, template, pii })),
    rules: contract.rules.map(ruleDocument),
    service_levels: serviceLevels.map(({ property, value, unit, element }) => ({
      property,
      value,
      unit: unit ?? null,
      element: element ?? null,
    })),
  };
}

export type ContractDocument = ReturnType<typeof contractDocument>;
