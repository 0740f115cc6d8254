import type { Contract } from "../contract/contract.ts";
import type { YamlDocument } from "../contract/yaml-document.ts";
import type { Position, Problem } from "../kernel/problem.ts";
import type { PipelineFile } from "./pipeline-schema.ts";
import { declaredTwice, unknownName } from "./problems.ts";
import type { ModelFile } from "./read-model.ts";
import type { SourceFile } from "./source-schema.ts";
import type { TiesFile } from "./ties-schema.ts";

/** A file that a schema accepted, with the places of its parts. */
export interface Checked<T> {
  readonly value: T;
  readonly document: YamlDocument;
}

/** Every file of a pipeline, read but not yet linked. `problems` and `warnings` grow while linking. */
export interface Assembly {
  readonly main: Checked<PipelineFile>;
  readonly sources: readonly Checked<SourceFile>[];
  readonly contracts: readonly Contract[];
  readonly models: readonly ModelFile[];
  /** Null where the pipeline has none. */
  readonly ties: Checked<TiesFile> | null;
  readonly problems: Problem[];
  readonly warnings: Problem[];
}

/** The contract of an id, or of a file relative to the folder. */
export function contractNamed(contracts: readonly Contract[], reference: string): Contract | undefined {
  return contracts.find((c) => c.id === reference) ?? contracts.find((c) => c.file.endsWith(`/${reference}`));
}

/** Finds a contract by its id, or by the end of its file name. */
export function findContract(assembly: Assembly, reference: string, at: Position): Contract | undefined {
  const found = contractNamed(assembly.contracts, reference);
  if (!found) {
    const known = assembly.contracts.map((c) => c.id);
    assembly.problems.push(unknownName(at, { kind: "contract", written: reference }, known));
  }
  return found;
}

/** Reports an owner that `pipeline.yaml` does not declare. */
export function checkOwner(assembly: Assembly, owner: string, at: Position): void {
  const known = Object.keys(assembly.main.value.owners);
  if (!known.includes(owner)) assembly.problems.push(unknownName(at, { kind: "owner", written: owner }, known));
}

/** Keeps the first of each name and reports the others. */
export function uniqueBy<T>(
  items: readonly T[],
  of: { readonly kind: string; readonly name: (item: T) => string; readonly at: (item: T) => Position },
  problems: Problem[],
): Map<string, T> {
  const map = new Map<string, T>();
  for (const item of items) {
    const name = of.name(item);
    const first = map.get(name);
    if (first === undefined) map.set(name, item);
    else problems.push(declaredTwice(of.at(item), { kind: of.kind, name }, of.at(first)));
  }
  return map;
}
