import { dirname, join } from "node:path/posix";
import { isBaseCompose } from "../workload.ts";
import { at, entriesOf, itemsOf, textOf, type YamlNode } from "../yaml/node.ts";
import { complaint, refused, silence } from "./answer.ts";
import type { Bench, Tool } from "./tool.ts";

export const dockerCompose: Tool = {
  name: "docker compose",
  programs: ["docker", "docker-compose"],
  kinds: ["compose"],
  acts: false,
  async unusable(bench) {
    const { code, out } = await bench.place.run(bench.program, [...lead(bench), "version", "--short"]);
    if (code !== 0) return "docker has no compose plugin";
    // The first generation refuses what Compose files may say today.
    return /^v?1\./.test(out.trim()) ? "is version 1, which does not know the Compose specification" : undefined;
  },
  async look(file, bench) {
    const { copy, place, program, material } = bench;
    const [document] = file.documents;
    const beside = material.files.filter(
      ({ kind, path }) => kind === "compose" && dirname(path) === dirname(file.path) && isBaseCompose(path),
    );
    // What is only laid over another file is read with it.
    const files = beside.includes(file) ? [file] : [...beside.slice(0, 1), file];
    if (!place.confined && reachesOut(document)) return [];
    for (const path of environmentFiles(document)) await copy.touch(join(dirname(file.path), path));
    const named = files.flatMap(({ path }) => ["-f", copy.locate(path)]);
    const ended = await place.run(program, [...lead(bench), ...named, "config", "-q", "--no-interpolate"]);
    if (ended.code === undefined) return silence("docker compose", file, ended);
    return ended.code === 0 ? [] : refused("docker compose", file, complaint(ended.err, copy.locate(file.path)));
  },
};

function lead({ program }: Pick<Bench, "program">): readonly string[] {
  return program.endsWith("docker-compose") ? [] : ["compose"];
}

/** Files that it takes in may lie on another machine. */
function reachesOut(document: YamlNode | undefined): boolean {
  const services = [...entriesOf(at(document, "services")).values()];
  return (
    at(document, "include") !== undefined || services.some(({ value }) => at(value, "extends", "file") !== undefined)
  );
}

/** Relative paths of env_file, which hold values and are in no repository. */
function environmentFiles(document: YamlNode | undefined): readonly string[] {
  return [...entriesOf(at(document, "services")).values()].flatMap(({ value }) => {
    const node = at(value, "env_file");
    const parts = node?.kind === "list" ? itemsOf(node) : node === undefined ? [] : [node];
    return parts.flatMap((part) => textOf(part.kind === "map" ? at(part, "path") : part) ?? []);
  });
}
