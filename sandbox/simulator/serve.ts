import { serveControl } from "./control.ts";
import { placesIn, readRecord, removeRecord, writeRecord } from "./record.ts";
import { newSecret } from "./simulated.ts";
import { SYSTEMS, type SystemName } from "./systems.ts";

/*
 * The process of a simulator. Started by `start-simulator.ts` with what it is to be, it writes the record itself once it answers: only
 * then are secrets and token known, and they never stand on a command line.
 */

/** How often it looks whether its record is still there. */
const WATCH_MS = 2_000;

/** The exit code that says that the port is taken. */
const PORT_TAKEN = 3;

interface Order {
  readonly system: SystemName;
  readonly instance: string;
  readonly folder: string;
  readonly seed: number;
  /** 0 is one that is free. */
  readonly port: number;
}

async function begin({ system, instance, folder, seed, port }: Order): Promise<void> {
  const places = placesIn({ folder, system });
  const token = newSecret();
  const { startSimulated } = await SYSTEMS[system].simulator();
  const simulated = await startSimulated({ seed, port });
  const { url, env } = simulated;
  const isOurs = () => readRecord(places)?.instance === instance;
  const stop = () => {
    if (isOurs()) removeRecord(places);
    void simulated.close().finally(() => process.exit(0));
  };
  const control = await serveControl(simulated, { token, stop });
  writeRecord(places, { instance, pid: process.pid, url, env, control, token, seed });
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.once(signal, stop);
  // Without its record nobody could steer or end it.
  setInterval(() => {
    if (!isOurs()) stop();
  }, WATCH_MS);
}

try {
  await begin(JSON.parse(process.argv[2] ?? "") as Order);
} catch (error) {
  console.error(error);
  const code = error instanceof Error && "code" in error ? error.code : null;
  process.exit(code === "EADDRINUSE" || code === "EACCES" ? PORT_TAKEN : 1);
}
