import { sourceConformance } from "../sources/conformance.ts";
import { POSTGRES_ABILITIES, postgresSubject } from "../sources/postgres-subject.ts";
import { majorVersion } from "./site.ts";

sourceConformance(`postgres ${await majorVersion()}`, postgresSubject, POSTGRES_ABILITIES);
