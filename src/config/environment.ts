import { present } from "../contract/present.ts";
import type { Assembly } from "./assembly.ts";
import type { Environment, SignIn, WarehouseSettings } from "./pipeline.ts";
import type { EnvironmentEntry } from "./pipeline-schema.ts";
import { EMBEDDED } from "./postgres-url.ts";
import { inconsistent, unknownEnvironment } from "./problems.ts";

type Snowflake = Extract<EnvironmentEntry["warehouse"], { kind: "snowflake" }>;

function linkSignIn(entry: Snowflake["sign_in"], absolute: (path: string) => string): SignIn {
  if (entry.kind !== "key_pair") return entry;
  return { kind: entry.kind, keyPath: absolute(entry.key_path), ...present({ passphrase: entry.passphrase || undefined }) };
}

function linkWarehouse(
  { warehouse: entry, object_store: store }: EnvironmentEntry,
  absolute: (path: string) => string,
): WarehouseSettings {
  if (entry.kind === "duckdb") return { kind: entry.kind, path: absolute(entry.path), memoryLimit: entry.memory_limit };
  const { kind, account, user, role, warehouse, database } = entry;
  return {
    kind,
    account,
    user,
    database,
    signIn: linkSignIn(entry.sign_in, absolute),
    load: entry.load ?? (store.kind === "s3" ? "stage" : "upload"),
    statementTimeoutSeconds: entry.statement_timeout_seconds,
    lockTimeoutSeconds: entry.lock_timeout_seconds,
    ...present({ role, warehouse, deployRole: entry.deploy_role, accessUrl: entry.access_url }),
  };
}

/** Addresses at which nobody else listens. */
const THIS_MACHINE = /^https?:\/\/(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?\/?$/;

/** A password may go to an emulator of this machine and nowhere else; a stage over S3 needs files on S3. */
function checkSnowflake(
  assembly: Assembly,
  { path, warehouse, store }: { path: string[]; warehouse: WarehouseSettings; store: string },
): void {
  if (warehouse.kind !== "snowflake") return;
  const { document } = assembly.main;
  if (warehouse.signIn.kind === "password" && !THIS_MACHINE.test(warehouse.accessUrl ?? "")) {
    const says = "a password is only taken for an emulator on this machine";
    const next = "sign in by key_pair, oauth or pat: docs/snowflake.md, or give access_url: http://127.0.0.1:PORT";
    assembly.problems.push(inconsistent(document.at([...path, "sign_in", "kind"]), says, next));
  }
  if (warehouse.load === "stage" && store !== "s3") {
    const next = "load: upload, or an object_store of kind s3";
    assembly.problems.push(
      inconsistent(document.at([...path, "load"]), "a stage reads files on S3, these lie in a folder", next),
    );
  }
}

type ObjectStoreEntry = EnvironmentEntry["object_store"];

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
  const url = entry.control_store.url;
  const warehouse = linkWarehouse(entry, absolute);
  checkSnowflake(assembly, { path: [...path, "warehouse"], warehouse, store: entry.object_store.kind });
  if (url === EMBEDDED && !entry.embedded) {
    const at = document.at([...path, "control_store", "url"]);
    assembly.problems.push(
      inconsistent(at, "the control store is embedded, the environment is not", "add embedded: true, or give a PostgreSQL URL"),
    );
  }
  return {
    name,
    warehouse,
    controlStore: present({ url: url === EMBEDDED ? undefined : url }),
    objectStore: linkObjectStore(entry.object_store, absolute),
    embedded: entry.embedded,
    leaseSeconds: entry.lease_seconds,
    ...present({ fullRefreshRows: entry.full_refresh_rows }),
  };
}
