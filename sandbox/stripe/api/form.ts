/** A parameter as it was sent: a text, or parameters by name. Lists are parameters by their place. */
export type Param = string | Params;

/** Parameters by name. */
export interface Params {
  [name: string]: Param;
}

/** The names that `a[b][]` is made of. */
function namesOf(key: string): string[] {
  const open = key.indexOf("[");
  if (open < 0) return [key];
  return [key.slice(0, open), ...[...key.slice(open).matchAll(/\[([^\]]*)\]/g)].map((m) => m[1] ?? "")];
}

/** Reads the form that Stripe's API takes in addresses and bodies: `created[gte]=1`, `types[]=a`, `items[0][price]=b`. */
export function readForm(text: string): Params {
  const form: Params = Object.create(null);
  for (const [key, value] of new URLSearchParams(text)) {
    const names = namesOf(key);
    let at = form;
    names.forEach((given, depth) => {
      const name = given === "" ? String(Object.keys(at).length) : given;
      if (depth === names.length - 1) {
        at[name] = value;
        return;
      }
      const inner = at[name];
      if (typeof inner === "object") at = inner;
      else {
        const made: Params = Object.create(null);
        at[name] = made;
        at = made;
      }
    });
  }
  return form;
}

/** The values of a list that was sent; one text is a list of one. */
export function listOf(param: Param | undefined): Param[] {
  if (param === undefined) return [];
  return typeof param === "string" ? [param] : Object.values(param);
}
