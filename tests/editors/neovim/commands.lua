-- Every word of :Guanxi, what lenses lead to, and what happens when something is not as it should be.

package.path = vim.fs.dirname(arg[0]) .. '/?.lua;' .. package.path
local nvim = require('harness').start({ '+cd contacts', 'clients/kittykat123.md' })
local vault = vim.fn.getcwd()

local function write(inside, text)
  vim.fn.writefile(vim.split(text, '\n'), vim.fs.joinpath(vault, inside))
end

local function at(name)
  nvim:wait('at ' .. name, [[return vim.fn.expand('%:t') == ...]], name)
end

nvim:served()

-- The command line completes; tags and people come from the server.
local function completes(line, expected)
  local found = nvim:lua([[return vim.fn.getcompletion(..., 'cmdline')]], line)
  nvim:holds(line .. ' → ' .. vim.inspect(found, { newline = '', indent = '' }), vim.deep_equal(found, expected))
end
completes('Guanxi ', { 'broadcast', 'check', 'find', 'lens', 'list', 'merge', 'new', 'show', 'tag', 'tags' })
completes('Guanxi ta', { 'tag', 'tags' })
completes('Guanxi tag ', { 'add', 'remove', 'rename' })
completes('Guanxi tag add new', { 'new-york' })
completes('Guanxi tag add #new', { '#new-york' })
completes('Guanxi tag add tr', { 'trade\\ press' })
completes('Guanxi tag add vip #le', { '#lead' })
completes('Guanxi list #lead -#bo', { '-#boston' })
completes('Guanxi list (tra', { '(tag:"trade press"' })
completes('Guanxi find wxm', { 'Wang Xiaoming' })
completes('Guanxi find Wang X', { 'Xiaoming' })
completes('Guanxi show wxm', { 'Wang Xiaoming' })
completes('Guanxi merge wxm', { 'contacts/clients/kittykat123.md' })
completes('Guanxi broadcast preview ', { 'broadcasts/autumn-catalogue.md', 'broadcasts/reunion.md' })
completes('Guanxi new Chen Jie #le', { '#lead' })
completes('Guanxi nonsense ', {})

-- One who is found alone is opened; several are a choice.
nvim:keys(':Guanxi find ynmb<CR>')
nvim:says('nobody found')
nvim:keys(':Guanxi find quillfeather<CR>')
at('ada-thornquist.md')
nvim:keys(':Guanxi find #boston<CR>')
nvim:until_mode('the picker waits', 'i')
nvim:wait('several are shown', [[
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    local lines = vim.api.nvim_buf_get_lines(vim.api.nvim_win_get_buf(window), 0, -1, false)
    if #lines > 3 and vim.api.nvim_win_get_config(window).relative ~= '' then return #lines end
  end]])
-- A query that is not finished keeps them, and says what is missing.
nvim:keys(' (#lead')
nvim:wait('a half-typed query is no mistake', [[
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    local config = vim.api.nvim_win_get_config(window)
    if config.title and config.title[1][1]:find('expected', 1, true) then return config.title[1][1] end
  end]])
nvim:keys(')')
nvim:wait('and is asked when it is whole', [[
  for _, window in ipairs(vim.api.nvim_list_wins()) do
    local config = vim.api.nvim_win_get_config(window)
    if config.title and config.title[1][1]:find('^ %d+ $') then return config.title[1][1] end
  end]])
nvim:keys('<Down><Down><Up><C-q>')
nvim:wait('the choice becomes a list', [[return vim.bo.buftype == 'quickfix' and #vim.fn.getqflist() > 2]])
nvim:keys(':cclose<CR>')
nvim:wait('the list is closed', [[return vim.bo.buftype == '']])
nvim:keys(':Guanxi find<CR>')
nvim:until_mode('the picker waits', 'i')
nvim:keys('<Esc>')
nvim:wait('Escape leaves it', [[return vim.fn.mode() == 'n' and #vim.api.nvim_list_wins() == 1]])

-- With vim.ui.select.
nvim:lua([[vim.g.guanxi = { picker = 'select' }]])
nvim:keys(':Guanxi find #client #boston<CR>')
nvim:until_mode('a choice is asked for', 'c')
nvim:keys('1<CR>')
nvim:wait('the first is open', [[return vim.fn.expand('%:t') ~= 'ada-thornquist.md' and vim.fn.getline(1) == '---']])
nvim:lua([[vim.g.guanxi = {}]])

-- The server's words, when something is not there, in the words of a person.
nvim:keys(':Guanxi list #laed<CR>')
nvim:says('no contact has the tag `laed`, and the vocabulary does not list it: is #lead meant?')
nvim:keys(':Guanxi list #lead (<CR>')
nvim:says('expected')
nvim:keys(':Guanxi nonsense<CR>')
nvim:says('there is no `:Guanxi nonsense`: broadcast, check, find, lens, list, merge, new, show, tag, tags')
nvim:keys(':Guanxi tag paint<CR>')
nvim:says('there is no `:Guanxi tag paint`: add, remove, rename')
nvim:keys(':Guanxi broadcast list nowhere.md<CR>')
nvim:says('there is no broadcast `nowhere.md`')

-- :Guanxi alone offers its words.
nvim:keys(':Guanxi<CR>')
nvim:until_mode('its words are offered', 'c')
nvim:keys('5<CR>')
nvim:until_mode('a query is asked for', 'c')
nvim:keys('#lead (#new-york | #boston)<CR>')
nvim:wait('the list is there', [[return vim.bo.buftype == 'quickfix' and #vim.fn.getqflist() == 10]])
nvim:keys(':cclose<CR>')

-- A tag for the file in front, for everybody whom a query means, and off again.
nvim:keys(':edit clients/kittykat123.md<CR>')
at('kittykat123.md')
nvim:keys(':Guanxi tag add vip<CR>')
nvim:says('#vip put on 1 contact, 1 file waits to be saved: `:wall` writes it')
nvim:shows('tags: [lead, new-york, event/ces-2026, vip]')
nvim:keys(':Guanxi tag add #vip #lead #new-york<CR>')
nvim:says('#vip put on 5 contacts, 1 had it, 6 files wait to be saved: `:wall` writes them')
nvim:keys(':Guanxi tag remove vip #lead<CR>')
nvim:says('#vip taken off 6 contacts')
nvim:shows('tags: [lead, new-york, event/ces-2026]')
nvim:keys(':wall<CR>')

-- Two tags become one only when that is agreed to.
nvim:keys(':Guanxi tag rename follow-up lead<CR>')
nvim:until_mode('that is a question', 'c')
nvim:keys('1<CR>')
nvim:until_mode('no', 'n')
nvim:holds('nothing changed', nvim:lua([[return #vim.fn.getbufinfo({ bufmodified = 1 }) == 0]]))
nvim:keys(':Guanxi tag rename neighbour next-door<CR>')
nvim:says('renamed in ')
nvim:wait('the edit is made', [[return #vim.fn.getbufinfo({ bufmodified = 1 }) > 0]])
nvim:keys(':wall<CR>')

-- A new contact, with tags, without an empty line at its end.
nvim:keys(':Guanxi new Chen Jie #lead #boston<CR>')
at('chen-jie.md')
nvim:says('contacts/chen-jie.md is new (`:w` writes it)')
local made = nvim:lua(nvim.text)
nvim:holds('it says what was asked', made == '---\nalias: Chen Jie\ntags: [lead, boston]\n---')
nvim:keys(':write<CR>')

-- Two files of one person become one, when that is agreed to.
write('contacts/chen-jie-2.md', '---\nalias: Chen Jie the other\nphones: [+1 617 555 0188]\n---')
nvim:wait('the other file is known', [[
  local client = vim.lsp.get_clients({ name = 'guanxi' })[1]
  return #(require('guanxi.server').ask_now(client, 'guanxi.find', { query = 'Chen Jie the other' }) or {}) > 0]])
nvim:keys(':Guanxi merge contacts/chen-jie.md contacts/chen-jie-2.md<CR>')
nvim:until_mode('that is a question', 'c')
nvim:keys('2<CR>')
nvim:shows('+1 617 555 0188')
nvim:says('contacts/chen-jie-2.md is part of contacts/chen-jie.md now')
nvim:holds('the other file is gone', vim.fn.filereadable(vault .. '/contacts/chen-jie-2.md') == 0)
nvim:holds('what it said is on disk', table.concat(vim.fn.readfile(vault .. '/contacts/chen-jie.md'), '\n'):find('+1 617 555 0188', 1, true))

-- An edit for a text that went on is not made, nor any other part of it.
local answer = nvim:lua([[
  local client = vim.lsp.get_clients({ name = 'guanxi' })[1]
  local place = { start = { line = 0, character = 0 }, ['end'] = { line = 0, character = 0 } }
  local edits = { { range = place, newText = 'spoiled' } }
  local version = vim.lsp.util.buf_versions[vim.api.nvim_get_current_buf()]
  return require('guanxi.apply').apply({ edit = { documentChanges = {
    { textDocument = { uri = vim.uri_from_fname(vim.fn.getcwd() .. '/uncle-li.md') }, edits = edits },
    { textDocument = { uri = vim.uri_from_bufnr(0), version = version - 1 }, edits = edits },
    { kind = 'delete', uri = vim.uri_from_bufnr(0) },
  } } }, { client_id = client.id })]])
nvim:holds('half an edit is none', answer.applied == false and answer.failureReason:find('chen-jie.md changed meanwhile', 1, true))
nvim:holds('no text has it', not nvim:lua(nvim.text):find('spoiled', 1, true))
nvim:holds('no file has it', vim.fn.filereadable(vault .. '/contacts/chen-jie.md') == 1)

-- A lens that tells of places lists them; one of a query lists its people, or writes them below it.
nvim:keys(':edit clients/kittykat123.md<CR>')
at('kittykat123.md')
nvim:wait('the lens is there', [[
  local lens = vim.lsp.codelens.get(0)[1]
  return lens and lens.command.title == '6 links here']])
nvim:keys('/^alias<CR>grx')
nvim:wait('its places are listed', [[
  local list = vim.fn.getqflist({ title = 1, items = 1 })
  return vim.bo.buftype == 'quickfix' and #list.items == 6 and list.title]])
nvim:keys('<CR>')
nvim:wait('Enter leads there', [[return vim.fn.getline('.'):find('Kittykat123', 1, true) and vim.fn.expand('%:t')]])
nvim:keys(':cclose<CR>:edit ../notes/boston-trip.md<CR>')
at('boston-trip.md')
nvim:wait('the block has its lenses', [[return #vim.lsp.codelens.get(0) == 4]])
nvim:keys('gg/^```guanxi<CR>')
nvim:keys(':Guanxi lens<CR>')
nvim:until_mode('two are offered', 'c')
nvim:keys('1<CR>')
nvim:wait('its people are listed', [[
  local list = vim.fn.getqflist({ title = 1, items = 1 })
  return vim.bo.buftype == 'quickfix' and list.title == '#lead #boston' and #list.items]])
nvim:keys(':cclose<CR>')
nvim:keys('grx')
nvim:until_mode('two are offered', 'c')
nvim:keys('2<CR>')
nvim:shows('- [[Caleb Ashgrove]]')
nvim:keys(':edit!<CR>')

-- What others do to the files is seen in the lenses.
nvim:keys(':Guanxi broadcast list<CR>')
nvim:until_mode('which one is asked', 'c')
nvim:keys('1<CR>')
nvim:shows('Gets it: 3')
nvim:keys('/Okolund<CR><CR>')
at('mira-okolund.md')
nvim:keys('<C-w>p')
nvim:wait('the window is kept', [[return vim.api.nvim_buf_get_name(0):find('guanxi://recipients/', 1, true)]])
nvim:keys('q')
nvim:keys(':edit ../broadcasts/autumn-catalogue.md<CR>')
at('autumn-catalogue.md')
nvim:wait('three get it', [[
  local lens = vim.lsp.codelens.get(0)[1]
  return lens and lens.command.title:find('3 recipients', 1, true)]])
write('contacts/clients/zelda.md', '---\nalias: Zelda Quince\ntags: [lead, new-york]\nemails: [zelda@quince.example]\n---')
nvim:wait('four get it, without a key pressed', [[
  local lens = vim.lsp.codelens.get(0)[1]
  return lens and lens.command.title:find('4 recipients', 1, true)]])

-- The preview follows the text, goes forward and back, and says what is wrong with a half-typed message.
nvim:keys(':Guanxi broadcast preview autumn-catalogue.md<CR>')
nvim:shows('To: Ada Thornquist · ada@quillfeather.example')
local function head(text)
  nvim:wait('the head says ' .. text, [[
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      if vim.wo[window].winbar:find(..., 1, true) then return vim.wo[window].winbar end
    end]], text)
end
head('1 of 4')
nvim:keys('n')
head('2 of 4')
nvim:keys('3p')
head('3 of 4')
nvim:shows('To: Wang Xiaoming')
nvim:keys('<C-w>p')
nvim:keys('/^Dear<CR>cwHello<Esc>')
local function preview(text)
  nvim:wait('the preview shows ' .. text, [[
    for _, window in ipairs(vim.api.nvim_list_wins()) do
      local buffer = vim.api.nvim_win_get_buf(window)
      if vim.api.nvim_buf_get_name(buffer):find('guanxi://preview/', 1, true) then
        return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\n'):find(..., 1, true) and true
      end
    end]], text)
end
preview('Hello Wang Xiaoming,')
nvim:keys('o{{ nickname }}<Esc>')
head('nickname')
nvim:keys('u')
head('3 of 4')
nvim:keys('<C-w>po')
at('kittykat123.md')
nvim:leave()
