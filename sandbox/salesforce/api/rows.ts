import { Held } from "../books/pen.ts";
import type { Written } from "../books/verbs.ts";
import { withChecksum } from "../ids.ts";
import type { Seen } from "../sight.ts";
import { columnOf } from "../soql/columns.ts";
import { writerOf } from "../soql/render.ts";
import type { Fields, Given } from "../values.ts";
import type { Answer, Asked } from "./asked.ts";
import { objectIn } from "./describe.ts";
import { notFound, Refusal } from "./refusal.ts";

function rowIn(asked: Asked, object: Seen): Fields {
  const { sight, parts } = asked;
  const row = sight.store.find(withChecksum(parts[1] ?? ""));
  const isMine = sight.viewAllData || row?.["OwnerId"] === undefined || row["OwnerId"] === sight.user;
  if (!row || asked.org.store.objectOf(String(row["Id"])) !== object.name || !isMine) {
    throw notFound(`Provided external ID field does not exist or is not accessible. ${parts[1]}`);
  }
  if (row["IsDeleted"] === true) throw new Refusal(404, "ENTITY_IS_DELETED", { message: "entity is deleted" });
  return row;
}

/** Answers with a row, or some fields of it. */
export function getRow(asked: Asked): Answer {
  const { sight, version, params } = asked;
  const object = objectIn(asked);
  const row = rowIn(asked, object);
  const names = params.get("fields")?.split(",") ?? object.fields.map(({ name }) => name);
  const columns = names.map((name) => columnOf(name.trim(), object, sight));
  return { status: 200, body: writerOf(columns, object, { sight, version })(row), shown: [String(row["Id"])] };
}

function sentIn({ body }: Asked, object: Seen): Written {
  let sent: Record<string, Given>;
  try {
    sent = JSON.parse(body) as Record<string, Given>;
  } catch {
    throw new Refusal(400, "JSON_PARSER_ERROR", { message: "the body is not JSON" });
  }
  const { attributes: _none, ...fields } = sent;
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => {
      const field = object.field(name);
      if (!field?.createable) {
        const message = `Unable to create/update fields: ${name}. Please check the security settings of this field.`;
        throw new Refusal(400, field ? "INVALID_FIELD_FOR_INSERT_UPDATE" : "INVALID_FIELD", { message });
      }
      return [field.name, value];
    }),
  );
}

/** Does what the books are told, and says in the service's words why it could not be done. */
function written<T>(write: () => T): T {
  try {
    return write();
  } catch (error) {
    if (error instanceof Held) throw new Refusal(400, "UNABLE_TO_LOCK_ROW", { message: error.message });
    if (error instanceof Refusal) throw error;
    throw new Refusal(400, "INVALID_FIELD", { message: error instanceof Error ? error.message : String(error) });
  }
}

/** Makes a row. */
export function createRow(asked: Asked): Answer {
  const object = objectIn(asked);
  const sent = sentIn(asked, object);
  const system = ["OwnerId", "CreatedById", "LastModifiedById"];
  const missing = object.fields
    .filter((field) => field.createable && !field.nillable && field.type !== "boolean" && !system.includes(field.name))
    .filter(({ name }) => sent[name] === undefined || sent[name] === null || sent[name] === "");
  if (missing.length > 0) {
    const message = `Required fields are missing: [${missing.map(({ name }) => name).join(", ")}]`;
    throw new Refusal(400, "REQUIRED_FIELD_MISSING", { message });
  }
  const { user } = asked.sight;
  const id = written(() =>
    asked.org.books.create(object.name, { OwnerId: user, CreatedById: user, LastModifiedById: user, ...sent }),
  );
  return { status: 201, body: JSON.stringify({ id, success: true, errors: [] }) };
}

/** Changes a row. */
export function updateRow(asked: Asked): Answer {
  const object = objectIn(asked);
  const row = rowIn(asked, object);
  const sent = sentIn(asked, object);
  written(() => asked.org.books.update(String(row["Id"]), { LastModifiedById: asked.sight.user, ...sent }));
  return { status: 204, body: "" };
}

/** Puts a row into the recycle bin. */
export function deleteRow(asked: Asked): Answer {
  const row = rowIn(asked, objectIn(asked));
  written(() => asked.org.books.delete(String(row["Id"])));
  return { status: 204, body: "" };
}
