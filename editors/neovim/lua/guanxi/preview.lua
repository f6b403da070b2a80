-- The messages of a broadcast as they will be read, one at a time, in a window beside it. It follows the text while that is written.

local server = require('guanxi.server')
local window = require('guanxi.window')

local M = {}
local group = vim.api.nvim_create_augroup('guanxi.preview', {})

-- What each preview shows: its messages, and which of them, by buffer.
local shown = {}

local function draw(buffer)
  local state = shown[buffer]
  local message = state.messages[state.at]
  local lines, colours = {}, {}
  local function head(key, text)
    if text and text ~= vim.NIL and text ~= '' then
      table.insert(lines, key .. ': ' .. text)
      colours[#lines] = 'Comment'
    end
  end
  local address = message.to and message.to ~= vim.NIL and ' · ' .. message.to or ''
  head('To', message.alias .. address)
  head('Subject', message.subject)
  table.insert(lines, '')
  vim.list_extend(lines, vim.split((message.body:gsub('\n$', '')), '\n'))
  window.fill(buffer, lines, colours)
  window.head(buffer, (' %d of %d   n next · p previous · o open · q close'):format(state.at, #state.messages))
end

local function go(buffer, steps)
  local state = shown[buffer]
  state.at = (state.at - 1 + steps) % #state.messages + 1
  draw(buffer)
end

-- Takes new messages in, and stays with the person whose message is shown.
local function take(buffer, messages, person)
  local state = shown[buffer]
  local before = state.messages and state.messages[state.at]
  state.messages, state.at = messages, 1
  for number, message in ipairs(messages) do
    if person and message.alias == person or not person and before and message.path == before.path then
      state.at = number
    end
  end
  draw(buffer)
end

-- The same again, when the text has changed. What is wrong with a half-typed message is shown, and not called out.
local function again(client, uri, buffer, source)
  server.ask(client, 'guanxi.broadcast.preview', { uri = uri }, function(answer)
    if vim.api.nvim_buf_is_valid(buffer) and #answer.messages > 0 then
      take(buffer, answer.messages)
    end
  end, source, function(words)
    window.head(buffer, ' ' .. words:gsub('\n', ' '))
  end)
end

function M.open(client, uri, person, source)
  local origin = source and vim.api.nvim_buf_is_valid(source) and source or vim.uri_to_bufnr(uri)
  server.ask(client, 'guanxi.broadcast.preview', { uri = uri }, function(answer)
    if #answer.messages == 0 then
      return server.say('nobody gets this message: `:Guanxi broadcast list` says who is left out, and why')
    end
    local buffer
    buffer = window.open(client, 'guanxi://preview/' .. vim.fs.basename(vim.uri_to_fname(uri)), {
      n = function()
        go(buffer, vim.v.count1)
      end,
      p = function()
        go(buffer, -vim.v.count1)
      end,
      o = function()
        local state = shown[buffer]
        server.open(client, state.messages[state.at].uri)
      end,
    })
    vim.bo[buffer].filetype = 'guanxi-message'
    shown[buffer] = shown[buffer] or {}
    take(buffer, answer.messages, person)
    vim.api.nvim_clear_autocmds({ group = group, buffer = origin })
    vim.api.nvim_create_autocmd({ 'TextChanged', 'InsertLeave', 'TextChangedI' }, {
      group = group,
      buffer = origin,
      callback = function()
        if not vim.api.nvim_buf_is_valid(buffer) then
          return true
        end
        again(client, uri, buffer, origin)
      end,
    })
    vim.api.nvim_create_autocmd('BufEnter', {
      group = group,
      buffer = buffer,
      callback = function()
        again(client, uri, buffer, origin)
      end,
    })
    vim.api.nvim_create_autocmd('BufWipeout', {
      group = group,
      buffer = buffer,
      callback = function()
        shown[buffer] = nil
      end,
    })
  end, origin)
end

return M
