export { type Diagnosis, diagnose } from "./doctor.ts";
