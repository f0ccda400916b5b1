export { readGuardRules } from "./guard-schema.ts";
