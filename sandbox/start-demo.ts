import { join } from "node:path";
import { BILLING_CLUSTER, clusterUrl, removeClusters } from "../src/embedded/clusters.ts";
import { systemClock } from "../src/kernel/clock.ts";
import type { Warehouse } from "../src/warehouse/warehouse.ts";
import { openAccount } from "./account/account.ts";
import { besideAccount } from "./account/beside.ts";
import { billingBook } from "./billing/book.ts";
import { lockInvoices } from "./billing/hold-up.ts";
import { type Demonstration, runDemo } from "./demo.ts";
import { copyDemoPipeline } from "./demo-pipeline.ts";
import { opening } from "./opening.ts";
import { besideOrg } from "./org/beside.ts";
import { openOrg } from "./org/org.ts";
import { partnersBook } from "./partners/book.ts";
import { resellerBook } from "./partners/reseller.ts";
import { commandLineProduct } from "./product.ts";

export interface StartDemoOptions {
  /** An empty folder of the demo's own. */
  readonly state: string;
  /** The pipeline folder to demonstrate; it is copied. */
  readonly pipeline: string;
  /** The pipeline's environment to run in. */
  readonly environment: string;
  /** Its warehouse, for the copied pipeline folder. */
  readonly warehouseOf: (pipeline: string) => Promise<Warehouse>;
  readonly hours: number;
  readonly seed: number;
  readonly scale: number;
  /** Leave the servers running and their data in place. */
  readonly keep: boolean;
  readonly env: NodeJS.ProcessEnv;
  readonly print: (line: string) => void;
  /** Called with the copied pipeline before anything runs; tests sabotage here. */
  readonly afterCopy?: (pipeline: string) => void;
  readonly beforeScoring?: () => Promise<void>;
}

/** Where the partners send to, below the copied pipeline; what the pipeline says where nobody says otherwise. */
const PARTNERS_FOLDER = "inbox";

/** Lets an interrupted demo end in order, so that no server is left running. */
function interruption(): { signal: AbortSignal; dispose: () => void } {
  const controller = new AbortController();
  const stop = () => controller.abort();
  const names = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const name of names) process.once(name, stop);
  return {
    signal: controller.signal,
    dispose: () => {
      for (const name of names) process.off(name, stop);
    },
  };
}

/** Prepares a state folder, starts the embedded servers, plays the demo and takes the servers down again. */
export async function startDemo(options: StartDemoOptions): Promise<Demonstration> {
  const { state } = options;
  for (const line of opening(options)) options.print(line);
  const pipeline = join(state, "pipeline");
  copyDemoPipeline(options.pipeline, pipeline, options.environment);
  options.afterCopy?.(pipeline);
  const stop = interruption();
  const { environment, seed } = options;
  await using account = await openAccount({ seed });
  await using org = await openOrg({ seed });
  const ofAccount = { STRIPE_URL: account.url, STRIPE_API_KEY: account.key };
  const ofOrg = { SALESFORCE_URL: org.url, SALESFORCE_CLIENT_ID: org.clientId, SALESFORCE_CLIENT_SECRET: org.secret };
  const env = { ...options.env, ...ofAccount, ...ofOrg, PARTNERS_LOCATION: PARTNERS_FOLDER };
  const warehouse = await options.warehouseOf(pipeline);
  const product = commandLineProduct({ pipeline, environment, state, env, warehouse });
  try {
    options.print("starting two PostgreSQL servers (the billing system, the control store) …");
    await product.command(["up"]);
    if (warehouse.dialect.can.ddl === "by_apply") await product.command(["warehouse", "apply"]);
    const inbox = join(pipeline, PARTNERS_FOLDER);
    const url = await clusterUrl(state, BILLING_CLUSTER.name);
    return await runDemo({
      hours: options.hours,
      seed,
      scale: options.scale,
      product,
      books: [
        billingBook({ url }),
        partnersBook({ folder: inbox, seed }),
        resellerBook({ folder: inbox, seed }),
        account.book,
        org.book,
      ],
      besides: [besideAccount(account), besideOrg(org)],
      holdUp: () => lockInvoices(url),
      clock: systemClock,
      print: options.print,
      signal: stop.signal,
      ...(options.beforeScoring ? { beforeScoring: options.beforeScoring } : {}),
    });
  } finally {
    stop.dispose();
    if (!options.keep) await removeClusters({ state });
  }
}
