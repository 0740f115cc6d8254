import { Command } from "commander";
import type { Pipeline } from "../config/pipeline.ts";
import { columnNames } from "../documents/pii.ts";
import { queryAnswer } from "../documents/query-answer.ts";
import { fileFault, maskQuery, namesFault } from "../documents/query-mask.ts";
import { contractsRead, published } from "../documents/query-relations.ts";
import { Failure } from "../kernel/problem.ts";
import { type AsOf, askInstants, asOfInputs, type FeedInstants } from "../lineage/as-of.ts";
import { readingIn } from "../ports/reading.ts";
import { selectFault } from "../sql/tokens.ts";
import type { Dialect } from "../warehouse/dialect.ts";
import type { Answer, Session } from "../warehouse/warehouse.ts";
import { type CommandContext, type CommonOptions, pipelineOf, printJson, withCommonOptions } from "./context.ts";
import { columnTwice, notASelect, queryFailed } from "./problems.ts";
import { renderTable, toCsv } from "./table.ts";

/** What an engine says while it reads a query names tables and columns; later messages can quote values of rows. */
const BEFORE_ROWS = /(?:Parser|Binder|Catalog) Error: [^\n]*/;

/** A result, and as of when what is published was just before; null where nobody wants to know. */
interface Asked extends Answer {
  readonly instants: FeedInstants | null;
}

/** Of a warehouse that has no ledger yet nothing is known. */
async function instantsOf(session: Session, dialect: Dialect, pipeline: Pipeline): Promise<FeedInstants | null> {
  try {
    return await askInstants(pipeline, (statement) => session.rows(statement), dialect);
  } catch (error) {
    if (isOfStatement(error)) return null;
    throw error;
  }
}

function isOfStatement(error: unknown): error is Failure {
  return error instanceof Failure && error.problems[0]?.code === "warehouse.statement_failed";
}

async function ask(context: CommandContext, pipeline: Pipeline, { sql, when }: { sql: string; when: boolean }): Promise<Asked> {
  try {
    return await readingIn(context.app, pipeline, async (session, dialect) => {
      const instants = when ? await instantsOf(session, dialect, pipeline) : null;
      return { ...(await session.answer({ name: "query", sql })), instants };
    });
  } catch (error) {
    if (!isOfStatement(error)) throw error;
    throw new Failure("usage", queryFailed(BEFORE_ROWS.exec(error.message)?.[0]));
  }
}

/** As of when what a query reads is published; null where that cannot be said. */
function asOfQuery(pipeline: Pipeline, sql: string, { instants }: Asked): AsOf | null {
  const read = published(sql, pipeline);
  return read && instants && asOfInputs(pipeline, instants, read);
}

/** Two columns of one name would be one member of each row. */
function refuseTwice({ columns }: Answer): void {
  const names = columns.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new Failure("usage", columnTwice(twice));
}

interface QueryOptions extends CommonOptions {
  readonly csv?: boolean;
  readonly asJson?: boolean;
}

/** `ledgerloop query` */
export function queryCommand(context: CommandContext): Command {
  const command = new Command("query")
    .description("read the warehouse with one SELECT; the file is opened read-only and closed again; personal columns are masked")
    .argument("<sql>", "one SELECT")
    .option("--csv", "print CSV")
    .option("--as-json", "print one JSON document: columns with their types, rows with exact values, as of when they are");
  return withCommonOptions(command, [
    'query "select status, count(*) from curated.invoice group by all"',
    'query "select * from curated.invoice limit 3" --as-json',
  ]).action(async (sql: string, options: QueryOptions) => {
    const pipeline = await pipelineOf(context, options);
    const text = sql.trim().replace(/;$/, "");
    const names = columnNames(pipeline, contractsRead(text, pipeline) ?? undefined);
    const fault = selectFault(text) ?? fileFault(text) ?? namesFault(text, names);
    if (fault !== undefined) throw new Failure("usage", notASelect(fault));
    const found = await ask(context, pipeline, { sql: text, when: options.asJson === true });
    const masked = maskQuery(text, found.rows, names);
    const { rows, hidden } = masked;
    if (hidden.length > 0) context.err(`masked, since they hold or are made from personal columns: ${hidden.join(", ")}\n`);
    if (options.asJson) {
      refuseTwice(found);
      return printJson(context, queryAnswer(found, masked, asOfQuery(pipeline, text, found)));
    }
    if (options.json) return printJson(context, rows);
    context.out(options.csv ? toCsv(rows) : renderTable(rows));
  });
}
