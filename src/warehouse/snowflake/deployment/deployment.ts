import type { DdlFile, DeploymentFacts } from "../../deployment.ts";
import { database, landing, ownership, roles, warehouses } from "./account.ts";
import { grants } from "./grants.ts";
import { privacy } from "./privacy.ts";
import { backups, lifecycle, timeTravel } from "./retention.ts";
import { clustering, monitoring, reporting, tables } from "./tables.ts";

/** Everything a Snowflake account needs for a pipeline, as numbered files. */
export function snowflakeDeployment(facts: DeploymentFacts): DdlFile[] {
  return [
    database(facts),
    roles(),
    warehouses(),
    ownership(facts),
    ...landing(facts),
    tables(facts),
    clustering(facts),
    privacy(facts),
    reporting(facts),
    monitoring(),
    grants(facts),
    timeTravel(),
    backups(),
    lifecycle(facts),
  ];
}
