import type { Environment, Pipeline } from "../config/pipeline.ts";
import type { ClusterStatus } from "../embedded/clusters.ts";
import type { Problem } from "../kernel/problem.ts";
import type { RecordReader } from "../landing/find-record.ts";
import type { ObjectStore } from "../objects/object-store.ts";
import type { ProjectedAll } from "../projector/project-all.ts";
import type { ProvingTools } from "../reconcile/tools.ts";
import type { Engine } from "../run/engine.ts";
import type { RunEvent } from "../run/events.ts";
import type { Deriver } from "../sources/deriver.ts";
import type { PendingParts, PendingRequest } from "../sources/pending.ts";
import type { PartReader, SourceColumn, Tried, TryRequest } from "../sources/source.ts";
import type { Standing } from "../sources/standing.ts";
import type { Store } from "../store/store.ts";
import type { Trial, TrialAsked, TrialEvent } from "../trial/trial.ts";
import type { UpkeepEngine } from "../upkeep/engine.ts";
import type { CostReport } from "../warehouse/cost.ts";
import type { DdlFile, DeploymentFacts } from "../warehouse/deployment.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import type { Warehouse } from "../warehouse/warehouse.ts";
import type { WarehouseFile } from "../warehouse/warehouse-file.ts";
import type { SandboxPort } from "./sandbox.ts";

/** Which pipeline folder and environment a command works on. */
export interface PipelineChoice {
  readonly directory: string;
  readonly environment: string;
}

export type DialectName = Pipeline["environment"]["warehouse"]["kind"];

/** What `ledgerloop demo` was asked for. */
export interface DemoChoice {
  /** The pipeline folder to demonstrate, null for the one that the program brings; the demo works on a copy. */
  readonly pipeline: string | null;
  /** The pipeline's environment to run in. */
  readonly environment: string;
  /** An empty folder of the demo's own. */
  readonly state: string;
  readonly hours: number;
  readonly seed: number;
  /** 1 is 400 customers and some 150 changed rows an hour. */
  readonly scale: number;
  /** Leave servers and data in place. */
  readonly keep: boolean;
  readonly print: (line: string) => void;
}

/** A played demo: whether the scoreboard is perfect, the document that `--json` prints, and the scoreboard as text. */
export interface DemoAnswer {
  readonly ok: boolean;
  readonly document: unknown;
  readonly scoreboard: string;
}

/** Loads data. */
export interface RunPort {
  /** Opens everything a run needs, and closes it after the work. */
  withEngine<T>(pipeline: Pipeline, emit: (event: RunEvent) => void, work: (engine: Engine) => Promise<T>): Promise<T>;
  /** Plays the sandbox's company against this program; see `docs/quick-start.md`. */
  demo(choice: DemoChoice): Promise<DemoAnswer>;
}

/** Changes what runs stand on. */
export interface UpkeepPort {
  /** Opens everything that upkeep needs, and closes it after the work. */
  withUpkeep<T>(pipeline: Pipeline, emit: (line: string) => void, work: (engine: UpkeepEngine) => Promise<T>): Promise<T>;
  /** The warehouse, signed in as the role that owns tables. */
  deployingWarehouse(pipeline: Pipeline): Promise<Warehouse>;
  /** Starts the embedded clusters, creates or upgrades the control store and tells it what the ledger has and it does not know. */
  up(
    pipeline: Pipeline,
    onProgress: (group: string, number: bigint) => void,
  ): Promise<{ clusters: ClusterStatus[]; migrations: string[]; journal: ProjectedAll }>;
  /** Stops the clusters that stand in an environment's state folder. */
  down(environment: Environment): Promise<string[]>;
}

/** Looks, and changes nothing. */
export interface LookPort {
  /** What a comparison with sources works with. */
  provingTools(pipeline: Pipeline): Promise<ProvingTools>;
  withStore<T>(pipeline: Pipeline, work: (store: Store) => Promise<T>): Promise<T>;
  warehouse(pipeline: Pipeline): Promise<Warehouse>;
  /** What can be said of the warehouse without opening it. */
  warehouseFile(pipeline: Pipeline): Promise<WarehouseFile>;
  /** Whether another program left data in a write-ahead log beside the warehouse; opens nothing. */
  hasForeignLog(pipeline: Pipeline): Promise<boolean>;
  /** How the environment's engine tells what statements have cost; null where they cost nothing. */
  costReport(pipeline: Pipeline): Promise<CostReport | null>;
  /** The SQL text of an engine, without a connection. */
  dialect(name: DialectName): Promise<Dialect>;
  /** Makes an engine's DDL files of a pipeline's facts. */
  deployment(name: DialectName): Promise<(facts: DeploymentFacts) => DdlFile[]>;
  objects(pipeline: Pipeline): Promise<ObjectStore>;
  /** The derivers of a source's reader, by the source's id; asks no source. */
  derivers(pipeline: Pipeline): Promise<ReadonlyMap<string, readonly Deriver[]>>;
  /** Ids of the sources that compute the content of their rows, so that these can be compared with what is published; asks no source. */
  sourcesWithContents(pipeline: Pipeline): Promise<ReadonlySet<string>>;
  /** Ids of the feeds whose rows can be read by their source keys; asks no source. */
  feedsReadByKey(pipeline: Pipeline): Promise<ReadonlySet<string>>;
  /** What the readers of sources know of the way to landed records, by the source's id; asks no source. */
  recordReaders(pipeline: Pipeline): Promise<ReadonlyMap<string, RecordReader>>;
  /** Tries what an extract of some feeds of a source would do, without its rows; null where its reader cannot. */
  trySource(pipeline: Pipeline, asked: Pick<TryRequest, "source" | "feeds" | "state">): Promise<Tried | null>;
  /** How far the reads of some feeds of a source have come; null where its reader cannot tell. */
  standing(pipeline: Pipeline, asked: Pick<TryRequest, "source" | "feeds" | "state">): Promise<Standing | null>;
  /** How the readers of feeds with parts tell of them, by the source's id; sources without parts are not among them. Asks no source. */
  partReaders(pipeline: Pipeline): Promise<ReadonlyMap<string, PartReader>>;
  /** The parts that a run would look at, by feed; none of a source whose feeds have no parts. */
  pendingParts(pipeline: Pipeline, asked: Omit<PendingRequest, "clock">): Promise<Map<string, PendingParts[]>>;
  /** Columns of a pipeline's feeds at their sources, now. */
  describeSources(pipeline: Pipeline): Promise<Map<string, SourceColumn[]>>;
  /** Judges files by a contract; needs no pipeline, no server and no state. Writes the quarantine folder that was asked for. */
  tryFiles(asked: TrialAsked, tell: (event: TrialEvent) => void): Promise<Trial>;
  clusters(pipeline: Pipeline): Promise<ClusterStatus[]>;
  /** Folder of the embedded state. */
  stateFolder(pipeline: Pipeline): string;
}

/** What whoever shows the program may ask of it; `app/` answers with concrete adapters. */
export interface App {
  readonly version: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Who is recorded as having asked. */
  actor(): string;
  /** Loads and checks a pipeline, with URLs of embedded clusters filled in where they run. */
  pipeline(choice: PipelineChoice): Promise<{ pipeline: Pipeline; warnings: readonly Problem[] }>;
  /** Loads an environment alone: sources, contracts and models are not looked at, nor the variables that they name. */
  environment(choice: PipelineChoice): Promise<Environment>;
  readonly run: RunPort;
  readonly upkeep: UpkeepPort;
  readonly look: LookPort;
  readonly sandbox: SandboxPort;
}
