import { composeBack, waitForHealth } from "./containers.ts";
import { nothingToDo, type Part, script } from "./plan.ts";
import type { Release } from "./release.ts";

/** Back to the Compose file that was kept, for services in containers. The one that is left is kept as well. */
export function composeRollback({ app, target }: Release, services: readonly string[]): Part {
  const previous = `${app}/compose.previous.yaml`;
  const left = `${app}/compose.rolled-back.yaml`;
  const forward = script(`cp -p ${left} ${app}/compose.yaml`, `docker compose -f ${app}/compose.yaml up -d`);
  return {
    ...nothingToDo,
    does: [
      `Brings the services of ${app} on ${target.name} up again as \`${previous}\` describes them. Data is not touched.`,
    ],
    unknown: [
      `Which version \`${previous}\` describes: the output of the first step shows it.`,
      `Whether the data of ${app} still fits the previous release: migrations are not taken back.`,
    ],
    rollback: [
      `To return to the release that was rolled back, in the folder of ${target.name}:\n\n\`\`\`sh\n${forward}\n\`\`\``,
    ],
    steps: [
      {
        phase: "look",
        title: "See what is there",
        risk: "medium",
        timeout: 60,
        prose:
          "Changes nothing. Shows what differs between the previous and the current Compose file; see that the previous one is the one that is wanted.",
        run: script(
          `test -f ${previous}`,
          `docker compose -f ${previous} config -q`,
          `diff ${previous} ${app}/compose.yaml || test $? -eq 1`,
        ),
      },
      {
        phase: "keep",
        title: "Keep the release that is left",
        risk: "low",
        timeout: 60,
        prose: "Keeps the Compose file that is in use now, so that this rollback can itself be undone.",
        run: `cmp -s ${app}/compose.yaml ${previous} || cp -p ${app}/compose.yaml ${left}`,
        check: `cmp -s ${app}/compose.yaml ${previous} || cmp ${app}/compose.yaml ${left}`,
        undo: `rm -f ${left}`,
      },
      {
        phase: "switch",
        title: "Switch back to the previous release",
        risk: "high",
        timeout: 300,
        prose:
          "From here on the previous release runs. The check waits up to two minutes until every service is healthy.",
        run: composeBack(app),
        check: waitForHealth(app, services),
        undo: forward,
      },
    ],
  };
}
