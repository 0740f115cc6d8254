import { asWarning } from "../kernel/problem.ts";
import { type Assembly, type Checked, checkOwner, uniqueBy } from "./assembly.ts";
import type { Environment, Source } from "./pipeline.ts";
import { inconsistent } from "./problems.ts";
import type { Fault, LinkedSource, SourceKind } from "./source-kind.ts";
import type { SourceFile } from "./source-schema.ts";

/** A source file and what its kind made of it. */
export interface LinkedFile extends Checked<SourceFile> {
  readonly linked: LinkedSource;
}

/** Lets each source file be read by its kind, and reports what the kind finds wrong. `absolute` resolves a path against the pipeline folder. */
export function linkFiles(
  assembly: Assembly,
  kinds: readonly SourceKind[],
  absolute: (path: string) => string,
): readonly LinkedFile[] {
  return assembly.sources.map(({ value, document }) => {
    const kind = kinds.find((k) => k.kind === value.kind);
    if (!kind) throw new Error(`the schema let a source of kind ${value.kind} through`);
    const linked = kind.link({ source: { ...value }, feeds: new Map(Object.entries(value.feeds)), absolute });
    const asProblem = ({ at, says, next }: Fault) => inconsistent(document.at(at), says, next);
    assembly.problems.push(...(linked.faults ?? []).map(asProblem));
    assembly.warnings.push(...(linked.doubts ?? []).map(asProblem).map(asWarning));
    return { value, document, linked };
  });
}

/** The sources of an assembly by id. */
export function linkSources(files: readonly LinkedFile[], assembly: Assembly): Map<string, Source> {
  const of = {
    kind: "source",
    name: (file: LinkedFile) => file.value.source,
    at: (file: LinkedFile) => file.document.at(["source"]),
  };
  const unique = uniqueBy(files, of, assembly.problems);
  return new Map(
    [...unique].map(([id, { value, document, linked }]) => {
      checkOwner(assembly, value.owner, document.at(["owner"]));
      const { kind, owner, deadline_seconds: deadlineSeconds = null, budget } = value;
      const { requests = null, seconds = null } = budget;
      const embedded = linked.embedded !== undefined;
      return [id, { id, kind, owner, settings: linked.settings, embedded, deadlineSeconds, budget: { requests, seconds } }];
    }),
  );
}

/** A default of `${VAR:-embedded}` must not slip into an environment that has no such cluster. */
export function checkEmbedded(files: readonly LinkedFile[], environment: Environment, assembly: Assembly): void {
  if (environment.embedded) return;
  for (const { value, document, linked } of files) {
    if (linked.embedded === undefined) continue;
    const says = `the source ${value.source} is embedded, the environment ${environment.name} is not`;
    const next = "give a URL, for example by the variable it names";
    assembly.problems.push(inconsistent(document.at(linked.embedded), says, next));
  }
}
