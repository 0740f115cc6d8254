import type { Owner } from "../postgres/owner.ts";

/** Whose address the control store's is, for messages. */
export const OWNER: Owner = { room: "store", name: "control store", place: "control_store.url in pipeline.yaml" };
