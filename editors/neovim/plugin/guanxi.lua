-- guanxi in Neovim: turns the language server on and gives the command :Guanxi. All else is loaded when it is needed.

if vim.g.loaded_guanxi then
  return
end
vim.g.loaded_guanxi = true

if vim.fn.has('nvim-0.11') == 0 then
  vim.api.nvim_create_user_command('Guanxi', function()
    vim.notify('guanxi: this plugin needs Neovim 0.11 or later', vim.log.levels.ERROR)
  end, { nargs = '*' })
  return
end

vim.lsp.enable('guanxi')

local group = vim.api.nvim_create_augroup('guanxi', {})

vim.api.nvim_create_autocmd('FileType', {
  group = group,
  pattern = 'markdown',
  desc = 'Says that the server is missing, which Neovim tells only its log',
  callback = function(event)
    if vim.fs.root(event.buf, 'guanxi.yaml') and not require('guanxi.server').installed() then
      vim.notify_once('guanxi: ' .. require('guanxi.server').missing(), vim.log.levels.WARN)
    end
  end,
})

vim.api.nvim_create_autocmd('LspAttach', {
  group = group,
  desc = 'Completion, lenses and hints in a vault',
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if client and client.name == 'guanxi' then
      require('guanxi.attach').attach(client, event.buf)
    end
  end,
})

vim.api.nvim_create_user_command('Guanxi', function(call)
  require('guanxi.command').run(call.fargs)
end, {
  nargs = '*',
  desc = 'Find, list, tag and write to the people of a vault',
  complete = function(word, line)
    return require('guanxi.complete').complete(word, line)
  end,
})

-- Blocks of queries in Markdown, where the old highlighting is used: syntax/guanxi.vim colours them.
local fenced = vim.g.markdown_fenced_languages or {}
if not vim.list_contains(fenced, 'guanxi') then
  vim.g.markdown_fenced_languages = vim.list_extend({ 'guanxi' }, fenced)
end

-- Colours for what the server tells of and Neovim knows no colour for.
for kind, group in pairs({ variable = 'Title', enumMember = 'Tag', class = 'Underlined', macro = 'Special' }) do
  vim.api.nvim_set_hl(0, '@lsp.type.' .. kind .. '.markdown', { link = group, default = true })
end
