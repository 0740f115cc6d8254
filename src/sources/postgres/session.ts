import type pg from "pg";
import type { Source } from "../../config/pipeline.ts";
import { connectServer } from "../../postgres/connect.ts";
import type { Owner } from "../../postgres/owner.ts";
import { type ServerAddress, serverAddress } from "../../postgres/server-address.ts";
import { sqlState } from "../../postgres/sqlstates.ts";
import { postgresSettings } from "./postgres-kind.ts";

const CONNECT_PATIENCE_MS = 15_000;

/** One connection whose settings are pinned, so that the same value always gives the same text. */
export interface Session {
  readonly client: pg.Client;
  rows<T extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<T[]>;
  /** Ends it at once, also in the middle of a COPY. */
  close(): Promise<void>;
}

function pins(source: Source): string {
  const milliseconds = Math.round(postgresSettings(source).statementTimeoutSeconds * 1000);
  const settings: Record<string, string> = {
    client_encoding: "UTF8",
    TimeZone: "UTC",
    DateStyle: "ISO, YMD",
    IntervalStyle: "iso_8601",
    bytea_output: "hex",
    extra_float_digits: "3",
    lc_monetary: "C",
    search_path: "",
    default_transaction_read_only: "on",
    statement_timeout: String(milliseconds),
    lock_timeout: "30s",
    idle_in_transaction_session_timeout: String(milliseconds + 60_000),
    // A policy would filter rows silently; off makes the server refuse the query instead.
    row_security: "off",
    // The server notices within a second that we are gone, also in the middle of a long sort.
    client_connection_check_interval: "1s",
  };
  return Object.entries(settings)
    .map(([name, value]) => `set ${name} = '${value}'`)
    .join("; ");
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

/** Opens a pinned, read-only session. Rejects with the driver's error where the server refuses; Failure where the address is none or leads nowhere. */
export async function openSession(source: Source): Promise<Session> {
  const how = { owner: ownerOf(source), applicationName: "ledgerloop extract", patienceMs: CONNECT_PATIENCE_MS };
  const { client } = await connectServer(addressOf(source), how);
  const close = () => client.end().catch(() => undefined);
  try {
    await client.query(pins(source));
  } catch (error) {
    await close();
    throw error;
  }
  return {
    client,
    rows: async <T extends pg.QueryResultRow>(sql: string, values: unknown[] = []) => (await client.query<T>(sql, values)).rows,
    close,
  };
}

/** A session beside one that is open; null where the role, the database or the server gives no further connection. */
export async function openOneMore(open: () => Promise<Session>): Promise<Session | null> {
  try {
    return await open();
  } catch (error) {
    if (sqlState(error) === "53300") return null;
    throw error;
  }
}
