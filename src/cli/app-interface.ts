import type { Pipeline } from "../config/pipeline.ts";
import type { ClusterStatus } from "../embedded/clusters.ts";
import type { Problem } from "../kernel/problem.ts";
import type { Engine } from "../run/engine.ts";
import type { RunEvent } from "../run/events.ts";
import type { SourceColumn } from "../sources/source.ts";
import type { Store } from "../store/store.ts";
import type { Warehouse } from "../warehouse/warehouse.ts";

/** Which pipeline folder and environment a command works on. */
export interface PipelineChoice {
  readonly directory: string;
  readonly environment: string;
}

/** What commands may ask of the program; `app.ts` answers with concrete adapters. */
export interface App {
  readonly version: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Loads and checks a pipeline, with URLs of embedded clusters filled in where they run. */
  pipeline(choice: PipelineChoice): Promise<{ pipeline: Pipeline; warnings: readonly Problem[] }>;
  /** Opens everything a run needs, and closes it after the work. */
  withEngine<T>(pipeline: Pipeline, emit: (event: RunEvent) => void, work: (engine: Engine) => Promise<T>): Promise<T>;
  withStore<T>(pipeline: Pipeline, work: (store: Store) => Promise<T>): Promise<T>;
  warehouse(pipeline: Pipeline): Promise<Warehouse>;
  /** Columns of a pipeline's feeds at their sources, now. */
  describeSources(pipeline: Pipeline): Promise<Map<string, SourceColumn[]>>;
  /** Starts the embedded clusters, creates or upgrades the control store. */
  up(pipeline: Pipeline): Promise<{ clusters: ClusterStatus[]; migrations: string[] }>;
  down(pipeline: Pipeline): Promise<string[]>;
  clusters(pipeline: Pipeline): Promise<ClusterStatus[]>;
  /** Folder of the embedded state. */
  stateFolder(pipeline: Pipeline): string;
}
