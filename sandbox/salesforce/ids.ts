const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const CHECKS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345";

/** An id of 15 characters with the three that say which of them are capitals, so that it can be compared without regard to case. */
export function withChecksum(id: string): string {
  if (id.length !== 15) return id;
  let checks = "";
  for (let chunk = 0; chunk < 15; chunk += 5) {
    let bits = 0;
    for (let at = 0; at < 5; at++) {
      const code = id.charCodeAt(chunk + at);
      if (code >= 65 && code <= 90) bits |= 1 << at;
    }
    checks += CHECKS[bits];
  }
  return id + checks;
}

function base62(value: number, length: number): string {
  let text = "";
  let rest = value;
  for (let at = 0; at < length; at++) {
    text = LETTERS[rest % 62] + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}

/** Ids of an org: they grow in the order in which they are made, each kind for itself. */
export interface Ids {
  /** The next id of a key prefix, such as `001`. */
  next(prefix: string): string;
  /** 1, 2, 3, for numbers that are shown to people. */
  serial(of: string): number;
  /** So many letters and digits, of things that are no records. */
  letters(length: number): string;
}

/** The ids of a stream of floats in [0, 1). */
export function seededIds(random: () => number): Ids {
  const letter = () => LETTERS[Math.floor(random() * 62)] ?? "";
  const instance = `${Math.floor(random() * 10)}${letter()}`;
  const last = new Map<string, number>();
  const serials = new Map<string, number>();
  return {
    next: (prefix) => {
      const number = (last.get(prefix) ?? 3_000_000 + Math.floor(random() * 800_000_000)) + 1;
      last.set(prefix, number);
      return withChecksum(`${prefix}${instance}0000${base62(number, 6)}`);
    },
    serial: (name) => {
      const number = (serials.get(name) ?? 0) + 1;
      serials.set(name, number);
      return number;
    },
    letters: (length) => Array.from({ length }, letter).join(""),
  };
}
