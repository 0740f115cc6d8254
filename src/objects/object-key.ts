import { Failure } from "../kernel/problem.ts";
import { badKey } from "./problems.ts";

const SEGMENT = /^[A-Za-z0-9_=-][A-Za-z0-9_.=-]{0,254}$/;
const LONGEST_KEY = 1024;

/**
 * Refuses what is not a key: nothing absolute, no `..`, nothing hidden, no odd characters.
 * @throws Failure `internal`.
 */
export function checkKey(key: string): void {
  if (key.length > LONGEST_KEY || !key.split("/").every((segment) => SEGMENT.test(segment))) {
    throw new Failure("internal", badKey(key));
  }
}
