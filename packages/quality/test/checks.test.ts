import { describe, expect, test } from "vitest";
import { pinningOf } from "../src/image.ts";
import { judge, runbook, said } from "./judged.ts";

describe("an image", () => {
  test.each([
    ["nginx", "untagged"],
    ["registry.example.com:5000/shop/web", "untagged"],
    ["nginx:latest", "latest"],
    ["nginx:stable-alpine", "moving"],
    ["ghcr.io/a/b:main", "moving"],
    ["postgres:16", "loose"],
    ["postgres:16-alpine", "loose"],
    ["node:v24", "loose"],
    ["nginx:1.27", "pinned"],
    ["nginx:1.27.3-alpine", "pinned"],
    ["a/b:sha-9f2c41a", "pinned"],
    ["nginx@sha256:4f9c", "pinned"],
    ["nginx:latest@sha256:4f9c", "pinned"],
    ["a:${TAG}", "pinned"],
    ["a:${TAG:-latest}", "latest"],
    ["${IMAGE}", "pinned"],
    ["scratch", "pinned"],
  ])("%s is %s", (image, pinning) => {
    expect(pinningOf(image)).toBe(pinning);
  });
});

const script = (text: string) => `#!/bin/bash\n# Does what it says on the tin.\nset -eu\n${text}\n`;

describe("pinned versions", () => {
  const pinned = (path: string, text: string) =>
    said(judge({ [path]: text }), "pinned").map((each) => each.slice(path.length + 1));

  test("are wanted in scripts, Dockerfiles and Ansible too", () => {
    expect(
      pinned(
        "x.sh",
        script(
          "docker run --rm -v /a:/b redis echo\npip install -q requests 'flask==3.0.0'\nnpm i -g pnpm@9.1.0\nnpm i left-pad",
        ),
      ),
    ).toEqual([
      "4 the image redis has no tag, which means latest",
      "5 pip takes the newest requests that there is",
      "7 npm takes the newest left-pad that there is",
    ]);
    expect(pinned("Dockerfile", "FROM node AS build\nFROM build\nRUN pip3 install --no-cache-dir uv\n")).toEqual([
      "1 the image node has no tag, which means latest",
      "3 pip3 takes the newest uv that there is",
    ]);
    expect(pinned("site.yml", "- hosts: a\n  tasks:\n    - apt: { name: nginx, state: latest }\n")).toEqual([
      "3 apt installs the newest version that there is (state: latest)",
    ]);
  });

  test("do not apply where nothing is fetched", () => {
    const result = judge({ "x.sh": script("echo hello") });
    expect(result.checks.find(({ id }) => id === "pinned")?.notApplicable).toBe(true);
  });
});

describe("idempotency", () => {
  const flaws = (text: string) => said(judge({ "x.sh": script(text) }), "idempotent").map((each) => each.slice(7));

  test.each([
    ["mkdir a", /mkdir fails when the folder is there/],
    ["ln -s a b", /ln fails/],
    ["echo line >> /etc/hosts", /\/etc\/hosts grows/],
    ["sudo useradd shop", /useradd fails/],
    ["kubectl create -f a.yaml", /kubectl create fails/],
    ["helm install a ./b", /helm install fails/],
    ["docker network create front", /docker network create fails/],
    ["docker run -d --name a b:1.2", /docker run --name fails/],
    ["git clone https://example.com/a.git", /git clone fails/],
    ["iptables -A INPUT -j DROP", /adds the same rule again/],
  ])("is missing from %s", (text, expected) => {
    expect(flaws(text).join()).toMatch(expected);
  });

  test.each([
    "mkdir -p a",
    "ln -sfn a b",
    "test -d a || mkdir a",
    "if ! id shop; then useradd shop; fi",
    "grep -q line /etc/hosts || echo line >> /etc/hosts",
    "kubectl create ns a --dry-run=client -o yaml | kubectl apply -f -",
    "docker network create front || true",
    "echo done >> run.log",
    "rm -f a",
  ])("is there in %s", (text) => {
    expect(flaws(text)).toEqual([]);
  });

  test("of scripts begins with stopping at a failure", () => {
    expect(said(judge({ "x.sh": "#!/bin/sh\ncd a\ncp b c\ncp d e\n" }), "idempotent")).toEqual([
      "x.sh:1 the script goes on after a command has failed",
    ]);
  });

  test("of Ansible's commands has to be said", () => {
    const tasks =
      "- { name: a, command: make }\n- { name: b, command: { cmd: make, creates: out } }\n- { name: c, shell: make, changed_when: false }\n- { name: d, ansible.builtin.shell: make creates=out }\n- block: [{ name: e, raw: make }]\n";
    expect(said(judge({ "roles/a/tasks/main.yml": tasks }), "idempotent")).toEqual([
      "roles/a/tasks/main.yml:1 command runs every time and always counts as a change",
      "roles/a/tasks/main.yml:5 raw runs every time and always counts as a change",
    ]);
  });
});

describe("requirements", () => {
  const memo = (items: string, facts = "") =>
    `---\nfrom: developer\nto: sysadmin\n---\n# Deploy\n\n${facts === "" ? "" : `\`\`\`yaml deploy\n${facts}\n\`\`\`\n\n`}## Action items\n${items}\n`;
  const unmet = (texts: Readonly<Record<string, string>>, asked: string) =>
    said(judge(texts, { memo: asked }), "requirements").map((each) => each.replace(/^memo\.md:/, ""));
  const book = runbook(
    "## Step 1: Prepare the staging deployment of the shop\nRisk: low. Timeout: 60s.\n\nKeeps the previous release for rollback.\n\n```sh run\nls\n```\n",
  );

  test("are met by what the runbook and the files speak of, in whatever form of the words", () => {
    expect(
      unmet(
        { "runbooks/a.md": book },
        memo("- [ ] Prepare the staging deployment\n- [ ] Keep the previous releases for rolling back"),
      ),
    ).toEqual([]);
  });

  test("that nothing speaks of are named with their line", () => {
    expect(
      unmet({ "runbooks/a.md": book }, memo("- [ ] Rotate the TLS certificates\n- [x] Order the hardware")),
    ).toEqual([expect.stringMatching(/^8 nothing answers "Rotate the TLS certificates": rotat\w*, tls/)]);
  });

  test("count every fact of a deployment", () => {
    const facts =
      "app: shop\nversion: 1.4.2\nport: 8080\ndomain: shop.example.com\nenv: [DATABASE_URL]\nneeds: [postgres]\nresources: { memory: 256M, cpus: 0.5 }\nverify: [{ http: 'http://127.0.0.1:8080/healthz' }, { command: 'test -f  index.html' }]";
    const asked = memo("- [x] done", facts);
    expect(unmet({ "runbooks/a.md": book }, asked).map((each) => each.replace(/ stands in the request.*/, ""))).toEqual(
      [
        "- version 1.4.2",
        "- port 8080",
        "- the domain shop.example.com",
        "- the variable DATABASE_URL",
        "- the service postgres that it needs",
        "- 256M of memory",
        "- 0.5 processors",
        "- the verification http://127.0.0.1:8080/healthz",
        "- the verification `test -f  index.html`",
      ],
    );
    const compose =
      "services: { shop: { image: 'shop:1.4.2', ports: ['127.0.0.1:8080:80'], environment: [DATABASE_URL], mem_limit: 256m, cpus: '0.50' } }\n# postgres, shop.example.com, /healthz, test -f index.html";
    expect(unmet({ "compose.yaml": compose }, asked)).toEqual([]);
  });

  test("of version 1.4.2 are not met by 1.4.20 or 11.4.2", () => {
    const asked = memo("- [x] done", "version: 1.4.2");
    expect(unmet({ "a.md": "1.4.20 and 11.4.2 and 1.4.2.1" }, asked)).toHaveLength(1);
    expect(unmet({ "a.md": "release-1.4.2, now" }, asked)).toEqual([]);
  });
});

describe("secrets", () => {
  const blocks = (path: string, text: string) =>
    said(judge({ [path]: text }), "secrets").map((each) => each.slice(path.length + 1));

  test.each([
    [
      "compose.yaml",
      "services: { db: { image: 'a:1.2', environment: { POSTGRES_PASSWORD: example } } }\n",
      ["1 POSTGRES_PASSWORD has its value written here"],
    ],
    [
      "a.yaml",
      "apiVersion: v1\nkind: Secret\nmetadata: { name: a }\nstringData: { password: letmein }\n",
      ["4 the Secret has a value for password written here"],
    ],
    ["prod.env", "# x\nAPI_TOKEN=abc\n", ["2 API_TOKEN has its value written here"]],
    [
      "notes.md",
      "key\n-----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\n",
      ["2 a private key stands here"],
    ],
    ["a.txt", "https://user:pa55word@example.com/x\n", ["1 what looks like a secret stands here"]],
  ])("in %s are found", (path, text, expected) => {
    expect(blocks(path, text)).toEqual(expected);
  });

  test.each([
    [
      "compose.yaml",
      "services: { db: { image: 'a:1.2', environment: { POSTGRES_PASSWORD: '${PW}', DB_PASSWORD_FILE: /run/secrets/x, TOKEN: } } }\n",
    ],
    ["package.json", '{\n  "registry-auth-token": "^4.0.0"\n}\n'],
    ["a.env.example", "DB_PASSWORD=changeme\nAPI_TOKEN=\n"],
    [
      "a.yaml",
      "apiVersion: v1\nkind: Secret\nmetadata: { name: a }\nstringData: { password: ENC }\nsops: { mac: x }\n",
    ],
  ])("are not seen in %s where none are", (path, text) => {
    expect(blocks(path, text)).toEqual([]);
  });
});

describe("health checks", () => {
  test("may come with an image that is built here", () => {
    const compose = "# x y z a b c d e\nservices: { web: { build: ., mem_limit: 1g, cpus: 1 } }\n";
    expect(said(judge({ "compose.yaml": compose }), "health")).toHaveLength(1);
    expect(said(judge({ "compose.yaml": compose, Dockerfile: "FROM a:1.2\nHEALTHCHECK CMD /a\n" }), "health")).toEqual(
      [],
    );
  });

  test.each([
    ["[CMD, 'true']", 1],
    ["[CMD-SHELL, 'curl -f http://localhost/ || true']", 1],
    ["curl -f http://localhost/ || exit 0", 1],
    ["[CMD, sh, -c, 'exit 0']", 1],
    ["[CMD-SHELL, 'curl -f http://localhost/ || exit 1']", 0],
    ["[CMD, pg_isready]", 0],
  ])("that are %s can fail or are none", (check, findings) => {
    const compose = `services: { web: { image: 'a:1.2', healthcheck: { test: ${check} } } }\n`;
    expect(said(judge({ "compose.yaml": compose }), "health")).toHaveLength(findings);
  });

  test("of pods count when one of them can fail", () => {
    const pod = (probes: string) =>
      `apiVersion: v1\nkind: Pod\nmetadata: { name: web }\nspec: { containers: [{ name: web, image: "a:1.2", ${probes} }] }\n`;
    const hollow = "livenessProbe: { exec: { command: [/bin/sh, -c, 'true'] } }";
    expect(said(judge({ "pod.yaml": pod(hollow) }), "health")).toEqual([
      "pod.yaml:4 the probe of container web of Pod web cannot fail",
    ]);
    const both = `${hollow}, readinessProbe: { httpGet: { path: /, port: 80 } }`;
    expect(said(judge({ "pod.yaml": pod(both) }), "health")).toEqual([]);
  });

  test("that are switched off are said", () => {
    const compose = "services: { web: { image: 'a:1.2', healthcheck: { test: [NONE] } } }\n";
    expect(said(judge({ "compose.yaml": compose }), "health")).toEqual([
      "compose.yaml:1 service web has its health check switched off",
    ]);
  });
});

describe("documentation", () => {
  const missing = (texts: Readonly<Record<string, string>>) => said(judge(texts), "documented");

  test("is a comment at the top, a README beside or above it, or the runbook that names it", () => {
    const text = "services: {}\n";
    expect(missing({ "shop/compose.yaml": text })).toEqual(["shop/compose.yaml:- nothing says what this file is for"]);
    expect(missing({ "shop/compose.yaml": `# Runs the whole shop.\n${text}` })).toEqual([]);
    expect(missing({ "shop/compose.yaml": text, "README.md": "# The shop" })).toEqual([]);
    expect(missing({ "shop/compose.yaml": text, "other/README.md": "# Other" })).toHaveLength(1);
    const book = runbook("## Step 1: Look\nRisk: low. Timeout: 1s.\n\n```sh run\nls compose.yaml\n```\n");
    expect(missing({ "shop/compose.yaml": text, "runbooks/a.md": book })).toEqual([]);
  });
});

describe("observability", () => {
  test("wants alerts that say how long, how bad and what", () => {
    const rules =
      "# Alerts of the shop.\ngroups: [{ name: a, rules: [{ alert: Down, expr: up == 0 }, { record: 'a:b', expr: up }] }]\n";
    expect(said(judge({ "rules.yml": rules }), "observable")).toEqual([
      "rules.yml:2 the alert Down has no for:, no labels.severity, no annotations.summary",
    ]);
  });
});

describe("a runbook", () => {
  test("may say why a step has no check and no undo", () => {
    const step = (prose: string) =>
      runbook(`## Step 1: Send it\nRisk: high. Timeout: 60s.\n\n${prose}\n\n\`\`\`sh run\n./send.sh\n\`\`\`\n`);
    expect(said(judge({ "runbooks/a.md": step("It goes out.") }), "runbook")).toHaveLength(2);
    expect(said(judge({ "runbooks/a.md": step("No check: nobody answers. It cannot be undone.") }), "runbook")).toEqual(
      [],
    );
  });

  test("that only looks needs neither", () => {
    for (const command of [
      "kubectl get pods -n shop",
      "docker compose -f a.yaml ps",
      "docker logs web | tail -5",
      "curl -fsS http://127.0.0.1/",
      "systemctl status nginx",
    ]) {
      const book = runbook(`## Step 1: Look\nRisk: critical. Timeout: 60s.\n\n\`\`\`sh run\n${command}\n\`\`\`\n`);
      expect(said(judge({ "runbooks/a.md": book }), "runbook"), command).toEqual([]);
    }
  });

  test("has to say a time limit for each step", () => {
    const book = runbook("## Step 1: Look\nRisk: low.\n\n```sh run\nls\n```\n");
    expect(said(judge({ "runbooks/a.md": book }), "runbook")).toEqual([
      expect.stringContaining("step 1 says no time limit"),
    ]);
  });
});
