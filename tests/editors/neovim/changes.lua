-- Changes over many files: how many of them wait to be saved, and what is said of one that is not made.

package.path = vim.fs.dirname(arg[0]) .. '/?.lua;' .. package.path
local nvim = require('harness').start({ 'contacts/clients/kittykat123.md' })

local function modified()
  return nvim:lua([[return #vim.fn.getbufinfo({ bufmodified = 1 })]])
end
-- What was said since the last time, line by line.
local function said()
  local lines = vim.split(vim.trim(nvim:lua([[return vim.fn.execute('messages')]])), '\n')
  nvim:lua([[vim.cmd('messages clear')]])
  return vim.tbl_filter(function(line)
    return vim.startswith(line, 'guanxi: ')
  end, lines)
end
local function is_said_once(what)
  nvim:wait('is said: ' .. what, [[return vim.fn.execute('messages'):find(..., 1, true) and true]], what)
  -- What would say it again comes at once.
  vim.wait(300)
  local lines = said()
  nvim:holds('once: ' .. vim.inspect(lines, { newline = '', indent = '' }), #lines == 1)
end

-- A rename tells how many files wait to be saved.
nvim:served()
nvim:lua([[vim.cmd('messages clear')]])
nvim:keys('/^tags:<CR>flegrn')
nvim:until_mode('the new name is asked for', 'c')
nvim:keys('<C-u>prospect<CR>')
nvim:shows('tags: [prospect, new-york, event/ces-2026]')
nvim:wait('several files are changed', [[return #vim.fn.getbufinfo({ bufmodified = 1 }) > 5]])
local count = modified()
is_said_once(('guanxi: renamed in %d files, %d files wait to be saved: `:wall` writes them'):format(count, count))
-- With what waited before.
nvim:keys(':Guanxi tag add vip<CR>')
is_said_once(('#vip put on 1 contact, %d files wait to be saved: `:wall` writes them'):format(count))
nvim:keys(':wall<CR>')
nvim:wait('all is written', [[return #vim.fn.getbufinfo({ bufmodified = 1 }) == 0]])
nvim:keys(':Guanxi tag remove vip<CR>')
is_said_once('#vip taken off 1 contact, 1 file waits to be saved: `:wall` writes it')
nvim:keys(':wall<CR>')
nvim:wait('all is written', [[return #vim.fn.getbufinfo({ bufmodified = 1 }) == 0]])

-- An edit that comes too late is not made, and that is said once, by whoever asked for it.
nvim:lua([[
  local apply = require('guanxi.apply')
  local made = apply.apply
  apply.apply = function(params, context)
    for _, change in ipairs(params.edit.documentChanges or {}) do
      if change.textDocument then change.textDocument.version = 99 end
    end
    return made(params, context)
  end
  vim.cmd('messages clear')]])
nvim:keys(':Guanxi tag add late<CR>')
is_said_once('kittykat123.md changed meanwhile: nothing was changed, please try again')
nvim:holds('nothing is changed', modified() == 0)
nvim:keys('/prospect<CR>:lua vim.lsp.buf.rename("later")<CR>')
is_said_once('changed meanwhile: nothing was changed, please try again')
nvim:holds('nothing is changed', modified() == 0)
-- One that the server refuses.
nvim:keys(':lua vim.lsp.buf.rename("a,b")<CR>')
is_said_once('guanxi: ')
nvim:holds('nothing is changed', modified() == 0)
-- What the server asks for by itself is answered by nobody else.
nvim:lua([[
  local client = vim.lsp.get_clients({ name = 'guanxi' })[1]
  require('guanxi.apply').apply({ edit = { documentChanges = {
    { textDocument = { uri = vim.uri_from_bufnr(0), version = 0 }, edits = {} } } } }, { client_id = client.id })]])
is_said_once('changed meanwhile: nothing was changed, please try again')
nvim:leave()
