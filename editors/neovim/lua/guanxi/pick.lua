-- Choosing somebody: with telescope or fzf-lua where one of them is there, else in a window of our own, or with vim.ui.select. What is
-- typed goes to the server, so that it finds as `guanxi find` does.

local server = require('guanxi.server')
local settings = require('guanxi.settings')

local M = {}

-- So many people are shown at once.
M.limit = 100

-- One line about a person: "Wang Xiaoming · 王小明 · Panda Lighting  #lead #new-york"
function M.words(person)
  local parts = { person.alias or person.path }
  local other = type(person.aliases) == 'table' and person.aliases[1]
  if other and other ~= parts[1] then
    table.insert(parts, other)
  end
  if type(person.org) == 'string' then
    table.insert(parts, person.org)
  end
  local tags = {}
  for _, tag in ipairs(type(person.tags) == 'table' and person.tags or {}) do
    table.insert(tags, '#' .. tag)
  end
  return table.concat(parts, ' · ') .. (#tags > 0 and '  ' .. table.concat(tags, ' ') or '')
end

-- The people that a text finds; everybody where there is none. `failed` gets what is wrong with it.
function M.search(client, text, done, failed)
  local empty = vim.trim(text) == ''
  local command = empty and 'guanxi.list' or 'guanxi.find'
  local arguments = { limit = M.limit, query = not empty and text or nil }
  server.ask(client, command, arguments, done, nil, failed)
end

-- The same at once.
function M.search_now(client, text)
  local empty = vim.trim(text) == ''
  local arguments = { limit = M.limit, query = not empty and text or nil }
  return server.ask_now(client, empty and 'guanxi.list' or 'guanxi.find', arguments) or {}
end

-- Which picker shows them.
function M.picker()
  local chosen = settings.get().picker
  if chosen ~= 'auto' then
    return chosen
  end
  if pcall(require, 'telescope') then
    return 'telescope'
  end
  return pcall(require, 'fzf-lua') and 'fzf-lua' or 'window'
end

-- Lets the person search, beginning with this text, and opens whom they choose.
function M.people(client, text)
  local picker = M.picker()
  if picker == 'select' then
    return M.select(client, text)
  end
  local module = ({ telescope = 'telescope', ['fzf-lua'] = 'fzf' })[picker] or 'window'
  require('guanxi.pick.' .. module).people(client, text)
end

-- One question, one list.
function M.select(client, text)
  if vim.trim(text) == '' then
    return vim.ui.input({ prompt = 'Find: ' }, function(typed)
      if typed and vim.trim(typed) ~= '' then
        M.select(client, typed)
      end
    end)
  end
  M.search(client, text, function(people)
    M.among(client, ('%d found for %s'):format(#people, text), people)
  end)
end

-- Lets the person choose among these.
function M.among(client, prompt, people)
  if #people == 0 then
    return server.say('nobody found')
  end
  vim.ui.select(people, { prompt = prompt, kind = 'guanxi', format_item = M.words }, function(person)
    if person then
      server.open(client, person.uri)
    end
  end)
end

return M
