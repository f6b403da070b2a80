-- Where something is missing: no vault, no server, no plain answer to which vault. And the settings, each turned off.

package.path = vim.fs.dirname(arg[0]) .. '/?.lua;' .. package.path
local harness = require('harness')
local vault, home = vim.fn.getcwd(), vim.env.HOME

-- Every word of :Guanxi that is whole.
local words = {
  'find', 'find wxm', 'list #lead', 'show wxm', 'check', 'tags', 'new Chen Jie', 'tag add vip', 'tag remove vip', 'tag rename a b',
  'broadcast list', 'broadcast refresh', 'broadcast preview', 'merge a.md b.md', 'lens',
}

-- No vault.
local nvim = harness.start({ 'note.md' }, { cwd = home })
for _, word in ipairs(words) do
  nvim:keys(':Guanxi ' .. word .. '<CR>')
  nvim:says('guanxi: no vault here. Open a file below a folder that holds guanxi.yaml, or make a vault: `guanxi init people`')
end
nvim:holds('nothing completes', vim.tbl_isempty(nvim:lua([[return vim.fn.getcompletion('Guanxi tag add ', 'cmdline')]])))
nvim:keys(':checkhealth guanxi<CR>')
nvim:shows('No vault is open')
nvim:shows('The settings are understood')
nvim:leave()

-- No server: said once when a file is opened, and by each word.
local missing = 'guanxi: there is no program `guanxi` on the PATH. Install it with `cargo install --path .` in a clone of guanxi, or say where it is'
nvim = harness.start({ 'contacts/clients/kittykat123.md' }, { env = { PATH = '/nowhere' } })
nvim:says(missing)
nvim:keys(':edit contacts/clients/ada-thornquist.md<CR>')
nvim:wait('the file opens all the same', [[return vim.fn.getline(2) == 'alias: Ada Thornquist']])
nvim:holds('and nothing is said again', not nvim:lua([[return vim.fn.execute('messages')]]):find('PATH', 1, true))
for _, word in ipairs(words) do
  nvim:keys(':Guanxi ' .. word .. '<CR>')
  nvim:says(missing)
end
nvim:keys(':checkhealth guanxi<CR>')
nvim:shows('The server is missing')
nvim:leave()

-- In a vault, with no file open: the server starts when it is needed.
nvim = harness.start({})
nvim:keys(':Guanxi find wxm<CR>')
nvim:wait('he is found', [[return vim.fn.expand('%:t') == 'kittykat123.md']])
nvim:served()
nvim:holds('by one server', nvim:lua([[return #vim.lsp.get_clients()]]) == 1)

-- Two vaults: the one that the file is in, and a question where that says nothing.
local second = home .. '/second'
vim.fn.mkdir(second .. '/contacts', 'p')
vim.fn.writefile({ 'tags:', '  known:', '    no: Said no', 'broadcast:', '  exclude: "#no"' }, second .. '/guanxi.yaml')
vim.fn.writefile({ '---', 'alias: Otto Nagel', 'tags: [sailing]', '---' }, second .. '/contacts/otto.md')
nvim:keys(':edit ' .. second .. '/contacts/otto.md<CR>')
nvim:served()
nvim:holds('each has a server', nvim:lua([[return #vim.lsp.get_clients()]]) == 2)
nvim:keys(':Guanxi find wxm<CR>')
nvim:says('nobody found')
local tags = nvim:lua([[return vim.fn.getcompletion('Guanxi tag add ', 'cmdline')]])
nvim:holds('its own tags complete', vim.deep_equal(tags, { 'no', 'sailing' }))
nvim:keys(':Guanxi check<CR>')
nvim:says('guanxi: no problems found')
nvim:keys(':edit #<CR>')
nvim:wait('back in the first', [[return vim.fn.expand('%:t') == 'kittykat123.md']])
nvim:keys(':Guanxi list #sailing<CR>')
nvim:says('no contact has the tag `sailing`')
nvim:keys(':enew<CR>:cd ' .. home .. '<CR>:Guanxi find otto<CR>')
nvim:until_mode('which vault is asked', 'c')
local asked = {}
for number, root in ipairs(nvim:lua([[return vim.tbl_map(function(client) return client.root_dir end, vim.lsp.get_clients())]]) or {}) do
  asked[root] = number
end
nvim:keys((asked[second] or 2) .. '<CR>')
nvim:wait('he is found there', [[return vim.fn.expand('%:t') == 'otto.md']])
nvim:keys(':checkhealth guanxi<CR>')
nvim:shows('Serves ' .. vault)
nvim:shows('Serves ' .. second)
nvim:leave()

-- Each setting turned off; one that is misspelt is told by the health check.
nvim = harness.start({ '--cmd', 'let g:guanxi = #{ completion: v:false, lenses: v:false, hints: v:false, lense: 1, picker: "none" }', 'contacts/clients/kittykat123.md' })
nvim:served()
nvim:wait('the server has answered', [[
  local client = vim.lsp.get_clients()[1]
  return #(require('guanxi.server').ask_now(client, 'guanxi.tags', {}) or {}) > 0]])
nvim:holds('no hints', not nvim:lua([[return vim.lsp.inlay_hint.is_enabled({ bufnr = 0 })]]))
nvim:holds('no lenses', nvim:lua([[return #vim.lsp.codelens.get(0)]]) == 0 and nvim:lua([[return vim.fn.maparg('grx', 'n')]]) == '')
nvim:holds('Neovim’s own way to complete', nvim:lua([[return vim.o.completeopt]]) == 'menu,popup')
nvim:keys(':checkhealth guanxi<CR>')
nvim:shows('there is no setting `lense`: known are cmd, completion, hints, lenses, picker')
nvim:shows('`picker` is "none": it may be auto, telescope, fzf-lua, window, select')
nvim:leave()

-- Turned on, which they are by themselves.
nvim = harness.start({ 'contacts/clients/kittykat123.md' })
nvim:served()
nvim:wait('hints stand behind the tags', [[
  local hints = vim.lsp.inlay_hint.get({ bufnr = 0 })
  return vim.lsp.inlay_hint.is_enabled({ bufnr = 0 }) and #hints > 0]])
nvim:wait('lenses stand behind the alias', [[return #vim.lsp.codelens.get(0) > 0]])
nvim:holds('a list comes as he types', nvim:lua([[return vim.o.completeopt]]) == 'menuone,noselect,popup')
-- What he chose himself stays.
nvim:keys(':set completeopt=menu,longest<CR>:edit contacts/clients/ada-thornquist.md<CR>')
nvim:served()
nvim:holds('a chosen completeopt stays', nvim:lua([[return vim.o.completeopt]]) == 'menu,longest')
nvim:leave()
