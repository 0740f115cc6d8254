import type pg from "pg";
import { type CopyToStreamQuery, to as copyTo } from "pg-copy-streams";
import type { Source } from "../../config/pipeline.ts";
import { Failure } from "../../kernel/problem.ts";
import { connectServer } from "../../postgres/connect.ts";
import { connectionFault } from "../../postgres/connection-fault.ts";
import type { Owner } from "../../postgres/owner.ts";
import { type ServerAddress, serverAddress } from "../../postgres/server-address.ts";
import { sqlState } from "../../postgres/sqlstates.ts";
import { postgresSettings } from "./postgres-kind.ts";
import { versionTooOld } from "./problems.ts";

const CONNECT_PATIENCE_MS = 15_000;

/** How long a session may be without a first answer: a pooler takes a client at once, and gives it a server when one is free. */
const LEADER_PATIENCE_MS = 60_000;
const HELPER_PATIENCE_MS = 5_000;

/** One connection as it comes; what is read is decided inside its transactions. */
export interface Session {
  /** The server's version as a number: 180004. */
  readonly version: number;
  /** How long the beginning of a transaction may take, in milliseconds. */
  readonly patienceMs: number;
  /** Rejects with the driver's error, or with what the server said when it ended the connection before. */
  rows<T extends pg.QueryResultRow>(sql: string | pg.QueryConfig, values?: unknown[]): Promise<T[]>;
  /** The bytes of a COPY; fails as `rows` does. */
  copy(sql: string): CopyToStreamQuery;
  /** Ends it at once, also in the middle of a COPY. */
  close(): Promise<void>;
}

/** Whose address a source's is, for messages. */
export function ownerOf({ id }: Pick<Source, "id">): Owner {
  return { room: "source", name: `source ${id}`, place: `connection.url in sources/${id}.yaml` };
}

function addressOf(source: Source): ServerAddress {
  return serverAddress(postgresSettings(source).url, ownerOf(source), process.env);
}

/** The role a source is read as, for messages. */
export function roleOf(source: Source): string {
  return addressOf(source).user;
}

/** The oldest version whose settings and scans by position a read needs. */
const LOWEST_VERSION = 140_000;

/** A SHOW alone leaves nothing on a connection that others may use a moment later. */
async function versionOf(client: pg.Client, source: Source, patienceMs: number): Promise<number> {
  const asked = { text: "show server_version_num", query_timeout: patienceMs };
  const { rows } = await client.query<{ server_version_num: string }>(asked);
  const version = Number(rows[0]?.server_version_num ?? 0);
  if (version < LOWEST_VERSION)
    throw new Failure("incomplete", versionTooOld({ source: source.id, version, lowest: LOWEST_VERSION }));
  return version;
}

/**
 * What a server says when it ends a connection between two statements comes while nobody asks, and the next statement only
 * fails for a connection that is gone: gives that statement's error the reason.
 */
function withReasons(client: pg.Client): (error: unknown) => Error {
  let ending: Error | null = null;
  client.on("error", (error) => {
    if (sqlState(error) !== null) ending ??= error;
  });
  return (error) => (ending !== null && connectionFault(error) !== null ? ending : (error as Error));
}

/**
 * Opens a session. Rejects with the driver's error where the server refuses.
 * @throws Failure where the address is none or leads nowhere, `incomplete` when the server is too old.
 */
export async function openSession(source: Source, patienceMs = LEADER_PATIENCE_MS): Promise<Session> {
  const how = { owner: ownerOf(source), applicationName: "ledgerloop extract", patienceMs: CONNECT_PATIENCE_MS };
  const { client } = await connectServer(addressOf(source), how);
  const close = () => client.end().catch(() => undefined);
  const reasoned = withReasons(client);
  try {
    return {
      version: await versionOf(client, source, patienceMs),
      patienceMs,
      rows: async <T extends pg.QueryResultRow>(sql: string | pg.QueryConfig, values: unknown[] = []) => {
        try {
          return (await client.query<T>(sql, values)).rows;
        } catch (error) {
          throw reasoned(error);
        }
      },
      copy: (sql) => {
        const stream = client.query(copyTo(sql));
        // The driver only emits its error: destroyed with it, the stream still tells a sink that begins to read later.
        stream.on("error", (error) => stream.destroy(reasoned(error)));
        return stream;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Whether a pooler had no connection to give for as long as was waited. */
export function isUnanswered(error: unknown): boolean {
  return error instanceof Error && error.message === "Query read timeout";
}

/** A session beside one that is open; null where the role, the database, the server or a pooler gives no further connection. */
export async function openOneMore(open: (patienceMs: number) => Promise<Session>): Promise<Session | null> {
  try {
    return await open(HELPER_PATIENCE_MS);
  } catch (error) {
    if (sqlState(error) === "53300" || isUnanswered(error)) return null;
    throw error;
  }
}
