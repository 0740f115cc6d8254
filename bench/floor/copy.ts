import { spawn, spawnSync } from "node:child_process";
import { createWriteStream } from "node:fs";
import { open } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import pg from "pg";
import { to as copyTo } from "pg-copy-streams";

/** One COPY statement and the file that takes what it gives. */
export interface Copy {
  readonly sql: string;
  readonly file: string;
}

/** Copies one after the other, all in a snapshot that somebody exported. */
type Copier = (of: { readonly url: string; readonly snapshot: string; readonly next: () => Copy | undefined }) => Promise<void>;

const BEGIN = "begin isolation level repeatable read read only";
const adopt = (snapshot: string) => `set transaction snapshot '${snapshot}'`;

/** Runs something in a session that has adopted a snapshot. */
export async function inSnapshot<T>(url: string, snapshot: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, options: "-c TimeZone=UTC" });
  await client.connect();
  try {
    await client.query(`${BEGIN}; ${adopt(snapshot)}`);
    return await work(client);
  } finally {
    await client.end();
  }
}

const byNode: Copier = ({ url, snapshot, next }) =>
  inSnapshot(url, snapshot, async (client) => {
    for (let copy = next(); copy; copy = next()) await pipeline(client.query(copyTo(copy.sql)), createWriteStream(copy.file));
  });

/** The address in variables, since arguments of processes are seen by everybody. */
function addressOf(url: string): Record<string, string> {
  const { hostname, port, username, password, pathname } = new URL(url);
  const [PGUSER, PGPASSWORD, PGDATABASE] = [username, password, pathname.slice(1)].map(decodeURIComponent);
  return { PGHOST: hostname, PGPORT: port, PGUSER: PGUSER ?? "", PGPASSWORD: PGPASSWORD ?? "", PGDATABASE: PGDATABASE ?? "" };
}

async function psql(env: Record<string, string>, { snapshot, sql, file }: Copy & { readonly snapshot: string }): Promise<void> {
  const out = await open(file, "w");
  const statements = [BEGIN, adopt(snapshot), sql].flatMap((statement) => ["-c", statement]);
  const child = spawn("psql", ["-qX", "-v", "ON_ERROR_STOP=1", ...statements], {
    env: { ...process.env, ...env, PGTZ: "UTC" },
    stdio: ["ignore", out.fd, "inherit"],
  });
  const status = await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", resolve);
  }).finally(() => out.close());
  if (status !== 0) throw new Error(`psql ended with ${status} at ${sql}`);
}

const byPsql: Copier = async ({ url, snapshot, next }) => {
  const env = addressOf(url);
  for (let copy = next(); copy; copy = next()) await psql(env, { ...copy, snapshot });
};

/** The fastest client that is here: psql writes what COPY gives in C, Node takes each row's message apart. `FLOOR_COPY=node` asks for Node. */
export function fastestCopier(): { readonly name: "psql" | "node"; readonly copyAll: Copier } {
  const found = process.env["FLOOR_COPY"] !== "node" && spawnSync("psql", ["--version"]).status === 0;
  return found ? { name: "psql", copyAll: byPsql } : { name: "node", copyAll: byNode };
}
