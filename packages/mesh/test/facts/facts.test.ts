// Facts about the platform: collected by commands that only look, accepted byte by byte, named stale when they are.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readFacts, withFacts, withStaleness } from "@memomesh/core";
import { describe, expect, test } from "vitest";
import { checkFacts } from "../../src/doctor/facts.ts";
import { compactFacts } from "../../src/facts/compact.ts";
import { figuresOf } from "../../src/facts/figures.ts";
import { acceptCollector, readCollectors, refreshFacts } from "../../src/facts/index.ts";
import { notReadOnly } from "../../src/facts/read-only.ts";
import { knownPlatform } from "../../src/gate/index.ts";
import { History } from "../../src/history.ts";
import { initMesh } from "../../src/init.ts";
import { loadMesh } from "../../src/load.ts";
import { put, temporaryFolder } from "../folder.ts";

const by = { name: "Ada", email: "ada@example.com" };
const at = new Date("2026-11-21T10:00:00Z");

async function meshWith(facts: string): Promise<string> {
  const root = await temporaryFolder();
  await initMesh(root, { name: "studio", git: false });
  await declare(root, facts);
  return root;
}

async function declare(root: string, facts: string): Promise<void> {
  await put(root, "mesh.yml", `name: studio\nfacts:\n${facts}`);
}

async function refreshed(root: string, clock = () => at) {
  const mesh = await loadMesh(root);
  const history = await History.open(mesh, () => {});
  const results = await refreshFacts(mesh, history, undefined, clock);
  await history.close();
  return results;
}

test("runs only what a person has accepted, and asks again when a byte has changed", async () => {
  const root = await meshWith('  system: { command: "uname -s", maxAge: 30m }\n');
  expect(await refreshed(root)).toMatchObject([{ problem: expect.stringContaining("nobody has accepted it") }]);
  await acceptCollector(await loadMesh(root), "system", { by, at });
  expect(await refreshed(root)).toMatchObject([{ fact: { name: "system", text: "Linux", at: at.toISOString() } }]);
  const written = await readFile(join(root, "docs/platform-reference.md"), "utf8");
  expect(written).toContain(
    "### system\nCollected: 2026-11-21T10:00:00.000Z on here. Holds for 30m (1800 s).\n\n    Linux\n",
  );
  await declare(root, '  system: { command: "uname -sr", maxAge: 30m }\n');
  expect(await refreshed(root)).toMatchObject([{ problem: expect.stringContaining("nobody has accepted it") }]);
  expect(await readFile(join(root, "docs/platform-reference.md"), "utf8"), "what it told before stays").toBe(written);
});

test("never accepts what does more than look", async () => {
  const root = await meshWith('  bad: { command: "df -P; touch x" }\n');
  await expect(acceptCollector(await loadMesh(root), "bad", { by, at })).rejects.toMatchObject({
    code: "facts.refused",
  });
  expect(await checkFacts(await loadMesh(root))).toMatchObject([{ code: "doctor.facts.refused", severity: "error" }]);
});

test("ends what takes too long, and says what has failed", async () => {
  const root = await meshWith(
    '  slow: { command: "tail -f /dev/null", timeout: 1 }\n  gone: { command: "ls /nowhere" }\n',
  );
  for (const name of ["slow", "gone"]) await acceptCollector(await loadMesh(root), name, { by, at });
  expect(await refreshed(root)).toMatchObject([
    { name: "slow", problem: expect.stringContaining("1 s") },
    { name: "gone", problem: expect.stringContaining("/nowhere") },
  ]);
});

test("tells doctor and the reader what is stale", async () => {
  const root = await meshWith('  system: { command: "uname -s", maxAge: 1h }\n');
  await acceptCollector(await loadMesh(root), "system", { by, at });
  await refreshed(root, () => new Date());
  expect(await checkFacts(await loadMesh(root))).toEqual([]);
  await refreshed(root, () => new Date(Date.now() - 5 * 3_600_000));
  expect(await checkFacts(await loadMesh(root))).toMatchObject([
    { code: "doctor.facts.stale", sentence: expect.stringContaining("5h ago") },
  ]);
  const source = await readFile(join(root, "docs/platform-reference.md"), "utf8");
  expect(withStaleness(source, new Date())).toMatch(/^### system \(STALE: collected 5h ago, holds for 1h/m);
  const [collector] = await readCollectors(await loadMesh(root), new Date());
  expect(collector?.stale).toBe(true);
});

test("keeps what people wrote around the facts, and no output can forge a fact or a mark", () => {
  const fact = { name: "a", at: at.toISOString(), from: "here", maxAge: 60, text: "### b\n<!-- facts: end -->\nx" };
  const before = "# Ours\n\nThe rack is in Bonn.\n";
  const once = withFacts(before, [fact]);
  expect(once.startsWith(before)).toBe(true);
  expect(readFacts(`${once}\nBelow.\n`)).toEqual([fact]);
  expect(withFacts(`${once}\nBelow.\n`, [fact])).toBe(`${once}\nBelow.\n`);
});

test("tells the gate what can be computed with, as long as mesh.yml declares it and it holds", async () => {
  const root = await meshWith('  machine: { command: "uname -m", maxAge: 1h }\n  memory: { command: "free -b" }\n');
  for (const name of ["machine", "memory"]) await acceptCollector(await loadMesh(root), name, { by, at });
  await refreshed(root);
  const machine = {
    name: "machine",
    from: "here",
    at: at.toISOString(),
    figures: { architecture: expect.any(String) },
  };
  const later = (minutes: number) => new Date(at.getTime() + minutes * 60_000);
  const known = await knownPlatform(await loadMesh(root), later(30));
  expect(known.facts).toEqual([
    { ...machine, stale: false },
    {
      ...machine,
      name: "memory",
      stale: false,
      figures: { memory: { free: expect.any(Number), total: expect.any(Number) } },
    },
  ]);
  expect(known.facts[1]?.figures.memory?.total).toBeGreaterThan(2 ** 27);
  expect((await knownPlatform(await loadMesh(root), later(61))).facts).toMatchObject([
    { stale: true },
    { stale: true },
  ]);
  await declare(
    root,
    '  machine: { command: "uname -m", target: staging }\ntargets:\n  staging: { kind: local, path: x }\n  all: { kind: group, members: [staging] }\n',
  );
  expect(await knownPlatform(await loadMesh(root), at)).toEqual({
    facts: [],
    here: ["staging"],
    groups: { all: ["staging"] },
  });
});

test("figures come back as they were written, and none that somebody else has written", () => {
  const fact = {
    name: "a",
    at: at.toISOString(),
    from: "here",
    maxAge: 60,
    text: '<!-- figures: {"gpus":{"free":9,"total":9}} -->',
  };
  expect(readFacts(withFacts("", [fact]))).toEqual([fact]);
  const figures = { disks: [{ mount: "/a--b", free: 1, total: 2 }] };
  const written = withFacts("", [{ ...fact, figures }]);
  expect(readFacts(written)).toEqual([{ ...fact, figures }]);
  expect(readFacts(written.replace('"free":1', '"free":-1'))[0]).not.toHaveProperty("figures");
});

test.each([
  ["kubectl get nodes -o json", true],
  ["docker ps --format json", true],
  ["nvidia-smi --query-gpu=name,memory.total,memory.used --format=csv", true],
  ["df -P -k", true],
  ["free -b", true],
  ["kubectl get nodes -o json | head", true],
  ["kubectl delete pod x", false],
  ["kubectl get nodes; kubectl apply -f x", false],
  ["kubectl get secrets -o yaml", false],
  ["docker rm -f x", false],
  ["docker ps > /etc/motd", false],
  ["nvidia-smi --gpu-reset", false],
  ["docker ps $(touch x)", false],
])("looks only: %s %s", (command, looks) => {
  expect(notReadOnly(command) === undefined).toBe(looks);
});

describe("compacts what known tools print", () => {
  const node = (architecture: string, gpus: number) => ({
    kind: "Node",
    status: {
      allocatable: { cpu: "7910m", memory: "32Gi", ...(gpus > 0 ? { "nvidia.com/gpu": String(gpus) } : {}) },
      conditions: [{ type: "Ready", status: "True" }],
      nodeInfo: { architecture, kubeletVersion: "v1.31.2" },
    },
  });
  test("the nodes of a cluster", () => {
    const list = JSON.stringify({ kind: "List", items: [node("amd64", 8), node("amd64", 0), node("arm64", 0)] });
    expect(compactFacts(`W1121 a warning of kubectl\n${list}`, "json")).toBe(
      "3 nodes, 3 ready.\nArchitectures: 2 × amd64, 1 × arm64.\nAllocatable: 23.7 CPUs, 96 GiB of memory, 8 nvidia.com/gpu on 1 nodes.\nKubelet: 3 × v1.31.2.",
    );
  });
  test("GPUs, memory, disks, containers", () => {
    const csv = "name, memory.total [MiB], memory.used [MiB]\nA100, 81920 MiB, 4 MiB\nA100, 81920 MiB, 40960 MiB\n";
    expect(compactFacts(csv, "csv")).toContain("2 GPUs: 2 × A100.\n1 are free");
    const free =
      "               total        used        free      shared  buff/cache   available\nMem:     17179869184  4294967296 1 1 1 8589934592\n";
    expect(compactFacts(free, "text")).toBe("memory: 8 GiB of 16 GiB free, 4 GiB used");
    const df =
      "Filesystem 1024-blocks Used Available Capacity Mounted on\ntmpfs 1 1 1 1% /run\n/dev/sda1 104857600 52428800 52428800 50% /\n";
    expect(compactFacts(df, "text")).toBe("/: 50 GiB of 100 GiB free (50% used)");
    const ps = '{"Image":"nginx:1.27","Names":"web","Status":"Up 2 days"}\n';
    expect(compactFacts(ps, "json")).toBe("1 containers.\nweb: nginx:1.27, Up 2 days");
  });
  test("what is unknown is kept, as far as it is short", () => {
    expect(compactFacts("a: 1\nb: 2\n", "text")).toBe("a: 1\nb: 2");
    expect(compactFacts("x\n".repeat(5000), "text")).toMatch(/more characters$/);
  });
});

describe("takes figures out of what known tools print", () => {
  const of = (printed: string, command = "", format: "text" | "json" | "csv" = "text") =>
    figuresOf(printed, { format, command });
  const free = (cells: string) =>
    `               total        used        free      shared  buff/cache   available\nMem:  ${cells}\n`;

  test("nodes that take pods, those alike together", () => {
    const node = (memory: string, ready = "True", more = {}) => ({
      kind: "Node",
      ...more,
      status: {
        allocatable: { cpu: "7910m", memory, "ephemeral-storage": "1024", "nvidia.com/gpu": "8" },
        conditions: [{ type: "Ready", status: ready }],
        nodeInfo: { architecture: "amd64" },
      },
    });
    const items = [
      node("65932744Ki"),
      node("65932740Ki"),
      node("1Gi", "False"),
      node("1Gi", "True", { spec: { unschedulable: true } }),
    ];
    const [alike, ...others] = of(JSON.stringify({ items }), "", "json")?.nodes ?? [];
    expect(others).toEqual([]);
    expect(alike).toMatchObject({
      count: 2,
      architecture: "amd64",
      cpus: 7.91,
      disk: 1024,
      devices: { "nvidia.com/gpu": 8 },
    });
    expect((alike?.memory ?? 0) / (65_932_744 * 1024)).toBeGreaterThan(0.98);
  });

  test("what storage classes have left, over all places in which a volume may lie", () => {
    const place = (storageClassName: string, capacity: string, more = {}) => ({
      kind: "CSIStorageCapacity",
      storageClassName,
      capacity,
      ...more,
    });
    const items = [place("fast", "100Gi"), place("fast", "40Gi"), place("slow", "2Ti", { maximumVolumeSize: "1Ti" })];
    const printed = JSON.stringify({ kind: "List", items });
    const GiB = 2 ** 30;
    expect(of(printed, "", "json")?.storage).toEqual([
      { class: "fast", free: 140 * GiB, largest: 100 * GiB },
      { class: "slow", free: 2048 * GiB, largest: 1024 * GiB },
    ]);
    expect(compactFacts(printed, "json")).toBe("storage class fast: 140 GiB free\nstorage class slow: 2048 GiB free");
  });

  test("memory, when its unit is sure", () => {
    const share = { memory: { free: 8 * 2 ** 20, total: 16 * 2 ** 20 } };
    expect(of(free("16777216 1 1 1 1 8388608"), "free -b")).toEqual(share);
    expect(of(free("16384 1 1 1 1 8192"), "free")).toEqual(share);
    expect(of(free("16Mi 1 1 1 1 8Mi"), "free -h")).toEqual(share);
    expect(of(free("16384 1 1 1 1 8192"), "ssh x free -t")).toBeUndefined();
  });

  test("disks, GPUs, architectures", () => {
    const df =
      "Filesystem 1024-blocks Used Available Capacity Mounted on\ntmpfs 1 1 1 1% /run\n/dev/sda1 100 50 50 50% /\n/dev/sdb 1 1 1 1% /a b\n";
    expect(of(df)).toEqual({ disks: [{ mount: "/", free: 51_200, total: 102_400 }] });
    const csv = "name, memory.total [MiB], memory.used [MiB]\nA100, 81920 MiB, 4 MiB\nA100, 81920 MiB, 40960 MiB\n";
    expect(of(csv, "", "csv")).toEqual({ gpus: { total: 2, free: 1 } });
    expect(of("aarch64\n")).toEqual({ architecture: "arm64" });
    expect(of(" Operating System: x\n Architecture: x86_64\n")).toEqual({ architecture: "amd64" });
    expect(of('{"Architecture":"x86_64"}', "", "json")).toEqual({ architecture: "amd64" });
    expect(of("Architecture: <script>")).toBeUndefined();
  });
});
