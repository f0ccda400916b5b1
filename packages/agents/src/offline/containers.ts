import type { Composed } from "./compose-image.ts";
import { envPaths } from "./env-file.ts";
import { nothingToDo, type Part, type PlannedStep, script } from "./plan.ts";
import type { Release } from "./release.ts";

/**
 * Services in containers: the Compose file of the running release is kept, the new one is put beside it and read by
 * Compose before anything changes, then the services are brought up and their health is waited for.
 *
 * @param composeFile mesh-relative path of the Compose file that this session writes
 */
export function containers(release: Release, composed: Composed, composeFile: string): Part {
  const { app, version, target, env } = release;
  const { images, unknown } = composed;
  const wanted = `"$MESH/${composeFile}"`;
  const next = `${app}/compose.next.yaml`;
  return {
    ...nothingToDo,
    does: [
      `Brings up ${app} ${version} on ${target.name} with Docker Compose, from \`${composeFile}\`. The Compose file of the release that runs now stays, as \`${app}/compose.previous.yaml\`.`,
    ],
    unknown: [
      ...unknown,
      ...images
        .filter((image) => !image.includes("@"))
        .map((image) => `Whether \`${image}\` will stay the same image: it is pinned by tag, not by digest.`),
    ],
    rollback: [`Without this runbook, in the folder of ${target.name}:\n\n\`\`\`sh\n${composeBack(app)}\n\`\`\``],
    steps: [
      {
        phase: "look",
        title: "See what is there",
        risk: "medium",
        timeout: 60,
        files: [composeFile],
        prose: `Changes nothing. Docker and Compose answer, and the folder of ${target.name} can be written to.`,
        run: script(
          "test -w .",
          `test -f ${wanted}`,
          "docker version",
          "docker compose version",
          `if test -f ${app}/compose.yaml; then docker compose -f ${app}/compose.yaml ps; fi`,
        ),
      },
      ...(env.length > 0 ? [variables(release)] : []),
      {
        phase: "keep",
        title: "Keep the previous release",
        risk: "low",
        timeout: 60,
        files: [composeFile],
        prose:
          "Keeps the Compose file of the release that runs now. At a first deployment there is none, and nothing happens.",
        run: script(
          `if test -f ${app}/compose.yaml && ! cmp -s ${app}/compose.yaml ${wanted}; then`,
          `  if test -f ${app}/compose.previous.yaml; then cp -p ${app}/compose.previous.yaml ${app}/compose.older.yaml; fi`,
          `  cp -p ${app}/compose.yaml ${app}/compose.previous.yaml`,
          "fi",
        ),
        check: `test ! -f ${app}/compose.yaml || cmp -s ${app}/compose.yaml ${wanted} || cmp ${app}/compose.yaml ${app}/compose.previous.yaml`,
        undo: script(
          `if test -f ${app}/compose.older.yaml; then mv -f ${app}/compose.older.yaml ${app}/compose.previous.yaml; else rm -f ${app}/compose.previous.yaml; fi`,
        ),
      },
      {
        phase: "place",
        title: `Put the Compose file of ${version} in place`,
        risk: "medium",
        timeout: 60,
        files: [composeFile],
        prose: "Nothing uses the file yet. The check lets Compose read it.",
        run: script(`mkdir -p ${app}`, `cp ${wanted} ${next}`),
        check: script(`cmp ${wanted} ${next}`, `docker compose -f ${next} config -q`),
        undo: `rm -f ${next}`,
      },
      {
        phase: "place",
        title: "Fetch the images",
        risk: "high",
        timeout: 900,
        prose: `Fetches ${images.map((image) => `\`${image}\``).join(", ")}. What runs is not touched. Undoing removes the images again, unless they are in use.`,
        run: `docker compose -f ${next} pull`,
        check: images.map((image) => `docker image inspect '${image}' >/dev/null`).join("\n"),
        undo: images.map((image) => `docker image rm '${image}' || true`).join("\n"),
      },
      {
        phase: "switch",
        title: `Switch to ${version}`,
        risk: "high",
        timeout: 300,
        prose: "From here on the new release runs. The check waits up to two minutes until every service is healthy.",
        run: script(`cp ${next} ${app}/compose.yaml`, `docker compose -f ${app}/compose.yaml up -d`),
        check: waitForHealth(app, composed.services),
        undo: script(
          `if test -f ${app}/compose.previous.yaml; then`,
          composeBack(app).replace(/^/gm, "  "),
          "else",
          `  docker compose -f ${app}/compose.yaml down`,
          `  rm -f ${app}/compose.yaml`,
          "fi",
        ),
      },
    ],
  };
}

/** Shell text that brings the previous release up again. */
export function composeBack(app: string): string {
  return script(
    `cp -p ${app}/compose.previous.yaml ${app}/compose.yaml`,
    `docker compose -f ${app}/compose.yaml up -d`,
  );
}

/** Shell text that ends well when every service is healthy, or runs where it has no health check. */
export function waitForHealth(app: string, services: readonly string[]): string {
  const state = "{{if .State.Health}}{{.State.Health.Status}}{{else}}{{.State.Status}}{{end}}";
  return script(
    `for service in ${services.join(" ")}; do`,
    "  tries=0",
    `  until docker inspect --format '${state}' "$(docker compose -f ${app}/compose.yaml ps -q "$service")" | grep -x -e healthy -e running; do`,
    "    tries=$((tries + 1))",
    '    test "$tries" -lt 60 || exit 1',
    "    sleep 2",
    "  done",
    "done",
  );
}

function variables({ app, env }: Release): PlannedStep {
  const { example, onTarget } = envPaths(app);
  return {
    phase: "look",
    title: "See that every variable has a value",
    risk: "medium",
    timeout: 60,
    prose: `Changes nothing and shows no value. The values stand in \`${onTarget}\` on the target, readable by its owner only; a person writes them there, by the names in \`${example}\`.`,
    run: env
      .map((name) => `grep -q '^${name}=.' ${onTarget} || { echo "${name} has no value" >&2; exit 1; }`)
      .join("\n"),
  };
}
