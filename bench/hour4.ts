import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { createBilling, ROWS_PER_CUSTOMER, rowsOf, sendFiles, sizesOf } from "./hour4/data.ts";
import { billingAlone, fourSystems } from "./hour4/pipeline.ts";
import { ownPlace, type ProductSide, ratio, run, type Stage, scriptCall, setStage } from "./stage.ts";

/** What both simulators may keep in memory, in MB: some six million small objects. */
const MEMORY_MB = 12_000;

interface Systems extends AsyncDisposable {
  /** Variables by which a run finds them. */
  readonly env: Readonly<Record<string, string>>;
}

/** Both simulators in a process of their own, so that theirs is none of the product's memory. */
async function startSystems(n: number): Promise<Systems> {
  const args = [`--max-old-space-size=${MEMORY_MB}`, ...scriptCall("hour4/systems.ts"), String(n)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const first = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", resolve);
    child.once("exit", (code) => reject(new Error(`the simulators ended with ${code}`)));
  });
  return {
    env: JSON.parse(await first) as Record<string, string>,
    [Symbol.asyncDispose]: async () => {
      child.kill();
      await ended;
    },
  };
}

interface Sided {
  readonly name: string;
  readonly pipeline: string;
  readonly env: Readonly<Record<string, string>>;
  /** As many should be published: less is no measurement. */
  readonly rows: number;
}

/** Lands an hour, and then loads it from its landed bytes: what the systems themselves take to answer is not the product's. */
async function fromLanded(stage: Stage, { name, pipeline, env, rows }: Sided): Promise<ProductSide> {
  using own = await ownPlace(stage, name);
  const there = { ...env, ...own.env, BILLING_URL: stage.source };
  console.error(`${name}: landing …`);
  const landed = run<ProductSide>("product.ts", [pipeline, "-", "land"], there);
  if (landed.outcome !== "landed") throw new Error(`landing ended as ${landed.outcome}`);
  console.error(`${name}: loading …`);
  const loaded = run<ProductSide>("product.ts", [pipeline, "-", "no-digest"], there);
  if (loaded.outcome !== "published") throw new Error(`loading ended as ${loaded.outcome}`);
  if (loaded.rows["inserted"] !== rows) throw new Error(`${name} published ${loaded.rows["inserted"]} rows instead of ${rows}`);
  return loaded;
}

function told({ seconds, cpu_seconds, peak_mb, statements, stages, rows, slowest }: ProductSide): Record<string, unknown> {
  return { seconds, cpu_seconds, peak_mb, statements, stages, rows, slowest };
}

/** A first hour of four systems through LedgerLoop's own pipeline, beside one of its billing alone. */
export async function hour4(rows: number): Promise<Record<string, unknown>> {
  const n = Math.round(rows / ROWS_PER_CUSTOMER);
  const sizes = sizesOf(n);
  await using stage = await setStage({ n, rows: sizes.billing, create: createBilling });
  const inbox = join(stage.folder, "inbox");
  mkdirSync(inbox);
  sendFiles(inbox, n);
  console.error("filling Stripe's account and the org …");
  await using systems = await startSystems(n);
  const env = { ...systems.env, PARTNERS_LOCATION: inbox };
  const four = await fromLanded(stage, { name: "four", pipeline: fourSystems(stage.folder), env, rows: rowsOf(sizes) });
  const alone = await fromLanded(stage, { name: "alone", pipeline: billingAlone(stage.folder), env: {}, rows: sizes.billing });
  return {
    name: "hour4",
    rows: rowsOf(sizes),
    sizes,
    seconds: four.seconds,
    ratio: ratio(four.seconds, alone.seconds),
    rows_ratio: ratio(rowsOf(sizes), sizes.billing),
    peak_mb: four.peak_mb,
    four: told(four),
    billing: told(alone),
  };
}
