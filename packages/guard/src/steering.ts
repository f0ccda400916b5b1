// Names of files that decide what shells, git or agents do later. The guard raises the risk of writing them, and no
// changeset may hold them.

/** What a folder's agents, hooks and configuration are made of, as one name of a path, in lower case. */
export const steeringNames: ReadonlySet<string> = new Set([
  ...["agents.md", "agents.override.md", "claude.md", "claude.local.md", "gemini.md", "node.yml", "mesh.yml"],
  ...[".claude", ".codex", ".gemini", ".cursor", ".cursorrules", ".windsurfrules", ".mcp.json", ".memomesh"],
  ...[
    "allowed_signers",
    "revoked_keys",
    ".envrc",
    ".husky",
    ".vscode",
    ".devcontainer",
    ".circleci",
    ".aider.conf.yml",
  ],
  ...["qwen.md", "crush.md", "warp.md", "copilot-instructions.md", "opencode.json", "opencode.jsonc", ".opencode"],
  ...[".qwen", ".windsurf", ".clinerules", ".cline", ".roo", ".roomodes", ".continue", ".amazonq", ".junie", ".kiro"],
  ...[".augment", ".trae", ".goosehints", ".rules", ".zed", ".idea", "jenkinsfile", ".travis.yml", ".drone.yml"],
  ...["azure-pipelines.yml", "bitbucket-pipelines.yml", "cloudbuild.yaml", "cloudbuild.yml", "appveyor.yml"],
  ...[".appveyor.yml", ".woodpecker", ".woodpecker.yml", ".woodpecker.yaml", ".buildkite", ".forgejo", ".semaphore"],
  ...[
    "agent.md",
    ".agents",
    ".claude.json",
    ".aiassistant",
    ".augment-guidelines",
    ".factory",
    ".crush.json",
    "crush.json",
  ],
  ...[".openhands", ".devcontainer.json", ".tekton", "mise.toml", ".mise.toml", "mise.local.toml", ".mise.local.toml"],
  ...["lefthook-local.yml", "lefthook-local.yaml", ".lefthook-local.yml", ".lefthook-local.yaml"],
  ...[".pre-commit-config.yaml", "lefthook.yml", "lefthook.yaml", ".lefthook.yml", ".lefthook.yaml"],
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

/** Of all that begins with `.git`, what only says which files git leaves alone. A session that makes a file for secrets needs it. */
const harmlessGit = new Set([".gitignore", ".gitkeep"]);

/**
 * One spelling for all names that some file system takes for the same: without regard to case, wide letters or other
 * forms of one letter, dots and spaces at the end, and streams behind a colon.
 */
export function foldName(name: string): string {
  const folded = name.normalize("NFKC").toUpperCase().toLowerCase();
  return folded.replace(/(?<=.):.*$/s, "").replace(/(?<=[^. ])[. ]+$/, "");
}

/** The second name that some file systems give to one that is long or begins with a dot, without its number: `CLAUDE~`. */
function shortName(name: string): string {
  const [, base = "", extension = ""] = /^\.*(.+?)(?:\.([^.]*))?$/.exec(name) ?? [];
  const short = `${base.replace(/[. ]/g, "").slice(0, 6)}~`;
  return extension === "" ? short : `${short}.${extension.slice(0, 3)}`;
}

const shortNames: ReadonlySet<string> = new Set(
  [...steeringNames, ".git", ".github", ".gitattributes", ".gitmodules"].map(shortName),
);

/** Whether this name in a path belongs to what steers agents, git or the mesh. */
export function steersAgents(name: string): boolean {
  const folded = foldName(name);
  return (
    steeringNames.has(folded) ||
    (folded.startsWith(".git") && !harmlessGit.has(folded)) ||
    (/~\d/.test(folded) && shortNames.has(folded.replace(/~\d+/, "~")))
  );
}

/** Of what git's hosts read, that which a person may be asked to change. */
const hosting = new Set([".github", ".gitlab", ".gitlab-ci.yml", ".gitea"]);

/**
 * Whether this is the plain name of something that steers agents and that people change in their own projects. What is
 * spelled in another way, what git itself obeys and what the mesh keeps for itself are not.
 */
export function isDecidedByPeople(name: string): boolean {
  const plain = name.toLowerCase();
  return (steeringNames.has(plain) && plain !== ".memomesh") || hosting.has(plain);
}

/** Whether this name in a path belongs to what is run or read at a later start of a shell or a program. */
export function steersPrograms(name: string): boolean {
  return startNames.has(foldName(name)) || steersAgents(name);
}
