import { benchPages } from "./pages/pages.ts";
import { requestsOfChanges } from "./stripe/requests.ts";

/** Kept pages of so many charges, made rows and loaded, beside Node's own reading of their JSON; and the requests of an hour. */
export async function stripe(objects: number): Promise<Record<string, unknown>> {
  const pages = await benchPages("stripe", objects);
  console.error("requests of a thousand changes …");
  return { ...pages, ...(await requestsOfChanges()) };
}
