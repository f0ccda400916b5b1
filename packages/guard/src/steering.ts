// Names of files that decide what shells, git or agents do later. The guard raises the risk of writing them, and no
// changeset may hold them.

/** What a folder's agents, hooks and configuration are made of, as one name of a path, in lower case. */
const agentNames = new Set([
  ...["agents.md", "agents.override.md", "claude.md", "claude.local.md", "gemini.md", "node.yml", "mesh.yml"],
  ...[".claude", ".codex", ".gemini", ".cursor", ".cursorrules", ".windsurfrules", ".mcp.json", ".memomesh"],
  ...[".envrc", ".husky", ".vscode", ".devcontainer", ".circleci", ".aider.conf.yml"],
]);

/** What shells and programs read from a home folder or a repository when they start, in lower case. */
const startNames = new Set([
  ...[".bashrc", ".bash_profile", ".bash_login", ".bash_logout", ".bash_aliases", ".profile", ".inputrc"],
  ...[".zshrc", ".zshenv", ".zprofile", ".zlogin", ".zlogout", ".kshrc", ".cshrc", ".tcshrc", ".login"],
  ...[".vimrc", ".exrc", ".nvimrc", ".emacs", ".emacs.d", ".nanorc", ".tmux.conf", ".screenrc", ".lesskey"],
  ...[".ssh", ".gnupg", ".aws", ".kube", ".docker", ".config", ".local", ".netrc", ".npmrc", ".yarnrc", ".pypirc"],
  ...[".pgpass", ".psqlrc", ".my.cnf", ".pam_environment", ".xinitrc", ".xprofile", ".xsession", ".forward", ".rhosts"],
  ...[".terraformrc", ".ansible.cfg", "ansible.cfg", ".curlrc", ".wgetrc", ".condarc", ".gdbinit", ".direnvrc"],
]);

/** One spelling for names that a file system without case takes for the same. */
export function foldName(name: string): string {
  return name.normalize("NFC").toUpperCase().toLowerCase();
}

/** Whether this name in a path belongs to what steers agents or git. */
export function steersAgents(name: string): boolean {
  const folded = foldName(name);
  return agentNames.has(folded) || folded.startsWith(".git") || /^git~\d+$/.test(folded);
}

/** Whether this name in a path belongs to what is run or read at a later start of a shell or a program. */
export function steersPrograms(name: string): boolean {
  return startNames.has(foldName(name)) || steersAgents(name);
}
