import { messageOf } from "../kernel/problem.ts";

/** RE2's limit for counted repetition. */
const MAX_REPEAT = 1000;

const REFUSED: readonly (readonly [RegExp, string])[] = [
  [/\(\?(?:=|!|<=|<!)/, "uses lookaround"],
  [/\(\?<[A-Za-z]/, "uses a named group"],
  [/\\[1-9]|\\k</, "uses a backreference"],
  [/\\u|\\c/, "uses a \\u or \\c escape"],
  [/\[\^?\]/, "uses an empty character class"],
];

/** Why a pattern cannot be executed alike by every engine, as the end of "the pattern …"; undefined when it can. */
export function patternFault(pattern: string): string | undefined {
  try {
    new RegExp(pattern, "u");
  } catch (error) {
    return `is not valid (${messageOf(error).split(": ").at(-1)})`;
  }
  // An escaped backslash must not make the next character look like an escape.
  const bare = pattern.replaceAll("\\\\", "");
  const refused = REFUSED.find(([sign]) => sign.test(bare));
  if (refused) return refused[1];
  const repeats = [...bare.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].flatMap((m) => [Number(m[1]), Number(m[2] ?? 0)]);
  return repeats.some((n) => n > MAX_REPEAT) ? `repeats more than ${MAX_REPEAT} times` : undefined;
}
