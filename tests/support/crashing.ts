import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileObjectStore } from "../../src/objects/file/file-object-store.ts";
import type { Engine } from "../../src/run/engine.ts";
import type { RunRequest } from "../../src/run/request.ts";
import type { Warehouse } from "../../src/warehouse/warehouse.ts";
import { startOrdered, startProgram } from "./child.ts";
import { duckdbOf, type Ended, type House, type SourcelessHouse } from "./engine.ts";
import { aroundEngine, atMoment, type Moment } from "./fuse.ts";
import { houseBefore, type SourceHour } from "./hours.ts";
import { type Published, readPublished } from "./published.ts";
import { strictDuckdb } from "./strict.ts";

/** A house before an hour, from whose state any number of runs of that hour are started, each on a copy. */
export interface CrashSite<H extends SourcelessHouse = House> extends AsyncDisposable {
  readonly house: H;
  readonly hour: Pick<SourceHour, "args"> & {
    readonly window: SourceHour["window"] | null;
    readonly nets?: boolean;
    readonly recompute?: readonly string[];
    /** In place of all that: what no options of `run` ask for. */
    readonly request?: RunRequest;
  };
  readonly before: Published;
  /** What one clean run of the hour leaves. */
  readonly clean: Published;
}

/** One copy of a site's state folder, and the program's way to it. */
export interface StateCopy extends Disposable {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly engine: Pick<Engine, "warehouse" | "objects">;
  published(): Promise<Published>;
}

/** How a run that was broken off stood before and after it was repeated. */
export interface Repeated {
  /** Whether the run got as far as the moment at which it was to be broken off. */
  readonly reached: boolean;
  /** What a reader found between the crash and the repetition. */
  readonly between: Published;
  readonly after: Published;
  /** How often the command had to be repeated. */
  readonly repetitions: number;
}

const MAX_REPETITIONS = 3;
const WAREHOUSE = "warehouse.duckdb";

async function publishedIn(warehouse: Warehouse, folder: string): Promise<Published> {
  return existsSync(join(folder, WAREHOUSE)) ? readPublished(warehouse) : {};
}

/** Copies the site's state into a folder of its own, or into the given one. */
export async function openCopy(site: Pick<CrashSite<SourcelessHouse>, "house">, into?: string): Promise<StateCopy> {
  const { house } = site;
  const folder = into ?? mkdtempSync(join(house.folder, "place-"));
  for (const part of [WAREHOUSE, "objects"]) {
    const from = join(house.folder, part);
    if (existsSync(from)) cpSync(from, join(folder, part), { recursive: true, preserveTimestamps: true });
  }
  const { memoryLimit } = duckdbOf(house.pipeline);
  const warehouse = strictDuckdb({ path: join(folder, WAREHOUSE), memoryLimit });
  return {
    folder,
    env: { ...house.env, LEDGERLOOP_STATE: folder },
    engine: { warehouse, objects: fileObjectStore(join(folder, "objects")) },
    published: () => publishedIn(warehouse, folder),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

/** Opens a site before an hour and runs the hour once, undisturbed. */
export async function openCrashSite(hour: SourceHour, options: { ownServers?: boolean } = {}): Promise<CrashSite> {
  return siteBefore(await houseBefore(hour, options), hour);
}

/** Runs an hour once. */
function runHour(
  house: SourcelessHouse,
  { window, nets = false, recompute = [], request }: CrashSite["hour"],
  engine: Partial<Engine>,
): Promise<Ended> {
  if (request) return house.perform(request, engine);
  return house.run({ window, nets, ...(recompute.length > 0 ? { recompute } : {}) }, engine);
}

/** The site of a house before an hour, which is run once, undisturbed, on a copy. */
export async function siteBefore<H extends SourcelessHouse>(house: H, hour: CrashSite["hour"]): Promise<CrashSite<H>> {
  const before = await publishedIn(house.engine.warehouse, house.folder);
  using place = await openCopy({ house });
  const report = await runHour(house, hour, place.engine);
  if (report.report?.outcome !== "published") throw new Error(`the clean run did not publish: ${report.failure?.message}`);
  const clean = await place.published();
  return { house, hour, before, clean, [Symbol.asyncDispose]: () => house[Symbol.asyncDispose]() };
}

/** A lease that could not be given back runs out; here without the wait. */
export async function expireLeases(house: SourcelessHouse): Promise<void> {
  await house.store.ask("update ledgerloop.lease set expires_at = clock_timestamp()");
}

/** The command line that loads the site's hour. */
export function programArgs(site: CrashSite<SourcelessHouse>): string[] {
  return [...site.hour.args, "--pipeline", site.house.pipeline.directory];
}

/** Repeats the command in processes of its own until it succeeds. */
export async function repeatProgram(site: CrashSite<SourcelessHouse>, place: StateCopy): Promise<number> {
  for (let repetitions = 1; repetitions <= MAX_REPETITIONS; repetitions += 1) {
    await expireLeases(site.house);
    const { code, err } = await startProgram(programArgs(site), place.env).end;
    if (code === 0) return repetitions;
    if (repetitions === MAX_REPETITIONS)
      throw new Error(`repeated ${repetitions} times, the command still ends with ${code}: ${err}`);
  }
  return MAX_REPETITIONS;
}

/** Runs the hour in a process that kills itself at a moment, looks at what it left, and repeats the command. */
export async function killAt(site: CrashSite<SourcelessHouse>, moment: Moment): Promise<Repeated> {
  using place = await openCopy(site);
  await expireLeases(site.house);
  const { code, err } = await startOrdered({ args: programArgs(site), moment, signal: "SIGKILL" }, place.env).end;
  if (code !== null && code !== 0) throw new Error(`the run was to be killed or to succeed, but ended with ${code}: ${err}`);
  const between = await place.published();
  const repetitions = code === 0 ? 0 : await repeatProgram(site, place);
  return { reached: code === null, between, after: await place.published(), repetitions };
}

class Crash extends Error {}

/** Runs the hour in this process, lets one call throw, looks at what that left, and repeats the run. */
export async function failAt(site: CrashSite<SourcelessHouse>, moment: Moment): Promise<Repeated> {
  const { house, hour } = site;
  using place = await openCopy(site);
  const fuse = atMoment(moment, () => {
    throw new Crash(`failed ${moment.when} call ${moment.at}`);
  });
  const attempt = async (engine: Partial<Engine>) => {
    await expireLeases(house);
    try {
      return (await runHour(house, hour, engine)).report?.exit_code === 0;
    } catch (error) {
      if (error instanceof Crash) return false;
      throw error;
    }
  };
  let done = await attempt(aroundEngine({ ...house.engine, ...place.engine }, fuse));
  const between = await place.published();
  let repetitions = 0;
  for (; !done && repetitions < MAX_REPETITIONS; repetitions += 1) done = await attempt(place.engine);
  return { reached: fuse.count() >= moment.at, between, after: await place.published(), repetitions };
}
