import { InvalidArgumentError } from "commander";

/** Reads how many of something are wanted: a whole number from 1 to the most that there may be. */
export function limitArgument(most: number): (text: string) => number {
  return (text) => {
    const limit = /^\d{1,9}$/.test(text) ? Number(text) : 0;
    if (limit < 1 || limit > most) throw new InvalidArgumentError(`a limit is a whole number from 1 to ${most}`);
    return limit;
  };
}
