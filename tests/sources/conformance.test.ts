import { sourceConformance } from "./conformance.ts";
import { CSV_ABILITIES, csvSubject } from "./csv/csv-subject.ts";
import { jsonFolderSubject } from "./json-folder/json-folder-subject.ts";
import { POSTGRES_ABILITIES, postgresSubject } from "./postgres-subject.ts";
import { SALESFORCE_ABILITIES, salesforceSubject } from "./salesforce/salesforce-subject.ts";
import { STRIPE_ABILITIES, stripeSubject } from "./stripe/stripe-subject.ts";

sourceConformance("postgres", postgresSubject, POSTGRES_ABILITIES);
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
