import pg from "pg";
import type { Source } from "../../config/pipeline.ts";
import { Failure } from "../../kernel/problem.ts";
import { badUrl } from "../problems.ts";
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

/** Opens a pinned, read-only session. Rejects with the driver's error; Failure `usage` when the url is none. */
export async function openSession(source: Source): Promise<Session> {
  const client = newClient(source);
  // Errors reach the running query; without a listener an idle connection's end would end the process.
  client.on("error", () => undefined);
  const close = () => client.end().catch(() => undefined);
  try {
    await client.connect();
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
