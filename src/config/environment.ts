import { present } from "../contract/present.ts";
import type { Assembly } from "./assembly.ts";
import type { Environment } from "./pipeline.ts";
import { inconsistent, unknownEnvironment } from "./problems.ts";

/** The word that stands for a cluster which `ledgerloop up` starts, in place of a URL. */
export const EMBEDDED = "embedded";

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
  const store = entry.object_store;
  return {
    name,
    warehouse: { kind, memoryLimit, ...present({ path: file === undefined ? undefined : absolute(file) }) },
    controlStore: present({ url: url === EMBEDDED ? undefined : url }),
    objectStore: { kind: store.kind, path: store.kind === "file" ? absolute(store.path) : store.path },
    embedded: entry.embedded,
    leaseSeconds: entry.lease_seconds,
  };
}
