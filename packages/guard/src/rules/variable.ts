import type { Risk } from "@memomesh/core";
import { type Call, finding, touches } from "../call.ts";
import type { Effect, Finding, Place } from "../classification.ts";
import { type Argument, textOf } from "../shell/argument.ts";

/**
 * Variables that say which code runs: what a program's name means, what is loaded into it or started by it, and which
 * file of settings, which may name programs, it obeys.
 */
const loading = new RegExp(
  `^(?:${[
    // The loader, the shell and the C library.
    String.raw`PATH|LD_\w+|DYLD_\w+|BASH_ENV|ENV|SHELLOPTS|BASHOPTS|CDPATH|SHELL|BASH_FUNC_.*|ZDOTDIR|FPATH|INPUTRC`,
    String.raw`GCONV_PATH|LOCPATH|GLIBC_TUNABLES|TERMINFO|OPENSSL_\w+|GTK\w*_MODULES|QT_PLUGIN_PATH`,
    // Languages and their build tools.
    String.raw`NODE_OPTIONS|NODE_PATH|(?:npm_config|NPM_CONFIG)_\w+|YARN_(?!CACHE)\w+|PYTHON\w+|PIP_(?:CONFIG_FILE|\w*INDEX_URL|TARGET|PREFIX)`,
    String.raw`PERL5\w*|PERLLIB|RUBYOPT|RUBYLIB|GEM_\w+|BUNDLE_\w+|LUA_\w+|PHPRC|PHP_INI_SCAN_DIR|JULIA_\w+|R_(?:PROFILE|ENVIRON|LIBS)\w*`,
    String.raw`ERL_\w+|ELIXIR_ERL_OPTIONS|DOTNET_STARTUP_HOOKS|CORECLR_\w+|JAVA_TOOL_OPTIONS|_JAVA_OPTIONS|JDK_JAVA_OPTIONS`,
    String.raw`(?:MAVEN|GRADLE|SBT|ANT|JAVA)_OPTS|GOFLAGS|RUSTC\w*|CARGO_(?:HOME|ALIAS_\w+|BUILD_RUSTC\w*|TARGET_\w+)|MAKEFILES|GCC_EXEC_PREFIX|COMPILER_PATH|AWK(?:LIB)?PATH`,
    // Programs with settings of their own.
    String.raw`GIT_(?:CONFIG\w*|DIR|WORK_TREE|EXEC_PATH|TEMPLATE_DIR|ALTERNATE\w*)|PAGER_OPTIONS|LESS|LESSKEY\w*|MANOPT|MANPATH|VIMINIT|EXINIT|VIMRUNTIME`,
    String.raw`WGETRC|CURL_HOME|RIPGREP_CONFIG_PATH|ACKRC|BAT_CONFIG_PATH|FZF_DEFAULT_\w+|PSQLRC|HELM_PLUGINS|AWS_CONFIG_FILE|DOCKER_CONFIG`,
    String.raw`ANSIBLE_(?:CONFIG|LIBRARY|ROLES_PATH|\w*PLUGINS\w*|MODULE_UTILS|PYTHON_INTERPRETER|SSH_\w+)`,
  ].join("|")})$`,
);
/** Variables of which the value is run as a command. */
const commands =
  /^(?:PAGER|\w+_PAGER|MANPAGER|EDITOR|VISUAL|\w+_EDITOR|BROWSER|LESSOPEN|LESSCLOSE|GIT_SSH|GIT_SSH_COMMAND|GIT_EXTERNAL_DIFF|KUBECTL_EXTERNAL_DIFF|GIT_PROXY_COMMAND|GIT_ASKPASS|SSH_ASKPASS|SUDO_ASKPASS|RSYNC_RSH|RSYNC_CONNECT_PROG|CVS_RSH|PYTHONBREAKPOINT|TAR_OPTIONS|CC|CXX|MAKEFLAGS|GNUMAKEFLAGS|PROMPT_COMMAND)$/;
/** Variables that say which machine is meant. */
const hosts =
  /^(?:KUBECONFIG|DOCKER_HOST|DOCKER_CONTEXT|AWS_PROFILE|ANSIBLE_\w+|TF_\w+|HTTPS?_PROXY|ALL_PROXY|https?_proxy|all_proxy)$/;
/** What the shell prints before a line, after it has run what stands there in `$(…)`. */
const prompts = /^PS[0124]$/;
/** Variables that name a file into which something is written. */
const written =
  /^(?:GIT_TRACE\w*|HISTFILE|\w+_HISTFILE|\w+_HISTORY|LESSHISTFILE|SSLKEYLOGFILE|LLVM_PROFILE_FILE|GMON_OUT_PREFIX)$/;
const places = /^(?:HOME|SITE|MESH|TMPDIR|XDG_\w+|IFS)$/;

/** Whether bash, when it takes the text for arithmetic, runs a command in it: `x='a[$(rm y)]'; echo $((x))`. */
export function holdsCommand(text: string): boolean {
  const index = text.indexOf("[");
  return index >= 0 && /\$\(|`/.test(text.slice(index));
}

/** What it means that a variable is set. @param value undefined: not known */
export function variableFindings(
  name: string,
  value: Argument | undefined,
  call: Call,
  place: Place,
): readonly Finding[] {
  const text = value && textOf(value);
  const says = (risk: Risk, effects: readonly Effect[], does: string): Finding[] => [
    finding({ ...call, name }, risk, effects, does, place),
  ];
  const started = () => (value === undefined ? [] : call.into.text(value, call, true));
  if (commands.test(name)) {
    // The usual ways to say that no program is wanted.
    if (text !== undefined && /^(?:cat|true|:)?$/.test(text)) return [];
    return [...says("high", ["unknown"], "names a program that will be run"), ...started()];
  }
  if (prompts.test(name)) {
    if (text !== undefined && !/\$\(|`/.test(text)) return [];
    return [...says("high", ["unknown"], "holds a command that the shell runs before each line"), ...started()];
  }
  // Letters that only say how less looks; others have it write files or run what a key file says.
  if (name === "LESS" && text !== undefined && /^-?[EFKMNRSXei]*$/.test(text)) return [];
  if (loading.test(name)) return says("high", ["unknown"], "decides which code runs");
  if (written.test(name))
    return value === undefined
      ? says("medium", ["write", "unknown"], "names a file that is written")
      : touches({ ...call, name }, "write", value);
  if (hosts.test(name)) return says("medium", ["unknown"], "decides which machine is meant");
  if (text !== undefined && holdsCommand(text))
    return says("high", ["unknown"], "holds a command that arithmetic would run");
  return places.test(name) && text !== "" ? says("medium", [], "changes what the rest of the text means") : [];
}
