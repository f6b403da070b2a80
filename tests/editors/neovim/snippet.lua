-- Without the plugin: what docs/editor.md tells to write into init.lua, which stands there now, is enough.

package.path = vim.fs.dirname(arg[0]) .. '/?.lua;' .. package.path
local nvim = require('harness').start({ 'contacts/clients/kittykat123.md' })
nvim:served()
nvim:holds('no plugin is there', nvim:lua([[return vim.fn.exists(':Guanxi')]]) == 0)
nvim:wait('lenses', [[return #vim.lsp.codelens.get(0) > 0 and vim.lsp.codelens.get(0)[1].command.title == '6 links here']])
nvim:wait('hints', [[return vim.lsp.inlay_hint.is_enabled({ bufnr = 0 })]])
nvim:keys('/^tags:<CR>f]i, ')
nvim:wait('tags are offered', [[return vim.fn.pumvisible() == 1]])
nvim:keys('bost')
nvim:chooses('boston')
nvim:keys('<C-y>')
nvim:shows('tags: [lead, new-york, event/ces-2026, boston]')
nvim:keys('<Esc>/^alias:<CR>dd')
nvim:wait('what is wrong is marked', [[
  local problem = vim.diagnostic.get(0)[1]
  return problem and problem.code == 'alias-missing']])
nvim:keys('u')
nvim:wait('and not marked when it is mended', [[return #vim.diagnostic.get(0) == 0]])
nvim:keys('/Li Na<CR>K')
nvim:wait('hover shows her card', [[
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= '' then
      local text = table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false), '\n')
      return text:find('**Li Na**', 1, true) and true
    end
  end]])
nvim:keys('<C-]>')
nvim:wait('the link leads to her', [[return vim.fn.expand('%:t') == 'li-na.md']])
nvim:leave()
