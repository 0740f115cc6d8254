import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

interface Address {
  readonly port: number;
  readonly password: string;
}

interface Shared {
  readonly control: Address;
  /** One for each worker. */
  readonly sources: readonly Address[];
}

const VARIABLE = "LEDGERLOOP_TEST_SERVERS";
/** As many as `maxWorkers` of the configurations that name this file. */
const WORKERS = 2;

/**
 * Starts the servers of a lane before its first file: a server costs half a second of CPU, a database a tenth. They are another
 * process's, since the runner of this file resolves no packages.
 */
export async function setup(): Promise<() => Promise<void>> {
  const program = join(import.meta.dirname, "serve.ts");
  const serving = spawn(process.execPath, ["--import", "tsx", program, String(WORKERS + 1)], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const ended = once(serving, "exit");
  const answer = once(createInterface({ input: serving.stdout }), "line") as Promise<[string]>;
  const died = ended.then(([code]) => {
    throw new Error(`the servers of the tests did not start: exit ${code}`);
  });
  const [line] = await Promise.race([answer, died]);
  died.catch(() => undefined);
  const [control, ...sources] = JSON.parse(line) as Address[];
  process.env[VARIABLE] = JSON.stringify({ control, sources });
  return async () => {
    serving.stdin.end();
    await ended;
  };
}

/** The servers of this worker; null in a lane that starts none. */
export function sharedServers(): { readonly control: Address; readonly source: Address } | null {
  const text = process.env[VARIABLE];
  if (text === undefined) return null;
  const { control, sources } = JSON.parse(text) as Shared;
  const worker = Number(process.env["VITEST_POOL_ID"] ?? "1");
  const source = sources[worker - 1];
  if (!source) throw new Error(`there is no server for worker ${worker}`);
  return { control, source };
}
