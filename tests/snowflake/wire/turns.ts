/** A column as Snowflake describes it beside the rows. */
export interface Column {
  readonly name: string;
  readonly type: "text" | "fixed" | "real" | "boolean" | "date" | "timestamp_ntz" | "timestamp_tz" | "variant" | "binary";
  readonly precision?: number;
  readonly scale?: number;
}

/** A value as it crosses the wire: text, or null. */
export type Cell = string | null;

/** A part of a result that the driver fetches by its own address; a body of `null` is not there. */
export interface Chunk {
  /** Rows that the answer says are in it. */
  readonly says: number;
  readonly body: string | null;
}

/** What the server does with a statement that arrives. */
export type Turn =
  | {
      readonly does: "answer";
      readonly columns: readonly Column[];
      readonly rows: readonly (readonly Cell[])[];
      /** Rows that the answer says it has; by default what it has. */
      readonly says?: number;
      readonly chunks?: readonly Chunk[];
      readonly statementType: number;
    }
  | { readonly does: "refuse"; readonly code: string; readonly says: string; readonly sqlState: string | null }
  | { readonly does: "status"; readonly status: number; readonly body: string; readonly type: string }
  | { readonly does: "cut"; readonly moment: "before" | "after"; readonly next: Turn }
  | { readonly does: "wait"; readonly until: Promise<unknown>; readonly how: "silent" | "polled"; readonly next: Turn }
  | { readonly does: "upload"; readonly stage: Readonly<Record<string, unknown>> };

/** Statement types as the driver tells them apart. */
const TYPES = { select: 0x1000, insert: 0x3100, update: 0x3200, delete: 0x3300, merge: 0x3400, other: 0x6000 } as const;

const text = (name: string): Column => ({ name, type: "text" });
const count = (name: string): Column => ({ name, type: "fixed", precision: 19, scale: 0 });

/** A result with these columns. */
export function table(columns: readonly Column[], rows: readonly (readonly Cell[])[], says?: number): Turn {
  return { does: "answer", columns, rows, statementType: TYPES.select, ...(says === undefined ? {} : { says }) };
}

/** Rows of texts; the names of the first are the columns'. */
export function rows(found: readonly Readonly<Record<string, Cell>>[]): Turn {
  const names = Object.keys(found[0] ?? { nothing: null });
  return table(
    names.map((name) => text(name.toUpperCase())),
    found.map((row) => names.map((name) => row[name] ?? null)),
  );
}

/** A result whose rows come in parts of their own; the answer counts them all. */
export function inChunks(column: Column, first: readonly Cell[], chunks: readonly Chunk[]): Turn {
  const says = chunks.reduce((sum, chunk) => sum + chunk.says, first.length);
  return { does: "answer", columns: [column], rows: first.map((cell) => [cell]), says, chunks, statementType: TYPES.select };
}

/** What a DDL statement, BEGIN, COMMIT and ROLLBACK answer. */
export function done(): Turn {
  return { does: "answer", columns: [text("status")], rows: [["Statement executed successfully."]], statementType: TYPES.other };
}

/** What a DML statement answers. An UPDATE counts twice: rows, and rows that several source rows matched. */
export function changed(kind: "insert" | "update" | "delete" | "merge", numbers: readonly (number | bigint)[]): Turn {
  const columns = {
    insert: ["number of rows inserted"],
    update: ["number of rows updated", "number of multi-joined rows updated"],
    delete: ["number of rows deleted"],
    merge: ["number of rows inserted", "number of rows updated", "number of rows deleted"],
  }[kind];
  return {
    does: "answer",
    columns: columns.slice(0, numbers.length).map(count),
    rows: [numbers.map(String)],
    statementType: TYPES[kind],
  };
}

/** A COPY's answer: one row per file. */
export function copied(files: readonly { file: string; loaded: number; status?: string }[]): Turn {
  return table(
    [text("file"), text("status"), count("rows_parsed"), count("rows_loaded")],
    files.map(({ file, loaded, status = "LOADED" }) => [file, status, String(loaded), String(loaded)]),
  );
}

/** An error of a statement; without an SQLSTATE the driver asks again. */
export function refuse(code: string, says: string, sqlState: string | null = "57014"): Turn {
  return { does: "refuse", code, says, sqlState };
}

/** Another HTTP status than 200, or a 200 that is not Snowflake's. */
export function status(found: number, body = "{}", type = "application/json"): Turn {
  return { does: "status", status: found, body, type };
}

/** The connection is cut before the statement is executed. */
export const cutBefore: Turn = { does: "cut", moment: "before", next: done() };

/** The statement is executed, and the connection is cut instead of an answer. */
export function cutAfter(next: Turn = done()): Turn {
  return { does: "cut", moment: "after", next };
}

/** Says nothing until told to go on; by default for good. */
export function silent(until: Promise<unknown> = new Promise(() => undefined), next: Turn = done()): Turn {
  return { does: "wait", until, how: "silent", next };
}

/** Says that the statement is on its way, and answers the one who asks again once told to go on. */
export function slow(until: Promise<unknown>, next: Turn): Turn {
  return { does: "wait", until, how: "polled", next };
}

/** PUT: where the driver is to bring the file. */
export function uploadTo(stage: Readonly<Record<string, unknown>>): Turn {
  return { does: "upload", stage };
}

const first = (sql: string) => sql.trimStart().split(/\s/, 1)[0]?.toUpperCase() ?? "";

/** What nobody scripted: success, without rows and without changes. */
export function usual(sql: string): Turn {
  const word = first(sql);
  if (word === "SELECT" || word === "WITH" || word === "SHOW") return table([{ name: "NOTHING", type: "text" }], []);
  if (word === "INSERT" || word === "UPDATE" || word === "DELETE" || word === "MERGE") {
    return changed(word.toLowerCase() as "insert", [0]);
  }
  return done();
}
