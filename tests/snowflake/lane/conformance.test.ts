import { warehouseConformance } from "../../warehouse/conformance.ts";
import { openEngineSite } from "./site.ts";

const site = await openEngineSite();
await site.create("CONFORMANCE");

warehouseConformance("snowflake", { warehouse: async () => site.warehouse("CONFORMANCE"), concurrent: true });
