import { Argument } from "commander";
import type { CommandModule } from "../commands.ts";
import { completionScript, type Shell, shells } from "../completion.ts";
import { withExamples } from "../help.ts";
import { createWholeProgram } from "../program.ts";
import { block } from "../text.ts";

export const define: CommandModule["define"] = (command, frame) => {
  withExamples(command, [
    ["memomesh completion bash > ~/.local/share/bash-completion/completions/memomesh", "for bash"],
    ["memomesh completion zsh > ~/.zfunc/_memomesh", "for zsh, with ~/.zfunc in fpath"],
    ["memomesh completion fish > ~/.config/fish/completions/memomesh.fish", "for fish"],
  ])
    .addArgument(new Argument("<shell>", "the shell to complete in").choices(shells))
    .action(async (shell: Shell) => {
      const script = completionScript(await createWholeProgram(frame), shell);
      frame.output.data({ shell, script });
      frame.output.line(block(script));
    });
};
