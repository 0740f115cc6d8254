import { MASK } from "../checks/samples.ts";
import type { Pipeline } from "../config/pipeline.ts";
import type { Contract } from "../contract/contract.ts";
import { stagedColumns } from "../contract/derived-column.ts";

/** Column names by what may be shown of them. */
export interface ColumnNames {
  /** Classified as personal in at least one contract. */
  readonly personal: ReadonlySet<string>;
  /** In a contract, and personal in none. */
  readonly open: ReadonlySet<string>;
}

/** Contracts of a pipeline's feeds and models, by id. */
export function contractsOf(pipeline: Pipeline): Map<string, Contract> {
  const users = [...pipeline.feeds.values(), ...pipeline.models.values()];
  return new Map(users.map((user) => [user.contract.id, user.contract]));
}

/** Every column name of some contracts, those of the pipeline where nothing is said, in lower case. */
export function columnNames(pipeline: Pipeline, contracts: Iterable<Contract> = contractsOf(pipeline).values()): ColumnNames {
  const columns = [...contracts].flatMap(stagedColumns);
  const personal = new Set(columns.filter((c) => c.pii).map((c) => c.name.toLowerCase()));
  const open = columns.map((c) => c.name.toLowerCase()).filter((name) => !personal.has(name));
  return { personal, open: new Set(open) };
}

/** The members of a landed row, personal ones masked: those stored apart, and those classified since. */
export function maskedPayload(
  payload: { readonly open: string | null; readonly personal: string | null },
  names: ColumnNames,
): Record<string, unknown> {
  const members = (text: string | null) => Object.entries(JSON.parse(text ?? "{}") as Record<string, unknown>);
  const mask = (name: string, value: unknown) => [name, names.personal.has(name.toLowerCase()) ? masked(value) : value] as const;
  return Object.fromEntries([
    ...members(payload.open).map(([name, value]) => mask(name, value)),
    ...members(payload.personal).map(([name, value]) => [name, masked(value)] as const),
  ]);
}

/** NULL stays visible: that a value is missing is the finding more often than not. */
export function masked(value: unknown): string | null {
  return value === null || value === undefined ? null : MASK;
}
