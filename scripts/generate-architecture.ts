import { floorTable } from "../tests/floors.ts";
import { writeMarked } from "./marked.ts";

/** Writes the floor table into ARCHITECTURE.md between its markers; `--check` only compares. */
writeMarked({
  ...{ file: "ARCHITECTURE.md", name: "floors", text: floorTable() },
  ...{ from: "tests/floors.ts", script: "scripts/generate-architecture.ts" },
});
