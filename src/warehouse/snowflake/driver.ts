import type Snowflake from "snowflake-sdk";
import { Failure } from "../../kernel/problem.ts";
import { driverMissing } from "./problems.ts";

export type Sdk = typeof Snowflake;

/** The driver's version that is tested; it is an optional peer, so that nobody without Snowflake installs its 180 packages. */
const DRIVER = "snowflake-sdk@3.3.0";

let loaded: Promise<Sdk> | undefined;

async function load(): Promise<Sdk> {
  // The driver brings AWS's client, which writes to standard error that a later Node will be needed.
  process.env["AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED"] ??= "true";
  // It would ask the metadata addresses of three clouds, and AWS by whatever rights this machine has, where it runs.
  process.env["SNOWFLAKE_DISABLE_PLATFORM_DETECTION"] ??= "true";
  try {
    const { default: sdk } = await import("snowflake-sdk");
    sdk.configure({
      // Its own logger writes snowflake.log, statements included, into the working directory.
      logLevel: "OFF",
      // Its own parser of a VARIANT evaluates what is not JSON.
      jsonColumnVariantParser: (text: string) => text,
    });
    return sdk;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ERR_MODULE_NOT_FOUND") throw error;
    throw new Failure("usage", driverMissing({ driver: DRIVER }), { cause: error });
  }
}

/**
 * The driver, imported when a Snowflake environment first runs.
 * @throws Failure `usage` when it is not installed.
 */
export function snowflakeDriver(): Promise<Sdk> {
  loaded ??= load();
  return loaded;
}
