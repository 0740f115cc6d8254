import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";

/** A document of a pipeline folder. */
export const readIn = <T>(...path: string[]) => parse(readFileSync(join(...path), "utf8")) as T;

/** Writes one in place of what is there. */
export const writeIn = (value: unknown, ...path: string[]) => writeFileSync(join(...path), stringify(value));
