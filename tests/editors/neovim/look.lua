-- What only looks: the problems of the whole vault, somebody's card, and the tags with a preview of who has them.

package.path = vim.fs.dirname(arg[0]) .. '/?.lua;' .. package.path
local harness = require('harness')
local vault = vim.fn.getcwd()

local function write(inside, text)
  vim.fn.writefile(vim.split(text, '\n'), vim.fs.joinpath(vault, inside))
end

-- Asked before the server has read anything, and with no file open.
write('notes/tea.md', '茶🍵 and [[Nobody At All]]\n')
write('contacts/zelda.md', '---\nalias: Zelda Quince\nemails: [zelda]\n---')
local nvim = harness.start({})
nvim:keys(':Guanxi check<CR>')
nvim:wait('every problem is listed, those of files that nobody opened too', [[
  local list = vim.fn.getqflist({ title = 1, items = 1 })
  return vim.bo.buftype == 'quickfix' and list.title == 'Guanxi check' and #list.items == 3]])
local function entries()
  return nvim:lua([[return vim.tbl_map(function(item)
    return ('%s:%d:%d:%s %s'):format(vim.fn.fnamemodify(vim.fn.bufname(item.bufnr), ':.'), item.lnum, item.col, item.type, item.text)
  end, vim.fn.getqflist())]])
end
local listed = table.concat(entries(), '\n')
for _, entry in ipairs({
  'broadcasts/autumn-catalogue.md:2:5:I Hoshi Marlowe: not reachable by email (recipients-unreachable)',
  'contacts/zelda.md:3:10:W ',
  ' (email-invalid)',
  -- Columns count bytes here.
  'notes/tea.md:1:15:W no contact or note named `Nobody At All` (link-unresolved)',
}) do
  nvim:holds('listed: ' .. entry, listed:find(entry, 1, true))
end
nvim:says('guanxi: 3 problems in 3 files')
nvim:keys('G<CR>')
nvim:wait('Enter leads there', [[return vim.fn.expand('%:t') == 'tea.md' and vim.fn.col('.') == 15]])

-- What is fixed in a buffer is fixed, saved or not; asked again, the list is that of now.
nvim:served()
nvim:keys('ggVGd')
nvim:wait('the server has seen it', [[return #vim.diagnostic.get(0) == 0]])
nvim:keys(':Guanxi check<CR>')
nvim:wait('two are left', [[return #vim.fn.getqflist() == 2]])
nvim:holds('one list, not one for each time', nvim:lua([[return vim.fn.getqflist({ nr = '$' }).nr]]) == 1)
nvim:keys(':cclose<CR>:edit!<CR>')

-- Somebody's card, by a name.
local function card(what)
  nvim:wait('the card says ' .. what, [[
    return vim.api.nvim_buf_get_name(0):find('guanxi://card', 1, true)
      and table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n'):find(..., 1, true) and true]], what)
end
nvim:lua([[vim.cmd('messages clear')]])
nvim:keys(':Guanxi show Wang Xiaoming<CR>')
card('Purchasing manager, Panda Lighting')
card('cards/wang-xiaoming.png')
nvim:holds('nobody writes in it', not nvim:lua([[return vim.bo.modifiable]]))
nvim:holds('the server does not serve it', nvim:lua([[return #vim.lsp.get_clients({ bufnr = 0 })]]) == 0)
-- The link in it opens the picture.
nvim:lua([[vim.ui.open = function(what) _G.opened = what end]])
nvim:keys('G0f(lgx')
nvim:wait('the picture is opened', [[return (_G.opened or ''):find('cards/wang%-xiaoming%.png$') and _G.opened]])
-- Another card takes its place; it is found as `find` finds it.
nvim:keys(':Guanxi show sxm<CR>')
card('单晓明')
nvim:holds('in the same window', nvim:lua([[return #vim.api.nvim_list_wins()]]) == 2)
nvim:keys('<CR>')
nvim:wait('Enter opens the file beside', [[return vim.fn.expand('%:t') == '单晓明.md' and #vim.api.nvim_list_wins() == 2]])
nvim:keys('<C-w>pq')
nvim:wait('q closes it', [[return #vim.api.nvim_list_wins() == 1]])
-- Several are a choice, nobody is said.
nvim:keys(':Guanxi show #lead #new-york<CR>')
nvim:until_mode('several are offered', 'c')
nvim:keys('1<CR>')
card('#lead')
nvim:keys('q')
nvim:keys(':Guanxi show ynmb<CR>')
nvim:says('there is no contact `ynmb`')

-- Without a name: whom the link under the cursor leads to, else whose file this is.
nvim:keys(':edit contacts/clients/kittykat123.md<CR>')
nvim:served()
nvim:keys('/\\[\\[Li N<CR>ll:Guanxi show<CR>')
card('Li Na')
nvim:keys('q')
nvim:keys('gg:Guanxi show<CR>')
card('Wang Xiaoming')
nvim:keys('q')
nvim:keys(':Guanxi list #lead #boston<CR>')
nvim:wait('a list of people', [[return vim.bo.buftype == 'quickfix' and #vim.fn.getqflist() > 1]])
local second = nvim:lua([[return vim.fn.getqflist()[2].text:match('^[^·]+'):gsub(' *$', '')]])
nvim:keys('2G:Guanxi show<CR>')
card(second)
nvim:keys('q:cclose<CR>')
nvim:keys(':edit README.md<CR>gg:Guanxi show<CR>')
nvim:says('no contact under the cursor')

-- The tags: what is typed narrows them, and who has the chosen one stands beside.
nvim:keys(':Guanxi tags<CR>')
nvim:until_mode('the picker waits', 'i')
local function floats(text)
  nvim:wait('a window shows ' .. text, [[
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      if vim.api.nvim_win_get_config(window).relative ~= '' then
        local lines = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false)
        if table.concat(lines, '\n'):find(..., 1, true) then return true end
      end
    end]], text)
end
floats('architect  ')
floats('Specifies light, rarely buys it')
nvim:keys('boston')
floats('Saoirse Quillinan')
nvim:keys('<C-u>classm')
floats('老同学')
nvim:holds('a preview moves nothing', nvim:lua([[return vim.fn.getqflist({ title = 1 }).title]]) == '#lead #boston')
nvim:keys('<CR>')
nvim:wait('Enter lists who has it', [[
  local list = vim.fn.getqflist({ title = 1, items = 1 })
  return vim.bo.buftype == 'quickfix' and list.title == '#老同学' and #list.items > 1]])
nvim:keys(':cclose<CR>:Guanxi tags<CR>')
nvim:until_mode('the picker waits', 'i')
nvim:keys('<Esc>')
nvim:wait('Escape leaves it', [[return vim.fn.mode() == 'n' and #vim.api.nvim_list_wins() == 1]])
-- With vim.ui.select.
nvim:lua([[vim.g.guanxi = { picker = 'select' }]])
nvim:keys(':Guanxi tags<CR>')
nvim:until_mode('tags are offered', 'c')
nvim:keys('<Esc>')
nvim:until_mode('none was chosen', 'n')
nvim:leave()
