import { describe, expect, it } from "vitest";
import { parseMeshConfig } from "../src/index.ts";

const target = (text: string) => parseMeshConfig(`targets:\n  web: { ${text} }\n`, "mesh.yml").targets.web;
const host = "kind: ssh, host: web.example.com, user: deploy, path: /srv/www, knownHosts: ./known_hosts";

describe("a target", () => {
  it("is a folder of this machine when it does not say what it is", () => {
    expect(target("path: ./site")).toEqual({ kind: "local", path: "./site", production: false, env: {} });
  });

  it("is a host with a pinned key, port 22 unless it says another", () => {
    const more = "jump: ops@bastion.example.com:2222, identity: ~/.ssh/deploy, approvals: 2";
    expect(target(`${host}, ${more}`)).toEqual({
      kind: "ssh",
      host: "web.example.com",
      user: "deploy",
      port: 22,
      path: "/srv/www",
      knownHosts: "./known_hosts",
      jump: "ops@bastion.example.com:2222",
      identity: "~/.ssh/deploy",
      approvals: 2,
      production: false,
      env: {},
    });
  });

  it("is a group that has from its members what they are", () => {
    const hosts = "a: { path: /a }\n  b: { path: /b, production: true }";
    const { targets } = parseMeshConfig(`targets:\n  all: { kind: group, members: [a, b] }\n  ${hosts}\n`, "mesh.yml");
    expect(targets.all).toEqual({
      kind: "group",
      members: ["a", "b"],
      order: "canary",
      path: "",
      production: true,
      env: {},
    });
  });

  it.each([["nobody"], ["all"], ["a, a"]])("is no group of [%s]", (members) => {
    const source = `targets:\n  a: { path: /a }\n  all: { kind: group, members: [${members}] }\n`;
    expect(() => parseMeshConfig(source, "mesh.yml")).toThrow(/mesh.yml:3: the group "all" cannot have the member/);
  });

  it.each([
    ["kind: ssh, host: web, user: deploy, path: /srv", "knownHosts"],
    [host.replace("/srv/www", "www"), "absolute path"],
    [host.replace("web.example.com", '"-oProxyCommand=x"'), "host"],
    [host.replace("web.example.com", '"a b"'), "host"],
    [host.replace("user: deploy", 'user: "$(id)"'), "user"],
    [`${host}, jump: "x -oProxyCommand=y"`, "jump"],
    [`${host}, identity: "a\\"b"`, "identity"],
    [host.replace("./known_hosts", '"%h/known_hosts"'), "knownHosts"],
    [`${host}, port: 70000`, "port"],
    ["kind: docker, path: /srv", "local, ssh or group"],
    ["path: /srv, host: web", "host"],
  ])("is refused: %s", (text, named) => {
    expect(() => target(text)).toThrow(named);
  });
});
