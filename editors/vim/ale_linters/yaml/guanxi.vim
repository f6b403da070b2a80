" guanxi as a language server for ALE, inside a vault and nowhere else.

call ale#linter#Define('yaml', {
  \ 'name': 'guanxi',
  \ 'lsp': 'stdio',
  \ 'executable': {_ -> expand(get(g:, 'guanxi_executable', 'guanxi'))},
  \ 'command': '%e lsp',
  \ 'project_root': function('guanxi#root'),
  \ })
