import type { z } from "zod";
import type { Contract } from "../contract/contract.ts";
import { parseContract } from "../contract/parse-contract.ts";
import { present } from "../contract/present.ts";
import { checkShape } from "../contract/schema-problems.ts";
import { readYaml, type YamlPath } from "../contract/yaml-document.ts";
import { asWarning, type Position, type Problem } from "../kernel/problem.ts";
import { type Assembly, type Checked, checkOwner, uniqueBy } from "./assembly.ts";
import { linkEnvironment } from "./environment.ts";
import { orderFeeds, orderModels } from "./foreign-keys.ts";
import { linkFeeds } from "./link-feeds.ts";
import { feedIds, linkDefaultGroup, linkGroups, membership } from "./link-groups.ts";
import { linkModels } from "./link-models.ts";
import { checkEmbedded, linkFiles, linkSources } from "./link-sources.ts";
import { linkTies } from "./link-ties.ts";
import { withPersonalColumns } from "./personal-columns.ts";
import type { Environment, Pipeline } from "./pipeline.ts";
import { PipelineSchema } from "./pipeline-schema.ts";
import { inconsistent } from "./problems.ts";
import { readModel } from "./read-model.ts";
import type { SourceKind } from "./source-kind.ts";
import { sourceSchema } from "./source-schema.ts";
import { TiesSchema } from "./ties-schema.ts";

/** A file of a pipeline folder; `file` is the name that problems show. */
export interface TextFile {
  readonly file: string;
  readonly text: string;
}

/** All files of a pipeline folder. */
export interface PipelineFiles {
  readonly pipeline: TextFile;
  readonly sources: readonly TextFile[];
  readonly contracts: readonly TextFile[];
  readonly models: readonly TextFile[];
  /** Null where there is none. */
  readonly ties: TextFile | null;
}

export interface AssembleOptions {
  /** The kinds of sources that there are. */
  readonly kinds: readonly SourceKind[];
  readonly directory: string;
  readonly environment: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Resolves a path against the pipeline folder. */
  readonly absolute: (path: string) => string;
}

export interface Assembled {
  /** Absent when there are problems. */
  readonly pipeline?: Pipeline;
  readonly problems: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/**
 * Checks and links the files of a pipeline. Files are linked only when each is sound by itself:
 * otherwise one misspelt key would be reported again at every place that refers to its file.
 */
export function assemble(files: PipelineFiles, options: AssembleOptions): Assembled {
  const assembly = readFiles(files, options);
  if (!assembly.main || assembly.problems.length > 0) return { problems: inOrder(assembly.problems), warnings: [] };
  const pipeline = link({ ...assembly, main: assembly.main }, options);
  const { problems, warnings } = assembly;
  const found = { problems: inOrder(problems), warnings: inOrder(warnings) };
  return pipeline && problems.length === 0 ? { ...found, pipeline } : found;
}

/** Checks and links one environment alone: what stands in other files, or lacks there, is of no matter. */
export function assembleEnvironment(
  file: TextFile,
  options: Pick<AssembleOptions, "environment" | "env" | "absolute">,
): { readonly environment?: Environment; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const [main] = readMain(file, options, problems);
  if (!main || problems.length > 0) return { problems: inOrder(problems) };
  const alone = { main, sources: [], contracts: [], models: [], ties: null, problems, warnings: [] };
  const environment = linkEnvironment(alone, options.environment, options.absolute);
  return environment && problems.length === 0 ? { environment, problems } : { problems: inOrder(problems) };
}

/** `pipeline.yaml`; variables of other environments may lack. */
function readMain(file: TextFile, { environment, env }: Pick<AssembleOptions, "environment" | "env">, problems: Problem[]) {
  const unused = (path: YamlPath): boolean => path[0] === "environments" && path[1] !== environment;
  return readChecked(PipelineSchema, { ...file, env, unused }, problems);
}

type Read = Omit<Assembly, "main"> & { readonly main?: Assembly["main"] };

function readFiles(files: PipelineFiles, options: AssembleOptions): Read {
  const problems: Problem[] = [];
  const main = readMain(files.pipeline, options, problems);
  const schema = sourceSchema(options.kinds);
  const sources = files.sources.flatMap((file) => readChecked(schema, { ...file, env: options.env, what: "source" }, problems));
  const contracts = files.contracts.flatMap((file) => {
    const parsed = parseContract(file);
    problems.push(...parsed.problems);
    return parsed.contract ?? [];
  });
  const models = files.models.flatMap((file) => {
    const read = readModel(file);
    problems.push(...read.problems);
    return read.model ?? [];
  });
  const [ties = null] = files.ties ? readChecked(TiesSchema, { ...files.ties, env: options.env }, problems) : [];
  const found = { sources, contracts, models, ties, problems, warnings: [] };
  return main[0] ? { ...found, main: main[0] } : found;
}

function readChecked<S extends z.ZodType>(
  schema: S,
  input: Parameters<typeof readYaml>[0] & { readonly what?: string },
  problems: Problem[],
): Checked<z.output<S>>[] {
  const { document, problems: found } = readYaml(input);
  problems.push(...found);
  if (!document) return [];
  const shape = checkShape(schema, document, { value: document.value, path: [], ...present({ what: input.what }) });
  problems.push(...shape.problems);
  return shape.value === undefined ? [] : [{ value: shape.value, document }];
}

function link(assembly: Assembly, options: AssembleOptions): Pipeline | undefined {
  const { value } = assembly.main;
  const environment = linkEnvironment(assembly, options.environment, options.absolute);
  checkContracts(assembly);
  const linked = linkFiles(assembly, options.kinds, options.absolute);
  if (environment) checkEmbedded(linked, environment, assembly);
  const sources = linkSources(linked, assembly);
  const feeds = linkFeeds(linked, assembly, membership(assembly, "feeds"));
  const models = linkModels(assembly, { feeds, declared: feedIds(assembly), groupOf: membership(assembly, "models") });
  // Foreign keys are only judged when all their ends could be linked.
  const sound = assembly.problems.length === 0;
  const ordered = { feeds: sound ? orderFeeds(feeds, assembly) : [], models: sound ? orderModels(models, assembly) : [] };
  const ties = linkTies(assembly, { feeds, models });
  const groups = linkGroups(assembly, ordered);
  const defaultGroup = linkDefaultGroup(assembly);
  warnUnused(assembly, new Set([...feeds.values(), ...models.values()].map((user) => user.contract.id)));
  if (!environment) return undefined;
  const { name, drift, retention, reconcile, currencies, owners } = value;
  return {
    directory: options.directory,
    name,
    environment,
    sources,
    feeds: sortedBy(feeds, ordered.feeds),
    models: withPersonalColumns(sortedBy(models, ordered.models), feeds, assembly),
    groups,
    defaultGroup,
    drift,
    retention: {
      failedRunsDays: retention.failed_runs_days,
      samplesDays: retention.samples_days,
      evidenceYears: retention.evidence_years,
      warehouseFreeShare: retention.warehouse_free_share,
    },
    reconcile: {
      schedule: reconcile.schedule ?? null,
      segmentRows: reconcile.segment_rows,
      nights: reconcile.nights,
      heal: {
        deletes: reconcile.heal.deletes,
        deletedMinor: reconcile.heal.deleted_minor,
        automatic: reconcile.heal.automatic,
      },
    },
    ties,
    currencies,
    owners,
  };
}

function sortedBy<T>(map: ReadonlyMap<string, T>, order: readonly string[]): Map<string, T> {
  return new Map([...map].sort(([a], [b]) => order.indexOf(a) - order.indexOf(b)));
}

function top(contract: Contract): Position {
  return { file: contract.file, line: 1, column: 1 };
}

function checkContracts(assembly: Assembly): void {
  uniqueBy(assembly.contracts, { kind: "contract", name: (c) => c.id, at: top }, assembly.problems);
  for (const contract of assembly.contracts) {
    checkOwner(assembly, contract.owner, top(contract));
    for (const rule of contract.rules) {
      if (rule.owner !== contract.owner) checkOwner(assembly, rule.owner, rule.at ?? top(contract));
    }
  }
}

function warnUnused(assembly: Assembly, used: ReadonlySet<string>): void {
  for (const contract of assembly.contracts.filter((c) => !used.has(c.id))) {
    const says = `the contract ${contract.id} belongs to no feed and no model`;
    assembly.warnings.push(asWarning(inconsistent(top(contract), says, "name it in a source or a model, or remove the file")));
  }
}

function inOrder(problems: readonly Problem[]): Problem[] {
  const key = (p: Problem): readonly [string, number, number] => [p.at?.file ?? "", p.at?.line ?? 0, p.at?.column ?? 0];
  return [...problems].sort((a, b) => {
    const [fileA, lineA, columnA] = key(a);
    const [fileB, lineB, columnB] = key(b);
    return fileA === fileB ? lineA - lineB || columnA - columnB : fileA < fileB ? -1 : 1;
  });
}
