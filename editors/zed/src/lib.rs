//! guanxi in Zed: says how the server is started. It is the `guanxi` on the path of the project's shell, or the one that the settings
//! name under `lsp.guanxi.binary`; nothing is downloaded.

use zed_extension_api::settings::LspSettings;
use zed_extension_api::{self as zed, Command, LanguageServerId, Result, Worktree};

struct Guanxi;

impl zed::Extension for Guanxi {
    fn new() -> Self {
        Self
    }

    fn language_server_command(&mut self, server: &LanguageServerId, worktree: &Worktree) -> Result<Command> {
        // Other Markdown is nobody's business.
        if worktree.read_text_file("guanxi.yaml").is_err() {
            return Err("no vault: this folder has no guanxi.yaml".to_owned());
        }
        let named = LspSettings::for_worktree(server.as_ref(), worktree).ok().and_then(|settings| settings.binary);
        let (path, arguments) = named.map_or((None, None), |binary| (binary.path, binary.arguments));
        let command = path.or_else(|| worktree.which("guanxi")).ok_or(
            "guanxi is not on the path: `cargo install --path .` in its repository, or name it under lsp.guanxi.binary.path",
        )?;
        Ok(Command { command, args: arguments.unwrap_or_else(|| vec!["lsp".to_owned()]), env: worktree.shell_env() })
    }
}

zed::register_extension!(Guanxi);
