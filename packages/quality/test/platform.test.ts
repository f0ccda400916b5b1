// What is prepared is compared with what the facts say is there.
import type { FactFigures } from "@memomesh/core";
import { describe, expect, test } from "vitest";
import { type GateResult, type KnownPlatform, score } from "../src/index.ts";
import { runbook, said, subjectOf } from "./judged.ts";

const GiB = 2 ** 30;
const at = "2026-11-21T10:00:00.000Z";

interface Told extends FactFigures {
  from?: string;
  stale?: boolean;
}

/** A platform that is known by one fact. */
function known({ from = "staging", stale = false, ...figures }: Told, here: readonly string[] = []): KnownPlatform {
  return { facts: [{ name: "seen", from, at, stale, figures }], here };
}

function judged(texts: Readonly<Record<string, string>>, platform: KnownPlatform, memo?: string): GateResult {
  return score({ ...subjectOf(texts, memo === undefined ? {} : { memo }), platform });
}

const steps = runbook("## Step 1: Start it\nRisk: low.\n\n```sh run\ndocker compose up -d\n```\n");

function compose(...services: string[]): Record<string, string> {
  const lines = services.map((each, index) => `  s${index + 1}: { image: "web:1.4.2", ${each} }`);
  return { "shop/compose.yaml": `services:\n${lines.join("\n")}\n`, "runbooks/shop.md": steps };
}

const memory = (limit: string) => `deploy: { resources: { limits: { memory: ${limit}, cpus: 1 } } }`;

describe("Compose services", () => {
  const host = known({
    memory: { free: 8 * GiB, total: 16 * GiB },
    gpus: { free: 1, total: 2 },
    architecture: "amd64",
  });
  const free = "staging has 8 GiB of memory free of 16 GiB of memory (fact seen of 2026-11-21 10:00)";

  test.each([
    ["fit", compose(memory("4g"), memory("4096M")), []],
    [
      "fill more than is free",
      compose(memory("2g"), memory("7g")),
      [`3 the 2 services together may take 9 GiB of memory, and ${free}`],
    ],
    ["fill more than is there", compose("mem_limit: 20g"), [`2 service s1 may take 20 GiB of memory, and ${free}`]],
    ["say it by a variable", compose(memory("$" + "{MEMORY}")), []],
    [
      "are made for another machine",
      compose("platform: linux/arm64"),
      ["2 service s1 is made for arm64, and staging is amd64 (fact seen of 2026-11-21 10:00)"],
    ],
    [
      "want more GPUs than are free",
      compose("gpus: 2"),
      ["2 service s1 may take 2 GPUs, and staging has 1 GPUs free of 2 GPUs (fact seen of 2026-11-21 10:00)"],
    ],
    [
      "reserve GPUs",
      compose(
        "deploy: { resources: { reservations: { devices: [{ driver: nvidia, count: 1, capabilities: [gpu] }] } } }",
      ),
      [],
    ],
  ])("that %s", (_, files, expected) => {
    expect(said(judged(files, host), "platform")).toEqual(expected.map((each) => `shop/compose.yaml:${each}`));
  });

  test("cost more when they exceed what is there than when they exceed what is free", () => {
    const points = (limit: string) =>
      judged(compose(memory(limit)), host).checks.find(({ id }) => id === "platform")?.score;
    expect([points("8g"), points("9g"), points("17g")]).toEqual([100, 75, 50]);
  });

  test("are not compared with another host, with an old fact, or with none; that is said and costs nothing", () => {
    const other = judged(compose(memory("40g")), known({ from: "elsewhere", memory: { free: 1, total: 1 } }));
    expect(other.uncompared).toEqual([{ what: "memory", reason: "no fact tells it for staging" }]);
    const old = judged(compose(memory("40g")), known({ stale: true, memory: { free: 1, total: 1 } }));
    expect(old.uncompared).toEqual([{ what: "memory", reason: "fact seen of 2026-11-21 10:00 is stale" }]);
    const none = judged(compose(memory("40g")), { facts: [], here: [] });
    expect(none.uncompared).toEqual(other.uncompared);
    for (const result of [other, old, none]) {
      expect(said(result, "platform")).toEqual([]);
      expect(result.checks.find(({ id }) => id === "platform")?.notApplicable).toBe(true);
    }
  });

  test("of a target that is this machine are compared with the facts of this machine", () => {
    const here = known({ from: "here", memory: { free: GiB, total: 2 * GiB } }, ["staging"]);
    expect(said(judged(compose(memory("3g")), here), "platform")[0]).toContain("this machine has 1 GiB of memory free");
  });

  test("are not put on a full disk", () => {
    const full = known({
      disks: [
        { mount: "/", free: GiB, total: 100 * GiB },
        { mount: "/srv", free: 1, total: GiB },
      ],
    });
    expect(said(judged(compose(""), full), "platform")).toEqual([
      "shop/compose.yaml:2 / of staging has 1 GiB free of 100 GiB (fact seen of 2026-11-21 10:00)",
    ]);
  });
});

describe("a group of hosts", () => {
  const group = (one: FactFigures, two: FactFigures): KnownPlatform => ({
    facts: [
      { name: "one", from: "web1", at, stale: false, figures: one },
      { name: "two", from: "web2", at, stale: false, figures: two },
      { name: "else", from: "db", at, stale: false, figures: { memory: { free: 99 * GiB, total: 99 * GiB } } },
    ],
    here: [],
    groups: { staging: ["web1", "web2"] },
  });
  const room = (free: number, total: number) => ({ memory: { free: free * GiB, total: total * GiB } });
  const points = (result: GateResult) => result.checks.find(({ id }) => id === "platform")?.score;

  test("has to have room on each of them", () => {
    const fits = group(room(8, 16), room(4, 16));
    expect(said(judged(compose(memory("4g")), fits), "platform")).toEqual([]);
    const small = judged(compose(memory("5g")), fits);
    expect(said(small, "platform")).toEqual([
      "shop/compose.yaml:2 service s1 may take 5 GiB of memory, and web2 has 4 GiB of memory free of 16 GiB of memory (fact two of 2026-11-21 10:00)",
    ]);
    expect(points(small)).toBe(75);
  });

  test("is told once where it fits on none, of the host where it is worst", () => {
    const result = judged(compose(memory("9g")), group(room(8, 16), room(4, 8)));
    expect(said(result, "platform")).toEqual([
      expect.stringMatching(/and web2 has 4 GiB .* \(fact two of 2026-11-21 10:00\); nor does it fit on another host$/),
    ]);
    expect(points(result)).toBe(50);
  });

  test("names the hosts of which nothing is known", () => {
    const result = judged(compose(memory("4g")), group(room(8, 16), { architecture: "amd64" }));
    expect(result.uncompared).toEqual([{ what: "memory", reason: "no fact tells it for web2" }]);
    expect(points(result)).toBe(100);
  });

  test("is what a deployment may name", () => {
    const memo = `---\nto: sysadmin\nsubject: x\n---\n\`\`\`yaml deploy\napp: shop\ntarget: staging\nresources: { memory: 5g, disk: 30G }\n\`\`\`\n`;
    const one = { ...room(8, 16), disks: [{ mount: "/", free: 40 * GiB, total: 50 * GiB }] };
    const two = { ...room(4, 16), disks: [{ mount: "/", free: 20 * GiB, total: 50 * GiB }] };
    expect(said(judged({}, group(one, two), memo), "platform")).toEqual([
      "memo.md:- the deployment needs 5 GiB of memory, and web2 has 4 GiB of memory free (fact two of 2026-11-21 10:00)",
      "memo.md:- the deployment needs 30 GiB of disk, and web2 has 20 GiB of disk free (fact two of 2026-11-21 10:00)",
    ]);
  });
});

describe("volumes", () => {
  const claim = (size: string, storageClass: string, name = "data") =>
    `apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: ${name} }\nspec:\n  ${storageClass === "" ? "" : `storageClassName: ${storageClass}\n  `}resources: { requests: { storage: ${size} } }\n`;
  const claims = (...texts: string[]) => ({ "k8s/data.yaml": texts.join("---\n") });
  const stateful = `apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db }
spec:
  replicas: 3
  template: { spec: { nodeSelector: { kubernetes.io/arch: amd64 }, containers: [] } }
  volumeClaimTemplates:
    - metadata: { name: data }
      spec:
        storageClassName: fast
        resources: { requests: { storage: 40Gi } }
`;
  const fast = known({ from: "here", storage: [{ class: "fast", free: 100 * GiB, largest: 50 * GiB }] });
  const node = { architecture: "amd64", cpus: 8, memory: 32 * GiB, disk: 100 * GiB, devices: {} };
  const cluster = known({ from: "here", nodes: [{ ...node, count: 2 }] });

  test.each([
    ["a claim that fits", claims(claim("50Gi", "fast")), fast, []],
    [
      "a claim larger than any volume of its class can be",
      claims(claim("60Gi", "fast")),
      fast,
      [
        "k8s/data.yaml:6 volume claim data asks for 60 GiB, and class fast has 100 GiB free, at most 50 GiB for a volume (fact seen of 2026-11-21 10:00)",
      ],
    ],
    [
      "claims that are too much together",
      claims(claim("40Gi", "fast"), claim("40Gi", "fast", "b"), claim("40Gi", "fast", "c")),
      fast,
      [/3 volumes together ask for 120 GiB, and class fast has 100 GiB free/],
    ],
    ["the claims of each replica", claims(stateful), fast, [/claim data of StatefulSet db, 3 times, asks for 120 GiB/]],
    [
      "a folder of a node that has no such disk",
      claims(claim("150Gi", "local-path")),
      cluster,
      [/at most 100 GiB each/],
    ],
    ["folders of nodes that have it", claims(claim("90Gi", "local-path")), cluster, []],
    [
      "a folder of the host to which it goes",
      { ...claims(claim("30Gi", "local-path")), "runbooks/db.md": steps },
      known({
        disks: [
          { mount: "/", free: 90 * GiB, total: 100 * GiB },
          { mount: "/var/lib/rancher", free: 20 * GiB, total: 25 * GiB },
        ],
      }),
      [/asks for 30 GiB, and \/var\/lib\/rancher of staging has 20 GiB free of 25 GiB/],
    ],
    [
      "a volume of Compose with a size",
      {
        "shop/compose.yaml": `services:\n  db: { image: "db:1.4.2", storage_opt: { size: 20G } }\nvolumes:\n  data: { driver_opts: { type: xfs, device: /dev/x, o: "noatime,size=15g" } }\n  fast: { driver_opts: { type: tmpfs, device: tmpfs, o: "size=900g" } }\n`,
        "runbooks/shop.md": steps,
      },
      known({ disks: [{ mount: "/", free: 30 * GiB, total: 100 * GiB }] }),
      [
        "shop/compose.yaml:2 2 volumes together ask for 35 GiB, and / of staging has 30 GiB free of 100 GiB (fact seen of 2026-11-21 10:00)",
      ],
    ],
    [
      "a volume that is a folder",
      {
        "k8s/pv.yaml":
          "apiVersion: v1\nkind: PersistentVolume\nmetadata: { name: models }\nspec: { capacity: { storage: 2Ti }, accessModes: [ReadWriteOnce], hostPath: { path: /srv/models } }\n",
        "runbooks/pv.md": steps,
      },
      known({ disks: [{ mount: "/srv", free: 1024 * GiB, total: 1200 * GiB }] }),
      [/^k8s\/pv\.yaml:4 volume models asks for 2048 GiB, and \/srv of staging has 1024 GiB free of 1200 GiB/],
    ],
  ])("are compared: %s", (_, files, platform, expected) => {
    const found = said(judged(files as Record<string, string>, platform), "platform");
    expect(found).toEqual(expected.map((each) => (typeof each === "string" ? each : expect.stringMatching(each))));
  });

  test("of which nothing is known are said not to be compared", () => {
    const others = claims(claim("50Gi", "slow"), claim("1Gi", "", "logs"));
    expect(judged(others, fast).uncompared).toEqual([
      { what: "volume claims of class slow", reason: "no fact tells it" },
      { what: "volume claims of the default class", reason: "no fact tells it" },
    ]);
    expect(said(judged(others, fast), "platform")).toEqual([]);
  });
});

describe("Kubernetes pods", () => {
  const gpus = { count: 2, architecture: "amd64", cpus: 32, memory: 128 * GiB, devices: { "nvidia.com/gpu": 8 } };
  const small = { count: 3, architecture: "arm64", cpus: 4, memory: 8 * GiB, devices: {} };
  const cluster = known({ from: "here", nodes: [gpus, small] });
  const pod = (spec: string, replicas = 1, annotations = "") => ({
    "k8s/web.yaml": `apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: ${replicas}
  template:
    metadata: { labels: { app: web }${annotations} }
    spec:
${spec}`,
  });
  const asking = (resources: string, more = "      nodeSelector: { kubernetes.io/arch: amd64 }") =>
    `${more}
      containers:
        - name: web
          image: web:1.4.2
          resources:
            limits: ${resources}
`;

  test.each([
    ["fit", pod(asking("{ memory: 64Gi, cpu: 8, nvidia.com/gpu: 4 }"), 4), []],
    [
      "want an architecture that is not there",
      pod(asking("{ memory: 1Gi }", "      nodeSelector: { kubernetes.io/arch: s390x }")),
      [/^k8s\/web\.yaml:9 Deployment web chooses nodes of s390x, and the cluster has 2 of amd64, 3 of arm64/],
    ],
    [
      "choose by affinity",
      pod(
        asking(
          "{ memory: 16Gi }",
          "      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: kubernetes.io/arch, operator: In, values: [arm64] }] }] } } }",
        ),
      ),
      [/asks for 16 GiB of memory, and no node can give more than 8 GiB/],
    ],
    ["do not choose in a mixed cluster", pod(asking("{ memory: 1Gi }", "")), [/does not say on which architecture/]],
    [
      "are there for every architecture",
      pod(asking("{ memory: 1Gi }", ""), 1, ', annotations: { memomesh.dev/multi-arch: "true" }'),
      [],
    ],
    [
      "want more GPUs than one node has",
      pod(asking("{ nvidia.com/gpu: 9 }")),
      [/^k8s\/web\.yaml:14 a pod of Deployment web asks for 9 nvidia\.com\/gpu, and no node can give more than 8/],
    ],
    [
      "are too many",
      pod(asking("{ nvidia.com/gpu: 5 }"), 3),
      [/3 pods of Deployment web ask for 5 nvidia\.com\/gpu each, and the nodes have room for 2/],
    ],
  ])("that %s", (_, files, expected) => {
    expect(said(judged(files, cluster), "platform")).toEqual(expected.map((each) => expect.stringMatching(each)));
  });

  test("are said not to be compared when nobody has looked at the cluster", () => {
    expect(judged(pod(asking("{ memory: 1Gi }")), { facts: [], here: [] }).uncompared).toEqual([
      { what: "nodes of the cluster", reason: "no fact tells it" },
    ]);
  });
});

describe("what is only declared", () => {
  const plan = (needs: string) => ({ "docs/plans/main-1-1.json": `{\n  "title": "x",\n  "needs": ${needs}\n}\n` });
  const host = known({ memory: { free: 8 * GiB, total: 16 * GiB }, architecture: "arm64" });

  test("a plan needs no more than there is", () => {
    expect(said(judged(plan('{ "memory": "8Gi" }'), host), "platform")).toEqual([]);
    expect(said(judged(plan('{ "memory": "9Gi", "architecture": "amd64" }'), host), "platform").sort()).toEqual([
      "docs/plans/main-1-1.json:3 the plan needs 9 GiB of memory, and staging has 8 GiB of memory free (fact seen of 2026-11-21 10:00)",
      "docs/plans/main-1-1.json:3 the plan needs amd64, and there is only arm64 (fact seen of 2026-11-21 10:00)",
    ]);
    expect(judged(plan('{ "gpus": 4 }'), host).uncompared).toEqual([{ what: "GPUs", reason: "no fact tells it" }]);
  });

  test("a deployment is held to what it asks for, when nothing says it better", () => {
    const memo =
      "---\nto: sysadmin\nsubject: x\n---\n```yaml deploy\napp: shop\ntarget: staging\nresources: { memory: 9g }\n```\n";
    expect(said(judged({}, host, memo), "platform")).toEqual([
      expect.stringContaining("memo.md:- the deployment needs 9 GiB of memory"),
    ]);
    expect(said(judged(compose(memory("1g")), host, memo), "platform")).toEqual([]);
  });
});
