import type { Pipeline } from "../../../src/config/pipeline.ts";
import { type AppliedFile, applyDeployment, deploymentFacts } from "../../../src/schema/deployment.ts";
import type { DdlFile } from "../../../src/warehouse/deployment.ts";
import { snowflakeDeployment } from "../../../src/warehouse/snowflake/deployment/deployment.ts";
import { snowflakeDialect } from "../../../src/warehouse/snowflake/dialect.ts";
import type { Warehouse } from "../../../src/warehouse/warehouse.ts";

/** The DDL files of a pipeline. */
export function filesOf(pipeline: Pipeline, database: string): DdlFile[] {
  return snowflakeDeployment(deploymentFacts(snowflakeDialect, pipeline, { database, landing: null }));
}

/** Creates what a pipeline needs, as `ledgerloop warehouse apply` does; `only` what runs cannot do without, unless told otherwise. */
export async function deploy(
  warehouse: Warehouse,
  pipeline: Pipeline,
  options: { database: string; all?: boolean },
): Promise<AppliedFile[]> {
  const files = filesOf(pipeline, options.database).filter((file) => options.all || file.optional === undefined);
  const session = await warehouse.open({ purpose: "deploy" });
  try {
    const origin = { id: "deploy", group: null, actor: "lane", reason: null, ticket: null, codeVersion: "test", at: new Date() };
    return await applyDeployment(session, warehouse.dialect, { pipeline, files, origin, onFile: () => undefined });
  } finally {
    await session.close();
  }
}
