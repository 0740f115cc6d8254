import { present } from "../contract/present.ts";
import type { Assembly } from "./assembly.ts";
import type { Environment } from "./pipeline.ts";
import type { PipelineFile } from "./pipeline-schema.ts";
import { inconsistent, unknownEnvironment } from "./problems.ts";

/** The word that stands for a cluster which `ledgerloop up` starts, in place of a URL. */
export const EMBEDDED = "embedded";

type ObjectStoreEntry = PipelineFile["environments"][string]["object_store"];

function linkObjectStore(entry: ObjectStoreEntry, absolute: (path: string) => string): Environment["objectStore"] {
  if (entry.kind === "file") return { kind: "file", path: absolute(entry.path) };
  const { endpoint, region, encryption, retention } = entry;
  return {
    kind: "s3",
    path: entry.path,
    pathStyle: entry.path_style ?? endpoint !== undefined,
    compression: entry.compress === "gzip" ? "gzip" : null,
    ...present({ endpoint, region, retention }),
    ...(encryption === undefined ? {} : { encryption: encryption === "AES256" ? encryption : { kms: encryption.key_id } }),
  };
}

/** The environment a run uses. `absolute` resolves a path against the pipeline folder. */
export function linkEnvironment(assembly: Assembly, name: string, absolute: (path: string) => string): Environment | undefined {
  const { value, document } = assembly.main;
  const entry = value.environments[name];
  if (!entry) {
    const at = document.at(["environments"], "key");
    assembly.problems.push(unknownEnvironment(name, Object.keys(value.environments), at));
    return undefined;
  }
  const path = ["environments", name];
  const { kind, path: file, memory_limit: memoryLimit } = entry.warehouse;
  const url = entry.control_store.url;
  if (kind === "duckdb" && file === undefined) {
    const at = document.at([...path, "warehouse"], "key");
    assembly.problems.push(inconsistent(at, "a duckdb warehouse needs a file", "add path: .state/warehouse.duckdb"));
  }
  if (url === EMBEDDED && !entry.embedded) {
    const at = document.at([...path, "control_store", "url"]);
    assembly.problems.push(
      inconsistent(at, "the control store is embedded, the environment is not", "add embedded: true, or give a PostgreSQL URL"),
    );
  }
  return {
    name,
    warehouse: { kind, memoryLimit, ...present({ path: file === undefined ? undefined : absolute(file) }) },
    controlStore: present({ url: url === EMBEDDED ? undefined : url }),
    objectStore: linkObjectStore(entry.object_store, absolute),
    embedded: entry.embedded,
    leaseSeconds: entry.lease_seconds,
  };
}
