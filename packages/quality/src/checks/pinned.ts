import type { Check } from "../check.ts";
import { cost, type Flaw } from "../finding.ts";
import { type Pinning, pinningOf } from "../image.ts";
import type { Material, ReadFile } from "../material.ts";
import { type Called, calledBy, operandsOf } from "../shell/called.ts";
import { readCommands } from "../shell/read-commands.ts";
import { buildStages } from "../valid/dockerfile.ts";
import { at, entriesOf, itemsOf, textOf, type YamlNode } from "../yaml/node.ts";

export const pinned: Check = {
  id: "pinned",
  title: "Pinned versions",
  weight: 12,
  about:
    "What runs tomorrow is what was tested today: images have a version tag or a digest, packages a version. `latest` and no tag cost the whole share, tags that move (`stable`, `alpine`, `main`) half of it, a bare major version (`postgres:16`) a tenth. A download that is piped into a shell costs the whole share.",
  look(material) {
    const named = imagesIn(material);
    const commands = [...scriptPackages(material), ...material.files.flatMap(dockerPackages)];
    const tasks = material.files.flatMap(ansiblePackages);
    const piped = material.shell.flatMap(runsDownload);
    if (named.length + commands.length + tasks.length + piped.length === 0) return undefined;
    return [...named.flatMap(imageFlaw), ...commands.flatMap(packageFlaw), ...tasks.flat(), ...piped];
  },
};

interface Named {
  readonly file: string;
  readonly line: number;
  readonly image: string;
}

function imagesIn({ workloads, files, shell }: Material): readonly Named[] {
  return [
    ...workloads.flatMap(({ file, image, built }) =>
      // The image of a service that is built here is only the name that the result gets.
      image === undefined || built ? [] : [{ file, line: image.line, image: image.text }],
    ),
    ...files.flatMap((file) =>
      file.kind === "dockerfile"
        ? buildStages(file.lines)
            .filter(({ external }) => external)
            .map(({ image, line }) => ({ file: file.path, line, image }))
        : [],
    ),
    ...shell.flatMap(({ file, line, text }) =>
      (readCommands(text) ?? []).flatMap((command) =>
        imagesOf(calledBy(command)).map((image) => ({ file, line: line + command.line - 1, image })),
      ),
    ),
  ];
}

/** Options of `docker run` that stand alone; all others take a value. */
const alone =
  /^(?:--(?:rm|detach|interactive|tty|init|privileged|read-only|no-healthcheck|quiet|publish-all)|-[ditPq]+)$/;

function imagesOf(called: Called): readonly string[] {
  if (!["docker", "podman"].includes(called.program)) return [];
  const [verb, ...rest] = called.args;
  if (verb === "pull") return operandsOf({ program: "", args: rest }, ["--platform"]).slice(0, 1);
  if (verb !== "run" && verb !== "create") return [];
  const index = rest.findIndex((arg, at) => {
    const before = rest[at - 1] ?? "";
    return !arg.startsWith("-") && !(before.startsWith("-") && !before.includes("=") && !alone.test(before));
  });
  return index === -1 ? [] : [rest[index] as string];
}

const said: Readonly<Record<Exclude<Pinning, "pinned">, { readonly text: string; readonly price: number }>> = {
  untagged: { text: "has no tag, which means latest", price: cost.whole },
  latest: { text: "is latest: whatever was pushed last", price: cost.whole },
  moving: { text: "has a tag that is made to be moved", price: cost.serious },
  loose: { text: "names only a major version, which moves with every release", price: cost.slight },
};

function imageFlaw({ file, line, image }: Named): Flaw[] {
  if (image.startsWith("$")) return [];
  const pinning = pinningOf(image);
  if (pinning === "pinned") return [];
  const { text, price } = said[pinning];
  const fix = "give the image a full version tag, better with its digest: `name:1.4.2@sha256:…`";
  return [{ file, line, text: `the image ${image} ${text}`, cost: price, fix }];
}

/** `curl … | sh`: what runs is whatever is there at that moment, and nobody has read it. */
function runsDownload({ file, line, text }: Material["shell"][number]): Flaw[] {
  return (readCommands(text) ?? []).flatMap((command) => {
    const { program, args } = calledBy(command);
    const isShell = /^(?:ba|da|z|k)?sh$|^(?:python|perl|ruby|node)\d?$/.test(program);
    const readsIt = args.every((arg) => arg.startsWith("-"));
    if (!isShell || !readsIt || !/^(?:curl|wget)$/.test(command.feeder ?? "")) return [];
    const said = `${program} runs what ${command.feeder} downloads at that moment, and nobody has read it`;
    const fix = "download a named version into a file, compare its checksum, and run that file";
    return [{ file, line: line + command.line - 1, text: said, cost: cost.whole, fix }];
  });
}

interface Installed {
  readonly file: string;
  readonly line: number;
  readonly called: Called;
}

function scriptPackages({ shell }: Material): readonly Installed[] {
  return shell.flatMap(({ file, line, text }) => installedIn(text, file, line));
}

function dockerPackages({ kind, path, lines }: ReadFile): readonly Installed[] {
  if (kind !== "dockerfile") return [];
  return lines.flatMap((line, index) => {
    const run = /^\s*RUN\s+(.*)$/i.exec(line)?.[1];
    return run === undefined ? [] : installedIn(run.replace(/\\\s*$/, ""), path, index + 1);
  });
}

function installedIn(text: string, file: string, line: number): readonly Installed[] {
  return (readCommands(text) ?? [])
    .map((command) => ({ file, line: line + command.line - 1, called: calledBy(command) }))
    .filter(({ called }) => packagesOf(called) !== undefined);
}

/** Packages that a command installs from a registry where versions are named; undefined when it installs none. */
function packagesOf(called: Called): readonly string[] | undefined {
  const { program } = called;
  const [verb, ...names] = operandsOf(called, ["-r", "--requirement", "-i", "--index-url", "-t", "--prefix"]);
  if (/^pip3?$/.test(program) && verb === "install") return names.filter((name) => !/[=<>~@/]|^\.|\$/.test(name));
  if (program === "npm" && ["install", "i", "add"].includes(verb ?? "")) {
    return names.filter((name) => !/.@|^\.|\/\/|\$|\.tgz$/.test(name));
  }
  if (program === "helm" && ["install", "upgrade"].includes(verb ?? "")) {
    const versioned = called.args.some((arg) => /^--version\b/.test(arg)) || names.some((name) => /^[./]/.test(name));
    return versioned ? [] : names.slice(1, 2);
  }
  return undefined;
}

function packageFlaw({ file, line, called }: Installed): Flaw[] {
  const loose = packagesOf(called) ?? [];
  if (loose.length === 0) return [];
  const text = `${called.program} takes the newest ${loose.join(", ")} that there is`;
  return [{ file, line, text, cost: cost.notable, fix: "name the version that was tested" }];
}

/** `state: latest` of Ansible's package modules: one list for each task that installs, empty when it is pinned. */
function ansiblePackages({ kind, path, documents }: ReadFile): readonly Flaw[][] {
  if (kind !== "playbook" && kind !== "ansible-tasks") return [];
  const found: Flaw[][] = [];
  const visit = (node: YamlNode): void => {
    for (const [name, { line, value }] of entriesOf(node)) {
      if (/^(?:ansible\.builtin\.)?(?:apt|yum|dnf|package|pip|npm|apk|zypper|pacman|snap)$/.test(name)) {
        const latest = textOf(at(value, "state")) === "latest";
        const text = `${name} installs the newest version that there is (state: latest)`;
        const fix = "name the version, and use `state: present`";
        found.push(
          latest ? [{ file: path, line: at(value, "state")?.line ?? line, text, cost: cost.serious, fix }] : [],
        );
      } else visit(value);
    }
    for (const item of itemsOf(node)) visit(item);
  };
  for (const document of documents) visit(document);
  return found;
}
