import { Failure } from "../kernel/problem.ts";
import { badKey } from "./problems.ts";

const SEGMENT = /^[A-Za-z0-9_=-][A-Za-z0-9_.=-]{0,254}$/;
const LONGEST_KEY = 1024;

/** Whether a text is a key: what somebody else put into a bucket or folder may have other names. */
export function isKey(key: string): boolean {
  return key.length <= LONGEST_KEY && key.split("/").every((segment) => SEGMENT.test(segment));
}

/**
 * Refuses what is not a key: nothing absolute, no `..`, nothing hidden, no odd characters.
 * @throws Failure `internal`.
 */
export function checkKey(key: string): void {
  if (!isKey(key)) throw new Failure("internal", badKey(key));
}

/**
 * The folder that a prefix of keys lies in, `""` at the top.
 * @throws Failure `internal` when that is no key.
 */
export function folderOfPrefix(prefix: string): string {
  const folder = prefix.slice(0, Math.max(0, prefix.lastIndexOf("/")));
  if (folder !== "") checkKey(folder);
  return folder;
}
