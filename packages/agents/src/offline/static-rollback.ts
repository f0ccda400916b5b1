import { indented, linkText, pointLink } from "./link.ts";
import { type Part, script } from "./plan.ts";
import type { Release } from "./release.ts";
import { backToPrevious } from "./static-site.ts";

/** Back to the release that `previous` points to, for a static site. The one that is left is remembered as `rolled-back`. */
export function staticRollback({ app, target }: Release): Part {
  const current = linkText(`${app}/current`);
  const previous = linkText(`${app}/previous`);
  return {
    does: [
      `Points \`${app}/current\` below the folder of ${target.name} back at the release that \`${app}/previous\` names. No file of a release is changed or removed.`,
    ],
    files: {},
    unknown: [`Which version \`${app}/previous\` names: the output of the first step shows it.`],
    rollback: [
      `To return to the release that was rolled back, in the folder of ${target.name}:\n\n\`\`\`sh\n${forwardAgain(app)}\n\`\`\``,
    ],
    steps: [
      {
        phase: "look",
        title: "See what is there",
        risk: "low",
        timeout: 60,
        prose:
          "Changes nothing. There is a current and a previous release; see that the previous one is the one that is wanted.",
        run: script(
          `ls -l ${app}`,
          `test -L ${app}/current`,
          `test -d ${app}/previous`,
          `test ${current} != ${previous} || { echo "the previous release is current already" >&2; exit 1; }`,
        ),
      },
      {
        phase: "switch",
        title: "Switch back to the previous release",
        risk: target.production ? "high" : "low",
        timeout: 60,
        prose: "The switch is a single rename. When the previous release is current already, nothing happens.",
        run: script(
          `if test ${current} != ${previous}; then`,
          `  ln -sfn ${current} ${app}/rolled-back`,
          `  ln -sfn ${previous} ${app}/older`,
          indented(backToPrevious(app)),
          "fi",
        ),
        check: `test ${current} = ${previous}`,
        undo: forwardAgain(app),
      },
    ],
  };
}

function forwardAgain(app: string): string {
  return `test -d ${app}/rolled-back\n${pointLink(`${app}/current`, linkText(`${app}/rolled-back`))}`;
}
