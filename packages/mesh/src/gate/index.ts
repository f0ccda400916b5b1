export { improvementPlan } from "@memomesh/quality";
export { gateLessons } from "./lessons.ts";
export { knownPlatform } from "./platform.ts";
export { changesetSubject, runbookSubject } from "./runbook-subject.ts";
export { judge, reviewJudge } from "./verdict.ts";
