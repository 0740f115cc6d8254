import { Failure } from "../../src/kernel/problem.ts";

/**
 * How something failed, for tests that look at it.
 * @throws Error when it did not fail, and whatever it threw that is no failure.
 */
export async function failed(work: Promise<unknown>): Promise<Failure> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error("it did not fail");
}
