//! `bgsim completions`: a script that makes a shell complete the command line.

use super::{Cli, End, Fault, print};
use clap::CommandFactory;
use clap_complete::Shell;

#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  bgsim completions bash > ~/.local/share/bash-completion/completions/bgsim
  bgsim completions zsh > ~/.zfunc/_bgsim
  bgsim completions fish > ~/.config/fish/completions/bgsim.fish")]
pub(crate) struct Args {
    /// For which shell.
    shell: Shell,
}

pub(crate) fn run(args: &Args) -> Result<End, Fault> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "bgsim", &mut script);
    print(script)
}
