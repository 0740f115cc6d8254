import type { Json } from "../kernel/json.ts";
import type { Span } from "./bytes-at.ts";

/** A row whose record is asked for. */
export interface RecordAsked {
  readonly position: string;
  /** The part of the feed that it belongs to; null where a feed has none. */
  readonly part: string | null;
  /** Those that the row files were derived with. */
  readonly parameters: Json;
}

/** A record of a file: its number from 1, and its bytes in the unpacked file. */
export interface FilePlace extends Span {
  readonly record: number;
}

/** A record in an answer of an API. */
export interface AnswerPlace {
  /** The number of the answer in its extract, from 1. */
  readonly page: number;
  readonly url: string;
  readonly status: number;
  /** What the API calls the request; null where it names none. */
  readonly request_id: string | null;
  /** The API's own now, ISO 8601 in UTC. */
  readonly at: string;
  /** JSON pointer (RFC 6901) of the record in the body; null where the body is no JSON. */
  readonly pointer: string | null;
  /** The number of the record in a body that is no JSON, from 1. */
  readonly record: number | null;
  /** The packed answer in its piece of evidence. */
  readonly packed: Span;
}

/** The way to a record among evidence. */
export interface RecordPlace {
  /** The name of the piece that it stands in. */
  readonly piece: string;
  readonly file?: FilePlace;
  readonly answer?: AnswerPlace;
}

/** A row of a table, as its server tells it from others when it is read. */
export interface TablePlace {
  readonly table: string;
  readonly ctid: string;
  /** The part of the table that has it, by its oid; null where it is the table itself. */
  readonly part_oid: string | null;
}
