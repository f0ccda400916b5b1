import type { AgentConfig } from "@memomesh/core";
import * as z from "zod";
import { configError, keyOptions, modelOptions, readOptions } from "../providers/config.ts";

const { provider, tier, local, role, model, baseUrl, prices } = modelOptions;
const words = z.string().min(1);
const address = "a host and its port, such as registry.npmjs.org:443";
const common = {
  ...{ provider, tier, local, role, model, prices, ...keyOptions },
  /** Hosts that the program may reach from its sandbox, besides that of its model. */
  hosts: z.array(z.string(address).regex(/^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?:\d{1,5}$/, address)).optional(),
  /** Files and folders that the sandbox shows besides the system's, to be read; absolute, or from the home folder. */
  reads: z.array(z.string().regex(/^~?\/(?!$)/, "an absolute path, or one that begins with ~/")).default([]),
};

/**
 * What mesh.yml may say of an agent that is a vendor's program.
 *
 * A session gives the program a home folder of its own, so that no settings, hooks, servers or logins of the person's own
 * reach it. It works with a key: the one that `keyCommand` prints, or that of the variable `keyEnv`, or, when neither is
 * given, that of the vendor's usual variable. With a `baseUrl` the vendor's usual variable is not looked at: its key is
 * for the vendor only. A subscription to Claude works through the variable CLAUDE_CODE_OAUTH_TOKEN, whose value
 * `claude setup-token` prints. The program and the commands it runs can read the key; use one that can be replaced.
 */
const vendorOptions = z.strictObject({
  ...common,
  baseUrl,
  /** Name of the program in PATH, or its absolute path. */
  program: words
    .refine((text) => text.startsWith("/") || !text.includes("/"), "a name in PATH, or an absolute path")
    .optional(),
  /** Arguments behind our own. */
  args: z.array(words).default([]),
});

/** The same for any other program; it gets the key in the variable `keyEnv`. */
const commandOptions = z.strictObject({
  ...common,
  /** The program and its arguments; `{prompt}` and `{folder}` stand for what the session is about and for where it works. */
  command: z.array(words, "a list such as [aider, --message, {prompt}]").min(1, "a list such as [my-agent, --yes]"),
});

/** What all programs have in common. `program` and `args` are what is started. */
export type ProgramOptions = Omit<z.infer<typeof vendorOptions>, "provider">;

/**
 * @param config whose provider is one of the four
 * @throws MeshError `agent.config`
 */
export function readProgramOptions(name: string, config: AgentConfig): ProgramOptions {
  return config.provider === "command" ? readCommandOptions(name, config) : readOptions(name, config, vendorOptions);
}

function readCommandOptions(name: string, config: AgentConfig): ProgramOptions {
  const { command, ...options } = readOptions(name, config, commandOptions);
  const [program = "", ...args] = command;
  if (options.keyCommand !== undefined && options.keyEnv === undefined) {
    throw configError(name, "keyCommand needs keyEnv beside it: the variable in which the program expects the key.");
  }
  return { ...options, program, args };
}
