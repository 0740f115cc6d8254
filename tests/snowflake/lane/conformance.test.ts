import { warehouseConformance } from "../../warehouse/conformance.ts";
import { openSite } from "./site.ts";

const site = await openSite();
await site.create("CONFORMANCE");

warehouseConformance("snowflake", { warehouse: async () => site.warehouse("CONFORMANCE"), concurrent: true });
