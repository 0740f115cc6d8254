import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

/** A server of others in a process of its own, on a port of loopback. */
export interface ServerProcess extends AsyncDisposable {
  readonly port: number;
}

interface Start {
  readonly command: string;
  readonly args: readonly string[];
  /** What it prints when it listens; the first group is its port. */
  readonly listens: RegExp;
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.stdin?.end();
  child.kill();
  await gone;
}

/** Starts a server and waits until it listens. @throws what it printed, when it ends before that. */
export async function startServer({ command, args, listens }: Start): Promise<ServerProcess> {
  const child = spawn(command, args, { stdio: ["pipe", "pipe", "pipe"] });
  let said = "";
  const port = await new Promise<number>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said += chunk.toString();
      const found = listens.exec(said)?.[1];
      if (found !== undefined) resolve(Number(found));
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${command} ended with ${code}:\n${said}`)));
  });
  return { port, [Symbol.asyncDispose]: () => stop(child) };
}

/** A variable that `npm run test:independent` sets. */
export function given(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: start the tests with \`npm run test:independent\``);
  return value;
}
