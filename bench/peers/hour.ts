import { join } from "node:path";
import { floorArguments, hourResult } from "../hour.ts";
import { TABLES } from "../rules.ts";
import {
  emptyFolder,
  type FloorSide,
  hourOf,
  medianOf,
  ownPlace,
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

/** What one round came to. */
interface Round {
  readonly floor: { readonly side: FloorSide; readonly seen: Watched };
  readonly product: { readonly side: ProductSide; readonly seen: Watched };
  readonly dlt: Watched;
  readonly dbt: { readonly seen: Watched; readonly wrong: readonly string[] };
}

async function playRound(stage: Stage, says: (way: string) => void, name: string): Promise<Round> {
  says("the floor");
  const floor = await script<FloorSide>(stage, "floor/floor.ts", floorArguments(stage));
  says("the product");
  using own = await ownPlace(stage, name);
  const product = await script<ProductSide>({ ...stage, env: own.env }, "product.ts", [
    WHOLE_PIPELINE,
    String(stage.n),
    "no-digest",
  ]);
  const folder = emptyFolder(stage, "peers");
  says("dlt");
  const loaded = await dlt(stage, folder);
  says("dbt");
  return { floor, product, dlt: loaded, dbt: await dbt(stage, folder) };
}

/**
 * The floor, the product and dlt with dbt on the same data, in turn for some rounds; of each way the round in the middle counts. `ways` are seen from
 * outside, with the start of each program; what floor and product say of themselves stands beside as in `hour`.
 */
export async function hourBesidePeers(rows: number, rounds: number): Promise<Record<string, unknown>> {
  for (const peer of ["dlt", "dbt"] as const) installed(peer);
  await using stage = await setStage(hourOf(rows));
  const played: Round[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const says = (way: string) => console.error(`round ${round} of ${rounds}: ${way} …`);
    played.push(await playRound(stage, says, `round_${round}`));
  }
  const seen = {
    floor: played.map(({ floor }) => floor.seen),
    product: played.map(({ product }) => product.seen),
    "dlt + dbt": played.map(({ dlt: loaded, dbt: built }) => together(loaded, built.seen)),
    "of it dlt": played.map(({ dlt: loaded }) => loaded),
    "of it dbt": played.map(({ dbt: built }) => built.seen),
  };
  const [floor, peers] = [medianOf(seen.floor), medianOf(seen["dlt + dbt"])];
  const way = (of: readonly Watched[]) => {
    const { printed: _, ...middle } = medianOf(of);
    const all = of.map(({ seconds }) => seconds).join(", ");
    return { ...middle, to_floor: ratio(middle.seconds, floor.seconds), to_peers: ratio(middle.seconds, peers.seconds), all };
  };
  const sides = [medianOf(played.map((one) => one.floor.side)), medianOf(played.map((one) => one.product.side))] as const;
  return {
    ...hourResult(stage, ...sides),
    name: "hour beside peers",
    rounds,
    to_peers: ratio(medianOf(seen.product).seconds, peers.seconds),
    ways: Object.fromEntries(Object.entries(seen).map(([name, of]) => [name, way(of)])),
    wrong_counts: {
      floor: sides[0].wrong,
      product: sides[1].wrong,
      dbt: [...new Set(played.flatMap(({ dbt: built }) => built.wrong))],
    },
  };
}
