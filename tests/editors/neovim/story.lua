-- The story that every editor runs, typed into Neovim with its plugin: from a nickname with a sunflower to a message that is ready.

package.path = vim.fs.dirname(arg[0]) .. '/?.lua;' .. package.path
local nvim = require('harness').start({ 'contacts/clients/kittykat123.md' })

-- The nickname gets the name he is known by: what is wrong says so, and offers one.
nvim:served()
nvim:keys('/^alias:<CR>dd')
nvim:wait('what is wrong is marked', [[
  local problem = vim.diagnostic.get(0)[1]
  return problem and problem.code == 'alias-missing' and problem.message]])
nvim:keys('gra')
nvim:until_mode('the actions are offered', 'c')
nvim:keys('1<CR>')
nvim:shows('\nalias: 王小明\n')
nvim:wait('nothing is wrong any more', [[return #vim.diagnostic.get(0) == 0]])
nvim:keys('/^alias:<CR>Calias: Wang Xiaoming<Esc>')

-- Half a word of a tag.
nvim:keys('/^tags:<CR>f]i, ')
nvim:wait('tags are offered as he types', [[return vim.fn.pumvisible() == 1]])
nvim:keys('bost')
nvim:wait('few are left', [[
  local items = vim.fn.complete_info({ 'items' }).items
  return #items > 0 and items[1].word == 'boston' and items[1].menu:find('Boston and Cambridge', 1, true)]])
nvim:chooses('boston')
nvim:keys('<C-y><Esc>')
nvim:shows('tags: [lead, new-york, event/ces-2026, boston]')
nvim:keys(':write<CR>')

-- A link by the sound of his name, and his card.
nvim:keys(':edit notes/boston-trip.md<CR>')
nvim:served()
nvim:keys('Go<CR>Call [[wxm')
nvim:wait('he is found by his initials', [[
  local items = vim.fn.complete_info({ 'items' }).items
  return vim.fn.pumvisible() == 1 and #items == 1 and items[1].abbr == 'Wang Xiaoming']])
nvim:chooses('Wang Xiaoming')
nvim:wait('his card stands beside', [[
  local info = vim.fn.complete_info({ 'selected', 'preview_bufnr' })
  local buffer = info.preview_bufnr
  local text = buffer and table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n')
  return text and text:find('Purchasing manager, Panda Lighting', 1, true) and text:find('cards/wang-xiaoming.png', 1, true)]])
nvim:keys('<C-y><Esc>')
nvim:shows('\nCall [[Wang Xiaoming]]')
nvim:keys('F[K')
local float = [[
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= '' then
      local text = table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false), '\n')
      return text:find('Wang Xiaoming', 1, true) and text
    end
  end]]
local card = nvim:wait('the card is there', float)
nvim:holds('with its picture', card:find('cards/wang-xiaoming.png', 1, true))
-- A terminal shows no picture; the key for links opens it.
nvim:lua([[vim.ui.open = function(what) _G.opened = what end]])
nvim:keys('K')
nvim:wait('the cursor is in the card', [[return vim.api.nvim_win_get_config(0).relative ~= '']])
nvim:keys('G0f(lgx')
nvim:wait('the picture is opened', [[return (_G.opened or ''):find('cards/wang%-xiaoming%.png$') and _G.opened]])
nvim:keys(':close<CR>')
nvim:keys(':write<CR>')
nvim:keys('<C-]>')
nvim:wait('the link leads to him', [[return vim.fn.expand('%:t') == 'kittykat123.md']])

-- Found by tag and by pinyin.
nvim:keys(':Guanxi find<CR>')
nvim:until_mode('the picker waits', 'i')
nvim:keys('#lead wangxm')
nvim:wait('he alone is left', [[
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    local lines = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false)
    if #lines == 1 and lines[1]:find('^Wang Xiaoming · 王小明 · Panda Lighting  #lead') then return lines[1] end
  end]])
nvim:keys('<CR>')
nvim:wait('his file is open', [[return vim.fn.expand('%:t') == 'kittykat123.md' and vim.fn.mode() == 'n']])
nvim:keys(':Guanxi list #lead #boston<CR>')
nvim:wait('the exact list is in the quickfix window', [[
  local list = vim.fn.getqflist({ title = 1, items = 1 })
  return vim.bo.buftype == 'quickfix' and list.title == '#lead #boston' and #list.items]])
nvim:keys(':cclose<CR>')

-- A word that is typed anew, where nothing before it opens a list.
nvim:keys('/, boston<CR>wcwelan')
nvim:wait('a word of its own is completed too, from its middle', [[
  local items = vim.fn.complete_info({ 'items' }).items
  return vim.fn.pumvisible() == 1 and vim.iter(items):any(function(item) return item.abbr == 'freelance' end)]])
nvim:keys('<Esc>u')
nvim:shows('tags: [lead, new-york, event/ces-2026, boston]')

-- A tag gets another name everywhere.
nvim:keys('/^tags:<CR>flegrn')
nvim:until_mode('the new name is asked for', 'c')
nvim:keys('<C-u>prospect<CR>')
nvim:shows('tags: [prospect, new-york, event/ces-2026, boston]')
nvim:keys(':wall<CR>')
nvim:wait('all is written', [[return #vim.fn.getbufinfo({ bufmodified = 1 }) == 0]])

-- A broadcast: whom it reaches, the list to tick off, the messages.
nvim:keys(':edit broadcasts/autumn-catalogue.md<CR>')
nvim:served()
-- The server sees what was written to the disk, and has the lenses drawn anew.
nvim:wait('whom it reaches stands behind `to:`', [[
  local lens = vim.lsp.codelens.get(0)[1]
  return lens and lens.command.title == '3 recipients · 3 left out (1 unreachable)']])
nvim:keys('/"#prospect<CR>K')
nvim:wait('hover names them', [[
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    if vim.api.nvim_win_get_config(window).relative ~= '' then
      local text = table.concat(vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false), '\n')
      return text:find('Ivo Delmarsh', 1, true) and text
    end
  end]])
nvim:keys('0grx')
nvim:until_mode('the lenses are offered', 'c')
nvim:keys('1<CR>')
nvim:wait('the recipients are shown', [[return vim.api.nvim_buf_get_name(0):find('guanxi://recipients/', 1, true)]])
nvim:shows('  Wang Xiaoming   wang@panda.example')
nvim:shows('  Ivo Delmarsh      excluded')
nvim:keys('q')
nvim:keys('grx')
nvim:until_mode('the lenses are offered', 'c')
nvim:keys('2<CR>')
nvim:shows('<!-- guanxi:list -->\n- [ ] [[')
nvim:shows('- [ ] [[Wang Xiaoming]] · wang@panda.example\n')
nvim:keys(':write<CR>')
nvim:keys('/^to:<CR>grx')
nvim:until_mode('the lenses are offered', 'c')
nvim:keys('3<CR>')
nvim:wait('the preview is there', [[return vim.api.nvim_buf_get_name(0):find('guanxi://preview/', 1, true)]])
for _ = 1, 10 do
  if nvim:lua(nvim.text):find('Dear Wang Xiaoming,', 1, true) then
    break
  end
  nvim:keys('n')
end
nvim:shows('To: Wang Xiaoming · wang@panda.example\nSubject: The autumn catalogue\n\nDear Wang Xiaoming,\n')
nvim:shows('I hope all is well at Panda Lighting.')
nvim:keys('q')
nvim:wait('the preview is gone', [[return #vim.api.nvim_list_wins() == 1]])
nvim:leave()
