import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SnowflakeSettings } from "../../../src/config/pipeline.ts";
import { freePort } from "../../../src/embedded/free-port.ts";

/** A running emulator: somebody else's engine behind the driver's own protocol. */
export interface Emulator extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
}

/** The interpreter with the emulator's packages, as the lane's script sets it. */
export const EMULATOR_PYTHON = process.env["SNOWFLAKE_EMULATOR_PYTHON"];

function announced(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const said: string[] = [];
    child.stdout?.on("data", (text: Buffer) => text.toString().includes("listening") && resolve());
    child.stderr?.on("data", (text: Buffer) => said.push(text.toString()));
    child.once("exit", (code) => reject(new Error(`the emulator ended with ${code}: ${said.join("").slice(-2000)}`)));
  });
}

/** Starts an empty emulator; its staged files and temporary files go with it. */
export async function startEmulator(): Promise<Emulator> {
  if (EMULATOR_PYTHON === undefined) throw new Error("SNOWFLAKE_EMULATOR_PYTHON is not set: npm run test:snowflake sets it");
  const folder = mkdtempSync(join(tmpdir(), "ledgerloop-emulator-"));
  const port = await freePort();
  const child = spawn(EMULATOR_PYTHON, [join(import.meta.dirname, "shim.py"), String(port), "--until-input-ends"], {
    env: { ...process.env, TMPDIR: folder, PYTHONDONTWRITEBYTECODE: "1" },
    // It ends when its standard input does, so that it never outlives the tests, however they end.
    stdio: ["pipe", "pipe", "pipe"],
  });
  await announced(child);
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    [Symbol.asyncDispose]: async () => {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** An environment's settings for an emulator. */
export function emulatorSettings(url: string, changed: Partial<SnowflakeSettings> = {}): SnowflakeSettings {
  return {
    kind: "snowflake",
    account: "emulator",
    user: "loader",
    database: "LEDGERLOOP",
    signIn: { kind: "password", password: "any" },
    accessUrl: url,
    load: "upload",
    statementTimeoutSeconds: 600,
    lockTimeoutSeconds: 60,
    ...changed,
  };
}
