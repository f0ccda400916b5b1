import { describe, expect, test } from "vitest";
import { judge, said } from "./judged.ts";

/** What the gate says about the validity of one file: `line text`. */
function problems(path: string, text: string): string[] {
  return said(judge({ [path]: text }), "valid").map((each) => each.slice(path.length + 1));
}

const deployment = (spec: string, version = "apps/v1") =>
  `apiVersion: ${version}\nkind: Deployment\nmetadata: { name: shop }\nspec:\n  selector: { matchLabels: { app: shop } }\n  template:\n    metadata: { labels: { app: shop } }\n    spec:\n${spec.replace(/^/gm, "      ")}\n`;

describe("Compose", () => {
  const service = (rest: string) => `services:\n  web:\n    image: nginx:1.27.3\n    ${rest}\n`;

  test.each([
    ["volumes: [data:/data]", /4 the service web uses the volume data, which is not there/],
    ["volumes: [./data:data]", /4 the volume "\.\/data:data" of the service web has no absolute path/],
    ["volumes: [{ source: a, target: /a }]", /4 a volume of the service web has no type/],
    ["environment: [{ A: 1 }]", /4 an item in environment of the service web is no NAME=value/],
    ["ports: 8080:80", /4 ports of the service web is "8080:80"; expected a list/],
    ["ports: [{ published: 80 }]", /4 the port written here of the service web cannot be read/],
    ['ports: ["9-8:80"]', /cannot be read/],
    ["privileged: yes", /4 privileged of the service web is "yes"; expected true or false/],
    [
      "deploy: { resources: { limit: { memory: 1G } } }",
      /4 resources of the service web|resources of the service web has limit/,
    ],
    ["image: Nginx Web", /stands here a second time/],
    ["network_mode: host\n    networks: [a]", /both network_mode and networks|which is not there/],
    ["container_name: a\n    deploy: { replicas: 2 }", /4 web has 2 replicas and one container name/],
    ["depends_on: [web]", /3 services wait for each other: web → web|2 services wait for each other: web → web/],
    [
      "healthcheck: { test: [CMD, a], interval: 10 }",
      /4 healthcheck.interval of the service web is "10"; expected a time such as 10s/,
    ],
    ["restart: false", /4 restart of the service web is "false"; expected a text/],
  ])("refuses %s", (rest, expected) => {
    expect(problems("compose.yaml", service(rest)).join("\n")).toMatch(expected);
  });

  test.each([
    "volumes: [/var/run/docker.sock:/var/run/docker.sock:ro, ./a:/a, /cache]",
    'ports: ["80", "127.0.0.1::80", "[::1]:8080:80", "3000-3005:3000-3005/udp", "${PORT}:80"]',
    "environment: { A: 1, B: null, C: true }",
    "env_file: [{ path: a.env, required: false }]",
    "depends_on: { gone: { condition: service_started, required: false } }",
    "build: { context: ., target: prod }",
    "x-anything: [1]",
    "healthcheck: { disable: true }",
    'restart: "no"',
    "restart: no",
    "command:",
    "gpus: all",
    "mem_limit: 1.5g",
  ])("accepts %s", (rest) => {
    expect(problems("compose.yaml", service(rest))).toEqual([]);
  });

  test("reads what is laid over another file together with it", () => {
    const files = {
      "shop/compose.yaml": service("mem_limit: 64m"),
      "shop/compose.prod.yaml": "services:\n  web: { restart: always, networks: [front] }\nnetworks: { front: {} }\n",
    };
    expect(said(judge(files), "valid")).toEqual([]);
    expect(said(judge(files), "limits")).toEqual(["shop/compose.yaml:2 service web has no limit for processors"]);
  });
});

describe("Kubernetes", () => {
  const container = "containers:\n  - { name: a, image: 'a:1.2' }";

  test.each([
    [deployment(container, "extensions/v1beta1"), /1 Deployment is not in extensions\/v1beta1/],
    [deployment("containers: []"), /has no containers/],
    [deployment("containers: [{ image: 'a:1' }]"), /a container of the Deployment has no name/],
    [
      deployment(`${container}\nvolumes: []`).replace(
        "image: 'a:1.2'",
        "image: 'a:1.2', volumeMounts: [{ name: x, mountPath: /x }]",
      ),
      /the volume x is mounted and not defined/,
    ],
    [
      deployment(container).replace("matchLabels: { app: shop }", "matchLabels: { app: web }"),
      /5 the selector of the Deployment wants app: web, which its pods do not have/,
    ],
    [deployment(container).replace("name: shop", "name: Shop_1"), /3 "Shop_1" cannot be the name of a Deployment/],
    [`${deployment(container)}---\n${deployment(container)}`, /a second Deployment has the name shop/],
    [
      "apiVersion: v1\nkind: Service\nmetadata: { name: a }\nspec: { selector: { a: b } }\n",
      /the Service has no ports/,
    ],
    [
      "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: a, annotations: { x: true } }\n",
      /3 x is true, which is no text/,
    ],
    ["apiVersion: v1\nkind: ConfigMap\ndata: {}\n", /the ConfigMap has no metadata.name/],
    [
      deployment(container).replace("image: 'a:1.2'", "image: 'a:1.2', readinessProbe: { periodSeconds: 5 }"),
      /readinessProbe says no way to ask/,
    ],
  ])("refuses what the API server would: %#", (text, expected) => {
    expect(problems("shop.yaml", text).join("\n")).toMatch(expected);
  });

  test("accepts several documents, custom resources and lists", () => {
    const custom = "apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: { name: shop }\n";
    const list = "apiVersion: v1\nkind: List\nitems: [{ apiVersion: v1, kind: Namespace, metadata: { name: shop } }]\n";
    expect(problems("shop.yaml", [deployment(container), custom, list, ""].join("---\n"))).toEqual([]);
  });

  test("leaves Helm's templates alone", () => {
    expect(problems("chart/templates/a.yaml", "kind: {{ .Values.kind }}\n  {{- end }}\n")).toEqual([]);
  });
});

describe("Ansible", () => {
  test.each([
    ["- name: no hosts\n  tasks: []\n- hosts: web\n", /1 this play has no hosts/],
    ["- hosts: web\n  task: []\n", /2 task is nothing that a play can say/],
    [
      "- hosts: web\n  tasks:\n    - name: twice\n      copy: {}\n      file: {}\n",
      /3 the task "twice" calls more than one module: copy and file/,
    ],
    ["- hosts: web\n  tasks:\n    - name: nothing\n", /3 the task "nothing" calls no module/],
    [
      "- hosts: web\n  tasks:\n    - block:\n        - { name: in, whn: x, debug: {} }\n",
      /calls more than one module: whn and debug/,
    ],
  ])("refuses %j", (text, expected) => {
    expect(problems("site.yml", text).join("\n")).toMatch(expected);
  });

  test("accepts plays, imports, handlers, loops and tasks of roles", () => {
    expect(
      problems(
        "site.yml",
        "- import_playbook: other.yml\n- hosts: web\n  become: true\n  tasks:\n    - name: a\n      ansible.builtin.apt: { name: nginx=1.22 }\n      loop: [a]\n      notify: r\n  handlers:\n    - { name: r, ansible.builtin.service: { name: nginx, state: reloaded } }\n",
      ),
    ).toEqual([]);
    expect(
      problems("roles/web/tasks/main.yml", "- name: a\n  template: { src: a.j2, dest: /etc/a }\n  with_items: [1]\n"),
    ).toEqual([]);
    expect(problems("roles/web/tasks/main.yml", "- name: a\n")).toEqual([expect.stringContaining("calls no module")]);
  });
});

describe("Caddy", () => {
  test.each([
    ["a.example.com {\n\treverse_proxy :80\n", /1 this \{ is not closed/],
    ["a.example.com {\n\troot * /srv\n}\n}\n", /4 this \} closes nothing/],
    ["a.example.com {\n\tfile_sever\n}\n", /2 file_sever is no directive/],
    ["a.example.com {\n}\na.example.com {\n}\n", /3 a\.example\.com has a site on line 1 already/],
  ])("refuses %j", (text, expected) => {
    expect(problems("Caddyfile", text).join("\n")).toMatch(expected);
  });

  test("accepts options, snippets, matchers and placeholders", () => {
    const text =
      '{\n\tadmin off\n}\n(common) {\n\tencode zstd gzip\n}\na.example.com, www.example.com {\n\timport common\n\t@api path /api/*\n\thandle @api {\n\t\treverse_proxy {$API:127.0.0.1:9000}\n\t}\n\trespond `{"ok": true}` 200 # {\n\theader X-A "{http.request.host}"\n}\n';
    expect(problems("Caddyfile", text)).toEqual([]);
  });
});

describe("nginx", () => {
  test.each([
    ["server {\n  listen 80\n  server_name a;\n}\n", /2 listen has no ; at its end/],
    ["server {\n  listen 80;\n", /1 this \{ is not closed/],
    ["server {\n  location / {\n    return 200 ok\n  }\n}\n", /3 return has no ;/],
  ])("refuses %j", (text, expected) => {
    expect(problems("nginx/site.conf", text).join("\n")).toMatch(expected);
  });

  test("accepts what goes over several lines", () => {
    const text =
      "# {\nlog_format main '$remote_addr - $remote_user [$time_local] '\n                '\"$request\" {';\nserver {\n  location ~ ^/a{1,3}$ { return 204; }\n  add_header X \"a;b\"\n    always;\n}\n";
    expect(problems("nginx/site.conf", text)).toEqual([]);
  });
});

describe("other files", () => {
  test.each([
    [
      "rules.yml",
      "groups: [{ name: a, rules: [{ alert: A, expr: 'up == (0', for: 5 min }] }]\n",
      /the expression has a \( without its partner[\s\S]*for is "5 min"/,
    ],
    [
      "rules.yml",
      "groups: [{ name: a, rules: [{ record: 'a:b', alert: A, expr: up }] }]\n",
      /either an alert or a record/,
    ],
    ["Dockerfile", "FORM node:24.21.0\n", /no FROM[\s\S]*FORM is no instruction/],
    ["Dockerfile", "RUN a\nFROM node:24.21.0\n", /RUN stands before the first FROM/],
    ["a.json", '{\n  "a": 1,\n}\n', /3 this is no JSON/],
    ["a.yaml", "a: 1\n b: 2\n", /^\d+ /],
    ["run.sh", "#!/bin/sh\nif true; then\n", /cannot be read as shell/],
  ])("%s is refused when it cannot be used", (path, text, expected) => {
    expect(problems(path, text).join("\n")).toMatch(expected);
  });

  test.each([
    [
      "Dockerfile",
      "# syntax=docker/dockerfile:1\nARG V=1\nFROM node:24.21.0 AS build\nRUN <<EOF\nnot an instruction\nEOF\nRUN a && \\\n  b\nFROM build\nUSER node\n",
    ],
    ["tsconfig.json", "{ /* a */ }"],
    ["rules.yml", "groups: [{ name: a, rules: [{ alert: A, expr: 'rate(x{a=\"(\"}[5m]) > 1', for: 5m }] }]\n"],
    ["values.yaml", "a: !vault |\n  x\nb: !Ref c\n"],
    ["empty.yaml", ""],
    ["only-comment.yaml", "# nothing\n---\n"],
  ])("%s is accepted when it can", (path, text) => {
    expect(problems(path, text)).toEqual([]);
  });
});
