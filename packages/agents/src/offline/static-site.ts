import { indented, linkText, pointLink } from "./link.ts";
import { type Part, type PlannedStep, script } from "./plan.ts";
import type { Release } from "./release.ts";

/**
 * A folder of files that any web server can serve: releases in dated folders, a link `current` that is switched in one
 * rename, and a link `previous` to go back to. Nothing but what every Linux and macOS has is needed. On a host, where the
 * mesh is not, the files are uploaded.
 *
 * @param artifact mesh-relative path of the built folder
 */
export function staticSite(release: Release, artifact: string): Part {
  const { app, version, name, target } = release;
  const folder = `${app}/releases/${name}`;
  const isCurrent = `${linkText(`${app}/current`)} = releases/${name}`;
  return {
    does: [
      `Puts the files of \`${artifact}\` into \`${folder}\` below the folder of ${target.name}, then points \`${app}/current\` at them. The release that was current stays, as \`${app}/previous\`.`,
    ],
    files: {},
    unknown: [],
    rollback: [
      `Without this runbook, in the folder of ${target.name}:\n\n\`\`\`sh\n${backToPrevious(app)}\n\`\`\`\n\nOlder releases stay in \`${app}/releases\` until a person removes them.`,
    ],
    steps: [
      lookStep(release, artifact),
      {
        phase: "keep",
        title: "Keep the previous release",
        risk: "low",
        timeout: 60,
        prose: `Points \`${app}/previous\` at the release that is current now. At a first deployment there is none, and nothing happens.`,
        run: script(
          `if test -L ${app}/current && test ${linkText(`${app}/current`)} != releases/${name}; then`,
          `  if test ${linkText(`${app}/previous`)} != ${linkText(`${app}/current`)}; then`,
          `    if test -L ${app}/previous; then ln -sfn ${linkText(`${app}/previous`)} ${app}/older; fi`,
          indented(indented(pointLink(`${app}/previous`, linkText(`${app}/current`)))),
          "  fi",
          "fi",
        ),
        check: `test ! -L ${app}/current || test ${isCurrent} || test ${linkText(`${app}/previous`)} = ${linkText(`${app}/current`)}`,
        undo: script(
          `test ${linkText(`${app}/previous`)} = ${linkText(`${app}/current`)}`,
          `if test -L ${app}/older; then`,
          indented(pointLink(`${app}/previous`, linkText(`${app}/older`))),
          `  rm ${app}/older`,
          "else",
          `  rm -f ${app}/previous`,
          "fi",
        ),
      },
      target.kind === "local" ? copyStep(release, artifact) : uploadStep(release, artifact),
      {
        phase: "switch",
        title: `Switch to ${version}`,
        risk: target.production ? "high" : "low",
        timeout: 60,
        prose: `From here on ${target.name} serves the new release. The switch is a single rename.`,
        run: pointLink(`${app}/current`, `releases/${name}`),
        check: `test ${isCurrent}\ntest -d ${app}/current`,
        undo: script(
          `if test -L ${app}/previous; then`,
          indented(backToPrevious(app)),
          "else",
          `  rm -f ${app}/current`,
          "fi",
        ),
      },
    ],
  };
}

function lookStep({ app, target }: Release, artifact: string): PlannedStep {
  const isHere = target.kind === "local";
  const built = `"$MESH/${artifact}"`;
  const files = isHere ? "The built files are there, " : "";
  return {
    phase: "look",
    title: "See what is there",
    risk: "low",
    timeout: 60,
    ...(isHere ? { files: [artifact] } : {}),
    prose: `Changes nothing. ${files}${target.name} can be written to, and \`${app}/current\` is a link or does not exist yet. Compare the free space with the size of the site.`,
    run: script(
      "test -w .",
      ...(isHere ? [`test -n "$(ls -A ${built})"`] : []),
      `test -L ${app}/current || test ! -e ${app}/current`,
      ...(isHere ? [`du -sk ${built}`] : []),
      "df -Pk .",
      `if test -d ${app}; then ls -l ${app}; fi`,
    ),
  };
}

function copyStep({ app, version, name }: Release, artifact: string): PlannedStep {
  const folder = `${app}/releases/${name}`;
  const built = `"$MESH/${artifact}"`;
  return {
    phase: "place",
    title: `Put ${version} in place`,
    risk: "low",
    timeout: 600,
    files: [artifact],
    prose: "Copies the files into a folder of their own. Nobody is served from it yet.",
    run: script(`mkdir -p ${folder}`, `cp -R "$MESH/${artifact}/." ${folder}`),
    check: `diff -r ${built} ${folder}`,
    undo: script(
      `test ${linkText(`${app}/current`)} != releases/${name}`,
      `test ${linkText(`${app}/previous`)} != releases/${name}`,
      `if test -d ${folder}; then rm -r ${folder}; fi`,
    ),
  };
}

/** The files can be checked where they are before the switch, which is therefore a step of its own. */
function uploadStep({ app, version, name, target }: Release, artifact: string): PlannedStep {
  return {
    phase: "place",
    title: `Send ${version}`,
    risk: target.production ? "medium" : "low",
    timeout: 3600,
    upload: { from: artifact, to: `${app}/releases/${name}`, link: `${app}/uploaded` },
    prose: `Sends the files into a folder of their own and compares their digest there. Nobody is served from it yet: \`${app}/uploaded\` only names what was sent last. When the connection breaks, the next try sends what is missing. Its undo leaves the files there.`,
  };
}

/** Shell text that makes the previous release current. */
export function backToPrevious(app: string): string {
  return `test -d ${app}/previous\n${pointLink(`${app}/current`, linkText(`${app}/previous`))}`;
}
