import { loadEnvironment } from "../config/load.ts";
import { clusterStatus, stopClusters } from "../embedded/clusters.ts";
import type { App } from "../ports/ports.ts";
import { demo } from "./demo.ts";
import { actor, provingTools, withEngine, withStore, withUpkeep } from "./engines.ts";
import { load } from "./load.ts";
import { openObjects } from "./object-stores.ts";
import { ownPackage } from "./own-package.ts";
import { stateFolder } from "./places.ts";
import { sandbox } from "./sandbox.ts";
import {
  deriversOf,
  describeSources,
  feedsReadByKey,
  partReaders,
  pendingParts,
  recordReaders,
  sourcesWithContents,
  standing,
  trySource,
} from "./sources.ts";
import { tryFiles } from "./trial.ts";
import { up } from "./up.ts";
import { deploymentOf, sqlOf, warehouseOf } from "./warehouses.ts";

/** The program with its real adapters: the files of this folder are the only ones that name them. */
export function createApp(env: App["env"]): App {
  return {
    version: ownPackage().version,
    env,
    actor: () => actor(env),
    pipeline: async ({ directory, environment }) => load({ directory, environment, env }),
    environment: async ({ directory, environment }) => loadEnvironment({ directory, environment, env }),
    run: {
      withEngine: (pipeline, emit, work) => withEngine({ pipeline, env, emit }, work),
      demo: (choice) => demo(choice, env),
    },
    upkeep: {
      withUpkeep: (pipeline, emit, work) => withUpkeep({ pipeline, env, emit }, work),
      deployingWarehouse: ({ environment }) => warehouseOf(environment).openDeploying(),
      up,
      down: (environment) => stopClusters({ state: stateFolder(environment) }),
    },
    look: {
      provingTools: (pipeline) => provingTools(pipeline, env),
      withStore,
      warehouse: ({ environment }) => warehouseOf(environment).open(),
      warehouseFile: ({ environment }) => warehouseOf(environment).file(),
      hasForeignLog: ({ environment }) => warehouseOf(environment).hasForeignLog(),
      costReport: ({ environment }) => warehouseOf(environment).costReport(),
      dialect: async (name) => sqlOf(name),
      deployment: deploymentOf,
      objects: ({ environment }) => openObjects(environment),
      derivers: deriversOf,
      recordReaders,
      feedsReadByKey,
      sourcesWithContents,
      partReaders,
      pendingParts,
      trySource,
      standing,
      describeSources,
      tryFiles,
      clusters: ({ environment }) => clusterStatus({ state: stateFolder(environment) }),
      stateFolder: ({ environment }) => stateFolder(environment),
    },
    sandbox: sandbox(env),
  };
}
