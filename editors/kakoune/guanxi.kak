# guanxi in Kakoune, through kak-lsp: to be sourced in kakrc behind kak-lsp's own line. The server is started for the Markdown of a
# vault, a folder that holds guanxi.yaml, and for no other.

declare-option -docstring 'the program that is the language server' str guanxi_command guanxi

define-command -hidden guanxi-start %{
    evaluate-commands %sh{
        folder=${kak_buffile%/*}
        while [ -n "$folder" ] && [ ! -e "$folder/guanxi.yaml" ]; do folder=${folder%/*}; done
        [ -e "$folder/guanxi.yaml" ] || exit 0
        printf '%s\n' 'set-option buffer lsp_servers %{
            [guanxi]
            root_globs = ["guanxi.yaml"]
            command = "'"$kak_opt_guanxi_command"'"
            args = ["lsp"]
        }' 'set-option buffer guanxi_here true'
    }
}

declare-option -hidden bool guanxi_here false

# kak-lsp's own suggestion for Markdown would start another server instead.
remove-hooks global lsp-filetype-markdown
hook -group guanxi global BufSetOption filetype=markdown guanxi-start
hook -group guanxi global WinSetOption filetype=markdown %{
    evaluate-commands %sh{ [ "$kak_opt_guanxi_here" = true ] && echo lsp-enable-window }
}
