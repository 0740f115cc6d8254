import type { SnowflakeSettings } from "../../../src/config/pipeline.ts";
import { Failure } from "../../../src/kernel/problem.ts";
import type { Pack } from "../../../src/warehouse/snowflake/load.ts";
import type { Waits } from "../../../src/warehouse/snowflake/waits.ts";
import { snowflakeWarehouse } from "../../../src/warehouse/snowflake/warehouse.ts";
import type { OpenOptions, Session } from "../../../src/warehouse/warehouse.ts";
import type { Stub } from "./stub.ts";

/** Longer than any test, but for the pause; what a test shortens or prolongs, it says. */
const LONG: Waits = { signIn: 50, grace: 50, commit: 50, goodbye: 50, replay: 0.01 };

/** An environment's settings for a stub. */
export function wireSettings(url: string, changed: Partial<SnowflakeSettings> = {}): SnowflakeSettings {
  return {
    kind: "snowflake",
    account: "acme",
    user: "loader",
    role: "RUNNER",
    warehouse: "LOADING",
    database: "LEDGERLOOP",
    signIn: { kind: "password", password: "open-sesame" },
    accessUrl: url,
    load: "upload",
    statementTimeoutSeconds: 0,
    lockTimeoutSeconds: 660,
    ...changed,
  };
}

/** How a test's session differs from a usual one. */
export interface Wired extends Partial<OpenOptions> {
  readonly settings?: Partial<SnowflakeSettings>;
  readonly waits?: Partial<Waits>;
  readonly pack?: Pack;
}

/** Files go up as they lie. */
const asTheyLie: Pack = (_, file) => file.local();

/** Opens a session of the adapter on a stub. */
export function openSession(stub: Stub, { settings, waits, pack = asTheyLie, ...options }: Wired = {}): Promise<Session> {
  const warehouse = snowflakeWarehouse(wireSettings(stub.url, settings), { pack, waits: { ...LONG, ...waits } });
  return warehouse.open({ purpose: "test", ...options });
}

/** The failure that a promise must end with. */
export async function failureOf(work: Promise<unknown>): Promise<Failure> {
  const ended = await work.then(
    () => new Error("it should have failed"),
    (error: unknown) => error,
  );
  if (ended instanceof Failure) return ended;
  throw ended;
}

/** A failure's kind and the codes of its problems. */
export function shape(failure: Failure): readonly string[] {
  return [failure.kind, ...failure.problems.map((problem) => problem.code)];
}
