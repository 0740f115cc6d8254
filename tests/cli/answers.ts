import { expect } from "vitest";
import { documentedShapes, misfits } from "./shape.ts";

/** How a command line ended. */
interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What commands answer that end well: as text, and as JSON of the shape that docs/json.md gives it. */
export function answersOf(run: (...args: string[]) => Promise<Ended>) {
  const shapes = documentedShapes();
  const told = async (...args: string[]): Promise<string> => {
    const { code, out, err } = await run(...args);
    expect({ code, err: code === 0 ? "" : err }).toEqual({ code: 0, err: "" });
    return out;
  };
  const json = async (shape: string, ...args: string[]) => {
    const document = JSON.parse(await told(...args, "--json"));
    expect(misfits(shapes.get(shape) ?? "null", document)).toEqual([]);
    return document;
  };
  return { told, json };
}
