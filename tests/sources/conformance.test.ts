import { sourceConformance } from "./conformance.ts";
import { csvSubject } from "./csv/csv-subject.ts";
import { jsonFolderSubject } from "./json-folder/json-folder-subject.ts";
import { postgresSubject } from "./postgres-subject.ts";

sourceConformance("postgres", postgresSubject, {
  ...{ instalments: false, deletes: false, resumes: false, state: false },
  ...{ types: true, totals: true, secrets: true },
});
sourceConformance("csv", csvSubject, {
  ...{ instalments: true, deletes: false, resumes: false, state: true },
  ...{ types: false, totals: false, secrets: false },
});
sourceConformance("json_folder, which is made for this suite", jsonFolderSubject, {
  instalments: true,
  deletes: true,
  resumes: true,
  state: true,
  ...{ types: true, totals: true, secrets: true },
});
