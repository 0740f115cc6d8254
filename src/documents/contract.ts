import type { ColumnType, Contract } from "../contract/contract.ts";
import { ruleDocument } from "./rule.ts";

function typeText(type: ColumnType): string {
  if (type.kind === "integer") return `integer(${type.bits})`;
  if (type.kind === "decimal") return `decimal(${type.precision},${type.scale})`;
  return type.kind === "string" && type.maxLength !== undefined ? `string(${type.maxLength})` : type.kind;
}

/** A contract as `contract show` prints it. */
export function contractDocument(contract: Contract, usedBy: readonly string[]) {
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
