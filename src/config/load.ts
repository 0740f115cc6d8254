import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { Failure, type Problem } from "../kernel/problem.ts";
import { assemble, assembleEnvironment, type TextFile } from "./assemble.ts";
import type { Environment, Pipeline } from "./pipeline.ts";
import { noPipeline, strayFile, unreadableFile } from "./problems.ts";
import type { SourceKind } from "./source-kind.ts";

export interface LoadOptions {
  /** The kinds of sources that there are. */
  readonly kinds: readonly SourceKind[];
  /** The folder that holds `pipeline.yaml`; problems name files below it as it is written here. */
  readonly directory: string;
  /** Default `local`. */
  readonly environment?: string;
  /** Fills `${VAR}`; usually the process environment. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Reads, checks, links and orders a pipeline folder.
 * @throws Failure `usage` with every problem found, in the order of files and lines.
 */
export function loadPipeline(options: LoadOptions): { pipeline: Pipeline; warnings: readonly Problem[] } {
  const { kinds, directory, environment = "local", env } = options;
  const root = rootOf(directory);
  const strays: Problem[] = [];
  const folder = (name: string, endings: readonly string[]): TextFile[] => readFolder(join(directory, name), endings, strays);
  const files = {
    pipeline: readText(join(directory, "pipeline.yaml")),
    sources: folder("sources", [".yaml", ".yml"]),
    contracts: folder("contracts", [".odcs.yaml", ".odcs.yml"]),
    models: folder("models", [".sql"]),
    ties: readIfThere(join(directory, "ties.yaml")),
  };
  const absolute = (path: string): string => resolve(root, path);
  const { pipeline, problems, warnings } = assemble(files, { kinds, directory: root, environment, env, absolute });
  if (!pipeline || strays.length > 0) throw new Failure("usage", [...strays, ...problems]);
  return { pipeline, warnings };
}

/**
 * Reads one environment of a pipeline folder; sources, contracts and models are not looked at, nor the variables that they name.
 * @throws Failure `usage` with every problem found in `pipeline.yaml`.
 */
export function loadEnvironment(options: Omit<LoadOptions, "kinds">): Environment {
  const { directory, environment: name = "local", env } = options;
  const root = rootOf(directory);
  const file = readText(join(directory, "pipeline.yaml"));
  const absolute = (path: string): string => resolve(root, path);
  const { environment, problems } = assembleEnvironment(file, { environment: name, env, absolute });
  if (!environment) throw new Failure("usage", problems);
  return environment;
}

/** The folder of a pipeline, absolute. */
function rootOf(directory: string): string {
  const root = resolve(directory);
  if (!existsSync(join(root, "pipeline.yaml"))) throw new Failure("usage", noPipeline(directory));
  return root;
}

/** A file with another ending would be ignored without a word, so it is reported. */
function readFolder(folder: string, endings: readonly string[], strays: Problem[]): TextFile[] {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder)
    .filter((name) => !name.startsWith("."))
    .sort();
  const fits = (name: string): boolean => endings.some((ending) => name.endsWith(ending));
  strays.push(...names.filter((name) => !fits(name)).map((name) => strayFile(join(folder, name), endings)));
  return names.filter(fits).map((name) => readText(join(folder, name)));
}

function readIfThere(file: string): TextFile | null {
  return existsSync(file) ? readText(file) : null;
}

function readText(file: string): TextFile {
  try {
    return { file, text: readFileSync(file, "utf8") };
  } catch (error) {
    throw new Failure("usage", unreadableFile(file), { cause: error });
  }
}
