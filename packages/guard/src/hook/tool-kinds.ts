/** What a tool of a vendor's program does, as far as the guard has to know it. */
export type ToolKind =
  /** Runs shell text. */
  | "command"
  /** Reads or lists what lies at the paths of its input. */
  | "read"
  /** Makes or replaces the files at these paths. */
  | "write"
  /** Changes parts of a file, and shows what stands around them. */
  | "edit"
  | "patch"
  /** Talks to the person or keeps the agent's own list; starts another agent, whose tools come here too. */
  | "harmless"
  /** Types into a program that runs. */
  | "input"
  | "network"
  /** Writes what agents are told at each start. */
  | "memory";

// Names as the programs use them: Claude Code 2.1.329, Codex 0.169, Gemini CLI 0.61. What is in no list is refused.
const names: Readonly<Record<ToolKind, string>> = {
  command: "Bash exec_command shell local_shell run_shell_command",
  read: "Read NotebookRead Glob Grep LS view_image read_file read_many_files list_directory glob grep_search search_file_content",
  write: "Write write_file",
  edit: "Edit MultiEdit NotebookEdit replace",
  patch: "apply_patch",
  harmless:
    "Task Agent SendMessage TodoWrite TodoRead TaskCreate TaskUpdate TaskList TaskGet TaskOutput TaskStop AgentOutput BashOutput KillShell KillBash AskUserQuestion EnterPlanMode ExitPlanMode ToolSearch StructuredOutput Skill ListMcpResourcesTool update_plan spawn_agent send_input wait_agent close_agent request_user_input tool_search invoke_agent delegate_to_agent codebase_investigator write_todos ask_user enter_plan_mode exit_plan_mode update_topic complete_task activate_skill get_internal_docs list_mcp_resources",
  input: "write_stdin",
  network: "WebFetch WebSearch web_fetch web_search google_web_search",
  memory: "save_memory",
};

const kinds: ReadonlyMap<string, ToolKind> = new Map(
  (Object.keys(names) as ToolKind[]).flatMap((kind) => names[kind].split(" ").map((name) => [name, kind] as const)),
);

export function toolKind(tool: string): ToolKind | undefined {
  return kinds.get(tool);
}

/** The server and tool of a call over MCP: `mcp__memomesh__send_memo`, in Gemini CLI `mcp_memomesh_send_memo`. */
export function mcpServer(tool: string, servers: readonly string[]): string | undefined {
  return servers.find((server) => tool.startsWith(`mcp__${server}__`) || tool.startsWith(`mcp_${server}_`));
}
