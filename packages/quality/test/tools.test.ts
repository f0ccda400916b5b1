import { spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { findMissingTools } from "../src/index.ts";
import { runTools } from "../src/tools/run-tools.ts";
import { runbook, subjectOf } from "./judged.ts";

let folder: string;
let bin: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "memomesh-tools-")));
  bin = join(folder, "bin");
  await mkdir(bin);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Puts a program into PATH that writes down how it was called and then does what `body` says. */
async function program(name: string, body: string): Promise<void> {
  const record = `printf '%s\\n' "$0" "$@" >> ${folder}/${name}.calls; env > ${folder}/${name}.env; pwd > ${folder}/${name}.cwd`;
  await writeFile(join(bin, name), `#!/bin/sh\n${record}\n${body}\n`);
  await chmod(join(bin, name), 0o755);
}

function tell(texts: Readonly<Record<string, string>>, path = bin) {
  return runTools(subjectOf(texts), {}, path);
}

const found = (name: string): boolean => spawnSync("sh", ["-c", `command -v ${name}`]).status === 0;
const script = "#!/bin/bash\n# Says hello.\necho hello\n";

describe("programs of the machine", () => {
  test("that are not there are listed, as far as the files need them", async () => {
    const { told, missing } = await tell({ "x.sh": script, "a.yaml": "a: 1\n" });
    expect(told).toEqual([]);
    expect(missing.map(({ name, reason }) => `${name} ${reason}`)).toEqual([
      "yamllint is not installed",
      "shellcheck is not installed",
    ]);
    expect((await findMissingTools({}, bin)).map(({ name }) => name)).toEqual([
      "docker compose",
      "caddy validate",
      "nginx -t",
      "ansible-playbook --syntax-check",
      "ansible-lint",
      "yamllint",
      "shellcheck",
      "promtool check rules",
      "kubeconform",
    ]);
  });

  test("say what they find at its line, in scripts and in the steps of runbooks", async () => {
    const comment = { line: 2, level: "warning", code: 2086, message: "Double quote to prevent globbing." };
    await program(
      "shellcheck",
      `cat > /dev/null; echo '${JSON.stringify([comment, { ...comment, level: "info" }])}'; exit 1`,
    );
    const book = runbook("## Step 1: Look\nRisk: low. Timeout: 60s.\n\n```sh run\nls\nls $x\n```\n");
    const { told } = await tell({ "x.sh": script, "runbooks/a.md": book });
    const line = book.split("\n").indexOf("ls $x") + 1;
    expect(told.map((flaw) => `${flaw.file}:${flaw.line} ${flaw.text}`)).toEqual([
      "x.sh:2 shellcheck: Double quote to prevent globbing (SC2086)",
      `runbooks/a.md:${line} shellcheck: Double quote to prevent globbing (SC2086)`,
    ]);
  });

  test("see nothing of the environment, and only a copy of the files", async () => {
    process.env.MEMOMESH_TEST_SECRET = "hunter2";
    await program("promtool", `ls -R . > ${folder}/seen; exit 0`);
    const rules = "groups: [{ name: a, rules: [{ record: b, expr: up }] }]\n";
    await tell({
      "../../etc/rules.yml": rules,
      "ansible.cfg": "[defaults]\nlibrary = .\n",
      "library/evil.py": "print(1)\n",
      ".yamllint.yaml": "a: 1\n",
      "prod.env": "A=1\n",
    });
    delete process.env.MEMOMESH_TEST_SECRET;
    const env = await readFile(join(folder, "promtool.env"), "utf8");
    expect(env).not.toContain("hunter2");
    const cwd = (await readFile(join(folder, "promtool.cwd"), "utf8")).trim();
    expect(env).not.toMatch(new RegExp(`^HOME=${process.env.HOME}$`, "m"));
    const seen = await readFile(join(folder, "seen"), "utf8");
    expect(seen).toContain("rules.yml");
    expect(seen).not.toMatch(/evil|ansible\.cfg|yamllint/);
    const called = await readFile(join(folder, "promtool.calls"), "utf8");
    expect(called).toContain(`${cwd}/etc/rules.yml`);
    await expect(readdir(cwd)).rejects.toThrow(/ENOENT/);
  });

  test("get names as they are, whatever is in them", async () => {
    await program("promtool", "exit 0");
    const name = 'a $(touch "$HOME/x") ; `id` -- \' .yml';
    await tell({ [name]: "groups: [{ name: a, rules: [{ record: b, expr: up }] }]\n" });
    const calls = (await readFile(join(folder, "promtool.calls"), "utf8")).trim().split("\n");
    expect(calls.slice(1, 3)).toEqual(["check", "rules"]);
    expect(calls[3]?.endsWith(`/${name}`)).toBe(true);
  });

  test("that fail without a word cost nothing and are said", async () => {
    await program("shellcheck", "exit 77");
    await program("yamllint", "kill -9 $$");
    const { told } = await tell({ "x.sh": script, "a.yaml": "a: 1\n" });
    expect(told).toEqual([
      { file: "a.yaml", text: "yamllint could not be asked", cost: 0 },
      { file: "x.sh", text: "shellcheck could not be asked", cost: 0 },
    ]);
  });

  test("that print without end are cut off", async () => {
    await program("yamllint", "yes 'stdin:1:1: [error] x' | head -c 3000000; exit 1");
    const { told } = await tell({ "a.yaml": "a: 1\n" });
    expect(told).toHaveLength(50);
  });

  test("are not asked when they may do more than look and nothing shuts them in", async () => {
    await program("nginx", "exit 1");
    await program("ansible-playbook", "exit 1");
    const { missing, told } = await tell({ "nginx/a.conf": "server { listen 80; }\n", "site.yml": "- hosts: a\n" });
    expect(told).toEqual([]);
    expect(missing.filter(({ reason }) => reason.includes("bubblewrap")).map(({ name }) => name)).toEqual([
      "nginx -t",
      "ansible-playbook --syntax-check",
    ]);
    expect(await readdir(folder)).not.toContain("nginx.calls");
  });
});

describe("docker compose", () => {
  const compose = "services: { web: { image: 'a:1.2', env_file: [./web.env] } }\n";

  test("reads the file without filling in variables, and its complaint blocks", async () => {
    await program(
      "docker",
      'case "$*" in *version*) echo 2.30.0 ;; *) ls "$(dirname "$3")" >&2; echo "validating $3: services.web bad" >&2; exit 15 ;; esac',
    );
    const { told } = await tell({ "shop/compose.yaml": compose });
    expect(told).toEqual([expect.objectContaining({ file: "shop/compose.yaml", blocks: true })]);
    const calls = await readFile(join(folder, "docker.calls"), "utf8");
    expect(calls).toMatch(/\ncompose\n-f\n\/[^\n]*\/shop\/compose\.yaml\nconfig\n-q\n--no-interpolate\n$/);
    expect(told[0]?.text).toContain("compose.yaml");
  });

  test("finds the files of variables that are in no repository", async () => {
    await program(
      "docker",
      `case "$*" in *version*) echo 2.30.0 ;; *) ls "$(dirname "$3")" > ${folder}/beside ;; esac`,
    );
    await tell({ "shop/compose.yaml": compose });
    expect(await readFile(join(folder, "beside"), "utf8")).toBe("compose.yaml\nweb.env\n");
  });

  test.each([
    ["has no compose plugin", "exit 1", "docker has no compose plugin"],
    ["is of the first generation", "echo 1.29.2", "is version 1, which does not know the Compose specification"],
  ])("is missing when docker %s", async (_, body, reason) => {
    await program("docker", body);
    const { missing } = await tell({ "compose.yaml": compose });
    expect(missing[0]).toEqual({ name: "docker compose", reason });
  });
});

describe("the real programs", () => {
  const path = process.env.PATH ?? "";

  test.skipIf(!found("shellcheck"))("shellcheck reads scripts", async () => {
    const { told } = await tell({ "x.sh": "#!/bin/bash\n# Goes there.\ncd $1\nfi\n" }, path);
    expect(told.map(({ text }) => text).join("\n")).toMatch(/shellcheck: .*\(SC\d+\)/);
    expect((await tell({ "x.sh": script }, path)).told).toEqual([]);
  });

  test.skipIf(!found("promtool"))("promtool reads rules", async () => {
    const { told } = await tell(
      { "r.yml": "groups: [{ name: a, rules: [{ record: 'a:b', expr: 'up ==' }] }]\n" },
      path,
    );
    expect(told).toEqual([expect.objectContaining({ file: "r.yml", blocks: true })]);
  });

  test.skipIf(!(found("bwrap") && found("nginx")))("nginx is shut in, and says the line", async () => {
    const { told } = await tell(
      { "nginx/a.conf": "server {\n  listen 8080;\n  access_log /var/tmp/memomesh-gate-test;\n  lissen 1;\n}\n" },
      path,
    );
    expect(told).toEqual([expect.objectContaining({ line: 4, text: 'nginx -t: unknown directive "lissen"' })]);
    expect(await readdir("/var/tmp")).not.toContain("memomesh-gate-test");
  });

  test.skipIf(!(found("bwrap") && found("caddy")))("caddy is shut in, and says the line", async () => {
    const { told } = await tell({ Caddyfile: ":8080 {\n\trespnd ok\n}\n" }, path);
    expect(told).toEqual([
      expect.objectContaining({ line: 2, text: "caddy validate: unrecognized directive: respnd" }),
    ]);
    expect((await tell({ Caddyfile: ":8080 {\n\trespond ok\n}\n" }, path)).told).toEqual([]);
  });

  test.skipIf(!(found("bwrap") && found("ansible-playbook")))(
    "what a playbook looks up while it is read stays shut in",
    async () => {
      const marker = join(tmpdir(), "memomesh-gate-lookup");
      const playbook = `- import_playbook: "{{ lookup('pipe', 'touch ${marker}; id') }}"\n`;
      await tell({ "site.yml": playbook }, path);
      expect(await readdir(tmpdir())).not.toContain("memomesh-gate-lookup");
    },
  );
});
