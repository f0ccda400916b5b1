import { dirname } from "node:path/posix";
import type { Check } from "../check.ts";
import type { FileKind } from "../file-kind.ts";
import { cost, type Flaw } from "../finding.ts";
import { largestFile, type Material, type ReadFile } from "../material.ts";
import { readCommands } from "../shell/read-commands.ts";
import { ansibleFlaws } from "../valid/ansible.ts";
import { caddyfileFlaws } from "../valid/caddyfile.ts";
import { composeFlaws } from "../valid/compose.ts";
import { dockerfileFlaws } from "../valid/dockerfile.ts";
import { kubernetesFlaws } from "../valid/kubernetes.ts";
import { nginxFlaws } from "../valid/nginx.ts";
import { prometheusFlaws } from "../valid/prometheus-rules.ts";

export const validity: Check = {
  id: "valid",
  title: "Valid files",
  weight: 12,
  about:
    "Files can be used as they are: rules of the gate's own for Compose, Kubernetes, Ansible, Caddy, nginx, Dockerfiles, Prometheus rules, YAML, JSON and shell, and the programs themselves where the machine has them. What such a program would refuse blocks, whatever the score.",
  look(material, told) {
    const judged = material.files.filter(({ kind }) => kind in rules);
    if (judged.length === 0 && told.length === 0 && material.tooLarge.length === 0) return undefined;
    return [...judged.flatMap((file) => fileFlaws(file, material)), ...material.tooLarge.flatMap(sizeFlaw), ...told];
  },
};

type Rule = (file: ReadFile, material: Material) => readonly Flaw[];

/** What is looked at in each kind of file, besides whether its YAML can be read. */
const rules: Readonly<Partial<Record<FileKind, Rule>>> = {
  compose: (file, { files }) =>
    composeFlaws(
      file,
      files.filter((other) => other !== file && other.kind === "compose" && dirname(other.path) === dirname(file.path)),
    ),
  kubernetes: kubernetesFlaws,
  playbook: ansibleFlaws,
  "ansible-tasks": ansibleFlaws,
  "prometheus-rules": prometheusFlaws,
  yaml: () => [],
  json: jsonFlaws,
  caddyfile: caddyfileFlaws,
  nginx: nginxFlaws,
  dockerfile: dockerfileFlaws,
  shell: shellFlaws,
};

function fileFlaws(file: ReadFile, material: Material): readonly Flaw[] {
  const { path, kind, problems, documents } = file;
  if (kind === "json") return jsonFlaws(file);
  const broken = problems.map(({ line, text }): Flaw => ({ file: path, line, text, cost: cost.serious, blocks: true }));
  // What could not be read has no content to be blamed for.
  const lost = broken.length > 0 && documents.length === 0;
  return lost ? broken : [...broken, ...(rules[kind]?.(file, material) ?? [])];
}

function jsonFlaws({ path, text }: ReadFile): Flaw[] {
  // Comments are usual in the settings of some programs.
  if (/(?:^|\/)(?:tsconfig[^/]*|\.vscode\/[^/]+|devcontainer)\.json$/.test(path)) return [];
  try {
    JSON.parse(text);
    return [];
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    const at = /position (\d+)/.exec(message)?.[1];
    const line = at === undefined ? 1 : text.slice(0, Number(at)).split("\n").length;
    const said = message.replace(/ in JSON at position.*| is not valid JSON$|, ".*$/s, "").toLowerCase();
    return [{ file: path, line, text: `this is no JSON: ${said}`, cost: cost.serious, blocks: true }];
  }
}

function shellFlaws({ path, text }: ReadFile): Flaw[] {
  if (readCommands(text) !== undefined) return [];
  return [{ file: path, text: "the script cannot be read as shell", cost: cost.serious }];
}

function sizeFlaw({ path }: Material["tooLarge"][number]): Flaw[] {
  const text = `the file is larger than ${largestFile / 1024} KB and was not looked into`;
  return [{ file: path, text, cost: cost.notable, fix: "split it, or leave what is generated out of the review" }];
}
