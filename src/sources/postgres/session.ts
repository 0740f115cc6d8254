import pg from "pg";
import type { Source } from "../../config/pipeline.ts";
import { Failure } from "../../kernel/problem.ts";
import { badUrl } from "../problems.ts";
import { postgresSettings } from "./postgres-kind.ts";
import { versionTooOld } from "./problems.ts";

const CONNECT_PATIENCE_MS = 15_000;

/** One connection as it comes; what is read is decided inside its transactions. */
export interface Session {
  readonly client: pg.Client;
  /** The server's version as a number: 180004. */
  readonly version: number;
  rows<T extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<T[]>;
  /** Ends it at once, also in the middle of a COPY. */
  close(): Promise<void>;
}

function newClient(source: Source): pg.Client {
  try {
    return new pg.Client({
      connectionString: postgresSettings(source).url,
      application_name: "ledgerloop extract",
      connectionTimeoutMillis: CONNECT_PATIENCE_MS,
      keepAlive: true,
    });
  } catch {
    // The driver's error carries the url, password included.
    throw new Failure("usage", badUrl(source.id));
  }
}

/** The role a source is read as, for messages. */
export function roleOf(source: Source): string {
  try {
    return decodeURIComponent(new URL(postgresSettings(source).url).username) || "of the connection";
  } catch {
    return "of the connection";
  }
}

/** The oldest version whose settings and scans by position a read needs. */
const LOWEST_VERSION = 140_000;

/** A SHOW alone leaves nothing on a connection that others may use a moment later. */
async function versionOf(client: pg.Client, source: Source): Promise<number> {
  const { rows } = await client.query<{ server_version_num: string }>("show server_version_num");
  const version = Number(rows[0]?.server_version_num ?? 0);
  if (version < LOWEST_VERSION)
    throw new Failure("incomplete", versionTooOld({ source: source.id, version, lowest: LOWEST_VERSION }));
  return version;
}

/**
 * Opens a session. Rejects with the driver's error.
 * @throws Failure `usage` when the url is none, `incomplete` when the server is too old.
 */
export async function openSession(source: Source): Promise<Session> {
  const client = newClient(source);
  // Errors reach the running query; without a listener an idle connection's end would end the process.
  client.on("error", () => undefined);
  const close = () => client.end().catch(() => undefined);
  try {
    await client.connect();
    return {
      client,
      version: await versionOf(client, source),
      rows: async <T extends pg.QueryResultRow>(sql: string, values: unknown[] = []) => (await client.query<T>(sql, values)).rows,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}
