import type { GateFile } from "./subject.ts";
import { at, entriesOf, itemsOf, type YamlNode } from "./yaml/node.ts";

/** What a file is for, as far as its name and its content tell. */
export type FileKind =
  | "runbook"
  | "compose"
  | "kubernetes"
  | "playbook"
  | "ansible-tasks"
  | "prometheus-rules"
  | "yaml"
  | "json"
  | "caddyfile"
  | "nginx"
  | "dockerfile"
  | "shell"
  | "env"
  | "markdown"
  | "other";

/** Whether a file can only be read after a template engine has been through it. */
export function isTemplate({ path, text }: GateFile): boolean {
  return /\.(?:j2|tpl|tmpl|gotmpl|erb)$/.test(path) || (/\{\{-? ?/.test(text) && /(?:^|\/)templates\//.test(path));
}

export function isYamlName(path: string): boolean {
  return /\.ya?ml$/i.test(path);
}

/** @param documents what was read when it is YAML */
export function fileKind(file: GateFile, documents: readonly YamlNode[]): FileKind {
  const { path, text } = file;
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (isTemplate(file)) return "other";
  if (isYamlName(path)) return yamlKind(path, name, documents);
  if (/\.(?:md|markdown)$/i.test(name)) return isRunbook(path, text) ? "runbook" : "markdown";
  if (/\.json$/i.test(name)) return "json";
  if (/^Caddyfile(?:\.|$)|\.(?:caddy|caddyfile)$/i.test(name)) return "caddyfile";
  if (/^(?:Dockerfile|Containerfile)(?:\.|$)|\.dockerfile$/i.test(name)) return "dockerfile";
  if (/\.(?:sh|bash)$/i.test(name) || /^#!.{0,40}\b(?:ba|da)?sh\b/.test(text)) return "shell";
  if (/(?:^|\.)env(?:\.[\w.-]+)?$/i.test(name)) return "env";
  if (name === "nginx.conf" || (/\.conf$/i.test(name) && isNginx(path, text))) return "nginx";
  return "other";
}

function isRunbook(path: string, text: string): boolean {
  if (/\.(?:record|reason)\.md$/.test(path)) return false;
  return /^---\r?\n(?:[^\n]*\n){0,12}?id:\s*rb-/.test(text) || /(?:^|\/)runbooks\/[^/]+\.md$/.test(path);
}

function isNginx(path: string, text: string): boolean {
  return (
    /nginx|sites-(?:available|enabled)/.test(path) || /^\s*(?:server|upstream|http|location\b[^{;]*)\s*\{/m.test(text)
  );
}

function yamlKind(path: string, name: string, documents: readonly YamlNode[]): FileKind {
  if (/^(?:docker-)?compose(?:[.-][\w.-]+)?\.ya?ml$/i.test(name)) return "compose";
  const [first] = documents;
  if (documents.some((document) => at(document, "apiVersion") && at(document, "kind"))) return "kubernetes";
  if (isCompose(first)) return "compose";
  if (itemsOf(at(first, "groups")).some((group) => at(group, "rules"))) return "prometheus-rules";
  const items = itemsOf(first);
  if (items.some((item) => at(item, "hosts") ?? at(item, "import_playbook"))) return "playbook";
  if (/(?:^|\/)(?:tasks|handlers)\/[^/]+$/.test(path) && items.length > 0) return "ansible-tasks";
  return "yaml";
}

function isCompose(document: YamlNode | undefined): boolean {
  const services = [...entriesOf(at(document, "services")).values()];
  return services.some(({ value }) => at(value, "image") ?? at(value, "build"));
}
