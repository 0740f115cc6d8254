import { sourceConformance } from "./conformance.ts";
import { lacks } from "./conformance-subject.ts";
import { CSV_ABILITIES, csvSubject } from "./csv/csv-subject.ts";
import { jsonFolderSubject } from "./json-folder/json-folder-subject.ts";
import { postgresSubject } from "./postgres-subject.ts";
import { SALESFORCE_ABILITIES, salesforceSubject } from "./salesforce/salesforce-subject.ts";
import { STRIPE_ABILITIES, stripeSubject } from "./stripe/stripe-subject.ts";

sourceConformance("postgres", postgresSubject, {
  instalments: lacks("one snapshot has no instalments"),
  deletes: lacks("it names no deleted rows"),
  resumes: lacks("a snapshot ends with its session"),
  state: lacks("it keeps none"),
  ...{ columns: true, types: true, totals: true, secrets: true },
});
sourceConformance("csv", csvSubject, CSV_ABILITIES);
sourceConformance("json_folder, which is made for this suite", jsonFolderSubject, {
  instalments: true,
  deletes: true,
  resumes: true,
  state: true,
  ...{ columns: true, types: true, totals: true, secrets: true },
});
sourceConformance("stripe", stripeSubject, STRIPE_ABILITIES);
sourceConformance("salesforce", salesforceSubject, SALESFORCE_ABILITIES);
