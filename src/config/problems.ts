import { nearest } from "../kernel/nearest.ts";
import { type Position, type Problem, problem } from "../kernel/problem.ts";

/** Something is named that does not exist. */
export function unknownName(at: Position, what: { kind: string; written: string }, known: readonly string[]): Problem {
  const close = nearest(what.written, known);
  const all = known.length > 0 ? `known: ${known.join(", ")}` : `no ${what.kind} is declared yet`;
  return problem({
    code: "config.unknown_name",
    at,
    says: `there is no ${what.kind} "${what.written}"`,
    next: close ? `did you mean "${close}"? ${all}` : all,
  });
}

/** A rule of the configuration is broken; the caller says which and what to change. */
export function inconsistent(at: Position, says: string, next: string): Problem {
  return problem({ code: "config.inconsistent", at, says, next });
}

/** What a contract says of a column's lineage is not what its model does; the caller says which, and what to type. */
export function badLineage(at: Position, says: string, next: string): Problem {
  return problem({ code: "config.lineage", at, says, next });
}

export function declaredTwice(at: Position, what: { kind: string; name: string }, first: Position): Problem {
  return problem({
    code: "config.declared_twice",
    at,
    says: `the ${what.kind} "${what.name}" is declared twice`,
    next: `the first one stands in ${first.file}:${first.line}; rename or remove one`,
  });
}

export function noPipeline(directory: string): Problem {
  return problem({
    code: "config.no_pipeline",
    says: `there is no pipeline.yaml in ${directory}`,
    next: "change to the folder above pipeline/, or name it: --pipeline DIR",
  });
}

export function unreadableFile(file: string): Problem {
  return problem({ code: "config.unreadable", says: `${file} cannot be read`, next: `check the rights of ${file}` });
}

export function strayFile(file: string, endings: readonly string[]): Problem {
  const at = { file, line: 1, column: 1 };
  return problem({
    code: "config.stray_file",
    at,
    says: "this file is not read",
    next: `rename it to end in ${endings.join(" or ")}, or move it away`,
  });
}

export function unknownEnvironment(name: string, known: readonly string[], at: Position): Problem {
  const close = nearest(name, known);
  return problem({
    code: "config.environment",
    at,
    says: `there is no environment "${name}"`,
    next: `${close ? `did you mean "${close}"? ` : ""}--env ${known.join(" | ")}`,
  });
}

export function dependencyCycle(at: Position, what: string, names: readonly string[]): Problem {
  return problem({
    code: "config.cycle",
    at,
    says: `these ${what} form a circle by what they refer to${what === "models" ? " or read" : ""}: ${names.join(", ")}`,
    next: `remove one of the relationships${what === "models" ? " or inputs" : ""}; each must be made before what depends on it`,
  });
}
