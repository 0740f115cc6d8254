import { isObject, type Json, type JsonObject } from "../json.ts";
import type { Asked } from "./asked.ts";
import { listOf } from "./form.ts";
import { stub } from "./reads.ts";
import { invalid } from "./refusal.ts";

/** How many levels may be expanded. */
const DEEPEST = 4;

/** The object that an id stands for; what the simulator does not keep stays an id. */
function objectOf({ account, view }: Asked, id: string): Json {
  const stored = account.store.find(id);
  if (!stored) return id;
  return stored.deleted ? stub(stored) : account.render(stored, view);
}

function expanded(asked: Asked, value: Json, path: readonly string[]): Json {
  const [name, ...rest] = path;
  if (Array.isArray(value)) return value.map((one: Json) => expanded(asked, one, path));
  const whole = typeof value === "string" ? objectOf(asked, value) : value;
  if (name === undefined || !isObject(whole)) return whole;
  const inner = whole[name];
  if (inner === undefined) throw invalid(`This property cannot be expanded (${name}).`, { param: "expand" });
  return { ...whole, [name]: expanded(asked, inner, rest) };
}

/** The answer with objects in place of the ids that `expand` names. */
export function expand(asked: Asked, body: JsonObject): JsonObject {
  return listOf(asked.params["expand"]).reduce<JsonObject>((now, sent) => {
    const path = String(sent).split(".");
    if (path.length > DEEPEST) throw invalid("You cannot expand more than 4 levels of a property.", { param: "expand" });
    return expanded(asked, now, path) as JsonObject;
  }, body);
}
