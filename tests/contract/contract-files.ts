import { readdirSync } from "node:fs";
import { join } from "node:path";

/** Every contract that this repository ships or tests with. */
export function contractFiles(): string[] {
  return ["pipeline", "tests/fixtures/pipelines/library"].flatMap((directory) => {
    const folder = join(directory, "contracts");
    return readdirSync(folder).map((name) => join(folder, name));
  });
}
