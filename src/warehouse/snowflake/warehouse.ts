import type { SnowflakeSettings } from "../../config/pipeline.ts";
import { Failure } from "../../kernel/problem.ts";
import type { Statement } from "../dialect.ts";
import { notInTransaction } from "../problems.ts";
import type { Session, Warehouse } from "../warehouse.ts";
import { connect, sessionSetup } from "./connect.ts";
import { snowflakeDialect } from "./dialect.ts";
import { ask, end, type Line, newLine, send } from "./line.ts";
import { loadStaged, loadUploaded, type Pack } from "./load.ts";
import { dropRaw } from "./load-sql.ts";
import { transaction } from "./transaction.ts";
import { WAITS, type Waits } from "./waits.ts";

function sessionOf(line: Line, pack: Pack): Session {
  const own = (statement: Statement) => ask(line, statement);
  return {
    run: async (statement) => (await own(statement)).changed,
    rows: async (statement) => (await own(statement)).rows,
    answer: own,
    transaction: (work) => transaction(line, work),
    replace: async ([first]) => {
      throw new Failure("internal", notInTransaction({ statement: first?.name ?? "", found: "ddl" }));
    },
    loadRaw: async (batch) => {
      if (line.settings.load === "stage") await loadStaged(own, batch);
      else line.bytes += await loadUploaded(own, batch, pack);
    },
    releaseRaw: async (relation) => {
      await own(dropRaw(relation));
    },
    usage: () => ({ statements: line.statements, bytes: line.settings.load === "stage" ? null : line.bytes }),
    close: () => end(line),
  };
}

/**
 * Snowflake as warehouse. A session is one connection: its work tables are temporary, so that no other run can see or replace
 * them, and end with it.
 */
export function snowflakeWarehouse(
  settings: SnowflakeSettings,
  { pack, role = settings.role, waits = WAITS }: { pack: Pack; role?: string | undefined; waits?: Waits },
): Warehouse {
  return {
    dialect: snowflakeDialect,
    open: async (options) => {
      const link = await connect(settings, { role, seconds: waits.signIn });
      const line = newLine({ link, settings, options, waits });
      try {
        for (const sql of sessionSetup(settings)) await send(line, { name: "session", sql }, { seconds: waits.grace });
      } catch (error) {
        await end(line);
        throw error;
      }
      return sessionOf(line, pack);
    },
  };
}
