import { join } from "node:path";
import { floorArguments, hourResult } from "../hour.ts";
import { TABLES } from "../rules.ts";
import {
  emptyFolder,
  type FloorSide,
  hourOf,
  type ProductSide,
  ratio,
  type Side,
  type Stage,
  scriptCall,
  setStage,
  WHOLE_PIPELINE,
} from "../stage.ts";
import { installed } from "./install.ts";
import { RAW, writeProject, wrongTests } from "./project.ts";
import { type Watched, watched } from "./watched.ts";

/** A script of the bench, watched from outside, with what it says about itself. */
async function script<T extends Side>(stage: Stage, name: string, args: readonly string[]): Promise<{ side: T; seen: Watched }> {
  const { env, servers } = stage;
  const seen = await watched({ command: process.execPath, args: [...scriptCall(name), ...args], env, servers });
  return { side: JSON.parse(seen.printed.trim().split("\n").at(-1) ?? "") as T, seen };
}

async function dlt(stage: Stage, folder: string): Promise<Watched> {
  const asked = {
    // SQLAlchemy's spelling; dlt takes the driver out again for connectorx.
    url: stage.source.replace(/^postgres(ql)?:/, "postgresql+psycopg2:"),
    schema: "src",
    file: join(folder, "peers.duckdb"),
    dataset: RAW,
    key: "id",
    newest: "updated_at",
    tables: Object.keys(TABLES),
  };
  const env = {
    DLT_DATA_DIR: join(folder, "dlt"),
    RUNTIME__DLTHUB_TELEMETRY: "false",
    EXTRACT__WORKERS: "2",
    NORMALIZE__WORKERS: "2",
    LOAD__WORKERS: "4",
  };
  const args = [join(import.meta.dirname, "load.py"), JSON.stringify(asked)];
  return watched({ command: join(installed("dlt"), "python"), args, env, servers: stage.servers });
}

async function dbt(stage: Stage, folder: string): Promise<{ readonly seen: Watched; readonly wrong: readonly string[] }> {
  const project = join(folder, "dbt");
  writeProject(project, join(folder, "peers.duckdb"));
  const args = ["build", "--quiet", "--project-dir", project, "--profiles-dir", project];
  const seen = await watched({ command: join(installed("dbt"), "dbt"), args, env: {}, servers: stage.servers });
  return { seen, wrong: wrongTests(project, stage.n) };
}

/** One after the other, as one way. */
function together(first: Watched, second: Watched): Watched {
  const sum = (of: "seconds" | "cpu_seconds" | "postgres_cpu_seconds") => Math.round(100 * (first[of] + second[of])) / 100;
  return {
    seconds: sum("seconds"),
    cpu_seconds: sum("cpu_seconds"),
    postgres_cpu_seconds: sum("postgres_cpu_seconds"),
    peak_mb: Math.max(first.peak_mb, second.peak_mb),
    printed: "",
  };
}

/**
 * The floor, the product and dlt with dbt on the same data, in turn. `ways` are seen from outside, with the start of each program;
 * what floor and product say of themselves stands beside as in `hour`.
 */
export async function hourBesidePeers(rows: number): Promise<Record<string, unknown>> {
  for (const peer of ["dlt", "dbt"] as const) installed(peer);
  await using stage = await setStage(hourOf(rows));
  console.error("the floor …");
  const floor = await script<FloorSide>(stage, "floor/floor.ts", floorArguments(stage));
  console.error("the product …");
  const product = await script<ProductSide>(stage, "product.ts", [WHOLE_PIPELINE, String(stage.n), "no-digest"]);
  const folder = emptyFolder(stage, "peers");
  console.error("dlt …");
  const loaded = await dlt(stage, folder);
  console.error("dbt …");
  const built = await dbt(stage, folder);
  const peers = together(loaded, built.seen);
  const way = ({ printed: _, ...seen }: Watched) => ({
    ...seen,
    to_floor: ratio(seen.seconds, floor.seen.seconds),
    to_peers: ratio(seen.seconds, peers.seconds),
  });
  return {
    ...hourResult(stage, floor.side, product.side),
    name: "hour beside peers",
    to_peers: ratio(product.seen.seconds, peers.seconds),
    ways: {
      floor: way(floor.seen),
      product: way(product.seen),
      "dlt + dbt": way(peers),
      "of it dlt": way(loaded),
      "of it dbt": way(built.seen),
    },
    wrong_counts: { floor: floor.side.wrong, product: product.side.wrong, dbt: built.wrong },
  };
}
