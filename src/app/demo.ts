import { join } from "node:path";
import type { App, DemoAnswer, DemoChoice } from "../ports/ports.ts";
import { load } from "./load.ts";
import { ownPackage } from "./own-package.ts";
import { warehouseOf } from "./warehouses.ts";

/** See `RunPort.demo`. */
export async function demo(choice: DemoChoice, env: App["env"]): Promise<DemoAnswer> {
  const { startDemo } = await import("../../sandbox/start-demo.ts");
  const { renderScoreboard } = await import("../../sandbox/scoreboard.ts");
  const ofDemo = { ...env, LEDGERLOOP_STATE: choice.state };
  const environmentOf = (directory: string) =>
    load({ directory, environment: choice.environment, env: ofDemo }).pipeline.environment;
  const pipeline = choice.pipeline ?? join(ownPackage().folder, "pipeline");
  const warehouseIn = (directory: string) => warehouseOf(environmentOf(directory)).open();
  const { result } = await startDemo({ ...choice, warehouseOf: warehouseIn, pipeline, env: { ...env } });
  return { ok: result.ok, document: result, scoreboard: renderScoreboard(result) };
}
