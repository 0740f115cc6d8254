import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The program's own package, which brings a pipeline and a version. */
export interface OwnPackage {
  readonly folder: string;
  readonly version: string;
}

/** Finds it from src/app/ and from dist/src/app/ alike. */
export function ownPackage(): OwnPackage {
  for (const path of ["../../", "../../../"]) {
    try {
      const folder = new URL(path, import.meta.url);
      const found = JSON.parse(readFileSync(new URL("package.json", folder), "utf8")) as { name?: string; version?: string };
      if (found.name === "ledgerloop") return { folder: fileURLToPath(folder), version: found.version ?? "0" };
    } catch {
      // The other place.
    }
  }
  return { folder: ".", version: "0" };
}
