//! `bgsim completions`: a script that makes a shell complete the command line.

use super::{End, Fault, NAME, print};
use clap_complete::Shell;
use clap_complete::env::Shells;

#[derive(clap::Args)]
#[command(after_help = "\
The script asks the program itself, so it knows what this version knows: verbs and options, scenarios (the bundled
ones, and files that end in .toml), keys behind --set and --vary with the names of their values, and figures.

Examples:
  bgsim completions bash > ~/.local/share/bash-completion/completions/bgsim
  bgsim completions zsh > ~/.zfunc/_bgsim
  bgsim completions fish > ~/.config/fish/completions/bgsim.fish")]
pub(crate) struct Args {
    /// For which shell.
    shell: Shell,
}

/// The words of bash end at `=` and `:`; here they are put together again, and what stands before the last of these
/// signs is left out of the answers, as bash wants it.
const BASH: &str = r#"_bgsim() {
    local IFS=$'\013' words=() n=-1 open= i word
    for ((i = 0; i <= COMP_CWORD; i++)); do
        word=${COMP_WORDS[i]}
        if [[ $n -ge 0 && ( -n $open || $word == [=:]* ) ]]; then words[n]+=$word; else words[++n]=$word; fi
        if [[ $word == *[=:] ]]; then open=1; else open=; fi
    done
    COMPREPLY=( $(COMPLETE=bash _CLAP_IFS="$IFS" _CLAP_COMPLETE_INDEX=$n "${words[0]}" -- "${words[@]}" 2>/dev/null) )
    local before=${words[n]%"${words[n]##*[=:]}"}
    COMPREPLY=( "${COMPREPLY[@]#"$before"}" )
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=/:] ]]; then compopt -o nospace 2>/dev/null; fi
}
complete -o bashdefault -F _bgsim bgsim
"#;

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    let name = args.shell.to_string();
    let mut script = Vec::new();
    match Shells::builtins().completer(&name) {
        _ if args.shell == Shell::Bash => script.extend(BASH.bytes()),
        Some(shell) => shell.write_registration("COMPLETE", NAME, NAME, NAME, &mut script)?,
        None => return Err(format!("{name} cannot be asked to complete").into()),
    }
    print(script)
}
