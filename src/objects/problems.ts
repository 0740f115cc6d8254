import { type Problem, problem } from "../kernel/problem.ts";

export function badKey(key: string): Problem {
  return problem({
    code: "objects.key",
    says: `${JSON.stringify(key)} is not an object key: relative segments of ASCII letters, digits and -_.= that do not start with a dot.`,
    next: "ledgerloop doctor",
  });
}

export function otherBytes(key: string): Problem {
  return problem({
    code: "objects.exists",
    says: `The object ${key} exists already with other bytes; objects are never overwritten.`,
    next: "ledgerloop doctor",
  });
}
