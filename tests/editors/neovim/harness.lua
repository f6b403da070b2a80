-- Drives a Neovim as a person does: a child that is typed into, and looked at. The parent runs this file's users with `nvim -l`.
-- Waiting is always for something, and ends with a report of what was seen instead.

io.stdout:setvbuf('no')

local M = {}
local patience = 30000

-- A Neovim with these arguments, without anything else's settings: those of the stage are its own.
function M.start(arguments, options)
  local command = vim.list_extend({ vim.v.progpath, '-n', '--embed', '--headless', '--cmd', 'set columns=140 lines=45' }, arguments or {})
  local channel = vim.fn.jobstart(command, vim.tbl_extend('force', { rpc = true }, options or {}))
  assert(channel > 0, 'no second Neovim')
  return setmetatable({ channel = channel }, { __index = M })
end

local function told(what)
  return vim.inspect(what, { newline = '', indent = '' })
end

-- Neovim's mode. Asking for it is all that may be done while a question stands on the screen.
function M:mode()
  return vim.rpcrequest(self.channel, 'nvim_get_mode').mode
end

-- Runs Lua there. A "press Enter" in the way is answered first, as a person would.
function M:lua(code, ...)
  for _ = 1, 50 do
    local mode = vim.rpcrequest(self.channel, 'nvim_get_mode')
    if not mode.blocking then
      break
    end
    if mode.mode == 'r' or mode.mode == 'rm' then
      self:keys('<CR>')
    end
    vim.wait(20)
  end
  return vim.rpcrequest(self.channel, 'nvim_exec_lua', code, { ... })
end

function M:keys(keys)
  vim.rpcrequest(self.channel, 'nvim_input', keys)
end

-- Waits until the code gives something that holds, and gives it.
function M:wait(what, code, ...)
  local arguments, seen = { ... }, nil
  local right = vim.wait(patience, function()
    seen = self:lua(code, unpack(arguments))
    return seen ~= vim.NIL and seen ~= false and seen ~= ''
  end, 20)
  if not right then
    self:report(what, seen)
  end
  print('ok   ' .. what .. '  ' .. told(seen):sub(1, 160))
  return seen
end

-- Waits for a mode: `i`, `n`, `c`, or `r?` for a question.
function M:until_mode(what, wanted)
  local mode
  local right = vim.wait(patience, function()
    mode = self:mode()
    return vim.startswith(mode, wanted)
  end, 20)
  if not right then
    print(('FAIL %s: the mode is %s, not %s'):format(what, mode, wanted))
    os.exit(1)
  end
end

-- Chooses this entry of the list of completions. An answer that comes late takes the choice back: then it is made again, as a person
-- would, until it stays.
function M:chooses(entry)
  local stays = 0
  local right = vim.wait(patience, function()
    local now = self:lua([[
      local info = vim.fn.complete_info({ 'selected', 'items' })
      local item = info.items[info.selected + 1]
      return { info.selected, item and item.abbr or '', vim.fn.pumvisible() }]])
    if now[3] == 1 and now[1] >= 0 and now[2] == entry then
      stays = stays + 1
    else
      stays = 0
      if now[3] == 1 then
        self:keys('<C-n>')
      end
    end
    return stays > 5
  end, 20)
  if not right then
    self:report('chooses ' .. entry, false)
  end
  print('ok   chooses ' .. entry)
end

-- Something that holds now, without waiting.
function M:holds(what, truth)
  if not truth then
    self:report(what, truth)
  end
  print('ok   ' .. what)
end

function M:report(what, seen)
  print('FAIL ' .. what .. ': ' .. told(seen))
  local mode = vim.rpcrequest(self.channel, 'nvim_get_mode')
  print('mode ' .. told(mode))
  if not mode.blocking then
    print(self:lua([[return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')]]))
    print(self:lua([[return vim.fn.execute('messages')]]))
  end
  os.exit(1)
end

-- The lines of the buffer in front, as one text.
M.text = [[return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')]]

-- Waits until the buffer in front holds this text.
function M:shows(text)
  return self:wait('shows ' .. text, [[
    local all = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
    return all:find(..., 1, true) and true]], text)
end

-- Waits until this was said. What was said before is forgotten with `:messages clear`.
function M:says(text)
  self:wait('says ' .. text, [[return vim.fn.execute('messages'):find(..., 1, true) and true]], text)
  self:lua([[vim.cmd('messages clear')]])
end

-- Waits until the server serves the buffer in front.
function M:served()
  self:wait('the server is there', [[
    local client = vim.lsp.get_clients({ bufnr = 0, name = 'guanxi' })[1]
    return client and client.initialized]])
end

-- Leaves without saving, and waits until it is gone, so that what was said is written down whole. It leaves when every question is
-- answered: one that is still open at the end of a conversation the server answers as cancelled, though nobody cancelled it.
function M:leave()
  self:wait('every question is answered', [[
    for _, client in ipairs(vim.lsp.get_clients()) do
      for _, request in pairs(client.requests) do
        if request.type == 'pending' then return false end
      end
    end
    for _, client in ipairs(vim.lsp.get_clients()) do client:stop() end
    return true]])
  self:wait('the server is gone', [[return #vim.lsp.get_clients() == 0]])
  pcall(vim.rpcrequest, self.channel, 'nvim_command', 'qall!')
  vim.fn.jobwait({ self.channel }, patience)
end

return M
