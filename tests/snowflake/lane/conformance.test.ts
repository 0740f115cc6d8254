import { warehouseConformance } from "../../warehouse/conformance.ts";
import { openSite } from "./site.ts";

warehouseConformance("snowflake", { warehouse: async () => (await openSite()).warehouse("CONFORMANCE"), concurrent: true });
