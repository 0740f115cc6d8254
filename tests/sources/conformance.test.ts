import { sourceConformance } from "./conformance.ts";
import { jsonFolderSubject } from "./json-folder/json-folder-subject.ts";
import { postgresSubject } from "./postgres-subject.ts";

sourceConformance("postgres", postgresSubject, { instalments: false, deletes: false, resumes: false, state: false });
sourceConformance("json_folder, which is made for this suite", jsonFolderSubject, {
  instalments: true,
  deletes: true,
  resumes: true,
  state: true,
});
