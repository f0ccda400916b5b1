import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Changeset } from "@memomesh/core";
import { parseRunbook } from "@memomesh/core/markdown";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { deployment, memo, TestMesh } from "./session.ts";

const facts = `app: shop
version: 1.4.2
target: staging
artifact: { kind: image, image: "ghcr.io/example/shop:1.4.2" }
port: 8080
domain: shop.example.com
env: [DATABASE_URL, SESSION_SECRET]
needs: [postgres]
resources: { memory: 256Mi, cpus: 0.5 }
verify: [{ http: "http://127.0.0.1:8080/healthz", expect: 200 }]`;

function fileOf({ files }: Changeset, path: string): string {
  const found = files.find((file) => file.path === path)?.content;
  if (typeof found !== "string") throw new Error(`${path} is not among ${files.map((file) => file.path).join(", ")}`);
  return found;
}

function prepared({ outcome }: Changeset) {
  if (outcome.kind !== "prepared") throw new Error(`${outcome.kind}: ${outcome.notes}`);
  return { ...outcome, book: parseRunbook(outcome.runbook.source, outcome.runbook.path) };
}

describe("an image", () => {
  test("becomes a Compose file with everything that a service must have", async () => {
    const changeset = await new TestMesh().work(deployment(facts));
    expect(parse(fileOf(changeset, "services/shop/compose.yaml"))).toEqual({
      name: "shop",
      "x-release": "2026-11-21-1.4.2-mem01",
      services: {
        shop: {
          image: "ghcr.io/example/shop:1.4.2",
          env_file: ["./shop.env"],
          ports: ["127.0.0.1:8080:8080"],
          healthcheck: {
            test: ["CMD-SHELL", expect.stringContaining("http://127.0.0.1:8080/healthz")],
            interval: "10s",
            timeout: "5s",
            retries: 6,
            start_period: "20s",
          },
          deploy: { resources: { limits: { memory: "256M", cpus: "0.5" } } },
          restart: "unless-stopped",
        },
      },
    });
  });

  test("names its variables and never holds a value of one", async () => {
    const changeset = await new TestMesh().work(deployment(facts));
    expect(fileOf(changeset, "services/shop/shop.env.example")).toMatch(/^#.*\nDATABASE_URL=\nSESSION_SECRET=\n$/);
    expect(fileOf(changeset, "services/shop/.gitignore")).toBe("/shop.env\n");
  });

  test("gets a site block for its domain", async () => {
    const block = fileOf(await new TestMesh().work(deployment(facts)), "services/shop/Caddyfile");
    expect(block).toContain("shop.example.com {\n\tencode zstd gzip\n\treverse_proxy 127.0.0.1:8080\n}");
  });

  test("is brought up by a runbook that keeps, places, switches and verifies, with a way back from each", async () => {
    const { book } = prepared(await new TestMesh().work(deployment(facts)));
    expect(book.steps.map(({ title }) => title)).toEqual([
      "See what is there",
      "See that every variable has a value",
      "Keep the previous release",
      "Put the Compose file of 1.4.2 in place",
      "Fetch the images",
      "Switch to 1.4.2",
      "Serve shop.example.com",
      "Verify",
    ]);
    for (const { run, check, undo, prose, title } of book.steps) {
      for (const fence of [run, check, undo])
        if (fence) expect(spawnSync("bash", ["-n", "-c", fence.text]).status, title).toBe(0);
      if (run && !/^Changes nothing\b/.test(prose)) expect([title, check, undo]).not.toContain(undefined);
    }
    expect(book.steps.find(({ title }) => title === "Switch to 1.4.2")?.risk).toBe("high");
  });

  test("says what it was not told", async () => {
    const { unknown } = prepared(await new TestMesh().work(deployment(facts)));
    expect(unknown.join("\n")).toMatch(/Where `postgres` runs/);
    expect(unknown.join("\n")).toMatch(/pinned by tag, not by digest/);
    expect(unknown.join("\n")).not.toMatch(/memory and CPU/);
  });

  test("gets limits that are called an assumption when none were told", async () => {
    const changeset = await new TestMesh().work(deployment(facts.replace(/^resources.*$/m, "")));
    expect(parse(fileOf(changeset, "services/shop/compose.yaml")).services.shop.deploy.resources.limits).toEqual({
      memory: "256M",
      cpus: "0.5",
    });
    expect(prepared(changeset).unknown.join("\n")).toMatch(/How much memory and CPU shop needs/);
  });

  test("never publishes the port of a database", async () => {
    const database = facts
      .replace(/^artifact.*$/m, 'artifact: { kind: image, image: "postgres:17.2" }')
      .replace("port: 8080", "port: 5432");
    const changeset = await new TestMesh().work(deployment(database));
    expect(fileOf(changeset, "services/shop/compose.yaml")).not.toContain("ports:");
  });

  test.each(["ghcr.io/example/shop:latest", "shop:1.4.2;reboot", "-v/etc:/etc"])(
    "is not deployed as %s",
    async (image) => {
      const changeset = await new TestMesh().work(deployment(facts.replace("ghcr.io/example/shop:1.4.2", image)));
      expect(changeset.outcome.kind).toBe("asked");
      expect(changeset.files).toEqual([]);
    },
  );

  test("takes its version for a missing tag, and says so", async () => {
    const changeset = await new TestMesh().work(deployment(facts.replace("example/shop:1.4.2", "example/shop")));
    expect(parse(fileOf(changeset, "services/shop/compose.yaml")).services.shop.image).toBe(
      "ghcr.io/example/shop:1.4.2",
    );
    expect(prepared(changeset).unknown[0]).toMatch(/Which tag/);
  });

  test("changes only what the memo says in a Compose file that a person has edited", async () => {
    const mesh = new TestMesh();
    mesh.apply(await mesh.work(deployment(facts)));
    const path = "projects/sysadmin/services/shop/compose.yaml";
    mesh.write(
      path,
      mesh
        .read(path)
        .replace(
          "    restart: unless-stopped\n",
          "    restart: always # the box reboots at night\n    read_only: true\n",
        ),
    );
    const next = await mesh.work(deployment(facts.replaceAll("1.4.2", "1.5.0").replace("256Mi", "512M")));
    expect(fileOf(next, "services/shop/compose.yaml")).toBe(
      mesh.read(path).replaceAll("1.4.2", "1.5.0").replace("256M", "512M"),
    );
    expect(Object.keys(next.base)).toContain("services/shop/compose.yaml");
  });

  test("leaves a Caddyfile alone that a person wrote", async () => {
    const mesh = new TestMesh();
    mesh.write("projects/sysadmin/services/shop/Caddyfile", "shop.example.com {\n\trespond hello\n}\n");
    const changeset = await mesh.work(deployment(facts));
    expect(changeset.files.map(({ path }) => path)).not.toContain("services/shop/Caddyfile");
    expect(prepared(changeset).unknown.join("\n")).toMatch(/written by hand and was left as it is/);
  });

  test("goes up, fails its check and comes back, with Docker's answers played", async () => {
    const mesh = new TestMesh();
    const site = join(mesh.root, "targets/staging");
    mkdirSync(site, { recursive: true });
    mesh.write(
      "bin/docker",
      '#!/bin/sh\necho "$*" >> "$SITE/calls"\ncase "$*" in *inspect*) cat "$SITE/health" 2>/dev/null || echo healthy;; *"ps -q"*) echo c0ffee;; esac\n',
    );
    mesh.write("bin/sleep", "#!/bin/sh\n");
    for (const name of ["docker", "sleep"]) chmodSync(join(mesh.root, "bin", name), 0o755);
    const bash = (text: string | undefined) =>
      spawnSync("bash", ["-p", "-e", "-u", "-o", "pipefail", "-c", text ?? "exit 9"], {
        cwd: site,
        env: { PATH: `${join(mesh.root, "bin")}:/usr/bin:/bin`, MESH: mesh.root, SITE: site },
        stdio: ["ignore", "pipe", "pipe"],
      }).status;
    const deploy = async (version: string) => {
      const changeset = await mesh.work(
        deployment(facts.replaceAll("1.4.2", version).replace(/^(?:domain|verify).*\n?/gm, "")),
      );
      mesh.apply(changeset);
      return prepared(changeset).book.steps.filter(({ run }) => run !== undefined);
    };
    mesh.write("targets/staging/shop/shop.env", "DATABASE_URL=x\n");
    const first = await deploy("1.4.2");
    expect(bash(first[1]?.run?.text)).toBe(1);
    mesh.write("targets/staging/shop/shop.env", "DATABASE_URL=x\nSESSION_SECRET=y\n");
    for (const { run, check, title } of first)
      expect([title, bash(run?.text), check === undefined ? 0 : bash(check.text)]).toEqual([title, 0, 0]);
    const running = () => mesh.read("targets/staging/shop/compose.yaml");
    expect(running()).toContain("shop:1.4.2");

    const second = await deploy("1.5.0");
    mesh.write("targets/staging/health", "unhealthy\n");
    const switching = second.findIndex(({ title }) => title.startsWith("Switch"));
    for (const { run, check, title } of second.slice(0, switching))
      expect([title, bash(run?.text), check === undefined ? 0 : bash(check.text)]).toEqual([title, 0, 0]);
    expect(bash(second[switching]?.run?.text)).toBe(0);
    expect(running()).toContain("shop:1.5.0");
    expect(bash(second[switching]?.check?.text)).toBe(1);
    for (const { undo, title } of second.slice(0, switching + 1).toReversed())
      if (undo) expect([title, bash(undo.text)]).toEqual([title, 0]);
    expect(running()).toContain("shop:1.4.2");
    expect(mesh.read("targets/staging/calls").trim().split("\n").at(-2)).toBe("compose -f shop/compose.yaml up -d");
    expect(existsSync(join(site, "shop/compose.next.yaml"))).toBe(false);
  });

  test("is rolled back to the Compose file that was kept", async () => {
    const mesh = new TestMesh();
    mesh.apply(await mesh.work(deployment(facts)));
    const { book, done } = prepared(
      await mesh.work(
        deployment("app: shop\ntarget: staging\nrollback: true", {
          more: "## Action items\n- [ ] Prepare the rollback\n- [ ] Roll back",
        }),
      ),
    );
    expect(book.title).toBe("Roll back shop on staging");
    expect(book.steps.map(({ title }) => title)).toEqual([
      "See what is there",
      "Keep the release that is left",
      "Switch back to the previous release",
    ]);
    expect(done).toEqual([0]);
  });
});

describe("a Compose file of the developer", () => {
  const source = `# the shop
services:
  web:
    image: ghcr.io/example/shop:1.4.2
    ports: ["127.0.0.1:8080:8080"]
    healthcheck: { test: [CMD, /healthy] }
  db:
    image: postgres:17.2 # as in production
    restart: always
    ports: ["5432:5432"]
    environment: { POSTGRES_PASSWORD: "\${POSTGRES_PASSWORD:?}" }
    volumes: ["data:/var/lib/postgresql/data"]
volumes: { data: {} }
`;
  const adopting = facts.replace(/^artifact.*$/m, "artifact: { kind: compose, path: deploy/compose.yaml }");

  async function adopt(text: string): Promise<Changeset> {
    const mesh = new TestMesh();
    mesh.write("projects/developer/deploy/compose.yaml", text);
    return mesh.work(deployment(adopting));
  }

  test("is taken over with limits, restart policies and no published database port", async () => {
    const text = fileOf(await adopt(source), "services/shop/compose.yaml");
    const { web, db } = parse(text).services;
    expect(text).toContain("# as in production");
    expect([web.restart, db.restart]).toEqual(["unless-stopped", "always"]);
    expect([web.ports, db.ports]).toEqual([["127.0.0.1:8080:8080"], undefined]);
    for (const service of [web, db]) expect(service.deploy.resources.limits).toEqual({ memory: "256M", cpus: "0.5" });
  });

  test.each([
    [
      "a value of a secret",
      source.replace(/"\$\{POSTGRES_PASSWORD:\?\}"/, "hunter2"),
      /holds a value for `POSTGRES_PASSWORD`/,
    ],
    ["an image that moves", source.replace("shop:1.4.2", "shop:latest"), /not pinned/],
    ["the whole host", source.replace("    restart: always", "    privileged: true"), /privileged/],
    [
      "the socket of Docker",
      source.replace("data:/var/lib/postgresql/data", "/var/run/docker.sock:/s"),
      /socket of Docker/,
    ],
    [
      "a bomb of aliases",
      `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n${source}`,
      /aliases/,
    ],
  ])("goes back to the developer when it asks for %s", async (_, text, reason) => {
    const { outcome, files } = await adopt(text);
    expect(outcome.kind).toBe("asked");
    expect(outcome.kind === "asked" && outcome.question.body).toMatch(reason);
    expect(JSON.stringify(outcome)).not.toContain("hunter2");
    expect(files).toEqual([]);
  });
});

describe("migrations", () => {
  test("come in the order of their numbers, after a backup and before the switch, by hand", async () => {
    const mesh = new TestMesh();
    for (const name of ["10_prices.sql", "2_orders.sql", "1_init.sql", "seed.sql"])
      mesh.write(`projects/developer/db/${name}`, "select 1;\n");
    const both = facts.replace(
      /^artifact.*$/m,
      'artifact: [{ kind: migration, path: db }, { kind: image, image: "shop:1.4.2" }]',
    );
    const changeset = await mesh.work(deployment(both));
    const order = fileOf(changeset, "services/shop/migrations.md").match(/`[^`]+\.sql`/g);
    expect(order).toEqual(["`1_init.sql`", "`2_orders.sql`", "`10_prices.sql`", "`seed.sql`"]);
    const { book, unknown } = prepared(changeset);
    const titles = book.steps.map(({ title }) => title);
    const [backup, migrate, switching] = [
      "Back up the data of shop",
      "Run the migrations for 1.4.2",
      "Switch to 1.4.2",
    ].map((title) => titles.indexOf(title));
    expect([backup, migrate]).toEqual([(switching ?? 0) - 2, (switching ?? 0) - 1]);
    expect(book.steps[migrate ?? 0]?.run).toBeUndefined();
    expect(unknown.join("\n")).toMatch(/`seed.sql` have to run/);
  });
});

test("a memo that asks for nothing of this is no deployment", async () => {
  const { outcome } = await new TestMesh().work(memo("Please look at the logs", "They are long.", { type: "ask" }));
  expect(outcome.kind === "asked" && outcome.question.to).toEqual(["operator"]);
});
